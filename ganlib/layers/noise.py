"""Gaussian noise: to blur what a discriminator sees, or to give a generator fine detail."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganlib")
class GaussianNoise(keras.layers.Layer):
    """Add fresh Gaussian noise: `y = x + s n` with `n ~ N(0, 1)`.

    With a fixed s it is instance noise: drawn for every sample and channel, in training only, it
    makes real and generated clips overlap. With `learned=True` it is StyleGAN's noise input: one n
    for each position, scaled by an s for each channel, which training moves.

    Args:
        std: s in the unit of the inputs, at least 0; where s is learned, its first value.
        learned: learn an s for each channel.
        always: add noise outside of training too. None means: only where s is learned.
        seed: makes the noise reproducible.

    Raises:
        ValueError: if `std` is negative.

    Example:
        >>> import numpy as np
        >>> silence = np.zeros((1, 10_000, 1), "float32")
        >>> y = GaussianNoise(std=0.1, seed=0)(silence, training=True)
        >>> round(float(ops.std(y)), 2)
        0.1
        >>> float(ops.std(GaussianNoise(std=0.1)(silence, training=False)))
        0.0

    Reference: Sonderby, Caballero, Theis, Shi and Huszar (2017), Amortised MAP inference for image
        super-resolution, arXiv 1610.04490, section 3.2.1 (instance noise); Karras, Laine and Aila
        (2019), A style-based generator architecture for GANs, arXiv 1812.04948, section 2.
    """

    def __init__(
        self,
        std: float = 0.1,
        learned: bool = False,
        always: bool | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if std < 0:
            raise ValueError(f"std must be at least 0, not {std}.")
        self.std, self.learned, self.seed = std, learned, seed
        self.always = learned if always is None else always
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if self.learned:
            self.strength = self.add_weight(
                name="strength",
                shape=(input_shape[-1],),
                initializer=keras.initializers.Constant(self.std),
            )

    def call(self, inputs, training=False):
        if not (training or self.always):
            return inputs
        shape = ops.shape(inputs)
        if self.learned:
            shape = (*shape[:-1], 1)  # one value a position, shared by the channels
        # Drawn in full precision, so that a seed means the same noise in mixed precision too.
        noise = keras.random.normal(shape, dtype=self.variable_dtype, seed=self.seed_generator)
        noise = ops.cast(noise, self.compute_dtype)
        return inputs + noise * (self.strength if self.learned else self.std)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        names = ("std", "learned", "always", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
