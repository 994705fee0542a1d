"""Clips one after another: each cut down to its sound, with short pauses between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganlib.errors import OptionError

FRAME_SECONDS = 0.01
FADE_SECONDS = 0.005


def trim(
    samples: np.ndarray, sample_rate: int, below_db: float = 35.0, margin_seconds: float = 0.02
) -> np.ndarray:
    """Cut off what is silent before and after the sound, and fade the new ends.

    Frames of 10 ms count as sound where their level lies at most `below_db` below the loudest.

    Args:
        samples: floating point (time,) or (time, channels).
        sample_rate: in Hz.
        below_db: above 0.
        margin_seconds: kept before the first and after the last frame of sound.

    Returns:
        The part with the sound, faded over 5 ms at either end; digital silence stays as it is.

    Raises:
        OptionError: if `below_db` is not above 0.

    Example:
        >>> clip = np.zeros(8000, "float32")
        >>> clip[3200:5200] = np.sin(np.arange(2000))
        >>> len(trim(clip, 8000, margin_seconds=0.01))  # 2000 and twice 80
        2160
    """
    if not below_db > 0:
        raise OptionError(f"below_db must be above 0, not {below_db}.")
    frame = max(1, round(FRAME_SECONDS * sample_rate))
    count = -(-len(samples) // frame)
    padded = np.pad(samples.reshape(len(samples), -1), [(0, count * frame - len(samples)), (0, 0)])
    power = np.square(padded.reshape(count, -1), dtype="float64").mean(axis=1)
    if not power.any():
        return samples
    heard = np.flatnonzero(power >= power.max() * 10 ** (-below_db / 10))
    margin = round(margin_seconds * sample_rate)
    first = max(0, heard[0] * frame - margin)
    last = min(len(samples), (heard[-1] + 1) * frame + margin)
    return _faded(samples[first:last], round(FADE_SECONDS * sample_rate))


def join(parts: Sequence[np.ndarray], sample_rate: int, pause_seconds: float = 0.12) -> np.ndarray:
    """Put clips one after another, with silence between.

    Args:
        parts: at least one clip, floating point (time,) or (time, channels), all of one kind.
        sample_rate: in Hz.
        pause_seconds: of silence between two clips, at least 0.

    Returns:
        float32, as long as all clips and pauses together.

    Raises:
        OptionError: if there is no clip.

    Example:
        >>> join([np.ones(3), np.ones(2)], sample_rate=10, pause_seconds=0.2).tolist()
        [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]
    """
    if not parts:
        raise OptionError("expected at least one clip to join")
    pause = np.zeros((round(pause_seconds * sample_rate), *parts[0].shape[1:]))
    spaced = [piece for part in parts for piece in (pause, part)][1:]
    return np.concatenate(spaced).astype("float32")


def _faded(samples: np.ndarray, size: int) -> np.ndarray:
    size = min(size, len(samples) // 2)
    ramp = (np.arange(size) + 1) / (size + 1)
    envelope = np.concatenate([ramp, np.ones(len(samples) - 2 * size), ramp[::-1]])
    return samples * envelope.reshape(-1, *[1] * (samples.ndim - 1))
