"""A clip and its transcript become symbols with times."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ganlib.alignment.aligned import Aligned
from ganlib.alignment.fitting import check_fit
from ganlib.alignment.sphinx import AROUND, FRAME, HALF_WINDOW, SPHINX_RATE, Found, Sphinx
from ganlib.alignment.stress import with_stress
from ganlib.audio.resampling import resample
from ganlib.errors import AlignmentError, GanlibError, OptionError
from ganlib.text import Sentence, Word, read
from ganlib.text.dictionary import pronunciations
from ganlib.text.symbols import SILENCE

SHORTEST_PAUSE = 0.08  # seconds of a silence between words where the text has no mark
QUIETEST = 0.001  # of full scale; a clip below it is silent
SHORTEST = FRAME / 2  # seconds that any symbol lasts
Piece = tuple[str, float]  # a symbol, and when it begins in seconds


def align(
    clip: np.ndarray,
    sample_rate: int,
    transcript: str | Sequence[Sentence],
    sphinx: Sphinx | None = None,
) -> Aligned:
    """Find when each phone of a transcript is said.

    Silences become marks: that of the transcript, or a comma where it has none; a mark without a
    silence is dropped, but for the last. Of several ways to say a word the one that is heard
    counts.

    Args:
        clip: float (time,) or (time, 1) in [-1, 1].
        sample_rate: in Hz.
        transcript: what is said, or sentences of `ganlib.text.read`.
        sphinx: the aligner, for several clips; None makes a new one.

    Raises:
        AlignmentError: if the words are not heard in the clip.
        OptionError: if pocketsphinx is not installed, the transcript cannot be read, or the clip is
            no sound.

    Example:
        >>> try:
        ...     align(np.zeros(16_000, "float32"), 16_000, "Hello.")
        ... except GanlibError:
        ...     print("silence holds no words")
        silence holds no words
    """
    sentences = read(transcript) if isinstance(transcript, str) else list(transcript)
    words = [word for sentence in sentences for word in sentence.words]
    marks = [mark for sentence in sentences for mark in sentence.marks]
    if not words:
        raise OptionError("expected a transcript with words, got none.")
    sound = _checked(clip, sample_rate)
    if sample_rate != SPHINX_RATE:
        sound = resample(sound, sample_rate, SPHINX_RATE)
    found = (sphinx or Sphinx()).find(sound, words)
    check_fit(found)
    return _aligned(found, words, marks, len(clip) / sample_rate)


def _checked(clip: np.ndarray, sample_rate: int) -> np.ndarray:
    sound = np.asarray(clip)
    sound = sound[:, 0] if sound.ndim == 2 and sound.shape[1] == 1 else sound
    if sound.ndim != 1 or sound.dtype.kind != "f" or not np.all(np.isfinite(sound)):
        raise OptionError(
            f"expected a clip of finite floating-point samples (time,), got {sound.dtype} of shape "
            f"{sound.shape}."
        )
    if not sample_rate > 0:
        raise OptionError(f"expected a sample rate in Hz, got {sample_rate}.")
    if len(sound) < 0.1 * sample_rate:
        raise AlignmentError(f"{len(sound) / sample_rate:.3f} s are too short for speech.")
    if (peak := float(np.abs(sound).max())) < QUIETEST:  # a word fits silence better than noise
        raise AlignmentError(
            f"nothing is heard: no sample reaches {QUIETEST}, the largest is {peak:g}."
        )
    return sound


def _aligned(found: list[Found], words: list[Word], marks: list[str], duration: float) -> Aligned:
    pieces: list[Piece] = [(SILENCE, 0.0)]
    places = []
    last = len(words) - 1
    spoken = -1  # the word that was said last
    for one in found:
        begin = _seconds(one.phones[0][1])
        if one.place is not None:
            spoken = one.place
            places.append((words[spoken].text, len(pieces), len(pieces) + len(one.phones)))
            pieces += _phones(one, words[spoken])
        elif 0 <= spoken < last:
            length = FRAME * sum(frames for _, _, frames, _ in one.phones)
            if marks[spoken] or length >= SHORTEST_PAUSE:
                pieces.append((marks[spoken] or ",", begin))
    end = _seconds(max(first + frames for _, first, frames, _ in _spoken(found)))
    pieces.append((marks[-1], end))
    symbols = tuple(symbol for symbol, _ in pieces)
    times = np.array([begin for _, begin in pieces] + [duration])
    return Aligned(symbols, _increasing(times, duration), tuple(places))


def _spoken(found: list[Found]) -> list[tuple[str, int, int, int]]:
    return [phone for one in found if one.place is not None for phone in one.phones]


def _seconds(frame: int) -> float:
    return frame * FRAME + HALF_WINDOW - AROUND


def _phones(one: Found, word: Word) -> list[Piece]:
    bare = [name for name, *_ in one.phones]
    known = (
        (word.phones, *pronunciations(word.text)) if word.found == "dictionary" else (word.phones,)
    )
    stressed = with_stress(bare, known)
    starts = [_seconds(first) for _, first, *_ in one.phones]
    return list(zip(stressed, starts, strict=True))


def _increasing(times: np.ndarray, duration: float) -> np.ndarray:
    """Times that begin at 0, end with the clip, and leave every symbol `SHORTEST` at least."""
    steps = SHORTEST * np.arange(len(times))
    if steps[-1] >= duration:
        raise AlignmentError(f"{len(times) - 1} sounds do not fit into {duration:.2f} s.")
    times = np.clip(times, 0, duration)
    times = np.maximum.accumulate(times - steps) + steps
    times = np.minimum(times, duration - steps[::-1])
    times[0], times[-1] = 0.0, duration
    return times


def align_all(
    clips: Sequence[np.ndarray],
    sample_rate: int,
    transcripts: Sequence[str | Sequence[Sentence]],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Aligned | None], dict[int, str]]:
    """Align many clips; what cannot be aligned is listed with the reason.

    Args:
        clips: as `align` takes them, of any lengths.
        sample_rate: of all, in Hz.
        transcripts: one for each clip.
        progress: called with the number of clips done and of all.

    Returns:
        Alignments, None where there is none; and the reason for each of these, by its place.

    Raises:
        OptionError: if pocketsphinx is not installed, or there is not one transcript a clip.

    Example:
        >>> try:
        ...     align_all([np.zeros(16_000, "float32")], 16_000, [])
        ... except OptionError as error:
        ...     print(error)
        expected a transcript a clip, got 0 for 1.
    """
    if len(clips) != len(transcripts):
        raise OptionError(f"expected a transcript a clip, got {len(transcripts)} for {len(clips)}.")
    sphinx = Sphinx()
    alignments: list[Aligned | None] = []
    reasons: dict[int, str] = {}
    for place, (clip, transcript) in enumerate(zip(clips, transcripts, strict=True)):
        try:
            alignments.append(align(clip, sample_rate, transcript, sphinx))
        except GanlibError as error:
            alignments.append(None)
            reasons[place] = str(error)
        if progress:
            progress(place + 1, len(clips))
    return alignments, reasons
