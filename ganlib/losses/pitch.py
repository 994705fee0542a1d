"""How far a pitch that a network finds is from the one that was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from ganlib.audio.harmonics import expected_pitch, pitch_grid

BLUR = 0.0175  # in nepers, a third of a semitone: neighbours on the grid are nearly right
EXACTNESS = 5.0  # how much an error in nepers counts beside the choice


def pitch_loss(pitch: Any, scores: Any, lowest_hz: float, highest_hz: float) -> Any:
    """Whether there is a pitch, which of a grid it is, and how far the mean is from it.

    Cross-entropy of having one, plus, over frames that have one, cross-entropy of the grid with a
    bell around the pitch, plus 5 times the distance of logarithms.

    Args:
        pitch: measured, in Hz, 0 for none, (batch, frames).
        scores: logits (batch, frames, 1 + bins); see `ganlib.audio.harmonics.KnownPitch`.
        lowest_hz: of the grid.
        highest_hz: of the grid.

    Returns:
        A scalar of at least 0.

    Example:
        >>> sure = np.array([[[9.0, 0.0, 99.0, 0.0]]], "float32")
        >>> losses = [pitch_loss(np.array([[hz]]), sure, 50.0, 200.0) for hz in (100.0, 50.0)]
        >>> [round(float(loss)) for loss in losses]
        [0, 102]

    Reference: Kim et al. (2018), CREPE, arXiv 1802.06182, equations 2 and 3.
    """
    pitch = ops.cast(pitch, "float32")
    voiced = ops.cast(pitch > 0, "float32")
    having = ops.mean(ops.binary_crossentropy(voiced, scores[..., 0], from_logits=True))
    logs = ops.log(ops.maximum(pitch, 1.0))
    grid = np.log(pitch_grid(lowest_hz, highest_hz, scores.shape[-1] - 1))
    bell = ops.exp(-0.5 * ops.square((logs[..., None] - grid) / BLUR)) + 1e-9
    bell = bell / ops.sum(bell, axis=-1, keepdims=True)
    choice = -ops.sum(bell * ops.log_softmax(scores[..., 1:]), axis=-1)
    error = ops.abs(ops.log(expected_pitch(scores, lowest_hz, highest_hz)) - logs)
    frames = ops.sum(voiced) + 1e-6
    return having + ops.sum(voiced * (choice + EXACTNESS * error)) / frames
