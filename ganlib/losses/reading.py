"""How far what a reader says is from the recording: its frames, and its guess of the prosody."""

from __future__ import annotations

from typing import Any

from keras import ops

PITCH_WEIGHT, VOICE_WEIGHT = 2.0, 0.2  # beside one neper of a mel band


def frame_distance(real: Any, fake: Any) -> Any:
    """Mean absolute difference of log-mel bands, and of the pitch where there is one.

    $\\mathrm{mean}\\,|m - \\hat m| + 2\\,\\mathrm{mean}_{v=1}\\,|p - \\hat p| + 0.2\\,H(v,
    \\hat v)$, with H the cross-entropy of having a pitch.

    Args:
        real: float (batch, frames, n_mels + 2): log-mel bands, pitch in octaves, 1 for a pitch and
            0 for none.
        fake: the same, with a logit in the last column.

    Example:
        >>> import numpy as np
        >>> real, fake = np.ones((1, 2, 4), "float32"), np.full((1, 2, 4), 1.5, "float32")
        >>> round(float(frame_distance(real, fake)), 2)  # 0.5 + 2 * 0.5 + 0.2 * 0.2
        1.54
    """
    apart = ops.mean(ops.abs(real[..., :-2] - fake[..., :-2]))
    voiced = real[..., -1]
    octaves = ops.sum(voiced * ops.abs(real[..., -2] - fake[..., -2])) / (ops.sum(voiced) + 1e-6)
    having = ops.mean(ops.binary_crossentropy(voiced, fake[..., -1], from_logits=True))
    return apart + PITCH_WEIGHT * octaves + VOICE_WEIGHT * having


def prosody_loss(prosody: Any, guess: Any) -> Any:
    """Mean absolute error of ln(1 + frames), octaves and nepers, over the symbols that count.

    Args:
        prosody: float (batch, symbols, 4): frames, octaves, nepers, and 1 for a symbol that counts.
        guess: float (batch, symbols, 3): ln(1 + frames), octaves, nepers.

    Example:
        >>> import numpy as np
        >>> told = np.array([[[0.0, 0.5, 0.0, 1.0], [9.0, 9.0, 9.0, 0.0]]], "float32")
        >>> guess = np.zeros((1, 2, 3), "float32")
        >>> round(float(prosody_loss(told, guess)), 3)  # the second does not count
        0.5
    """
    counts = prosody[..., 3:]
    wanted = ops.concatenate([ops.log1p(prosody[..., :1]), prosody[..., 1:3]], axis=-1)
    return ops.sum(counts * ops.abs(wanted - guess)) / (ops.sum(counts) + 1e-6)
