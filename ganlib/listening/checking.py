"""Whether a table of ratings is what the page wrote: its columns, its test, each of its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganlib.errors import DataError

CHECKED = ("test", "session", "seed", "position", "clip", "naturalness", "digit", "plays",
           "milliseconds")  # fmt: skip
COLUMNS = ("test", "listener", *CHECKED[1:], "check")
DIGITS = (*"0123456789", "unclear")
"""What a listener can answer to "Which digit was it?"."""


def fnv1a(text: str) -> int:
    """A hash of 32 bits: $h_0 = 2166136261$, $h_i = (h_{i-1} \\oplus b_i) 16777619 \\bmod 2^{32}$.

    Args:
        text: its UTF-8 bytes are the $b_i$.

    Example:
        >>> f"{fnv1a('foobar'):08x}"  # one of the authors' test vectors
        'bf9cf968'

    Reference: Fowler, Noll, Vo and Eastlake, The FNV non-cryptographic hash algorithm (RFC 9923).
    """
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 % 2**32
    return value


def checksum(row: Mapping[str, str]) -> str:
    """What the page writes at the end of a line: a hash of all in it but the listener's name.

    It shows a value that was altered by mistake. It is no signature: who wants to cheat can.

    Args:
        row: at least the columns `CHECKED`.

    Returns:
        "c" and eight hexadecimal digits.

    Example:
        >>> checksum(dict.fromkeys(CHECKED, "1")) == checksum(dict.fromkeys(CHECKED, "2"))
        False
    """
    return f"c{fnv1a('|'.join(row[column] for column in CHECKED)):08x}"


def check_header(path: Path, columns: Sequence[str]) -> None:
    """Refuse a table that lacks a column.

    Raises:
        DataError: naming those that are missing.

    Example:
        >>> check_header(Path("ann.csv"), COLUMNS)
    """
    missing = [name for name in COLUMNS if name not in [str(column).strip() for column in columns]]
    if missing:
        raise DataError(
            f"{path}, line 1: lacks the columns {', '.join(missing)}; hand in the file that the "
            "page downloaded, unaltered"
        )


def check_rows(path: Path, reader: Any, key: dict, problems: list[str]) -> Iterator[dict]:
    """The lines of a table that can be trusted; a sentence on each other one goes to `problems`.

    Args:
        path: for the sentences.
        reader: a `csv.DictReader`.
        key: of the test.
        problems: to append to.

    Raises:
        DataError: if the table is of another test, of several listeners, or of none.

    Example:
        >>> list(check_rows(Path("ann.csv"), iter([]), {"test": "t1", "clips": {}}, []))
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: ann.csv: holds no ratings
    """
    lines: dict[str, dict[str, int]] = {"clip": {}, "position": {}}
    session = None
    for line in reader:
        row = {str(name).strip(): _cell(value) for name, value in line.items()}
        if not any(row.values()):
            continue  # spreadsheets leave empty lines behind
        where = f"{path}, line {reader.line_num}"
        if row["test"] != key["test"]:
            raise DataError(f"{where}: is of test {row['test'] or '(none)'}, not {key['test']}")
        session = session or row["session"]
        if row["session"] != session:
            raise DataError(f"{where}: another sitting than in the lines above; one file, one")
        wrong = _wrong(row, key) or _again(row, lines)
        for column, seen in lines.items():
            seen.setdefault(row[column], reader.line_num)
        if wrong:
            problems.append(f"{where}: {wrong}; the line is left out")
        else:
            yield row
    if session is None:
        raise DataError(f"{path}: holds no ratings")
    places = [int(place) for place in lines["position"] if place.isdecimal()]
    gone = sorted(set(range(1, max(places, default=0) + 1)) - set(places))
    if gone:
        listed = ", ".join(map(str, gone[:10])) + (" …" if len(gone) > 10 else "")
        problems.append(f"{path}: the lines with position {listed} were taken out")


def _cell(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _wrong(row: dict, key: dict) -> str:
    """What is wrong with a line by itself, or nothing."""
    if row["clip"] not in key["clips"]:
        return f"the test has no clip '{row['clip']}'"
    if row["naturalness"] not in tuple("12345"):
        return f"naturalness must be 1 to 5, not '{row['naturalness']}'"
    if row["digit"] not in DIGITS:
        return f"digit must be 0 to 9 or 'unclear', not '{row['digit']}'"
    for column in ("seed", "position", "plays", "milliseconds"):
        if not re.fullmatch(r"[0-9]{1,12}", row[column]):
            return f"{column} must be a whole number, not '{row[column]}'"
    if row["check"] != checksum(row):
        return "a value was altered after the listener gave it (the check does not fit)"
    return ""


def _again(row: dict, lines: dict[str, dict[str, int]]) -> str:
    for column, seen in lines.items():
        if row[column] in seen:
            return f"{column} {row[column]} stands in line {seen[row[column]]} already"
    return ""
