"""From symbols to frames: each symbol stands for as long as it lasts."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganlib")
class ByDuration(keras.layers.Layer):
    """Repeat what is known of every symbol for each of its frames.

    Frame t gets the symbol s with $\\sum_{i<s} d_i \\le t < \\sum_{i \\le s} d_i$, and three
    numbers more: how far into the symbol it lies (0 to 1), the logarithm of the symbol's length,
    and 1, which frames behind the last symbol do not get.

    Call with `[content, durations, places]`: (batch, symbols, channels), (batch, symbols) in
    frames, and the numbers of the frames, (batch, frames), 0 for the first. Returns
    (batch, frames, channels + 3), zeros behind the last symbol. Content has a gradient, durations
    have none.

    Example:
        >>> import numpy as np
        >>> content = np.array([[[5.0], [7.0]]], "float32")
        >>> places = np.arange(4, dtype="float32")[None]
        >>> frames = ByDuration()([content, np.array([[1.0, 2.0]], "float32"), places])
        >>> np.asarray(frames)[0, :, 0].tolist()
        [5.0, 7.0, 7.0, 0.0]

    Reference: Ren et al. (2019), FastSpeech, arXiv 1905.09263, section 3.2, the length regulator.
    """

    def call(self, inputs: Any) -> Any:
        content, durations, places = inputs
        durations = ops.cast(ops.stop_gradient(durations), self.compute_dtype)
        ends = ops.cumsum(durations, axis=1)
        starts = ends - durations
        inside = ops.logical_and(
            places[..., None] >= starts[:, None], places[..., None] < ends[:, None]
        )
        belongs = ops.cast(inside, self.compute_dtype)  # (batch, frames, symbols)
        facts = ops.stack([starts, durations, ops.ones_like(starts)], axis=-1)
        spread = ops.matmul(belongs, ops.concatenate([content, facts], axis=-1))
        start, length, there = (spread[..., place] for place in (-3, -2, -1))
        length = ops.maximum(length, 1.0)
        within = there * (places - start + 0.5) / length
        numbers = ops.stack([within, ops.log(length), there], axis=-1)
        return ops.concatenate([spread[..., :-3], numbers], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        content, _, places = input_shape
        return (content[0], places[1], content[2] + 3)
