"""What the two networks want: adversarial losses as pure functions of logits.

Each family is a pair. The discriminator's loss takes `(real_logits, fake_logits)`, the generator's
takes `fake_logits`; logits have any shape, and the result is an unweighted scalar to be minimised.
With `p = sigmoid(logit)`, `-log p = softplus(-logit)` and `-log(1 - p) = softplus(logit)`: written
with softplus, no logit is large enough to overflow."""

from collections.abc import Callable

from keras import ops

from ganlib.errors import OptionError


def _cross_entropy(logits, target):
    """Binary cross-entropy against a constant target probability."""
    return ops.mean(target * ops.softplus(-logits) + (1.0 - target) * ops.softplus(logits))


def _targets(label_smoothing: float, two_sided: bool) -> tuple[float, float]:
    """Targets for real and for generated clips."""
    if not 0 <= label_smoothing < 1:
        raise OptionError(f"label_smoothing must be at least 0 and below 1, not {label_smoothing}.")
    return 1.0 - label_smoothing, label_smoothing if two_sided else 0.0


def minimax_discriminator_loss(
    real_logits, fake_logits, label_smoothing: float = 0.0, two_sided: bool = False
):
    """Cross-entropy of telling real from generated: `-E log D(x) - E log(1 - D(G(z)))`.

    Its negative is the value function of the original game, which the discriminator maximises.
    A discriminator that answers 1/2 everywhere has a loss of 2 ln 2 = 1.386.

    Args:
        real_logits: discriminator's logits of real clips, any shape.
        fake_logits: logits of generated clips, any shape.
        label_smoothing: e in [0, 1): the real target becomes 1 - e.
        two_sided: if true, the generated target becomes e as well.

    Returns:
        A scalar of at least 0.

    Raises:
        OptionError: if `label_smoothing` is outside of [0, 1).

    Example:
        >>> loss = minimax_discriminator_loss(ops.zeros(3), ops.zeros(3))
        >>> round(float(loss), 4)
        1.3863

    Reference: Goodfellow et al. (2014), Generative adversarial networks, arXiv 1406.2661, eq. 1;
        one-sided smoothing: Salimans et al. (2016), arXiv 1606.03498, section 3.4.
    """
    real_target, fake_target = _targets(label_smoothing, two_sided)
    return _cross_entropy(real_logits, real_target) + _cross_entropy(fake_logits, fake_target)


def minimax_generator_loss(fake_logits):
    """The generator's side of the game as first written: `E log(1 - D(G(z)))`.

    Its gradient vanishes exactly where the generator is worst: at D(G(z)) near 0.

    Args:
        fake_logits: logits of generated clips, any shape.

    Returns:
        A scalar of at most 0.

    Example:
        >>> round(float(minimax_generator_loss(ops.zeros(3))), 4)
        -0.6931

    Reference: Goodfellow et al. (2014), arXiv 1406.2661, equation 1.
    """
    return -ops.mean(ops.softplus(fake_logits))


non_saturating_discriminator_loss = minimax_discriminator_loss


def non_saturating_generator_loss(fake_logits):
    """The same wish with a strong gradient where it is needed: `-E log D(G(z))`.

    Args:
        fake_logits: logits of generated clips, any shape.

    Returns:
        A scalar of at least 0.

    Example:
        >>> round(float(non_saturating_generator_loss(ops.zeros(3))), 4)
        0.6931

    Reference: Goodfellow et al. (2014), arXiv 1406.2661, section 3.
    """
    return ops.mean(ops.softplus(-fake_logits))


def least_squares_discriminator_loss(
    real_logits, fake_logits, label_smoothing: float = 0.0, two_sided: bool = False
):
    """Squared distance to the targets: `1/2 E (D(x) - (1 - e))^2 + 1/2 E D(G(z))^2`.

    Args:
        real_logits: raw outputs for real clips, any shape.
        fake_logits: raw outputs for generated clips, any shape.
        label_smoothing: e in [0, 1).
        two_sided: if true, the generated target is e instead of 0.

    Returns:
        A scalar of at least 0.

    Raises:
        OptionError: if `label_smoothing` is outside of [0, 1).

    Example:
        >>> float(least_squares_discriminator_loss(ops.ones(2), ops.ones(2)))
        0.5

    Reference: Mao et al. (2017), Least squares GAN, arXiv 1611.04076, equation 9.
    """
    real_target, fake_target = _targets(label_smoothing, two_sided)
    real_error = ops.mean(ops.square(real_logits - real_target))
    return 0.5 * (real_error + ops.mean(ops.square(fake_logits - fake_target)))


