"""Symbols with their times, and the table that holds those of many clips."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ganlib.errors import AlignmentError, DataError
from ganlib.text import SYMBOLS

COLUMNS = ("file", "words", "symbols", "milliseconds")


@dataclass(frozen=True)
class Aligned:
    """What is said in a clip, and when.

    Args:
        symbols: "sil", then phones with stress and, for silences, marks; the last is a mark.
        boundaries: float64 (symbols + 1,) in seconds, increasing, from 0 to the end of the clip.
        words: (text, place of its first symbol, place after its last).

    Raises:
        AlignmentError: if these do not fit together.

    Example:
        >>> aligned = Aligned(("sil", "AH0", "."), np.array([0, 0.1, 0.2, 0.3]), (("a", 1, 2),))
        >>> aligned.durations.round(3).tolist()
        [0.1, 0.1, 0.1]
    """

    symbols: tuple[str, ...]
    boundaries: np.ndarray
    words: tuple[tuple[str, int, int], ...] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.symbols) - set(SYMBOLS))
        if not self.symbols or unknown:
            raise AlignmentError(
                f"expected symbols of ganlib.text.SYMBOLS, got {unknown or 'none'}."
            )
        times = np.asarray(self.boundaries, "float64")
        if times.shape != (len(self.symbols) + 1,) or not np.all(np.diff(times) > 0) or times[0]:
            raise AlignmentError(
                f"expected {len(self.symbols) + 1} increasing times from 0 for "
                f"{len(self.symbols)} symbols, got {times.shape}: {times[:4]} ..."
            )
        object.__setattr__(self, "boundaries", times)

    @property
    def durations(self) -> np.ndarray:
        """Seconds that each symbol lasts, float64 (symbols,)."""
        return np.diff(self.boundaries)


def write_alignments(path: str | Path, alignments: Mapping[str, Aligned]) -> None:
    """Write a table, a line for each file: `file,words,symbols,milliseconds`.

    A word stands with its symbols, `two=1-3` for the symbols 1 and 2; a symbol with the time in
    milliseconds at which it ends.

    Args:
        path: of the table; UTF-8.
        alignments: by the name of the file.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "alignment.csv"
        >>> one = Aligned(("sil", "AH0", "."), np.array([0, 0.1, 0.2, 0.3]), (("a", 1, 2),))
        >>> write_alignments(path, {"a.flac": one})
        >>> print(path.read_text())
        file,words,symbols,milliseconds
        a.flac,a=1-2,sil AH0 .,100.0 200.0 300.0
        >>> read_alignments(path)["a.flac"].symbols
        ('sil', 'AH0', '.')
    """
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for name, one in sorted(alignments.items()):
            words = " ".join(f"{text}={start}-{end}" for text, start, end in one.words)
            ends = " ".join(f"{1000 * time:.1f}" for time in one.boundaries[1:])
            table.writerow([name, words, " ".join(one.symbols), ends])


def read_alignments(path: str | Path) -> dict[str, Aligned]:
    """Read the table that `write_alignments` wrote.

    Args:
        path: of the table.

    Returns:
        By the name of the file; times to a tenth of a millisecond.

    Raises:
        DataError: if the table is missing, or a line of it is not what was written; it says which.

    Example:
        >>> read_alignments("no.csv")
        Traceback (most recent call last):
        ganlib.errors.DataError: no.csv: no such table of alignments.
    """
    if not Path(path).is_file():
        raise DataError(f"{path}: no such table of alignments.")
    with open(path, newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise DataError(
                f"{path}: expected columns {', '.join(COLUMNS)}, got {table.fieldnames}."
            )
        found = {}
        for row in table:
            try:
                found[row["file"]] = _read(row)
            except (ValueError, AttributeError) as error:
                raise DataError(f"{path}, line {table.line_num}: {error}") from None
        return found


def _read(row: dict[str, str]) -> Aligned:
    words = []
    for word in row["words"].split():
        text, _, place = word.rpartition("=")
        start, end = place.split("-")
        words.append((text, int(start), int(end)))
    ends = [float(time) / 1000 for time in row["milliseconds"].split()]
    return Aligned(tuple(row["symbols"].split()), np.array([0.0, *ends]), tuple(words))
