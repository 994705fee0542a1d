"""What a reader learns from: passages of speech, each with its symbols and their prosody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import log_mel
from ganlib.audio.pitch import track_pitch
from ganlib.errors import OptionError


@dataclass(frozen=True)
class Utterance:
    """One recording as a reader sees it.

    Args:
        symbols: int32 (symbols,), places in the list of symbols.
        prosody: float32 (symbols, 3): frames, octaves from the middle of the voice, and nepers, the
            mean of the log-mel bands.
        frames: float32 (frames, n_mels + 2): log-mel bands, octaves, 1 where there is a pitch.

    Example:
        >>> Utterance(np.array([1, 2]), np.full((2, 3), 4.0), np.zeros((8, 6))).frames.shape
        (8, 6)
    """

    symbols: np.ndarray
    prosody: np.ndarray
    frames: np.ndarray


def utterance(
    clip: np.ndarray,
    symbols: np.ndarray,
    boundaries: np.ndarray,
    audio_format: AudioFormat,
    floor: float,
    middle_hz: float,
    pitch_range: tuple[float, float],
) -> Utterance:
    """Measure a recording: its frames, and how long, how high and how loud each symbol is.

    Args:
        clip: float (time,).
        symbols: int (symbols,).
        boundaries: in seconds (symbols + 1,), from 0 to the end of the clip.
        audio_format: of the frames.
        floor: smallest magnitude of a frame.
        middle_hz: the middle of the voice.
        pitch_range: lowest and highest pitch in Hz that is looked for.

    Raises:
        OptionError: if the clip has fewer frames than symbols.

    Example:
        >>> sound = AudioFormat(8000, 8000, n_fft=256, hop_length=100, n_mels=20)
        >>> tone = np.sin(2 * np.pi * 200 * np.arange(8000) / 8000)
        >>> said = utterance(tone, np.array([1, 2]), [0, 0.25, 1], sound, 1e-5, 100.0, (75, 400))
        >>> said.prosody[:, :2].round(1).tolist()  # frames, octaves above 100 Hz
        [[20.0, 1.0], [60.0, 1.0]]
    """
    hop = audio_format.hop_length
    clip = np.pad(np.asarray(clip, "float32"), (0, -len(clip) % hop))
    mel = keras.ops.convert_to_numpy(log_mel(clip[None], audio_format, floor))[0, :-1]
    ends = _whole_frames(boundaries, audio_format.sample_rate / hop, len(mel))
    pitch = track_pitch(clip, audio_format.sample_rate, hop, *pitch_range)[:-1]
    voiced = pitch > 0
    octaves = _filled(pitch, middle_hz)
    parts = list(zip(np.r_[0, ends[:-1]], ends, strict=True))
    prosody = [
        (end - start, octaves[start:end].mean(), mel[start:end].mean()) for start, end in parts
    ]
    frames = np.column_stack([mel, octaves, voiced])
    told = np.array(prosody, "float32")
    return Utterance(np.asarray(symbols, "int32"), told, frames.astype("float32"))


def _whole_frames(boundaries: np.ndarray, frame_rate: float, count: int) -> np.ndarray:
    """The frame after the last of each symbol; every symbol has at least one."""
    ends = np.round(np.asarray(boundaries)[1:] * frame_rate).astype(int)
    if len(ends) > count:
        raise OptionError(f"expected at least a frame a symbol, got {count} for {len(ends)}")
    ends[-1] = count
    places = np.arange(len(ends))
    ends = np.maximum.accumulate(np.maximum(ends, 1) - places) + places  # one more than before
    return np.minimum(ends, count - places[::-1])


def _filled(pitch: np.ndarray, middle_hz: float) -> np.ndarray:
    """Octaves from the middle; a line where there is no pitch."""
    places = np.flatnonzero(pitch > 0)
    if not len(places):
        return np.zeros(len(pitch))
    return np.interp(np.arange(len(pitch)), places, np.log2(pitch[places] / middle_hz))


@dataclass(frozen=True)
class Passages:
    """Utterances, of which every batch takes passages of one length.

    A passage begins at any symbol of an utterance, goes on to its end, and then with other
    utterances, until it is full: so no frame of a batch is padding.

    Args:
        utterances: all of them.
        size: frames of a passage.

    Example:
        >>> said = Utterance(np.array([1, 2]), np.full((2, 3), 4.0), np.zeros((8, 6)))
        >>> told, frames = Passages([said], size=16).batch(step=0, batch_size=2, seed=0)
        >>> told["symbols"].shape, told["prosody"].shape, told["places"].shape, frames.shape
        ((2, 8), (2, 8, 4), (2, 16), (2, 16, 6))
    """

    utterances: Sequence[Utterance]
    size: int

    def batch(self, step: int, batch_size: int, seed: int) -> tuple[dict, np.ndarray]:
        """What is told and the frames of one training step, a function of (seed, step)."""
        rng = np.random.default_rng([seed, 3, step])
        rows = [self._row(rng) for _ in range(batch_size)]
        symbols, prosody, frames = (np.stack(part) for part in zip(*rows, strict=True))
        places = np.tile(np.arange(self.size, dtype="float32"), (batch_size, 1))
        return {"symbols": symbols, "prosody": prosody, "places": places}, frames

    def _row(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One passage: its symbols, their prosody and whether it counts, and its frames."""
        lengths = np.array([len(one.frames) for one in self.utterances], "float64")
        chosen: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        left = self.size
        while left > 0:
            one = self.utterances[rng.choice(len(lengths), p=lengths / lengths.sum())]
            first = 0 if chosen else int(rng.integers(len(one.symbols)))
            start = int(one.prosody[:first, 0].sum())
            told = np.column_stack([one.prosody[first:], np.ones(len(one.symbols) - first)])
            frames = one.frames[start : start + left]
            chosen.append((one.symbols[first:], told, frames))
            left -= len(frames)
        symbols, prosody, frames = (np.concatenate(part) for part in zip(*chosen, strict=True))
        return *self._cut(symbols, prosody), frames.astype("float32")

    def _cut(self, symbols: np.ndarray, prosody: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As many symbols as there is room for; one that is cut off teaches no duration."""
        starts = np.cumsum(prosody[:, 0]) - prosody[:, 0]
        inside = min(int((starts < self.size).sum()), self.size // 2)
        told = np.zeros((self.size // 2, prosody.shape[1]), "float32")
        told[:inside] = prosody[:inside]
        if starts[inside - 1] + prosody[inside - 1, 0] > self.size:
            told[inside - 1, 0] = self.size - starts[inside - 1]
            told[inside - 1, -1] = 0.0
        named = np.zeros(self.size // 2, "int32")
        named[:inside] = symbols[:inside]
        return named, told
