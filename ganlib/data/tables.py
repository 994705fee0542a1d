"""Tables that name recordings: which are read, and what their rows say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ganlib.data.columns import COLUMNS, cell_of, composed, has_column
from ganlib.data.listing import Recording
from ganlib.data.places import Places
from ganlib.data.rows import (
    LINES_OF_JSON,
    Rows,
    bar_rows,
    delimited_rows,
    header_of,
    json_rows,
    text_of,
)
from ganlib.data.splits import SPLIT_NAMES, split_named
from ganlib.data.walking import look_through
from ganlib.errors import DataError

READ_SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")  # where two have one name: the first
WORDS_OF_NAMES = {"metadata", "manifest"}
UTTERANCES = re.compile(r".+\.trans\.(txt|tsv)")  # LibriSpeech, LibriTTS: one in each chapter
ADVICE = "a table is read when it is called metadata (.csv, .tsv, .jsonl), or train, test and so on"
EXPECTED_HEADER = (
    "expected a header with a column 'file' (and any of label, voice, split, transcript)"
)


@dataclass(frozen=True)
class Table:
    """A table that can be read.

    Args:
        path: where it is.
        layout: "header", "bars" (LJSpeech, no header), "json" or "utterances" (LibriSpeech).
        text: all of it; empty for utterances, which are many.
        split: the split that its name means.
        rank: where several stand in one folder, the lowest is read.
    """

    path: Path
    layout: str
    text: str = ""
    split: str = ""
    rank: int = 0

    @property
    def names_labels(self) -> bool:
        """Whether the labels are its business: it has such a column, or folders mean speakers."""
        if self.layout in ("bars", "utterances"):
            return self.layout == "utterances"
        return has_column(header_of(self.path, self.text), "label")


def open_table(path: Path) -> Table | str:
    """A table as far as its first line, or why it is not read; "" for a text that is no table.

    Raises:
        DataError: if a `metadata` table is not UTF-8 or has no column of files.
    """
    if UTTERANCES.fullmatch(path.name.lower()):
        return Table(path, "utterances", rank=3)
    words = [word for word in re.split(r"[^a-z]+", path.stem.lower()) if word]
    splits = {SPLIT_NAMES[word] for word in words if word in SPLIT_NAMES}
    known = bool(words) and set(words) <= WORDS_OF_NAMES | set(SPLIT_NAMES) and len(splits) < 2
    if not known or path.suffix.lower() not in READ_SUFFIXES:
        return _not_read(path, known)
    text = text_of(path)
    header = header_of(path, text)
    split = next(iter(splits), "") or split_named(path.stem)
    rank = 2 if split else 0 if "metadata" in words else 1
    if has_column(header, "file"):
        layout = "json" if path.suffix.lower() in LINES_OF_JSON else "header"
        return Table(path, layout, text, split, rank)
    first = text.partition("\n")[0]
    others = {name for kind in COLUMNS.values() for name in kind}
    if "|" in first and path.suffix.lower() == ".csv" and not set(header) & others:
        return Table(path, "bars", text, split, rank)
    if words != ["metadata"] or path.suffix.lower() == ".json":
        return "it has no column 'file'" if path.suffix.lower() != ".json" else ""
    raise DataError(f"{path}: {EXPECTED_HEADER}, got '{first[:60]}'; add the header")


def _not_read(path: Path, known: bool) -> str:
    suffix = path.suffix.lower()
    if suffix == ".txt":
        return f"it is a text; {ADVICE}" if known or path.stem.lower().endswith("_list") else ""
    if suffix == ".json" and not known:
        with open(path, "rb") as stream:
            start = stream.read(4096)
        return ADVICE if b'"audio_filepath"' in start or b'"file_name"' in start else ""
    return ADVICE if suffix in READ_SUFFIXES else f"{suffix} is not read; save it as metadata.csv"


def choose_tables(tables: Sequence[Table]) -> tuple[list[Table], list[tuple[Table, Table]]]:
    """Of the tables about one folder: those that are read, and (not read, read instead)."""
    ordered = sorted(
        tables,
        key=lambda table: (
            table.rank,
            _suffix_rank(table.path),
            table.path.name != table.path.name.lower(),
            str(table.path),
        ),
    )
    chosen: dict[tuple, Table] = {}
    passed = []
    for table in ordered:
        key = (table.rank, table.path if table.rank == 3 else table.split)
        rival = next((t for t in chosen.values() if t.rank < table.rank), chosen.get(key))
        if rival is None:
            chosen[key] = table
        else:
            passed.append((table, rival))
    return list(chosen.values()), passed


def _suffix_rank(path: Path) -> int:
    suffix = path.suffix.lower()
    return READ_SUFFIXES.index(suffix) if suffix in READ_SUFFIXES else len(READ_SUFFIXES)


def recordings_in(
    table: Table, places: Places, seen: dict[Path, Path] | None = None
) -> list[Recording]:
    """What the rows of a table say.

    Args:
        table: the table.
        places: finds the files.
        seen: file -> table, of those that other tables have named; this table's are added.

    Returns:
        A recording for each row; its file need not exist: reading tells.

    Raises:
        DataError: naming the first row that cannot be read, and how many there are.
    """
    seen = {} if seen is None else seen
    found, rows = [], _rows(table, places)
    for number, row in rows.rows:
        try:
            item = _recording(table, row, places)
            if item.path in seen:
                other = seen[item.path]
                where = "twice" if other == table.path else f"here and in {other}"
                raise DataError(f"{item.path.name} is named {where}; keep one row")
            seen[item.path] = table.path
            found.append(item)
        except DataError as error:
            rows.faults.append((number, str(error)))
    rows.fail_if_faulty(table.path)
    return found


def _rows(table: Table, places: Places) -> Rows:
    if table.layout == "bars":
        return bar_rows(table.text)
    if table.layout == "json":
        return json_rows(table.text)
    if table.layout == "header":
        return delimited_rows(table.path, table.text, places.holds)
    return _utterances(table)


def _utterances(table: Table) -> Rows:
    """LibriSpeech's `19-198-0000 THE WORDS`, LibriTTS's name, tab, words, tab, normalised words."""
    rows = Rows()
    tabs = table.path.suffix.lower() == ".tsv"
    for number, line in enumerate(text_of(table.path).split("\n"), start=1):
        name, *cells = line.strip().split("\t") if tabs else line.strip().partition(" ")[::2]
        if name:
            row = {"file": name, "transcript": cells[-1] if cells else ""}
            rows.rows.append((number, row | {"voice": re.split(r"[-_]", name)[0]}))
    return rows


def _recording(table: Table, row: dict[str, str], places: Places) -> Recording:
    if not cell_of(row, "file"):
        raise DataError("expected a file name, got none; fill it in")
    named = cell_of(row, "split")
    split = SPLIT_NAMES.get(named.lower(), "")
    if named and not split:
        raise DataError(f"expected the split train, validation or test, got '{named}'; correct it")
    begins = cell_of(row, "offset")
    if begins.strip("0."):
        raise DataError(
            f"begins {begins} s inside its file (offset), and no parts of files are cut out; "
            "cut them into files of their own"
        )
    return Recording(
        places.find(cell_of(row, "file"), table.path.parent),
        composed(cell_of(row, "label")),
        composed(cell_of(row, "voice")),
        split or table.split,
        cell_of(row, "transcript"),
    )


def from_metadata(table: Path) -> list[Recording]:
    """Recordings named in one `metadata.csv`; see `folders.list_recordings` for its layouts.

    Raises:
        DataError: if the file is not UTF-8, has no column `file`, or a row is wrong.
    """
    opened = open_table(table)
    if not isinstance(opened, Table):
        raise DataError(f"{table}: {EXPECTED_HEADER}; {opened or ADVICE}")
    return recordings_in(opened, Places(table.parent, look_through(table.parent).sounds))
