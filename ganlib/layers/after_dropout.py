"""A normalisation behind dropout that passes on in use what it passed on in training."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable("ganlib")
class NormalizationAfterDropout(keras.layers.LayerNormalization):
    """Layer normalisation that knows of the dropout in front of it.

    Dropout with rate p keeps the mean of every channel and, while training, adds variance: of
    channels around 0, $\\mathrm{var}' = \\mathrm{var} / (1 - p)$. A layer normalisation divides by
    that, and in use, without the added variance, passes on $1 / \\sqrt{1 - p}$ times as much:
    what reads it was never trained on that. So in use what it passes on, without the offset
    $\\beta$, is multiplied by $\\sqrt{1 - p}$.

    Args:
        rate: of the dropout in front, in [0, 1).
        kwargs: of `keras.layers.LayerNormalization`.

    Example:
        >>> import numpy as np
        >>> layer, x = NormalizationAfterDropout(0.36), np.array([[-1.0, 1.0]], "float32")
        >>> used, trained = (np.asarray(layer(x, training=now))[0, 1] for now in (False, True))
        >>> round(float(used / trained), 3)
        0.8

    Reference: Li et al. (2019), Understanding the disharmony between dropout and batch
        normalization by variance shift, arXiv 1801.05134, section 3.
    """

    def __init__(self, rate: float, **kwargs: Any):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, inputs: Any, training: bool = False) -> Any:
        passed = super().call(inputs)
        if training or not self.rate:
            return passed
        return self.beta + (passed - self.beta) * (1.0 - self.rate) ** 0.5

    def get_config(self) -> dict:
        return {**super().get_config(), "rate": self.rate}
