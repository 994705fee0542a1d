"""Which figures end a training, which only deserve a remark, and which are a healthy beginning."""

import math
import re

import pytest

from ganlib.evaluation.symptoms import EARLIEST, Bounds, collapse, remarks

HEALTHY = {
    "level_db": -20.0, "spread": 0.6, "coverage": 0.15, "classes": 7.0,
    "conditional_accuracy": 0.55, "spread_within_labels": 0.4,
}  # fmt: skip
BOUNDS = Bounds.of(updates=20_000, classes=10.0, labels=10, count=200)


def rows(*changes: dict, first: int = EARLIEST, every: int = 500) -> list[dict]:
    return [
        {"step": first + place * every, **HEALTHY, **change} for place, change in enumerate(changes)
    ]


COLLAPSED = [
    ({"level_db": -60.1}, "The clips are silent: -60 dB"),
    ({"spread": 0.09}, "All clips sound alike: they differ 0.09 times as much as recordings do"),
    ({"classes": 1.9}, "Nearly all clips are heard as one digit: the effective number.* is 1.9"),
]


@pytest.mark.parametrize(("change", "sentence"), COLLAPSED)
def test_a_collapse_is_named_when_two_looks_in_a_row_agree(change, sentence):
    assert re.match(sentence, collapse(rows({}, change, change), BOUNDS))


@pytest.mark.parametrize(("change", "sentence"), COLLAPSED)
def test_one_look_is_not_enough_nor_are_two_with_a_healthy_one_between(change, sentence):
    assert collapse(rows({}, change), BOUNDS) is None
    assert collapse(rows(change, {}, change), BOUNDS) is None
    assert collapse(rows(change, change, {}), BOUNDS) is None


def test_two_looks_with_different_symptoms_do_not_agree():
    assert collapse(rows({"spread": 0.01}, {"level_db": -90.0}), BOUNDS) is None


def test_the_beginning_is_never_judged():
    silent = {"level_db": -120.0}
    assert collapse(rows(silent, silent, first=EARLIEST - 501), BOUNDS) is None
    assert collapse(rows(silent, silent, first=EARLIEST), BOUNDS) is not None


def test_the_beginning_is_longer_in_a_long_training():
    assert Bounds.of(200, None, 0, 200).earliest == 1000
    assert Bounds.of(200_000, None, 0, 200).earliest == 10_000


def test_just_inside_the_bounds_is_no_collapse():
    inside = {"level_db": -59.9, "spread": 0.101, "classes": 2.01}
    assert collapse(rows(inside, inside), BOUNDS) is None


def test_recordings_of_one_word_may_be_heard_as_one_word():
    bounds = Bounds.of(20_000, classes=1.0, labels=0, count=200)
    assert collapse(rows({"classes": 1.0}, {"classes": 1.0}), bounds) is None


def test_sounds_that_are_no_digits_have_no_number_of_digits():
    bounds = Bounds.of(20_000, classes=None, labels=0, count=200)
    few = [{"step": row["step"], "level_db": -20.0, "spread": 0.5} for row in rows({}, {})]
    assert collapse(few, bounds) is None
    assert remarks(few, bounds) == []


def test_a_model_that_ignores_its_labels_is_told_and_not_stopped():
    deaf = rows({"conditional_accuracy": 0.12}, {"conditional_accuracy": 0.14})
    assert collapse(deaf, BOUNDS) is None
    ((_, sentence),) = remarks(deaf, BOUNDS)
    assert sentence.startswith("The model hardly listens to its labels: 0.14 of the clips")


def test_chance_is_the_share_that_guessing_gives_with_three_standard_errors():
    for labels, count in ((10, 200), (2, 50)):
        error = math.sqrt((1 / labels) * (1 - 1 / labels) / count)
        assert Bounds.of(1, 1.0, labels, count).accuracy == pytest.approx(1 / labels + 3 * error)


def test_one_clip_for_each_label_is_told_and_not_stopped():
    repeated = rows({"spread_within_labels": 0.07}, {"spread_within_labels": 0.06})
    assert collapse(repeated, BOUNDS) is None
    ((_, sentence),) = remarks(repeated, BOUNDS)
    assert sentence.startswith("The clips of each label sound alike: they differ 0.06 times")


def test_a_healthy_training_gets_no_remark():
    assert remarks(rows({}, {}, {}), BOUNDS) == []
