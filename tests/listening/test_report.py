"""A class of thirty whose opinions are known: one table, and two who did not listen are found."""

import json
import math

import pytest

from ganlib.errors import DataError
from ganlib.listening.ratings import Collected, Rating, collect
from ganlib.listening.report import evaluate
from ganlib.listening.stimuli import LOW, REAL
from tests.listening.classroom import TRUTH, lines_of, make_key, write_table

KEY = make_key()


@pytest.fixture(scope="module")
def classroom(tmp_path_factory) -> Collected:
    """Thirty files; listeners 7 and 19 answered without listening."""
    folder = tmp_path_factory.mktemp("class")
    for number in range(30):
        rows = lines_of(KEY, f"Pupil {number:02}", number, careless=number in (7, 19))
        write_table(folder / f"{number:02}.csv", rows)
    return collect([folder], KEY)


def test_all_thirty_are_read_without_complaint(classroom):
    assert len(classroom.listeners) == 30
    assert len(classroom.ratings) == 30 * 35
    assert classroom.problems == []


def test_the_two_who_did_not_listen_are_named_and_nobody_else(classroom):
    report = evaluate(classroom, KEY)
    assert [doubt.listener for doubt in report.doubts] == ["Pupil 07", "Pupil 19"]
    said = " ".join(report.warnings())
    assert "Pupil 07 seems inattentive: 1 of 10 real digits right, real recordings rated" in said
    assert "--drop-inattentive" in said


def test_without_them_the_figures_are_the_truth(classroom):
    """Four standard errors: 0.5 of a rating, 0.14 of a listener, the share's own."""
    report = evaluate(classroom, KEY, drop_inattentive=True)
    assert report.listeners == 28
    for found in report.opinions:
        opinion, heard = TRUTH[found.system]
        error = math.hypot(0.5 / math.sqrt(found.ratings), 0.145 / math.sqrt(28))
        assert found.mos == pytest.approx(opinion, abs=4 * error)
        assert found.mos_low < found.mos < found.mos_high < found.mos_low + 8 * error
        spread = math.sqrt(heard * (1 - heard) / found.answers)
        assert found.accuracy == pytest.approx(heard, abs=4 * spread)


def test_with_them_the_real_recordings_look_worse(classroom):
    every, fewer = (evaluate(classroom, KEY, drop).opinions[0] for drop in (False, True))
    assert every.system == REAL
    assert every.mos < fewer.mos and every.accuracy < fewer.accuracy


def test_the_table_has_a_row_for_each_system_and_says_how_it_was_made(classroom):
    lines = evaluate(classroom, KEY).lines()
    rows = [line for line in lines if line.startswith(tuple(TRUTH))]
    assert len(rows) == 4
    assert all(row.split()[-2:] == ["30", "300" if LOW not in row else "150"] for row in rows)
    assert any("t interval over listeners" in line for line in lines)
    assert any("Wilson" in line for line in lines)
    assert len({line.index("95 %") for line in lines if line.startswith("system")}) == 1


def test_the_json_file_has_every_figure_and_null_for_what_cannot_be_known(tmp_path):
    key = {"test": "t1", "systems": ["m", "n"], "anchors": {"real": REAL, "low": LOW}}
    report = evaluate(Collected([Rating("Ann", "m", "", "k1", 4, "7")], ["a.csv: is empty"]), key)
    content = json.loads(report.save(tmp_path / "out.json").read_text())
    first, second = content["systems"]
    assert (first["mos"], first["mos_low"], first["accuracy"]) == (4.0, None, None)
    assert second["mos"] is None and second["ratings"] == 0
    assert content["problems"] == ["a.csv: is empty"]
    assert "NaN" not in (tmp_path / "out.json").read_text()
    assert "one listener is no sample" in " ".join(report.warnings())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json"]


def test_a_class_in_which_nobody_listened_is_not_left_empty():
    ratings = [Rating("Ann", name, "7", "k", 3, "1") for name in (REAL, LOW) for _ in range(5)]
    report = evaluate(Collected(ratings, []), KEY, drop_inattentive=True)
    assert (report.listeners, report.dropped) == (1, False)
    assert not math.isnan(report.opinions[0].mos)


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    report = evaluate(Collected([Rating("Ann", "good", "7", "k", 3, "7")], []), KEY)
    with pytest.raises(DataError, match="cannot write"):
        report.save(tmp_path / "no folder" / "out.json")
