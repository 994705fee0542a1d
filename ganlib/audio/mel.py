"""Mel bands: frequencies grouped as the ear groups them, fine below and coarse above."""

from __future__ import annotations

import functools

import numpy as np
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import Tensor, magnitude, stft
from ganlib.errors import OptionError


def hz_to_mel(frequencies_hz: np.ndarray, scale: str = "slaney") -> np.ndarray:
    """Return mel values: equal steps sound equally far apart.

    "htk": $m = 2595 \\log_{10}(1 + f/700)$. "slaney": $m = 3f/200$ up to 1000 Hz and
    $m = 15 + 27 \\ln(f/1000)/\\ln 6.4$ above.

    Args:
        frequencies_hz: any shape, at least 0.
        scale: "slaney" or "htk".

    Returns:
        Same shape, in mel.

    Raises:
        OptionError: if the scale is unknown.

    Example:
        >>> hz_to_mel(np.array([0.0, 500.0, 1000.0, 6400.0])).tolist()
        [0.0, 7.5, 15.0, 42.0]

    Reference: S. Stevens, J. Volkmann & E. Newman (1937), A scale for the measurement of the
        psychological magnitude pitch; M. Slaney (1998), Auditory Toolbox; S. Young et al.,
        The HTK Book.
    """
    frequencies_hz = np.asarray(frequencies_hz, dtype=np.float64)
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + frequencies_hz / 700.0)
    _check_scale(scale)
    above = 15.0 + 27.0 * np.log(np.maximum(frequencies_hz, 1000.0) / 1000.0) / np.log(6.4)
    return np.where(frequencies_hz < 1000.0, 3.0 * frequencies_hz / 200.0, above)


def mel_to_hz(mels: np.ndarray, scale: str = "slaney") -> np.ndarray:
    """Return frequencies in Hz, the inverse of `hz_to_mel`.

    Args:
        mels: any shape, at least 0.
        scale: "slaney" or "htk".

    Returns:
        Same shape, in Hz.

    Raises:
        OptionError: if the scale is unknown.

    Example:
        >>> mel_to_hz(np.array([7.5, 15.0, 42.0])).round(6).tolist()
        [500.0, 1000.0, 6400.0]
    """
    mels = np.asarray(mels, dtype=np.float64)
    if scale == "htk":
        return 700.0 * (10.0 ** (mels / 2595.0) - 1.0)
    _check_scale(scale)
    above = 1000.0 * np.exp(np.log(6.4) * (np.maximum(mels, 15.0) - 15.0) / 27.0)
    return np.where(mels < 15.0, 200.0 * mels / 3.0, above)


def mel_filterbank(
    sample_rate: int,
    n_fft: int,
    n_mels: int,
    fmin_hz: float = 0.0,
    fmax_hz: float | None = None,
    scale: str = "slaney",
) -> np.ndarray:
    """Return triangles over the frequency bins, equally spaced in mel, each of area 1 in Hz.

    Band i rises from edge $f_i$ to $f_{i+1}$, falls to $f_{i+2}$, and peaks at
    $2/(f_{i+2} - f_i)$.

    Args:
        sample_rate: in Hz.
        n_fft: frame length in samples.
        n_mels: number of bands.
        fmin_hz: lower edge of the first band.
        fmax_hz: upper edge of the last band; None means half the sample rate.
        scale: "slaney" (librosa's default) or "htk"; the area is 1 for both.

    Returns:
        float32, shape `(n_fft // 2 + 1, n_mels)`, at least 0. Read-only: the same array serves
        every call.

    Raises:
        OptionError: if the scale is unknown or a band is so narrow that it holds no bin, which
            would be a silent output that nothing can train.

    Example:
        >>> filterbank = mel_filterbank(16000, n_fft=1024, n_mels=80)
        >>> filterbank.shape, bool((filterbank.sum(axis=0) > 0).all())
        ((513, 80), True)
    """
    highest = sample_rate / 2 if fmax_hz is None else float(fmax_hz)
    return _filterbank(sample_rate, n_fft, n_mels, float(fmin_hz), highest, scale)


