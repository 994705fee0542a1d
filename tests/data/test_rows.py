"""Rows of tables: each as it stands, or refused by its number."""

from pathlib import Path

import pytest

from ganlib.data.rows import bar_rows, delimited_rows, json_rows
from ganlib.errors import DataError

CSV, TSV = Path("metadata.csv"), Path("metadata.tsv")


def cells(found) -> list[tuple[int, list[str]]]:
    return [(number, list(row.values())) for number, row in found.rows]


def read(text: str, table: Path = CSV):
    return delimited_rows(table, text, lambda cell: cell.endswith(".wav"))


def test_a_quoted_cell_may_hold_the_delimiter_marks_and_line_breaks():
    found = read('file,text,label\na.wav,"one, ""two""\nand, three",yes\nb.wav, "x, y" ,no\n')
    assert found.faults[0][0] == 4  # a space after the closing mark
    assert cells(found) == [(2, ["a.wav", 'one, "two"\nand, three', "yes"])]
    assert cells(read('file,text,label\nb.wav, "x, y",no\n')) == [(2, ["b.wav", "x, y", "no"])]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_quotation_mark_that_nobody_closed_is_a_fault_of_its_row_and_swallows_no_other(delimiter):
    rows = ["file,text,label", 'a.wav,"hello,yes', "b.wav,fine,no", 'c.wav,5",no', 'd.wav,"end,yes']
    found = read("\n".join(rows).replace(",", delimiter))
    assert [number for number, _ in found.faults] == [2, 5]
    assert all("quotation mark is not closed" in fault for _, fault in found.faults)
    assert cells(found) == [(3, ["b.wav", "fine", "no"]), (4, ["c.wav", '5"', "no"])]


@pytest.mark.parametrize("table", [CSV, TSV])
def test_between_tabs_a_quotation_mark_that_holds_nothing_together_is_a_letter(table):
    rows = ['a.wav\t"hello\tyes', 'b.wav\t5"\tno', 'c.wav\t"Hi," he said\tno', 'd.wav\t"x\ty"\tno']
    found = read("\n".join(["file\ttext\tlabel", *rows]), table)
    assert not found.faults and cells(found) == [
        (2, ["a.wav", '"hello', "yes"]), (3, ["b.wav", '5"', "no"]),
        (4, ["c.wav", '"Hi," he said', "no"]), (5, ["d.wav", "x\ty", "no"]),
    ]  # fmt: skip


def test_between_bars_every_quotation_mark_is_a_letter():
    assert cells(read('text|file\n"Hi"|a.wav\n"Hi|b.wav\n')) == [
        (2, ['"Hi"', "a.wav"]), (3, ['"Hi', "b.wav"]),
    ]  # fmt: skip


def test_rows_with_another_number_of_cells_than_the_header_are_faults():
    found = read("file,text,label\na.wav,hello, world,yes\nb.wav,x\nc.wav\nd.wav,x,no,,\n,,\n\n")
    assert [(number, fault.partition(";")[0]) for number, fault in found.faults] == [
        (2, "4 cells where the header has 3"), (3, "2 cells where the header has 3"),
        (4, "1 cell where the header has 3"),
    ]  # fmt: skip
    assert cells(found) == [(5, ["d.wav", "x", "no"])]  # empty cells and empty rows hold nothing
    with pytest.raises(DataError, match="metadata.csv, row 2: 4 cells .*2 more rows are wrong"):
        found.fail_if_faulty(CSV)


def test_a_column_that_is_there_twice_is_a_fault_but_one_without_name_is_not():
    assert "'text' is there twice" in read("file,text,text\na.wav,x,y\n").faults[0][1]
    assert not read(",file,,text\n0,a.wav,,x\n").faults


def test_line_ends_of_windows_and_of_old_macs_are_line_ends(tmp_path):
    from ganlib.data.rows import text_of

    table = tmp_path / "metadata.csv"
    table.write_bytes(b"\xef\xbb\xbffile,label\r\na.wav,yes\rb.wav,no\n")
    assert cells(read(text_of(table))) == [(2, ["a.wav", "yes"]), (3, ["b.wav", "no"])]


def test_rows_of_ljspeech_have_two_or_three_cells():
    found = bar_rows("LJ1|a|b\nLJ2|c\n\nLJ3\nLJ4|a|b|c\nLJ5|d|\n")
    assert cells(found) == [(1, ["LJ1", "b"]), (2, ["LJ2", "c"]), (6, ["LJ5", "d"])]
    assert [number for number, _ in found.faults] == [4, 5]


def test_json_lines_and_a_json_list_give_the_same_rows_and_every_wrong_line_is_a_fault():
    lines = '{"File_Name": "a.wav", "label": 7, "known": true, "audio": {"x": 1}, "text": null}'
    row = {"file_name": "a.wav", "label": "7", "known": "true", "audio": "", "text": ""}
    assert json_rows(lines + "\n").rows == json_rows(f"[{lines}]").rows == [(1, row)]
    found = json_rows(f'{lines}\n\n{{"file": \n[1]\n7\n')
    assert [number for number, _ in found.faults] == [3, 4, 5] and len(found.rows) == 1
    assert "no JSON" in found.faults[0][1] and "got list" in found.faults[1][1]
