"""What keeps a discriminator smooth: penalties on the gradient of its output by its input.

Each returns an unweighted scalar; the weight stands where the terms are summed. A discriminator is
any function of a batch of clips that returns one logit a clip. Norms are taken over all axes but
the first, in float32.
"""

from collections.abc import Callable

import keras
from keras import ops

from ganlib import backend
from ganlib.errors import OptionError

EPSILON = 1e-12  # inside the root, where its derivative would be infinite


def _squared_norm(gradient):
    gradient = ops.cast(gradient, "float32")
    return ops.sum(ops.square(gradient), axis=tuple(range(1, len(gradient.shape))))


def _distance_from_one(discriminator, clips, one_sided: bool):
    gradient = backend.input_gradient(discriminator, clips)
    excess = ops.sqrt(_squared_norm(gradient) + EPSILON) - 1.0
    return ops.mean(ops.square(ops.relu(excess) if one_sided else excess))


def _per_example(clips):
    return (ops.shape(clips)[0], *([1] * (len(clips.shape) - 1)))


def wgan_gradient_penalty(discriminator: Callable, real, fake, seed=None, one_sided: bool = False):
    """Distance of the gradient's norm from 1 between real and generated clips.

    `E (|grad D(a x + (1 - a) G(z))| - 1)^2` with one `a ~ U(0, 1)` for each example.

    Args:
        discriminator: function of (batch, ...) that returns logits (batch, 1).
        real: real clips (batch, ...).
        fake: generated clips of the same shape.
        seed: an integer or a `keras.random.SeedGenerator`.
        one_sided: if true, norms below 1 cost nothing.

    Returns:
        A float32 scalar of at least 0.

    Example:
        >>> x = ops.ones((2, 4))
        >>> slope_two = lambda x: 2.0 * x[:, :1]
        >>> round(float(wgan_gradient_penalty(slope_two, x, 0.0 * x, seed=0)), 4)
        1.0

    Reference: Gulrajani et al. (2017), Improved training of Wasserstein GANs, arXiv 1704.00028,
        equation 3.
    """
    real, fake = ops.cast(real, "float32"), ops.cast(fake, "float32")
    alpha = keras.random.uniform(_per_example(real), 0.0, 1.0, dtype="float32", seed=seed)
    return _distance_from_one(discriminator, alpha * real + (1.0 - alpha) * fake, one_sided)


def dragan_penalty(discriminator: Callable, real, fake=None, seed=None, one_sided: bool = False):
    """Distance of the gradient's norm from 1 in a cloud of noise around the real clips.

    At `x + 1/2 std(x) u` with `u ~ U(0, 1)` for each sample, where std is that of the whole batch.

    Args:
        discriminator: function of (batch, ...) that returns logits (batch, 1).
        real: real clips (batch, ...).
        fake: not used; present so that all penalties are called alike.
        seed: an integer or a `keras.random.SeedGenerator`.
        one_sided: if true, norms below 1 cost nothing.

    Returns:
        A float32 scalar of at least 0.

    Example:
        >>> x = ops.ones((2, 4))
        >>> round(float(dragan_penalty(lambda x: 3.0 * x[:, :1], x, seed=0)), 4)
        4.0

    Reference: Kodali et al. (2017), On convergence and stability of GANs, arXiv 1705.07215.
    """
    real = ops.cast(real, "float32")
    noise = keras.random.uniform(ops.shape(real), 0.0, 1.0, dtype="float32", seed=seed)
    return _distance_from_one(discriminator, real + 0.5 * ops.std(real) * noise, one_sided)


def r1_penalty(discriminator: Callable, real, fake=None, seed=None):
    """Squared norm of the gradient at the real clips: `E |grad D(x)|^2`.

    The paper's term is gamma / 2 times this.

    Args:
        discriminator: function of (batch, ...) that returns logits (batch, 1).
        real: real clips (batch, ...).
        fake: not used; present so that all penalties are called alike.
        seed: not used.

    Returns:
        A float32 scalar of at least 0.

    Example:
        >>> round(float(r1_penalty(lambda x: 3.0 * x[:, :1], ops.ones((2, 4)))), 4)
        9.0

    Reference: Mescheder, Geiger and Nowozin (2018), Which training methods for GANs do actually
        converge?, arXiv 1801.04406, equation 9.
    """
    return ops.mean(_squared_norm(backend.input_gradient(discriminator, ops.cast(real, "float32"))))


def r2_penalty(discriminator: Callable, real, fake, seed=None):
    """Squared norm of the gradient at the generated clips: `E |grad D(G(z))|^2`.

    Args:
        discriminator: function of (batch, ...) that returns logits (batch, 1).
        real: not used; present so that all penalties are called alike.
        fake: generated clips (batch, ...).
        seed: not used.

    Returns:
        A float32 scalar of at least 0.

    Example:
        >>> x = ops.ones((2, 4))
        >>> round(float(r2_penalty(lambda x: 3.0 * x[:, :1], x, x)), 4)
        9.0

    Reference: Mescheder, Geiger and Nowozin (2018), arXiv 1801.04406, equation 10.
    """
    return r1_penalty(discriminator, fake)


PENALTIES: dict[str, Callable] = {
    "wgan_gp": wgan_gradient_penalty,
    "dragan": dragan_penalty,
    "r1": r1_penalty,
    "r2": r2_penalty,
}


def get_penalty(name: str) -> Callable:
    """Look up a penalty by its name.

    Args:
        name: "wgan_gp", "dragan", "r1" or "r2".

    Returns:
        The function, called as `penalty(discriminator, real, fake, seed=...)`.

    Raises:
        OptionError: if the name is unknown.

    Example:
        >>> get_penalty("r1").__name__
        'r1_penalty'
    """
    if name not in PENALTIES:
        raise OptionError(
            f"Unknown penalty {name!r}: choose one of {', '.join(sorted(PENALTIES))}."
        )
    return PENALTIES[name]
