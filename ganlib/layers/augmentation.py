"""Random changes that leave the word: what real and generated clips both go through before D.

A few thousand recordings are soon known by heart, and a discriminator that knows them answers by
memory. Changed anew at every step they cannot be remembered. Real and generated clips must go
through the same kind of change, and the gradient through it: a generator whose clips the
discriminator sees unchanged learns the changes as if they belonged to the data.

Reference: Zhao, Liu, Lin, Zhu and Han (2020), Differentiable augmentation for data-efficient GAN
    training, arXiv 2006.10738. Their translation of pictures is `RandomTimeShift` here.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


class _RandomChange(keras.layers.Layer):
    """Changes each example in its own way in training, and none elsewhere.

    Subclasses say how in `change`. Their first argument, `extent`, says how much; 0 does nothing.
    """

    extent_name = ""

    def __init__(self, extent: float, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        if extent < 0:
            raise ValueError(f"{self.extent_name} must be at least 0, not {extent}.")
        self.extent, self.seed = extent, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def change(self, inputs):
        """Return the changed inputs."""
        raise NotImplementedError

    def call(self, inputs, training=False):
        return self.change(inputs) if training and self.extent else inputs

    def draw(self, inputs):
        """Return a number from -1 to 1 for each example, of shape (batch, 1, ..., 1)."""
        shape = (ops.shape(inputs)[0], *[1] * (len(inputs.shape) - 1))
        # In full precision, so that a seed means the same in mixed precision too.
        return keras.random.uniform(
            shape, -1.0, 1.0, dtype=self.variable_dtype, seed=self.seed_generator
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), self.extent_name: self.extent, "seed": self.seed}


@keras.saving.register_keras_serializable("ganlib")
class RandomGain(_RandomChange):
    """Make each clip louder or quieter: `y = 10^(u / 20) x` with `u ~ U(-r, r)` decibels.

    Args:
        range_db: r, at least 0.
        seed: makes the gains reproducible.

    Raises:
        ValueError: if `range_db` is negative.

    Example:
        >>> import numpy as np
        >>> y = RandomGain(6.0, seed=0)(np.ones((100, 4, 1), "float32"), training=True)
        >>> bool(ops.min(y) > 0.5 and ops.max(y) < 2.0)
        True
    """

    extent_name = "range_db"

    def __init__(self, range_db: float = 6.0, seed: int | None = None, **kwargs: Any):
        super().__init__(range_db, seed, **kwargs)

    def change(self, inputs):
        exponent = self.draw(inputs) * (self.extent / 20.0)
        return inputs * ops.cast(10.0**exponent, self.compute_dtype)


@keras.saving.register_keras_serializable("ganlib")
class RandomBrightness(_RandomChange):
    """Make each picture brighter or darker: `y = x + u` with `u ~ U(-r, r)`.

    On a picture of log-magnitudes that is what a gain does to the sound, but for silence.

    Args:
        extent: r in the unit of the pictures, at least 0.
        seed: makes the offsets reproducible.

    Raises:
        ValueError: if `extent` is negative.

    Example:
        >>> import numpy as np
        >>> y = RandomBrightness(0.2, seed=0)(np.zeros((2, 4, 4, 1), "float32"), training=True)
        >>> bool(ops.max(ops.abs(y)) < 0.2) and float(ops.std(y[0])) == 0.0
        True
    """

    extent_name = "extent"

    def __init__(self, extent: float = 0.2, seed: int | None = None, **kwargs: Any):
        super().__init__(extent, seed, **kwargs)

    def change(self, inputs):
        return inputs + ops.cast(self.draw(inputs) * self.extent, self.compute_dtype)


@keras.saving.register_keras_serializable("ganlib")
class Cutout(_RandomChange):
    """Erase a band of each example, of one length, at a place of its own: `y = m x`, m 0 or 1.

    Zero is silence in a clip and the row's mean in a standardised picture. The middle of the band
    lies anywhere, so up to half of it may fall outside. Axis 1 is time in both; axis 2 is frequency
    in pictures.

    Args:
        share: length of the band as a share of the axis, in [0, 1).
        axis: that is cut, not the first.
        seed: makes the places reproducible.

    Raises:
        ValueError: if `share` is outside of [0, 1).

    Example:
        >>> import numpy as np
        >>> y = Cutout(0.25, seed=0)(np.ones((1, 100, 1), "float32"), training=True)
        >>> 12 <= 100 - float(ops.sum(y)) <= 25
        True

    Differs: Zhao et al. erase a square of half the side; a band erases the same from every row, as
        SpecAugment does (Park et al., 2019, arXiv 1904.08779).
    """

    extent_name = "share"

    def __init__(self, share: float = 0.25, axis: int = 1, seed: int | None = None, **kwargs: Any):
        super().__init__(share, seed, **kwargs)
        if share >= 1:
            raise ValueError(f"share must be below 1, not {share}.")
        self.axis = axis

    def change(self, inputs):
        size = inputs.shape[self.axis]
        shape = [1] * len(inputs.shape)
        shape[self.axis] = size
        places = ops.reshape(ops.arange(size, dtype=self.variable_dtype), shape) + 0.5
        middle = (self.draw(inputs) + 1.0) * (0.5 * size)
        kept = ops.abs(places - middle) > 0.5 * self.extent * size
        return inputs * ops.cast(kept, self.compute_dtype)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}
