"""How high a voice is at every moment, and where it has no pitch at all."""

from __future__ import annotations

import numpy as np

from ganlib.errors import OptionError

PERIODS = 3  # of the lowest pitch in a frame
CANDIDATES = 6  # of a frame, beside "no pitch"
VOICED_FROM = 0.45  # how alike neighbouring periods must be
FAINT = 0.03  # a frame with less than this share of the clip's peak is likely a pause
PER_OCTAVE = 0.01  # what an octave lower costs: of two pitches that explain a frame, the higher
JUMP, SWITCH = 0.35, 0.14  # cost of an octave, and of beginning or ending, within 10 ms


def track_pitch(
    clip: np.ndarray,
    sample_rate: int,
    hop_length: int,
    lowest_hz: float = 75.0,
    highest_hz: float = 400.0,
) -> np.ndarray:
    """The pitch of a voice around every `hop_length`-th sample.

    A frame that repeats itself after $\\tau$ seconds has an autocorrelation with a peak there:
    $r(\\tau) = r_{xw}(\\tau) / r_w(\\tau)$, where the division by that of the window undoes what
    the window does to long lags. Of the highest peaks of every frame, and the possibility that it
    has no pitch, the cheapest path through all frames is taken.

    Args:
        clip: float (time,), one channel.
        sample_rate: in Hz.
        hop_length: in samples; frame m is centred at sample m * hop_length.
        lowest_hz: lowest pitch that is looked for; a frame lasts three of its periods.
        highest_hz: highest one.

    Returns:
        float32 (1 + time // hop_length,): in Hz, 0 where there is none.

    Raises:
        OptionError: if the clip has another shape or the range of pitches is no range.

    Example:
        >>> tone = np.sin(2 * np.pi * 220 * np.arange(8000) / 16000)
        >>> track_pitch(tone, 16000, 256)[4:8].round(1).tolist()
        [220.0, 220.0, 220.0, 220.0]

    Reference: P. Boersma (1993), Accurate short-term analysis of the fundamental frequency and the
        harmonics-to-noise ratio of a sampled sound, IFA Proceedings 17.
    Differs: peaks are placed by a parabola, not by sinc interpolation.
    """
    clip = np.asarray(clip, "float64")
    if clip.ndim != 1 or not len(clip):
        raise OptionError(f"expected a clip of the shape (time,), got {clip.shape}")
    if not 0 < lowest_hz < highest_hz <= sample_rate / 4:
        raise OptionError(
            f"expected pitches from above 0 to at most {sample_rate / 4:g} Hz (a quarter of the "
            f"sample rate), the lowest first, got {lowest_hz:g} to {highest_hz:g}"
        )
    frames = _frames(clip, int(PERIODS * sample_rate / lowest_hz), hop_length)
    loudest = max(float(np.abs(clip).max()), 1e-9)
    faint = np.maximum(0.0, 1.0 - np.abs(frames).max(axis=1) / loudest / FAINT)
    likeness = _normalized_autocorrelation(frames)
    strengths, pitches = _candidates(likeness, sample_rate, lowest_hz, highest_hz)
    none = VOICED_FROM + 2.0 * faint[:, None]
    strengths = np.concatenate([none, strengths], axis=1)
    pitches = np.concatenate([np.zeros_like(none), pitches], axis=1)
    best = _cheapest_path(strengths, pitches, 0.01 * sample_rate / hop_length)
    return pitches[np.arange(len(best)), best].astype("float32")


def _frames(clip: np.ndarray, size: int, hop_length: int) -> np.ndarray:
    """Frames around every hop, without their mean: (frames, size)."""
    padded = np.pad(clip, size // 2 + hop_length)
    starts = np.arange(1 + len(clip) // hop_length) * hop_length + hop_length
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[starts]
    return frames - frames.mean(axis=1, keepdims=True)


def _normalized_autocorrelation(frames: np.ndarray) -> np.ndarray:
    """1 at lag 0; lags up to half a frame, (frames, size // 2 + 2)."""
    size = frames.shape[1]
    window = np.hanning(size + 1)[:-1]
    length = 1 << (2 * size - 1).bit_length()

    def autocorrelation(signals: np.ndarray) -> np.ndarray:
        powers = np.abs(np.fft.rfft(signals, length)) ** 2
        answer = np.fft.irfft(powers)[..., : size // 2 + 2]
        return answer / (answer[..., :1] + 1e-12)

    return autocorrelation(frames * window) / autocorrelation(window)


def _candidates(
    likeness: np.ndarray, sample_rate: int, lowest_hz: float, highest_hz: float
) -> tuple[np.ndarray, np.ndarray]:
    """Strength and pitch of the highest peaks of each frame: (frames, CANDIDATES)."""
    first = max(2, int(sample_rate / highest_hz))
    last = min(int(np.ceil(sample_rate / lowest_hz)), likeness.shape[1] - 2)
    before, here, after = (likeness[:, first + k : last + 1 + k] for k in (-1, 0, 1))
    is_peak = (here > before) & (here >= after) & (here > VOICED_FROM / 2)
    bend = np.where(is_peak, before - 2.0 * here + after, -1.0)
    aside = np.where(is_peak, 0.5 * (before - after) / bend, 0.0)
    lags = np.arange(first, last + 1) + aside
    height = np.minimum(here - 0.25 * (before - after) * aside, 1.0)
    strength = height - PER_OCTAVE * np.log2(lowest_hz * lags / sample_rate)
    strength = np.where(is_peak, strength, -np.inf)
    chosen = np.argsort(-strength, axis=1)[:, :CANDIDATES]
    return (
        np.take_along_axis(strength, chosen, 1),
        sample_rate / np.take_along_axis(lags, chosen, 1),
    )


def _cheapest_path(strengths: np.ndarray, pitches: np.ndarray, scale: float) -> np.ndarray:
    """Which candidate of each frame: high strengths, few jumps (Viterbi's algorithm)."""
    voiced = pitches > 0
    logs = np.log2(np.where(voiced, pitches, 1.0))
    best, came_from = strengths[0], []
    for frame in range(1, len(strengths)):
        old, new = voiced[frame - 1][:, None], voiced[frame][None]
        jump = JUMP * np.abs(logs[frame - 1][:, None] - logs[frame][None])
        cost = np.where(old & new, jump, np.where(old != new, SWITCH, 0.0))
        total = best[:, None] - scale * cost
        came_from.append(total.argmax(axis=0))
        best = total.max(axis=0) + strengths[frame]
    path = [int(best.argmax())]
    for origin in reversed(came_from):
        path.append(int(origin[path[-1]]))
    return np.array(path[::-1])
