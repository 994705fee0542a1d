"""The CSV files that come back from listeners, checked line by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganlib.errors import DataError
from ganlib.listening.checking import check_header, check_rows
from ganlib.listening.page import KEY, VERSION

LARGEST_FILE = 5_000_000  # bytes; a page of a thousand clips sends back a fiftieth of it


@dataclass(frozen=True)
class Rating:
    """One answered clip.

    Example:
        >>> Rating("Ann", "real recordings", "7", "k1", 5, "7").right
        True
    """

    listener: str
    system: str
    label: str  # the digit that it should be, or "" where nobody knows
    clip: str
    naturalness: int  # 1 to 5
    digit: str  # "0" to "9", or "unclear"

    @property
    def right(self) -> bool | None:
        """Whether the listener heard the digit that the clip should say; None without a label."""
        return self.digit == self.label if self.label else None


@dataclass(frozen=True)
class Collected:
    """All ratings of a test, and a sentence about everything that was left out.

    Example:
        >>> Collected([], ["ann.csv: is empty"]).listeners
        []
    """

    ratings: list[Rating]
    problems: list[str]

    @property
    def listeners(self) -> list[str]:
        """Everybody who rated a clip, in the order of the files."""
        return list(dict.fromkeys(rating.listener for rating in self.ratings))


def read_key(path: str | Path) -> dict:
    """The key of a test: who made which clip.

    Args:
        path: `key.json`, or the folder that it is in.

    Raises:
        DataError: if it is missing or no key.

    Example:
        >>> read_key("no_such_folder/key.json")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: no_such_folder/key.json: no such key; give --key the key.json ...
    """
    path = Path(path) / KEY if Path(path).is_dir() else Path(path)
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
        whole = key["version"] == VERSION and all(
            clip["system"] in key["systems"] and isinstance(clip["label"], str)
            for clip in key["clips"].values()
        )
        whole = whole and {"real", "low"} <= set(key["anchors"]) and isinstance(key["test"], str)
    except OSError:
        raise DataError(
            f"{path}: no such key; give --key the {KEY} that was written with the page"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise DataError(f"{path}: is not the key of a listening test of this version of ganlib")
    return key


def find_key(tables: Sequence[Path]) -> Path:
    """The key of the test that the tables name, where no one said: near them, or here.

    Args:
        tables: CSV files; looked through are their folders, the folders above, and this one.

    Raises:
        DataError: if there is none for their test.

    Example:
        >>> find_key([Path("no_such_folder/ann.csv")])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: found no key.json ...
    """
    places = [folder for path in tables for folder in (path.parent, path.absolute().parent.parent)]
    named = "\n".join(_text(path) for path in tables if path.is_file())
    for place in dict.fromkeys([*places, Path(".")]):
        if (place / KEY).is_file() and read_key(place)["test"] in named:
            return place / KEY
    raise DataError(
        f"found no {KEY} of this test beside the CSV files or in this folder: say where it is with "
        f"--key FOLDER/{KEY}"
    )


def expand(paths: Iterable[str | Path]) -> list[Path]:
    """Files as they are, folders as the CSV files in them.

    Raises:
        DataError: if a folder has none or there is nothing of this name.

    Example:
        >>> expand(["no_such.csv"])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: no_such.csv: expected a CSV file or a folder with some, ...
    """
    found: list[Path] = []
    for path in map(Path, paths):
        inside = sorted(path.glob("*.csv")) if path.is_dir() else [path] if path.is_file() else []
        if not inside:
            raise DataError(f"{path}: expected a CSV file or a folder with some, found none")
        found += inside
    return list(dict.fromkeys(found))


def collect(paths: Sequence[str | Path], key: dict) -> Collected:
    """Read the tables of all listeners; what cannot be trusted is left out and named.

    A file is refused that is of another test, lacks a column, mixes listeners, or holds what
    another file of the same sitting holds already (the longer one counts). A line is left out whose
    clip is unknown or rated twice, whose values are out of range, or whose check does not fit.

    Args:
        paths: CSV files or folders of them.
        key: what `read_key` returned.

    Raises:
        DataError: if a path does not exist or no rating remains.

    Example:
        >>> import tempfile
        >>> table = Path(tempfile.mkdtemp()) / "ann.csv"
        >>> _ = table.write_text("name;age\\nAnn;20\\n")
        >>> collect([table], {"test": "t1", "clips": {}})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: no rating can be used: ...ann.csv, line 1: lacks the columns ...
    """
    problems: list[str] = []
    sittings: dict[str, tuple[Path, list[dict]]] = {}
    for path in expand(paths):
        try:
            rows = list(_rows(path, key, problems))
        except DataError as error:
            problems.append(str(error))
            continue
        session = rows[0]["session"] if rows else ""
        other, known = sittings.get(session, (path, []))
        if rows and known:
            left = path if len(known) >= len(rows) else other
            problems.append(
                f"{left}: the same sitting as {path if left == other else other}; counted once"
            )
        if len(rows) > len(known):
            sittings[session] = (path, rows)
    ratings = [
        _rating(name, row, key)
        for name, (_, rows) in zip(_names(sittings), sittings.values(), strict=True)
        for row in rows
    ]
    if not ratings:
        raise DataError(f"no rating can be used: {'; '.join(problems)}")
    return Collected(ratings, problems)


def _names(sittings: dict[str, tuple[Path, list[dict]]]) -> list[str]:
    """What to call each listener: the name given, with the file where two gave the same."""
    names = [rows[0]["listener"] or session for session, (_, rows) in sittings.items()]
    files = [path.name for path, _ in sittings.values()]
    return [
        f"{name} ({file})" if names.count(name) > 1 else name
        for name, file in zip(names, files, strict=True)
    ]


def _rating(listener: str, row: dict, key: dict) -> Rating:
    clip = key["clips"][row["clip"]]
    naturalness = int(row["naturalness"])
    return Rating(listener, clip["system"], clip["label"], row["clip"], naturalness, row["digit"])


def _rows(path: Path, key: dict, problems: list[str]) -> Iterator[dict]:
    text = _text(path)
    if not text.strip():
        raise DataError(f"{path}: is empty")
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)  # a spreadsheet may have saved it in its own way
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        check_header(path, reader.fieldnames or ())
        yield from check_rows(path, reader, key, problems)
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: is no CSV ({error})") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"{path}: is too large to be the ratings of one listener")
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
