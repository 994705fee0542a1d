"""Clips made equally loud, so that nobody rates the volume."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

TARGET_LUFS = -23.0  # EBU R 128
PEAK = 0.98
BLOCK_SECONDS, GATE_LU = 0.1, 10.0
# ITU-R BS.1770-4, tables 1 and 2: the two filters of the K weighting at 48 kHz.
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness(samples: np.ndarray, sample_rate: int) -> float:
    """Loudness of a clip in LUFS, silence left out.

    $L = -0.691 + 10 \\log_{10} \\overline{y^2}$ with $y$ the K-weighted sound and the mean over
    the blocks that are at most 10 LU below the mean of all.

    Args:
        samples: floating point (time,), full scale 1.
        sample_rate: in Hz.

    Returns:
        LUFS; minus infinity for silence.

    Example:
        >>> tone = np.sin(2 * np.pi * 997 * np.arange(48000) / 48000)
        >>> round(loudness(tone, 48000), 1)  # what BS.1770 says of this tone
        -3.0

    Reference: ITU-R BS.1770-4 (2015), annex 1.
    Differs: blocks of 100 ms without overlap instead of 400 ms with 75 %, because a spoken digit
        lasts as long as one of theirs; the filters work on the spectrum, so any rate will do.
    """
    samples = np.asarray(samples, "float64")
    size = 2 * len(samples)  # twice as long: the ends do not run into each other
    spectrum = np.fft.rfft(samples, size)
    weighted = np.fft.irfft(spectrum * _weights(size, sample_rate), size)[: len(samples)]
    block = max(1, min(len(samples), round(BLOCK_SECONDS * sample_rate)))
    whole = weighted[: len(weighted) // block * block].reshape(-1, block)
    powers = np.mean(whole**2, axis=1)
    if not (powers > 1e-12).any():
        return float("-inf")
    heard = powers[powers > 1e-7]  # the absolute gate, -70 LUFS
    heard = heard if len(heard) else powers[powers > 1e-12]
    loud = heard[heard >= heard.mean() * 10 ** (-GATE_LU / 10)]
    return float(-0.691 + 10 * np.log10(loud.mean()))


@lru_cache(maxsize=8)
def _weights(size: int, sample_rate: int) -> np.ndarray:
    from scipy.signal import freqz

    hertz = np.minimum(np.fft.rfftfreq(size, 1 / sample_rate), 23999.0)
    response = np.ones(len(hertz), complex)
    for above, below in (SHELF, HIGH_PASS):
        response *= freqz(above, below, worN=hertz, fs=48000)[1]
    return np.abs(response)


def equally_loud(clips: list[np.ndarray], sample_rate: int) -> tuple[list[np.ndarray], list[float]]:
    """Scale clips to one loudness, -23 LUFS; a clip that would clip stays as loud as it can be.

    Args:
        clips: floating point arrays (time,).
        sample_rate: in Hz.

    Returns:
        float32 clips with a peak of at most 0.98, and how loud each is now in LUFS.

    Example:
        >>> tone = np.sin(np.arange(8000))
        >>> scaled, levels = equally_loud([tone, 0.01 * tone, 0 * tone], 8000)
        >>> [round(level, 1) for level in levels]
        [-23.0, -23.0, -inf]
    """
    scaled, levels = [], []
    for clip in clips:
        level, peak = loudness(clip, sample_rate), float(np.abs(clip).max())
        gain = 10 ** ((TARGET_LUFS - level) / 20) if np.isfinite(level) else 1.0
        gain = min(gain, PEAK / peak) if peak else 1.0
        scaled.append((gain * np.asarray(clip)).astype("float32"))
        levels.append(level + 20 * float(np.log10(gain)))
    return scaled, levels
