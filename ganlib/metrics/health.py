"""Is the signal sound? Level, clipping, silence, offset, bandwidth, and tones that do not belong.

A transposed convolution with stride S treats its S phases unlike one another, so a constant feature
comes out as a pattern of S samples, again and again. Every layer behind it stretches the pattern by
its own stride: in the sound, the last m of n layers leave one of $P = s_{n-m+1} ... s_n$ samples,
which is a row of steady tones at $k f_s / P$. WaveGAN at 8 kHz has the strides 4, 4, 4, 4, 2: its
last two layers give 1, 2 and 3 kHz (and 4 kHz, half the sample rate), the last three a tone every
250 Hz, all five one every 15.6 Hz.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage

from ganlib.errors import OptionError
from ganlib.metrics.clips import checked_clips

FULL_SCALE = 0.999  # from here on a sample counts as clipped: 0.009 dB below 1
SILENCE_DB = -60.0  # RMS of a frame that counts as silent
LOWEST_DB = -120.0  # the level of nothing at all
_FRAME_SECONDS = 0.02  # for silence
_LINE_SECONDS = 0.128  # for spectra: bins of 8 Hz
_SHORTEST = 64  # samples
_NEIGHBOURS = 20  # bins on either side of a line whose median is the spectrum around it


def signal_health(
    clips: np.ndarray, sample_rate: int, strides: Sequence[int] = (4, 4)
) -> dict[str, float]:
    """Ten numbers about the clips as signals, whatever they say.

    Args:
        clips: float (clips, time) or (clips, time, 1), full scale 1, at least 64 samples long.
        sample_rate: in Hz.
        strides: of the generator's last layers, the last one last; see `upsampling_lines`. The
            two strides of 4 hold the lines of every shorter row of 2 and 4 as well.

    Returns:
        `peak`: the largest |x| of all clips.
        `level_db`: $10 \\log_{10}$ of the mean of $x^2$, at least -120; a sine of peak 1 has -3.01.
        `clipped_share`: of samples with |x| of at least 0.999; a sine of peak 1 has 0.028.
        `silent_share`: of frames of 20 ms with an RMS below -60 dB.
        `dc`: mean over the clips of the |mean| of each.
        `bandwidth_hz`: 99 % of the energy lies below, DC left out; 0 for silence.
        `tone_hz`, `tone_excess_db`: the upsampling line that stands out most, and by how much it
        stands out of the spectrum around it, see `line_excess`; (0, 0) for silence.
        `line_hz`, `line_excess_db`, `line_level_db`: the line that stands out most wherever it may
        be, see `find_lines`; (0, 0, -120) if there is none.

    Raises:
        OptionError: for another shape, clips too short, or values that are not finite.

    Example:
        >>> from ganlib.audio.signals import tone, white_noise
        >>> noise = white_noise(1.0, 8000, rms=0.01)
        >>> health = signal_health([noise + tone(2000, 1.0, 8000, 0.1)], 8000)
        >>> health["tone_hz"], round(health["level_db"]), round(health["line_level_db"])
        (2000.0, -23, -23)
    """
    clips = checked_clips(clips, "clips", at_least=_SHORTEST)
    tones = upsampling_lines(sample_rate, strides)
    excess = line_excess(clips, sample_rate, tones)
    worst = int(np.argmax(excess))
    lines = find_lines(clips, sample_rate, threshold_db=0.0) or [(0.0, 0.0, LOWEST_DB)]
    return {
        "peak": float(np.abs(clips).max()),
        "level_db": float(_db(np.mean(clips**2))),
        "clipped_share": float(np.mean(np.abs(clips) >= FULL_SCALE)),
        "silent_share": float(np.mean(_frame_levels(clips, sample_rate) < SILENCE_DB)),
        "dc": float(np.abs(clips.mean(axis=1)).mean()),
        "bandwidth_hz": bandwidth(clips, sample_rate),
        "tone_hz": float(tones[worst]) if excess.any() else 0.0,
        "tone_excess_db": float(excess[worst]),
        **dict(zip(("line_hz", "line_excess_db", "line_level_db"), lines[0], strict=True)),
    }


def upsampling_lines(sample_rate: int, strides: Sequence[int]) -> np.ndarray:
    """Where strided upsampling leaves tones: $k f_s / \\prod s$ below half the sample rate.

    Args:
        sample_rate: $f_s$ in Hz.
        strides: $s$ of the generator's last layers. The one line of a stride of 2 alone would be
            at half the sample rate, so their product must be at least 3.

    Raises:
        OptionError: if a stride is no positive integer or their product is below 3.

    Example:
        >>> upsampling_lines(8000, (4, 2)).tolist()
        [1000.0, 2000.0, 3000.0]
    """
    period = math.prod(strides) if all(int(stride) == stride > 0 for stride in strides) else 0
    if period < 3:
        raise OptionError(
            f"strides must be positive integers with a product of at least 3, not {strides}; give "
            "those of the generator's last layers, such as (4, 2)."
        )
    return np.arange(1, (period + 1) // 2) * sample_rate / period


def line_excess(clips: np.ndarray, sample_rate: int, frequencies_hz: np.ndarray) -> np.ndarray:
    """By how many dB each frequency stands out of the spectrum around it.

    $L_k - \\mathrm{median}_{|j - k| \\le 20} L_j$, where $L_k$ is the mean of
    $10 \\log_{10} |X_{m,k}|^2$ over all frames m of 128 ms that are not silent. The mean of the
    logarithm, not of the power: a steady tone is in every frame, the harmonics of a voice move.

    Args:
        clips: as for `signal_health`.
        sample_rate: in Hz.
        frequencies_hz: (lines,), below half the sample rate.

    Returns:
        (lines,) in dB. Of noise: 0, with a standard deviation of at most 5.6 dB over the root of
        the number of frames. Of a sine with amplitude A in white noise with RMS $\\sigma$:
        $10 \\log_{10}(A^2 N / 6 \\sigma^2) + 2.5$, N the samples in a frame. Of silence: 0.

    Limits: one voice on one pitch has true lines; pool many clips. The test clips of FSDD reach
        2.5 dB at the lines of `signal_health`, the bundled digits 1.0 dB.

    Example:
        >>> from ganlib.audio.signals import tone, white_noise
        >>> noisy = white_noise(4.0, 8000, rms=0.1) + tone(1000, 4.0, 8000, amplitude=0.1)
        >>> line_excess([noisy], 8000, np.array([1000.0])).round().tolist()
        [25.0]
    """
    excess, _ = _lines(clips, sample_rate)
    bins = np.round(np.asarray(frequencies_hz) * 2 * (len(excess) - 1) / sample_rate)
    return excess[bins.astype(int)]


def find_lines(
    clips: np.ndarray, sample_rate: int, threshold_db: float = 6.0
) -> list[tuple[float, float, float]]:
    """Steady tones wherever they are, the one that stands out most first.

    Args:
        clips: as for `signal_health`.
        sample_rate: in Hz.
        threshold_db: how far a peak must stand out, see `line_excess`.

    Returns:
        A list of (frequency in Hz, excess in dB, level in dB): the level is $10 \\log_{10} A^2/2$
        of a sine with amplitude A, in the frames that are not silent. Frequency and level are read
        off a parabola through three bins.

    Limits: peaks below 20 Hz do not count; with a threshold of 0 pure noise has lines too.

    Example:
        >>> from ganlib.audio.signals import tone, white_noise
        >>> noisy = white_noise(4.0, 8000, rms=0.01) + tone(1234, 4.0, 8000, amplitude=0.02)
        >>> [tuple(round(x) for x in line) for line in find_lines([noisy], 8000, 10)]
        [(1234, 31, -37)]
    """
    excess, levels = _lines(clips, sample_rate)
    padded = np.pad(levels, 1, constant_values=np.inf)  # the two ends are no peaks
    peaks = np.flatnonzero((levels > padded[:-2]) & (levels >= padded[2:]) & (excess > 0))
    peaks = peaks[(excess[peaks] >= threshold_db) & (peaks > 2)]
    peaks = peaks[np.argsort(-excess[peaks])]
    before, here, after = levels[peaks - 1], levels[peaks], levels[peaks + 1]
    shift = 0.5 * (before - after) / (before - 2 * here + after)
    frequency = (peaks + shift) * sample_rate / (2 * (len(levels) - 1))
    level = here - 0.25 * (before - after) * shift
    return list(zip(*(x.tolist() for x in (frequency, excess[peaks], level)), strict=True))


def bandwidth(clips: np.ndarray, sample_rate: int) -> float:
    """The frequency in Hz, to 8 or so, below which 99 % of all energy lies, DC left out.

    Loud clips weigh more than quiet ones; of silence it is 0.

    Example:
        >>> from ganlib.audio.signals import tone
        >>> round(bandwidth([tone(3000, 1.0, 8000)], 8000), -2)
        3000.0
    """
    power, _ = _spectra(clips, sample_rate)
    if not power.any():
        return 0.0
    reached = int(np.searchsorted(np.cumsum(power), 0.99 * power.sum()))
    return float(reached * sample_rate / (2 * (len(power) - 1)))


def _spectra(clips: np.ndarray, sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean power of every bin, and its mean level in dB over the frames that are not silent.

    A sine on a bin reads as its own power, A^2 / 2, and its own level.
    """
    clips = checked_clips(clips, "clips", at_least=_SHORTEST)
    size = 2 ** round(math.log2(_LINE_SECONDS * sample_rate))
    size = min(size, 2 ** int(math.log2(clips.shape[1])))
    window = np.hanning(size + 1)[:-1]
    powers, levels, audible = np.zeros(size // 2 + 1), np.zeros(size // 2 + 1), 0
    for clip in clips:  # one by one: the frames of a thousand clips would fill the memory
        frames = sliding_window_view(clip, size)[:: size // 2]
        frames = frames - (frames @ window / window.sum())[:, None]
        power = 2 * np.abs(np.fft.rfft(frames * window)) ** 2 / window.sum() ** 2
        powers += power.mean(axis=0) / len(clips)
        # A Hann window spreads the power of a sine over 3/2 bins.
        heard = power[_db(power.sum(axis=1) * 2 / 3) >= SILENCE_DB]
        levels += _db(heard).sum(axis=0)
        audible += len(heard)
    return powers, levels / audible if audible else levels + LOWEST_DB


def _lines(clips: np.ndarray, sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Of every bin: by how much it stands out, and its mean level, both in dB."""
    _, levels = _spectra(clips, sample_rate)
    return levels - ndimage.median_filter(levels, 2 * _NEIGHBOURS + 1, mode="nearest"), levels


def _frame_levels(clips: np.ndarray, sample_rate: int) -> np.ndarray:
    size = min(clips.shape[1], max(1, round(_FRAME_SECONDS * sample_rate)))
    whole = clips.shape[1] // size * size
    return _db((clips[:, :whole].reshape(len(clips), -1, size) ** 2).mean(axis=2))


def _db(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(power, 10 ** (LOWEST_DB / 10)))
