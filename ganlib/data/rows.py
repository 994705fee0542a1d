"""The rows of a table, strictly: each is read as it stands, or refused by its number."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganlib.data.columns import COLUMNS, column_name
from ganlib.errors import DataError

LINES_OF_JSON = (".jsonl", ".ndjson", ".json")
QUOTED = ",;"  # here a cell that holds the delimiter stands in quotation marks


@dataclass
class Rows:
    """The rows of a table.

    Args:
        header: names of its columns, in small letters; empty where the table names none.
        rows: (number of the line in the file, cell by column name or else by place).
        faults: (number, what is wrong) of the lines that are no rows.
    """

    header: tuple[str, ...] = ()
    rows: list[tuple[int, dict[Any, str]]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def fail_if_faulty(self, table: Path) -> None:
        """Stop if there are faults.

        Raises:
            DataError: with the first of them and the number of the others.
        """
        if self.faults:
            number, fault = min(self.faults)
            more = len(self.faults) - 1
            rest = f" ({more} more {'rows are' if more > 1 else 'row is'} wrong)" if more else ""
            raise DataError(f"{table}, row {number}: {fault}{rest}")


def text_of(table: Path) -> str:
    """The text of a table, with one kind of line ends.

    Raises:
        DataError: if it cannot be opened or is not UTF-8.
    """
    try:
        text = table.read_text(encoding="utf-8-sig", errors="strict")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{table}: expected UTF-8 text; save the file in UTF-8 ({error})"
        ) from error
    except OSError as error:
        raise DataError(f"{table}: cannot be read ({error.strerror or error})") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def delimiter_of(table: Path, line: str) -> str:
    """Comma, semicolon, bar or tab: the one that the first line has most often; for `.tsv`, tab.

    Example:
        >>> delimiter_of(Path("metadata.csv"), "file;transcript, as spoken;label")
        ';'
    """
    if table.suffix.lower() == ".tsv" and "\t" in line:
        return "\t"
    return max(",;|\t", key=line.count)


def header_of(table: Path, text: str) -> tuple[str, ...]:
    """The cells of the first line, or the keys of the first object, as names of columns.

    Example:
        >>> header_of(Path("metadata.csv"), "File,Speaker ID")
        ('file', 'speaker_id')
    """
    if table.suffix.lower() in LINES_OF_JSON:
        found = json_rows(text, fewest=1)
        return found.header
    first = text.partition("\n")[0]
    delimiter = delimiter_of(table, first)
    try:
        cells: list[str] = next(_reader(iter([first]), delimiter), [])
    except csv.Error:
        cells = first.split(delimiter)
    names = [column_name(cell) for cell in cells]
    while names and not names[-1]:  # a delimiter at the end of the line
        names.pop()
    return tuple(names)


def delimited_rows(table: Path, text: str, names_a_file: Callable[[str], bool]) -> Rows:
    """The rows below a header.

    Between commas and semicolons, quotation marks hold a cell together (RFC 4180), over several
    lines too, but never over a line that begins another row: that is a mark nobody closed. Between
    tabs a mark that does not do this is a letter, and between bars every mark is.

    Args:
        table: its path; the suffix `.tsv` means tabs.
        text: all of it.
        names_a_file: tells from a cell of the file column whether a line is a row.

    Returns:
        `Rows`; lines without any content are left out.
    """
    lines = text.split("\n")
    delimiter = delimiter_of(table, lines[0])
    found = Rows(header_of(table, text))
    doubled = sorted({name for name in found.header if name and found.header.count(name) > 1})
    if doubled:
        found.faults.append((1, f"the column '{doubled[0]}' is there twice; rename one"))
        return found
    begins_row = _row_test(found.header, delimiter, names_a_file)
    place = 1
    while place < len(lines):
        cells, used = _record(lines, place, delimiter, begins_row, len(found.header))
        fault = cells if isinstance(cells, str) else _misfit(cells, len(found.header))
        if fault:
            found.faults.append((place + 1, fault))
        elif any(cells):
            found.rows.append((place + 1, dict(zip(found.header, cells, strict=False))))
        place += used
    return found


def _reader(lines: Iterator[str], delimiter: str) -> Any:
    if delimiter == "|":
        return csv.reader(lines, delimiter="|", quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")


def _row_test(
    header: tuple[str, ...], delimiter: str, names_a_file: Callable[[str], bool]
) -> Callable[[str], bool]:
    """Whether a line that follows an open quotation mark is a row of its own."""
    places = [place for place, name in enumerate(header) if name in COLUMNS["file"]]

    def begins_row(line: str) -> bool:
        cells = line.split(delimiter)
        return any(
            place < len(cells) and names_a_file(cells[place].strip().strip('"').strip())
            for place in places
        )

    return begins_row


def _record(
    lines: list[str], place: int, delimiter: str, begins_row: Callable[[str], bool], width: int
) -> tuple[list[str] | str, int]:
    """The cells of the row that begins here, or what is wrong with it; and its number of lines."""

    def upcoming() -> Iterator[str]:
        yield lines[place] + "\n"
        for later in range(place + 1, len(lines)):
            if begins_row(lines[later]):
                return
            yield lines[later] + "\n"

    reader = _reader(upcoming(), delimiter)
    try:
        cells: list[str] = next(reader, [])
        return [cell.strip() for cell in cells], reader.line_num
    except csv.Error:
        plain = [cell.strip() for cell in lines[place].split(delimiter)]
        if delimiter not in QUOTED and len(plain) == width:
            return plain, 1
        return (
            "a quotation mark is not closed, or does not stand around a whole cell; close it, and "
            "write a mark inside a quoted cell twice",
            1,
        )


def _misfit(cells: list[str], width: int) -> str:
    if not any(cells) or len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return ""
    return (
        f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'} where the header has {width}; put "
        "a cell that holds the delimiter into quotation marks, and leave no cell out"
    )


def bar_rows(text: str) -> Rows:
    """The rows of LJSpeech's layout: `name|text` or `name|text|normalised text`, no header."""
    found = Rows()
    for number, line in enumerate(text.split("\n"), start=1):
        cells = [cell.strip() for cell in line.split("|")]
        if not any(cells):
            continue
        if 2 <= len(cells) <= 3:
            words = next((cell for cell in reversed(cells[1:]) if cell), "")
            found.rows.append((number, {"file": cells[0], "transcript": words}))
        else:
            expected = "expected name|text or name|text|normalised text"
            found.faults.append((number, f"{expected}, got {len(cells)} cells; mend the row"))
    return found


def json_rows(text: str, fewest: int = 0) -> Rows:
    """The rows of JSON lines, one object a line, or of one JSON list of objects.

    Args:
        text: all of it.
        fewest: stop after so many rows; 0 reads all.
    """
    found = Rows()
    for number, item in _objects(text):
        if not isinstance(item, dict):
            found.faults.append((number, f"expected an object {{...}}, {item}"))
        else:
            cells = {column_name(key): _cell(value) for key, value in item.items()}
            found.header += tuple(key for key in cells if key not in found.header)
            found.rows.append((number, cells))
        if fewest and len(found.rows) + len(found.faults) >= fewest:
            break
    return found


def _objects(text: str) -> Iterator[tuple[int, Any]]:
    if text.lstrip().startswith("["):
        try:
            yield from enumerate(json.loads(text), start=1)
            return
        except (ValueError, RecursionError) as error:
            yield 1, f"got a list that is no JSON ({error})"
            return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                item = json.loads(line)
                yield number, item if isinstance(item, dict) else f"got {type(item).__name__}"
            except (ValueError, RecursionError) as error:
                yield number, f"got a line that is no JSON ({error})"


def _cell(value: object) -> str:
    if isinstance(value, dict | list) or value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
