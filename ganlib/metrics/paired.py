"""Two recordings of the same sound, sample beside sample: how far is the second from the first?

Everywhere the order is (reference, estimate), and everywhere the answer is one number a clip, so
that the mean and its interval stay with the caller.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

from ganlib.audio.mel import mel_filterbank
from ganlib.errors import OptionError
from ganlib.metrics.clips import checked_clip_pair
from ganlib.metrics.differences import pair_differences
from ganlib.metrics.perceptual import pesq_score, stoi_score

__all__ = [
    "log_spectral_distance",
    "mel_cepstral_distortion",
    "multi_resolution_stft_distance",
    "pair_differences",
    "pesq_score",
    "si_sdr",
    "stoi_score",
]

FLOOR_DB = -100.0  # a bin below this level counts as this loud; a sine of peak 1 has 0
MOST_DB = 100.0  # SI-SDR of equal signals, and minus that of unrelated ones
_FRAME_SECONDS, _HOP_SECONDS = 0.032, 0.008
_RESOLUTIONS = ((0.05, 0.01), (0.025, 0.005), (0.01, 0.002))  # window and hop in seconds


def log_spectral_distance(
    reference: np.ndarray, estimate: np.ndarray, sample_rate: int
) -> np.ndarray:
    """Log-spectral distance: the RMS over the frequencies of the difference in dB, frame by frame.

    $\\frac1M \\sum_m \\sqrt{\\frac1K \\sum_k (20 \\log_{10} |X_{m,k}| / |Y_{m,k}|)^2}$, frames of
    32 ms every 8 ms, Hann window; what lies 100 dB below a sine of full scale counts as that.

    Args:
        reference: float (clips, time) or (clips, time, 1), at least 32 ms.
        estimate: same shape, aligned with it.
        sample_rate: in Hz.

    Returns:
        (clips,) in dB, at least 0; an estimate 6 dB too quiet gets 6.

    Raises:
        OptionError: if the shapes differ, clips are too short, or values are not finite.

    Example:
        >>> from ganlib.audio.signals import white_noise
        >>> noise = white_noise(1.0, 8000)[None]
        >>> log_spectral_distance(noise, noise / 10, 8000).round(2).tolist()
        [20.0]

    Reference: Gray and Markel (1976), Distance measures for speech processing, IEEE Trans. ASSP
        24(5), equation 9 with p = 2.
    """
    size, hop = round(_FRAME_SECONDS * sample_rate), round(_HOP_SECONDS * sample_rate)
    reference, estimate = checked_clip_pair(reference, estimate, at_least=size)
    levels = [20 * np.log10(_magnitudes(clips, size, hop)) for clips in (reference, estimate)]
    return np.sqrt(((levels[0] - levels[1]) ** 2).mean(axis=2)).mean(axis=1)


def mel_cepstral_distortion(
    reference: np.ndarray, estimate: np.ndarray, sample_rate: int, coefficients: int = 13
) -> np.ndarray:
    """Mel-cepstral distortion: how far the spectral envelopes are apart, whatever the loudness.

    $\\frac{10 \\sqrt 2}{\\ln 10} \\frac1M \\sum_m \\sqrt{\\sum_{d=1}^{D} (c_{m,d} - c'_{m,d})^2}$
    with $c_{m,d} = \\frac1J \\sum_{j=0}^{J-1} \\ln S_{m,j} \\cos(\\pi d (j + 1/2) / J)$, S the
    power in J = 40 bands (Slaney's mel scale, triangles of equal area, 0 Hz to half the rate) of
    frames of 32 ms every 8 ms, Hann window. $c_0$, the level, is left out. Frame m is compared
    with frame m: there is no time warping, so the two must be aligned.

    Args:
        reference: float (clips, time) or (clips, time, 1), at least 32 ms.
        estimate: same shape, aligned with it.
        sample_rate: in Hz.
        coefficients: D, from 1 to 39; with 39 it is the RMS over the bands of the difference in dB
            once each frame's mean difference is taken off.

    Returns:
        (clips,) in dB, at least 0.

    Raises:
        OptionError: as for `log_spectral_distance`, or for another number of coefficients.

    Limits: figures compare only between equal cepstra. Those of SPTK (a mel-generalised cepstrum
        of 24) and those of an orthonormal DCT, larger by $\\sqrt{2J}$, are others.

    Example:
        >>> from ganlib.audio.signals import white_noise
        >>> noise = white_noise(1.0, 8000)[None]
        >>> mel_cepstral_distortion(noise, noise / 10, 8000).round(3).tolist()
        [0.0]

    Reference: Kubichek (1993), Mel-cepstral distance measure for objective speech quality
        assessment, IEEE Pacific Rim Conference on Communications, Computers and Signal Processing.
    """
    bands = 40
    if not 1 <= coefficients < bands:
        raise OptionError(f"coefficients must lie in [1, {bands - 1}], not {coefficients}.")
    size, hop = round(_FRAME_SECONDS * sample_rate), round(_HOP_SECONDS * sample_rate)
    reference, estimate = checked_clip_pair(reference, estimate, at_least=size)
    filters = mel_filterbank(sample_rate, 2 * size, bands).astype("float64")
    logs = [
        np.log(_magnitudes(clips, size, hop, n_fft=2 * size) ** 2 @ filters)
        for clips in (reference, estimate)
    ]
    difference = fft.dct(logs[0] - logs[1], type=2)[..., 1 : coefficients + 1] / (2 * bands)
    return 10 / np.log(10) * np.sqrt(2 * (difference**2).sum(axis=2)).mean(axis=1)


def si_sdr(reference: np.ndarray, estimate: np.ndarray) -> np.ndarray:
    """Scale-invariant ratio of signal to distortion.

    $10 \\log_{10} \\lVert \\alpha x \\rVert^2 / \\lVert \\alpha x - y \\rVert^2$ with
    $\\alpha = \\langle y, x \\rangle / \\lVert x \\rVert^2$; the means of both are taken off first.
    It is a function of the angle between the two alone, $\\cot^2$, and so the only distance here
    that swapped arguments leave as it is. A delay of a few samples ruins it.

    Args:
        reference: x, float (clips, time) or (clips, time, 1); no clip constant.
        estimate: y, same shape, aligned with it.

    Returns:
        (clips,) in dB, held in [-100, 100]; a constant estimate gets -100.

    Raises:
        OptionError: if the shapes differ, a reference is constant, or values are not finite.

    Example:
        >>> from ganlib.audio.signals import tone, white_noise
        >>> sine, noise = tone(1000, 1.0, 8000, 1.0), white_noise(1.0, 8000, rms=np.sqrt(0.005))
        >>> si_sdr(sine[None], 3 * (sine + noise)[None]).round().tolist()
        [20.0]

    Reference: Le Roux et al. (2019), SDR: half-baked or well done?, arXiv 1811.02508, equation 4.
    """
    reference, estimate = checked_clip_pair(reference, estimate)
    reference = _centred(reference)
    estimate = _centred(estimate)
    if not (energy := (reference**2).sum(axis=1)).all():
        raise OptionError(
            f"reference must not be constant, but {(energy == 0).sum()} of {len(energy)} clips "
            "are, and nothing can be measured against silence; leave those pairs out."
        )
    target = ((estimate * reference).sum(axis=1) / energy)[:, None] * reference
    signal, distortion = (target**2).sum(axis=1), ((target - estimate) ** 2).sum(axis=1)
    decibels = 10 * np.log10(np.maximum(signal, 1e-300) / np.maximum(distortion, 1e-300))
    return np.where(signal > 0, np.clip(decibels, -MOST_DB, MOST_DB), -MOST_DB)


def multi_resolution_stft_distance(
    reference: np.ndarray, estimate: np.ndarray, sample_rate: int
) -> np.ndarray:
    """Spectral convergence plus log-magnitude distance, mean of three resolutions.

    $\\frac13 \\sum_r \\left( \\frac{\\lVert |X| - |Y| \\rVert}{\\lVert |X| \\rVert} +
    \\frac{1}{MK} \\sum_{m,k} | \\ln |X_{m,k}| - \\ln |Y_{m,k}| | \\right)$ with windows (Hann) of
    50, 25 and 10 ms every 10, 5 and 2 ms, each padded to a power of two; magnitudes below -100 dB
    count as that.

    Args:
        reference: X, float (clips, time) or (clips, time, 1), at least 50 ms.
        estimate: Y, same shape, aligned with it. Swapped, the first term divides by the wrong norm.
        sample_rate: in Hz.

    Returns:
        (clips,), at least 0. A gain g gives $|1 - g| + |\\ln g|$; an estimate of zeros 1 plus the
        mean logarithm of the reference above the floor.

    Raises:
        OptionError: if the shapes differ, clips are too short, or values are not finite.

    Differs: Parallel WaveGAN takes fixed numbers of samples (these times at 24 kHz, but for a hop
        of 50 instead of 48 there and a transform of 512 of the shortest window), reflects the ends
        and floors at $10^{-7/2}$.

    Example:
        >>> from ganlib.audio.signals import white_noise
        >>> noise = white_noise(1.0, 8000)[None]
        >>> multi_resolution_stft_distance(noise, noise / 2, 8000).round(3).tolist()
        [1.193]

    Reference: Yamamoto et al. (2020), Parallel WaveGAN, arXiv 1910.11480, equations 3 to 6.
    """
    longest = round(_RESOLUTIONS[0][0] * sample_rate)
    reference, estimate = checked_clip_pair(reference, estimate, at_least=longest)
    distance = np.zeros(len(reference))
    for window, hop in _RESOLUTIONS:
        size, step = round(window * sample_rate), round(hop * sample_rate)
        n_fft = 2 ** (size - 1).bit_length()
        real, fake = (_magnitudes(x, size, step, n_fft) for x in (reference, estimate))
        missed = np.linalg.norm(real - fake, axis=(1, 2)) / np.linalg.norm(real, axis=(1, 2))
        distance += missed + np.abs(np.log(real / fake)).mean(axis=(1, 2))
    return distance / len(_RESOLUTIONS)


def _magnitudes(clips: np.ndarray, size: int, hop: int, n_fft: int | None = None) -> np.ndarray:
    """(clips, frames, bins); 1 for a sine of peak 1 on a bin, and never below the floor."""
    window = np.hanning(size + 1)[:-1]
    frames = sliding_window_view(clips, size, axis=1)[:, ::hop]
    spectrum = np.abs(np.fft.rfft(frames * window, n_fft or size)) * 2 / window.sum()
    return np.maximum(spectrum, 10 ** (FLOOR_DB / 20))


def _centred(clips: np.ndarray) -> np.ndarray:
    """Without their mean; what is only rounding is zero."""
    moving = np.ptp(clips, axis=1, keepdims=True) > 0
    return np.where(moving, clips - clips.mean(axis=1, keepdims=True), 0)
