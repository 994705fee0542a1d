"""Work through many files: what is unusable is set aside with its reason, or refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from ganlib.data.listing import Recording
from ganlib.data.walking import FOREIGN_SUFFIXES
from ganlib.errors import AudioFileError, DataError

SHORTEST_SECONDS = 0.01  # anything shorter is a click, not a sound to learn from
Used = TypeVar("Used")


def sift(
    recordings: Sequence[Recording], use: Callable[[Recording], Used], progress: bool = False
) -> tuple[list[tuple[Recording, Used]], list[tuple[str, str]]]:
    """Apply a function to recordings, in threads, and set aside what it refuses.

    Args:
        recordings: what to work on.
        use: raises AudioFileError for a file that cannot be used.
        progress: show a progress bar.

    Returns:
        (recording, answer) of the usable ones and (path, reason) of the others, both in order.
    """
    from tqdm import tqdm

    def attempt(item: Recording) -> Used | AudioFileError:
        try:
            return use(item)
        except AudioFileError as error:
            return _with_format(error)

    pool = ThreadPoolExecutor(min(8, os.cpu_count() or 1))  # decoding releases the GIL
    try:
        answers = pool.map(attempt, recordings)
        found = list(tqdm(answers, "reading", len(recordings), disable=not progress))
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C does not wait for the rest
    pairs = list(zip(recordings, found, strict=True))
    usable = [(item, got) for item, got in pairs if not isinstance(got, AudioFileError)]
    refused = [got for got in found if isinstance(got, AudioFileError)]
    return usable, [(str(error.path), error.reason) for error in refused]


def _with_format(error: AudioFileError) -> AudioFileError:
    """Where no content of this suffix can be read, say so, instead of calling the file damaged."""
    path = Path(error.path)
    if path.suffix.lower() not in FOREIGN_SUFFIXES or not os.path.isfile(path):
        return error
    return AudioFileError(
        error.path,
        f"cannot be decoded: {path.suffix.lower()} is no format that libsndfile reads; convert "
        "such files to WAV or FLAC, for example with ffmpeg",
    )


def fits(item: Recording, use: Callable[[Recording], object]) -> bool:
    """Whether a function takes a recording, instead of refusing it."""
    return not sift([item], use)[1]


def counted(skipped: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same list with one line for all files of a format that cannot be read.

    Example:
        >>> counted([("a.m4a", "no"), ("b.wav", "is empty"), ("c.m4a", "no"), ("d.m4a", "no")])
        [('a.m4a and 2 more .m4a', 'no'), ('b.wav', 'is empty')]
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for place, (path, reason) in enumerate(skipped):
        suffix = Path(path).suffix.lower()
        key = (suffix, reason) if suffix in FOREIGN_SUFFIXES else (str(place), reason)
        groups.setdefault(key, []).append(path)
    return [
        (paths[0] + (f" and {len(paths) - 1:,} more {suffix}" if len(paths) > 1 else ""), reason)
        for (suffix, reason), paths in groups.items()
    ]


def refuse_unusable(
    name: str, skipped: Sequence[tuple[str, str]], usable: int, strict: bool
) -> None:
    """Stop if no file is usable, or if `strict` and any is not.

    Raises:
        DataError: in one sentence, with the first file and its reason.
    """
    if skipped and (strict or not usable):
        path, reason = skipped[0]
        raise DataError(
            f"{name}: {len(skipped)} of {len(skipped) + usable} files cannot be used; "
            f"the first is {path}: {reason}"
        )


def refuse_faulty(
    name: str, notes: Sequence[tuple[str, str]], recordings: int, clips: int, strict: bool
) -> None:
    """Stop if nothing is left to learn from, or if `strict` and something is wrong with a file.

    Args:
        name: of the data.
        notes: (path, what is wrong) of files that could be read.
        recordings: how many could be read.
        clips: what they became.
        strict: accept no fault.

    Raises:
        DataError: in one sentence, with the first file and its fault.
    """
    if notes and not clips:
        path, note = notes[0]
        raise DataError(
            f"The clips are silent: of the {recordings} recordings of {name} nothing is left to "
            f"learn from; the first is {path}: {note}"
        )
    if notes and strict:
        path, note = notes[0]
        raise DataError(
            f"{name}: something is wrong with {len(notes)} of {recordings} recordings; "
            f"the first is {path}: {note}"
        )


def refuse_short(path: Path, time: int, rate: int) -> None:
    """Refuse a recording of less than 10 ms.

    Raises:
        AudioFileError: with its duration.
    """
    if time < SHORTEST_SECONDS * rate:
        raise AudioFileError(path, f"lasts {1000 * time / rate:.2g} ms, expected at least 10 ms")
