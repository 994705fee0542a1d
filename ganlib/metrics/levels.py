"""How loud speech is where it sounds, and clips brought to one level."""

import numpy as np

from ganlib.metrics.clips import checked_rate

SPEECH_DBFS = -26.0  # the level at which ITU-T tests telephone speech (P.56, P.830), in dBov there
_FRAME_SECONDS = 0.02
_PAUSE_DB = 40.0  # below the loudest frame


def active_level_db(samples: np.ndarray, sample_rate: int) -> float:
    """RMS of what sounds, in dB of full scale: pauses and a constant offset do not count.

    $10 \\log_{10} \\overline{(x - \\bar x)^2}$ over the frames of 20 ms whose power is at most
    40 dB below that of the loudest one; a sine of peak 1 has -3.01 dB.

    Args:
        samples: floating point (time,), full scale 1.
        sample_rate: in Hz.

    Returns:
        dBFS; minus infinity for silence and for a constant.

    Example:
        >>> from ganlib.audio.signals import tone
        >>> sine = tone(1000, 1.0, 8000, 1.0)
        >>> round(active_level_db(np.concatenate([sine, np.zeros(24000)]), 8000), 2)
        -3.01

    Differs: ITU-T P.56 (2011) finds the pauses with an envelope and a margin of 15.9 dB.
    """
    power = _frame_powers(np.asarray(samples, "float64"), checked_rate(sample_rate))
    loudest = power.max(initial=0.0)
    if not loudest:
        return float("-inf")
    return float(10 * np.log10(power[power >= loudest * 10 ** (-_PAUSE_DB / 10)].mean()))


def at_speech_level(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """A clip without its offset, at an active level of -26 dBFS: nothing is clipped.

    Args:
        samples: floating point (time,), full scale 1.
        sample_rate: in Hz.

    Returns:
        float64 (time,); at a lower level where the peak would exceed full scale, and zeros for a
        constant, which has no level.

    Example:
        >>> from ganlib.audio.signals import white_noise
        >>> faint = 0.001 * white_noise(1.0, 8000) + 0.2
        >>> round(active_level_db(at_speech_level(faint, 8000), 8000), 2)
        -26.0
    """
    samples = np.asarray(samples, "float64")
    level = active_level_db(samples, sample_rate)
    if not np.isfinite(level):
        return np.zeros_like(samples)
    moving = samples - samples.mean()
    return moving * min(10 ** ((SPEECH_DBFS - level) / 20), 1 / np.abs(moving).max())


def _frame_powers(samples: np.ndarray, rate: int) -> np.ndarray:
    if not samples.size or not np.ptp(samples):
        return np.zeros(0)
    size = min(len(samples), max(1, round(_FRAME_SECONDS * rate)))
    whole = len(samples) // size * size
    frames = (samples - samples.mean())[:whole].reshape(-1, size)
    return (frames**2).mean(axis=1)
