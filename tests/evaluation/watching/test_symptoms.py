"""Which figures end a training, which only deserve a remark, and which are a healthy beginning."""

import math
import re

import pytest

from ganlib.evaluation.watching.symptoms import EARLIEST, Bounds, collapse, remarks

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
    ({"spread": 0.19}, "All clips sound alike: they differ 0.19 times as much as recordings do"),
    ({"classes": 2.9}, "The clips are heard as a few digits only: their effective number is 2.9"),
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
    inside = {"level_db": -59.9, "spread": 0.201, "classes": 3.01}
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


# Small WaveGANs on the Free Spoken Digit Dataset: step, spread, classes, spread within labels.
MEASURED_HEALTHY = [
    (100, 0.227, 2.15, 0.311), (200, 0.300, 4.05, 0.360), (300, 0.396, 6.01, 0.410),
    (500, 0.410, 6.98, 0.377), (700, 0.538, 7.31, 0.400), (900, 0.534, 6.54, 0.362),
    (1000, 0.476, 7.34, 0.340), (1100, 0.460, 7.15, 0.326), (1200, 0.500, 7.18, 0.299),
    (1300, 0.510, 6.14, 0.297), (1400, 0.565, 5.96, 0.327), (1500, 0.626, 7.04, 0.400),
]  # fmt: skip
MEASURED_COLLAPSE = [  # generator_learning_rate=0.1
    (100, 0.350, 1.71, 0.619), (200, 0.241, 1.01, 0.342), (300, 0.203, 2.77, 0.163),
    (400, 0.292, 2.90, 0.148), (500, 0.169, 1.14, 0.176), (600, 0.185, 1.69, 0.152),
    (700, 0.0, 5.74, 0.0), (800, 0.0, 4.73, 0.0), (1000, 0.0, 4.73, 0.0), (1100, 0.0, 4.73, 0.0),
]  # fmt: skip


def as_rows(measured: list[tuple]) -> list[dict]:
    names = ("step", "spread", "classes", "spread_within_labels")
    return [HEALTHY | dict(zip(names, row, strict=True)) for row in measured]


def test_a_measured_healthy_training_is_never_stopped_and_gets_no_remark():
    for last in range(1, len(MEASURED_HEALTHY) + 1):
        some = as_rows(MEASURED_HEALTHY[:last])
        assert collapse(some, BOUNDS) is None
        assert remarks(some, BOUNDS) == []


def test_a_measured_collapse_is_stopped_once_the_beginning_is_over():
    every = as_rows(MEASURED_COLLAPSE)
    assert collapse(every[:-1], BOUNDS) is None
    assert collapse(every, BOUNDS).startswith("All clips sound alike")


def test_without_a_grace_the_first_updates_of_a_healthy_training_may_look_collapsed():
    two = [as_rows(MEASURED_HEALTHY)[0] | {"step": step} for step in (1000, 1100)]
    assert collapse(two, BOUNDS).startswith("The clips are heard as a few digits only")


def test_a_healthy_training_gets_no_remark():
    assert remarks(rows({}, {}, {}), BOUNDS) == []
