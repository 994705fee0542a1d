"""Small random shifts in time: phase shuffle in a discriminator, shifted clips before it."""

import keras
from keras import ops


def shift_in_time(inputs, shifts, padding: str = "reflect"):
    """Shift each example along time by its own number of samples.

    `y[b, t] = x[b, t + shift_b]`; what falls outside is mirrored at the edge or is silence.

    Args:
        inputs: (batch, time, channels), or (batch, frames, rows, channels).
        shifts: (batch,) integers; a positive shift moves sound to the left (earlier).
            With "reflect" its size must be below `time`.
        padding: "reflect" (as `numpy.pad`, edge not repeated) or "zeros".

    Returns:
        Same shape. Differentiable in `inputs`, also where a compiler
        cannot differentiate a slice with a random start.

    Example:
        >>> import numpy as np
        >>> x = np.arange(4, dtype="float32").reshape(1, 4, 1)
        >>> ops.convert_to_numpy(shift_in_time(x, np.array([1]))).ravel().tolist()
        [1.0, 2.0, 3.0, 2.0]
        >>> ops.convert_to_numpy(shift_in_time(x, np.array([-1]), "zeros")).ravel().tolist()
        [0.0, 0.0, 1.0, 2.0]
    """
    if padding not in ("reflect", "zeros"):
        raise ValueError(f'padding must be "reflect" or "zeros", not {padding!r}.')
    time, *rest = inputs.shape[1:]
    batch = ops.shape(inputs)[0]
    where = ops.arange(time, dtype="int32")[None, :] + ops.cast(shifts, "int32")[:, None]
    if padding == "reflect":
        index = (time - 1) - ops.abs((time - 1) - ops.abs(where))
    else:
        index = ops.clip(where, 0, time - 1)
    rows = ops.arange(batch, dtype="int32")[:, None] * time + index
    # One gather of whole rows: far cheaper than a gather per element, forward and backward.
    flat = ops.take(ops.reshape(inputs, (-1, *rest)), ops.reshape(rows, (-1,)), axis=0)
    shifted = ops.reshape(flat, (-1, time, *rest))
    if padding == "zeros":
        inside = ops.logical_and(where >= 0, where < time)
        inside = ops.reshape(inside, (-1, time, *(1 for _ in rest)))
        shifted = shifted * ops.cast(inside, shifted.dtype)
    return shifted


@keras.saving.register_keras_serializable("ganlib")
class PhaseShuffle(keras.layers.Layer):
    """Shift each example by a new random amount at every call in training, mirrored at the edges.

    It keeps a discriminator from judging by the phase at which strided upsampling leaves its tones.

    Args:
        radius: shifts are drawn uniformly from the integers -radius ... radius; 0 does nothing.
        seed: makes the shifts reproducible.

    Raises:
        ValueError: if `radius` is negative, or not below the number of samples to be mirrored.

    Example:
        >>> import numpy as np
        >>> x = np.arange(8, dtype="float32").reshape(1, 8, 1)
        >>> PhaseShuffle(radius=2, seed=0)(x, training=True).shape == (1, 8, 1)
        True

    Reference: Donahue, McAuley and Puckette (2019), Adversarial audio synthesis, arXiv 1802.04208,
        section 3.3.
    Differs: the authors' code draws one shift for the whole batch; here each example has its own.
    """

    padding = "reflect"

    def __init__(self, radius: int, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if radius < 0:
            raise ValueError(f"radius must be 0 or more samples, not {radius}.")
        self.radius, self.seed = radius, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        time = input_shape[1]
        if self.padding == "reflect" and time is not None and self.radius >= time:
            raise ValueError(
                f"radius must be below the {time} samples that the layer sees, not {self.radius}: "
                "a mirror shows no more than it is held up to."
            )

    def call(self, inputs, training=False):
        if self.radius == 0 or not training:
            return inputs
        shifts = keras.random.randint(
            (ops.shape(inputs)[0],), -self.radius, self.radius + 1, seed=self.seed_generator
        )
        return shift_in_time(inputs, shifts, self.padding)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "radius": self.radius, "seed": self.seed}


@keras.saving.register_keras_serializable("ganlib")
class RandomTimeShift(PhaseShuffle):
    """Shift each clip by a new random amount at every call in training, with silence at the edges.

    As an augmentation it stands before the discriminator, for real and for generated clips alike,
    so that the generator does not learn the shifts as if they belonged to the data.

    Args:
        radius: largest shift in samples, either way.
        seed: makes the shifts reproducible.

    Example:
        >>> import numpy as np
        >>> RandomTimeShift(3)(np.zeros((2, 16, 1), "float32"), training=True).shape == (2, 16, 1)
        True

    Reference: Zhao et al. (2020), Differentiable augmentation for data-efficient GAN training,
        arXiv 2006.10738.
    """

    padding = "zeros"
