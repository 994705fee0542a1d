"""The table of alignments: what is written comes back, and what is broken is refused."""

import numpy as np
import pytest

from ganlib.alignment import Aligned, read_alignments, write_alignments
from ganlib.alignment.stress import with_stress
from ganlib.errors import AlignmentError, DataError

ONE = Aligned(("sil", "HH", "AY1", "?"), np.array([0, 0.05, 0.1234, 0.2, 0.5]), (("hi", 1, 3),))


def test_what_is_written_comes_back(tmp_path):
    write_alignments(tmp_path / "a.csv", {"wavs/b.flac": ONE})
    [(name, read)] = read_alignments(tmp_path / "a.csv").items()
    assert (name, read.symbols, read.words) == ("wavs/b.flac", ONE.symbols, ONE.words)
    np.testing.assert_allclose(read.boundaries, ONE.boundaries, atol=5e-5)


@pytest.mark.parametrize(
    ("symbols", "times", "told"),
    [
        (("sil", "XX"), [0, 1, 2], r"got \['XX'\]"),
        ((), [0], "got none"),
        (("sil", "."), [0, 1], "expected 3 increasing times"),
        (("sil", "."), [0, 1, 1], "expected 3 increasing times"),
        (("sil", "."), [0.1, 1, 2], "expected 3 increasing times"),
        (("sil", "."), [0, np.nan, 2], "expected 3 increasing times"),
    ],
)
def test_symbols_and_times_that_do_not_fit_are_refused(symbols, times, told):
    with pytest.raises(AlignmentError, match=told):
        Aligned(symbols, np.array(times, float))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a,hi=1-3,sil HH AY1 ?,50.0 123.4 200.0", "line 2: expected 5 increasing times"),
        ("a,hi=1,sil .,50.0 100.0", "line 2"),
        ("a,,sil .,50.0 x", "line 2"),
        ("a", "line 2"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, told):
    path = tmp_path / "a.csv"
    path.write_text(f"file,words,symbols,milliseconds\n{line}\n")
    with pytest.raises(DataError, match=told):
        read_alignments(path)


def test_another_table_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("file,transcript\n")
    with pytest.raises(DataError, match="expected columns file, words, symbols, milliseconds"):
        read_alignments(path)


def test_stress_comes_from_the_way_with_the_same_phones():
    ways = [("R", "EH1", "K", "ER0", "D"), ("R", "IH0", "K", "AO1", "R", "D")]
    assert with_stress(["R", "IH", "K", "AO", "R", "D"], ways) == ways[1]
    assert with_stress(["R", "EH", "K", "ER", "D"], ways) == ways[0]


def test_stress_goes_by_the_number_of_vowels_where_no_way_has_the_phones():
    assert with_stress(["R", "AH", "K", "AO", "D"], [("R", "IH0", "K", "AO1", "R", "D")]) == (
        *("R", "AH0", "K", "AO1", "D"),
    )
    assert with_stress(["S", "T"], [("S", "AH1")]) == ("S", "T")
