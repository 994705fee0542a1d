"""Which pieces of a recording become clips, and which are almost without sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ganlib.audio.files import fit_length
from ganlib.audio.format import AudioFormat
from ganlib.data.levels import Levels
from ganlib.errors import OptionError

PIECES = ("auto", "first", "all", "loudest")
FIRST_SECONDS = 60.0  # of a recording of which the first piece is used: the level is that of these


def pieces_for(pieces: str, labelled: bool) -> str:
    """What "auto" means: a word begins at the start, and speech without labels goes on.

    Args:
        pieces: one of PIECES.
        labelled: whether the data have labels.

    Raises:
        OptionError: for anything else.

    Example:
        >>> pieces_for("auto", labelled=True), pieces_for("auto", labelled=False)
        ('first', 'all')
    """
    if pieces not in PIECES:
        raise OptionError(f"pieces: expected one of {', '.join(PIECES)}, got '{pieces}'")
    return pieces if pieces != "auto" else "first" if labelled else "all"


class Cutting(NamedTuple):
    """How recordings become clips: the arguments of `cut` beside the sound."""

    audio_format: AudioFormat
    pieces: str
    keep_silence: bool = False


@dataclass(frozen=True)
class Choice:
    """Which pieces of a recording are used.

    Args:
        count: how many there are to choose from.
        kept: int64, which of them are used, counted from 0.
        silent: how many are almost without sound.
        used_seconds: sound in those that are used, without the zeros behind a short one.
        note: what is wrong with the recording; empty if nothing is.
    """

    count: int
    kept: np.ndarray
    silent: int
    used_seconds: float
    note: str


@dataclass(frozen=True)
class Cut:
    """What became of one recording.

    Args:
        samples: float32 (clips, clip_samples, channels): the pieces that are used, perhaps none.
        choice: which they are.
        peak: largest magnitude of the recording, whichever pieces are used.
        seconds: duration of the recording.
        note: what is wrong with it; empty if nothing is.
    """

    samples: np.ndarray
    choice: Choice
    peak: float
    seconds: float
    note: str = ""


def level_samples(audio_format: AudioFormat, pieces: str) -> int | None:
    """How much of a recording decides on its level and its pieces: None for all of it.

    Where only the first piece is used, a long recording need not be read to its end.

    Example:
        >>> level_samples(AudioFormat(8000, 8192), "first")
        480000
    """
    if pieces != "first":
        return None
    return max(audio_format.clip_samples, round(FIRST_SECONDS * audio_format.sample_rate))


def cut(
    samples: np.ndarray, audio_format: AudioFormat, pieces: str, keep_silence: bool = False
) -> Cut:
    """Cut a recording into clips; the rule is that of `load_clips`.

    Args:
        samples: (time, channels) in [-1, 1] at the format's rate.
        audio_format: length and rate of the clips.
        pieces: "first", "all" or "loudest".
        keep_silence: use pieces that are almost without sound too.

    Example:
        >>> word, pause = np.ones((8, 1)), np.zeros((8, 1))
        >>> found = cut(np.concatenate([word, pause, word / 2]), AudioFormat(8000, 8), "all")
        >>> found.choice.kept.tolist(), found.choice.count, found.peak
        ([0, 2], 3, 1.0)
    """
    length = audio_format.clip_samples
    heard = samples[: level_samples(audio_format, pieces)]
    levels = Levels(audio_format)
    levels.hear(heard)
    choice = choose(levels, pieces, keep_silence)
    start = levels.loudest_start() if pieces == "loudest" else 0
    fitted = fit_length(heard[start:], choice.count * length).reshape(choice.count, length, -1)
    seconds = len(samples) / audio_format.sample_rate
    return Cut(fitted[choice.kept], choice, levels.peak, seconds, choice.note)


def choose(levels: Levels, pieces: str, keep_silence: bool = False) -> Choice:
    """Which pieces of a recording are used, decided by its levels alone.

    Args:
        levels: of the recording, as far as `level_samples` says.
        pieces: "first", "all" or "loudest".
        keep_silence: use pieces that are almost without sound too.

    Example:
        >>> levels = Levels(AudioFormat(8000, 8000))
        >>> levels.hear(np.ones((12000, 1)))
        >>> choose(levels, "all").used_seconds, choose(levels, "first").used_seconds
        (1.5, 1.0)
    """
    length = levels.audio_format.clip_samples
    count = max(1, (levels.time + length // 2) // length) if pieces == "all" else 1
    alone = pieces == "loudest"  # no other piece of the recording has more sound
    sounding = np.array([not levels.silent]) if alone else levels.sounding(count)
    kept = np.arange(count) if keep_silence else np.flatnonzero(sounding)
    left = np.clip(levels.time - length * kept, 0, length).sum()
    used = float(left) / levels.audio_format.sample_rate
    return Choice(count, kept, int((~sounding).sum()), used, _fault(levels, sounding))


def _fault(levels: Levels, sounding: np.ndarray) -> str:
    if levels.silent:
        return "it is digital silence: record it again, or take it away"
    if sounding.any():
        return ""
    return (
        f"its first {levels.audio_format.duration_seconds:.2f} s are almost without sound: use the "
        "loudest pieces (--pieces loudest), or cut the pause off"
    )
