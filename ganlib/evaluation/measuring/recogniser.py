"""Two listeners that nobody here trained: PocketSphinx, on all cores, and Whisper."""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ganlib.errors import OptionError
from ganlib.metrics.speech import DIGIT_WORDS, DigitRecognizer
from ganlib.metrics.whisper import WhisperDigits


def recognised_digits(
    clips: np.ndarray, sample_rate: int, workers: int | None = None
) -> np.ndarray | None:
    """The digit that PocketSphinx hears in each clip, or None where it is not installed.

    Each clip is heard by itself, so the answer does not depend on the number of workers.

    Args:
        clips: float (clips, time) or (clips, time, 1) in [-1, 1].
        sample_rate: in Hz.
        workers: threads, each with a recogniser of its own; None means one for each core.

    Returns:
        int32 (clips,): 0 ... 9, or -1 where nothing was heard.

    Example:
        >>> recognised_digits(np.zeros((3, 8000), "float32"), 8000, workers=2).shape
        (3,)
    """
    count = max(1, min(workers or os.cpu_count() or 1, len(clips)))
    try:
        listeners = [DigitRecognizer() for _ in range(count)]
    except OptionError:
        return None
    parts = [clips[place::count] for place in range(count)]
    with ThreadPoolExecutor(count) as pool:
        heard = pool.map(lambda one, part: one.recognize(part, sample_rate), listeners, parts)
    digits = np.empty(len(clips), "int32")
    for place, answer in enumerate(heard):
        digits[place::count] = answer
    return digits


def whispered_digits(clips: np.ndarray, sample_rate: int) -> np.ndarray | None:
    """The digit that Whisper hears in each clip, or None where it is not installed.

    It took no part in the choice of any recipe: what PocketSphinx chose, it judges.

    Args:
        clips: float (clips, time) or (clips, time, 1) in [-1, 1], finite.
        sample_rate: in Hz.

    Returns:
        int32 (clips,): 0 ... 9, or -1 where there is no sound.

    Raises:
        WeightsError: if another model is installed in its place.

    Example:
        >>> heard = whispered_digits(np.zeros((3, 8000), "float32"), 8000)
        >>> heard is None or heard.tolist() == [-1, -1, -1]
        True
    """
    try:
        listener = _whisper()
    except OptionError:
        return None
    return listener.recognize(clips, sample_rate)


@functools.lru_cache(maxsize=1)
def _whisper() -> WhisperDigits:
    return WhisperDigits()


def as_classes(digits: np.ndarray | None, names: tuple[str, ...]) -> np.ndarray | None:
    """Recognised digits as numbers of a classifier's classes, -1 for what it has no class for.

    Args:
        digits: what `recognised_digits` or `whispered_digits` returns.
        names: of the classes; digits or their words.

    Example:
        >>> as_classes(np.array([7, -1, 3]), ("seven", "no")).tolist()
        [0, -1, -1]
    """
    if digits is None:
        return None
    found = {
        digit: place
        for place, name in enumerate(names)
        for digit, word in enumerate(DIGIT_WORDS)
        if str(name).lower() in (str(digit), word)
    }
    return np.array([found.get(int(digit), -1) for digit in digits], "int32")
