"""PocketSphinx as an aligner: which frames of a recording hold which phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganlib.errors import AlignmentError, OptionError
from ganlib.text import Word
from ganlib.text.symbols import without_stress

SPHINX_RATE = 16_000  # Hz, of its acoustic model
FRAME = 0.01  # seconds from one frame to the next
AROUND = 0.2  # seconds of silence before and after a clip, so that its first phone has a beginning
# A boundary between two frames lies between the middles of their windows (25.6 ms).
HALF_WINDOW = 0.0256 / 2 - FRAME / 2


@dataclass(frozen=True)
class Found:
    """A word, or a silence, with its phones in frames.

    Args:
        place: of the word in the transcript; None for a silence.
        phones: (name without stress, first frame, frames, log-likelihood).

    Example:
        >>> Found(None, (("SIL", 0, 20, -50),)).place is None
        True
    """

    place: int | None
    phones: tuple[tuple[str, int, int, int], ...]


class Sphinx:
    """PocketSphinx with its American English model, for alignment.

    Raises:
        OptionError: if the package `pocketsphinx` is not installed.

    Example:
        >>> from ganlib.text import read
        >>> try:
        ...     Sphinx().find(np.zeros(8_000, "float32"), read("one two three four five")[0].words)
        ... except (AlignmentError, OptionError):
        ...     print("silence holds no words")
        silence holds no words
    """

    def __init__(self):
        try:
            from pocketsphinx import Decoder, get_model_path
        except ImportError:
            raise OptionError(
                "Aligning a recording with its words needs the package pocketsphinx: "
                "pip install pocketsphinx."
            ) from None
        self._decoder = Decoder(
            hmm=get_model_path("en-us/en-us"),
            dict=get_model_path("en-us/cmudict-en-us.dict"),
            lm=None,
            loglevel="FATAL",
        )

    def find(self, sound: np.ndarray, words: Sequence[Word]) -> list[Found]:
        """The frames of words that are said in a recording.

        Args:
            sound: float (time,) in [-1, 1], at `SPHINX_RATE`.
            words: all that is said, in order.

        Returns:
            Words and the silences between them; frame 0 lies `AROUND` seconds before the sound.

        Raises:
            AlignmentError: if the words are not found in it.
        """
        names = [self._name(word) for word in words]
        padded = np.pad(np.asarray(sound, "float64"), round(AROUND * SPHINX_RATE))
        data = (np.clip(padded, -1, 1) * 32767).astype("<i2").tobytes()
        # Else the first pass may begin with one frame of "<s>", on which the second fails.
        self._decoder.set_align_text(" ".join(["<sil>", *names]))
        self._decoder.reinit_feat()  # its noise estimate would remember the clip before
        try:
            self._decode(data)
            if self._decoder.hyp() is None:
                raise RuntimeError
            self._decoder.set_alignment()
            self._decode(data)
            entries = self._entries()
        except (RuntimeError, TypeError):  # no alignment: None cannot be listed
            raise AlignmentError(
                "the words are not heard in the recording; do the text and the sound agree?"
            ) from None
        return _in_order(entries, names)

    def _decode(self, data: bytes) -> None:
        self._decoder.start_utt()
        try:
            self._decoder.process_raw(data, full_utt=True)
        finally:
            self._decoder.end_utt()

    def _entries(self) -> list[tuple[str, tuple[tuple[str, int, int, int], ...]]]:
        """Words with their phones, read while the alignment lives: an entry does not keep it alive,
        and one that outlives it crashes Python (pocketsphinx 5.0.4)."""
        alignment = self._decoder.get_alignment()
        return [
            (word.name, tuple((one.name, one.start, one.duration, one.score) for one in word))
            for word in alignment
        ]

    def _name(self, word: Word) -> str:
        """How the decoder calls a word: as it is if it knows it, else by a name for its phones."""
        if word.found == "dictionary" and self._decoder.lookup_word(word.text) is not None:
            return word.text
        phones = [without_stress(phone) for phone in word.phones]
        name = "said-" + "-".join(phones).lower()
        if self._decoder.lookup_word(name) is None:
            self._decoder.add_word(name, " ".join(phones), True)
        return name


def _in_order(entries: list, names: list[str]) -> list[Found]:
    found, place = [], 0
    for name, phones in entries:
        is_word = place < len(names) and re.sub(r"\(\d+\)$", "", name) == names[place]
        found.append(Found(place if is_word else None, phones))
        place += is_word
    if place < len(names):
        raise AlignmentError(f"only {place} of {len(names)} words are heard in the recording.")
    return found