@functools.lru_cache(maxsize=32)
def _filterbank(
    sample_rate: int, n_fft: int, n_mels: int, fmin_hz: float, fmax_hz: float, scale: str
) -> np.ndarray:
    lowest, highest = hz_to_mel(np.array([fmin_hz, fmax_hz]), scale)
    edges = mel_to_hz(np.linspace(lowest, highest, n_mels + 2), scale)
    bins_hz = np.arange(n_fft // 2 + 1)[:, None] * (sample_rate / n_fft)
    rising = (bins_hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins_hz) / (edges[2:] - edges[1:-1])
    filterbank = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (edges[2:] - edges[:-2])
    empty = int(np.sum(filterbank.max(axis=0) == 0.0))
    if empty:
        raise OptionError(
            f"{empty} of {n_mels} mel bands hold no frequency bin at n_fft={n_fft} and "
            f"{sample_rate} Hz; take fewer bands or a larger n_fft"
        )
    filterbank = filterbank.astype(np.float32)
    filterbank.flags.writeable = False
    return filterbank


def log_mel(audio: Tensor, audio_format: AudioFormat, floor: float = 1e-5) -> Tensor:
    """Return log-mel frames, $\\ln \\max(|X| B, \\text{floor})$, as most vocoders see speech.

    Args:
        audio: shape `(batch, time)` or `(batch, time, 1)`, at the format's sample rate.
        audio_format: frame, hop and bands; frames are centred, and the ends padded with zeros.
        floor: smallest mel magnitude, positive; 1e-5 is HiFi-GAN's.

    Returns:
        float32, shape `(batch, frames, n_mels)`, at least ln(floor).

    Raises:
        OptionError: if the audio has another shape, or a mel band holds no bin.

    Example:
        >>> silence = np.zeros((1, 16384), "float32")
        >>> frames = log_mel(silence, AudioFormat())
        >>> tuple(frames.shape), round(float(frames[0, 0, 0]), 3)  # ln 1e-5
        ((1, 65, 80), -11.513)
    """
    spectrum = magnitude(*stft(audio, audio_format.n_fft, audio_format.hop_length))
    return ops.log(ops.maximum(ops.matmul(spectrum, format_filterbank(audio_format)), floor))


def mel_to_magnitude(mel: Tensor, audio_format: AudioFormat, iterations: int = 32) -> Tensor:
    """Return a magnitude spectrogram whose mel bands come closest to the given ones.

    $\\min_{M \\ge 0} \\lVert MB - \\text{mel} \\rVert^2$: starting from the clipped pseudo-inverse,
    each update $M \\leftarrow M \\cdot (\\text{mel}\\,B^T) / (M B B^T)$ keeps M positive and never
    raises the error. There are fewer bands than bins, so detail inside a band is lost for good.

    Args:
        mel: mel *magnitudes* (the exponential of `log_mel`), shape `(batch, frames, n_mels)`, >= 0.
        audio_format: the format that made them.
        iterations: number of updates; 0 leaves the clipped pseudo-inverse.

    Returns:
        float32, shape `(batch, frames, bins)`, at least 0; bins that no band covers are 0.

    Example:
        >>> audio_format = AudioFormat(n_fft=256, hop_length=64, n_mels=20)
        >>> mel = np.ones((1, 3, 20), "float32")
        >>> spectrum = np.asarray(mel_to_magnitude(mel, audio_format))
        >>> bool(np.abs(spectrum @ format_filterbank(audio_format) - mel).max() < 0.01)
        True

    Reference: D. Lee & H. Seung (2001), Algorithms for non-negative matrix factorization, NIPS 13,
        theorem 1.
    """
    filterbank = format_filterbank(audio_format)
    inverse = np.linalg.pinv(filterbank.astype(np.float64)).astype(np.float32)
    mel = ops.convert_to_tensor(mel, "float32")
    covered = (filterbank.max(axis=1) > 0).astype(np.float32)
    spectrum = ops.maximum(ops.matmul(mel, inverse), 1e-8) * covered
    gram = filterbank @ filterbank.T
    target = ops.matmul(mel, filterbank.T)
    for _ in range(iterations):
        spectrum = spectrum * target / ops.maximum(ops.matmul(spectrum, gram), 1e-20)
    return spectrum


def format_filterbank(audio_format: AudioFormat) -> np.ndarray:
    """Return the mel filterbank of a format, shape `(bins, n_mels)`."""
    return mel_filterbank(
        audio_format.sample_rate,
        audio_format.n_fft,
        audio_format.n_mels,
        audio_format.fmin_hz,
        audio_format.highest_hz,
    )


def _check_scale(scale: str) -> None:
    if scale != "slaney":
        raise OptionError(f"scale must be 'slaney' or 'htk', got {scale!r}")