def least_squares_generator_loss(fake_logits):
    """Pull the discriminator's output for generated clips to 1: `1/2 E (D(G(z)) - 1)^2`.

    Args:
        fake_logits: raw outputs for generated clips, any shape.

    Returns:
        A scalar of at least 0.

    Example:
        >>> float(least_squares_generator_loss(ops.zeros(2)))
        0.5

    Reference: Mao et al. (2017), arXiv 1611.04076, equation 9.
    """
    return 0.5 * ops.mean(ops.square(fake_logits - 1.0))


def hinge_discriminator_loss(real_logits, fake_logits):
    """Push real above 1, generated below -1, no farther: `E relu(1 - D(x)) + E relu(1 + D(G(z)))`.

    Args:
        real_logits: raw outputs for real clips, any shape.
        fake_logits: raw outputs for generated clips, any shape.

    Returns:
        A scalar of at least 0; 2 where both outputs are 0.

    Example:
        >>> float(hinge_discriminator_loss(ops.zeros(2), ops.zeros(2)))
        2.0

    Reference: Lim and Ye (2017), Geometric GAN, arXiv 1705.02894, equation 17.
    """
    return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(ops.relu(1.0 + fake_logits))


def hinge_generator_loss(fake_logits):
    """Raise the discriminator's output without limit: `-E D(G(z))` (no hinge on this side).

    Args:
        fake_logits: raw outputs for generated clips, any shape.

    Returns:
        A scalar of any sign.

    Example:
        >>> float(hinge_generator_loss(3.0 * ops.ones(2)))
        -3.0

    Reference: Lim and Ye (2017), arXiv 1705.02894, equation 18.
    """
    return -ops.mean(fake_logits)


def wasserstein_discriminator_loss(real_logits, fake_logits):
    """The negative of a lower bound of the earth mover's distance: `E D(G(z)) - E D(x)`.

    It means a distance only while the critic is Lipschitz: add a penalty, or clip weights.

    Args:
        real_logits: critic's outputs for real clips, any shape.
        fake_logits: critic's outputs for generated clips, any shape.

    Returns:
        A scalar of any sign.

    Example:
        >>> float(wasserstein_discriminator_loss(ops.ones(2), ops.zeros(2)))
        -1.0

    Reference: Arjovsky, Chintala and Bottou (2017), Wasserstein GAN, arXiv 1701.07875, equation 3.
    """
    return ops.mean(fake_logits) - ops.mean(real_logits)


def wasserstein_generator_loss(fake_logits):
    """Shorten the earth mover's distance: `-E D(G(z))`.

    Args:
        fake_logits: critic's outputs for generated clips, any shape.

    Returns:
        A scalar of any sign.

    Example:
        >>> float(wasserstein_generator_loss(3.0 * ops.ones(2)))
        -3.0

    Reference: Arjovsky, Chintala and Bottou (2017), arXiv 1701.07875, algorithm 1, line 11.
    """
    return -ops.mean(fake_logits)


FAMILIES: dict[str, tuple[Callable, Callable]] = {
    "minimax": (minimax_generator_loss, minimax_discriminator_loss),
    "non_saturating": (non_saturating_generator_loss, non_saturating_discriminator_loss),
    "least_squares": (least_squares_generator_loss, least_squares_discriminator_loss),
    "hinge": (hinge_generator_loss, hinge_discriminator_loss),
    "wasserstein": (wasserstein_generator_loss, wasserstein_discriminator_loss),
}


def get_losses(family: str) -> tuple[Callable, Callable]:
    """Look up a family's pair of losses by its name.

    Args:
        family: "minimax", "non_saturating", "least_squares", "hinge" or "wasserstein".

    Returns:
        `(generator_loss, discriminator_loss)`.

    Raises:
        OptionError: if the family is unknown.

    Example:
        >>> get_losses("hinge")[0].__name__
        'hinge_generator_loss'
    """
    if family not in FAMILIES:
        raise OptionError(f"Unknown loss {family!r}: choose one of {', '.join(sorted(FAMILIES))}.")
    return FAMILIES[family]
