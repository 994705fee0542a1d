"""Scores and intervals against SciPy and closed forms; who listens is told from who does not."""

import math

import numpy as np
import pytest
from scipy import stats

from ganlib.errors import OptionError
from ganlib.listening.ratings import Rating
from ganlib.listening.statistics import inattentive, opinion, t_interval, wilson_interval


def rating(listener="Ann", system="m", naturalness=3, digit="7", label="7", clip="k1") -> Rating:
    return Rating(listener, system, label, clip, naturalness, digit)


@pytest.mark.parametrize("count", [2, 3, 30])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_t_interval_is_scipy_s(count, level):
    values = np.random.default_rng(count).normal(3.0, 1.0, count)
    low, high = stats.t.interval(level, count - 1, values.mean(), stats.sem(values))
    assert t_interval(values, level) == pytest.approx((values.mean(), low, high))


@pytest.mark.parametrize(("right", "count"), [(0, 1), (0, 10), (7, 10), (10, 10), (290, 300)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_wilson_interval_is_scipy_s(right, count, level):
    theirs = stats.binomtest(right, count).proportion_ci(level, method="wilson")
    ours = wilson_interval(right, count, level)
    assert ours == pytest.approx((right / count, theirs.low, theirs.high), abs=1e-12)


def test_the_ends_of_wilson_s_interval_solve_its_equation():
    share, low, high = wilson_interval(7, 10)
    for end in (low, high):
        z = abs(share - end) / math.sqrt(end * (1 - end) / 10)
        assert z == pytest.approx(1.959964, abs=1e-6)


def test_the_t_interval_covers_the_truth_as_often_as_it_says():
    random = np.random.default_rng(0)
    ends = [t_interval(random.normal(3.0, 0.5, 8))[1:] for _ in range(4000)]
    covered = np.mean([low <= 3.0 <= high for low, high in ends])
    assert covered == pytest.approx(0.95, abs=0.012)  # 3.5 standard errors


def test_impossible_numbers_are_refused_and_too_few_have_no_interval():
    assert np.isnan(t_interval([3.0])[1:]).all() and t_interval([3.0])[0] == 3.0
    assert np.isnan(wilson_interval(0, 0)).all()
    for wrong in (lambda: t_interval([]), lambda: wilson_interval(2, 1)):
        with pytest.raises(OptionError, match="expected"):
            wrong()


def test_a_listener_counts_once_however_many_clips_were_rated():
    """Ann's mean is 5 over nine clips and Bob's 1 over one: 3, and not 4.6."""
    heard = [rating("Ann", naturalness=5)] * 9 + [rating("Bob", naturalness=1)]
    assert opinion("m", heard).mos == 3.0
    assert (opinion("m", heard).listeners, opinion("m", heard).ratings) == (2, 10)


def test_the_interval_of_a_score_stays_on_the_scale():
    heard = [rating("Ann", naturalness=5), rating("Bob", naturalness=4)]
    found = opinion("m", heard)
    assert (found.mos_low, found.mos_high) == (1.0, 5.0)


def test_not_being_able_to_tell_counts_as_wrong_and_clips_without_a_label_do_not_count():
    heard = [rating(), rating(digit="unclear"), rating(digit="1"), rating(label="")]
    found = opinion("m", heard)
    assert found.accuracy == pytest.approx(1 / 3)
    assert (found.answers, found.ratings) == (3, 4)


def test_a_system_without_ratings_has_no_figures():
    found = opinion("nobody", [rating()])
    assert math.isnan(found.mos) and math.isnan(found.accuracy)


def anchors(real_right: int, real_score: int, low_score: int, count: int = 10) -> list[Rating]:
    """One listener's answers to ten real clips and low anchors."""
    real = [
        rating(system="real", naturalness=real_score, digit="7" if place < real_right else "1")
        for place in range(count)
    ]
    return real + [rating(system="low", naturalness=low_score)] * count


@pytest.mark.parametrize(
    ("right", "real", "low", "reasons"),
    [
        (10, 5, 1, []),
        (6, 5, 4, []),  # just attentive enough by both rules
        (5, 5, 1, ["5 of 10 real digits right"]),
        (10, 3, 3, ["real recordings rated 3.0 and the low anchor 3.0"]),
        (10, 1, 5, ["real recordings rated 1.0 and the low anchor 5.0"]),
        (1, 3, 3, ["1 of 10 real digits right",
                   "real recordings rated 3.0 and the low anchor 3.0"]),
    ],
)  # fmt: skip
def test_the_rule_for_inattention_is_the_one_that_is_stated(right, real, low, reasons):
    doubts, unjudged = inattentive(anchors(right, real, low), "real", "low")
    assert [list(doubt.reasons) for doubt in doubts] == ([reasons] if reasons else [])
    assert unjudged == []


def test_nobody_is_judged_from_two_anchors():
    doubts, unjudged = inattentive(anchors(0, 3, 3, count=2), "real", "low")
    assert (doubts, unjudged) == ([], ["Ann"])
