"""Figures get their intervals; what cannot be measured gets a sentence."""

import numpy as np
import pytest
from scipy import stats

from ganlib.errors import OptionError
from ganlib.evaluation.measuring.figures import KINDS
from ganlib.evaluation.measuring.intervals import RESAMPLING, SHARES, Table, method, share_interval
from ganlib.evaluation.measuring.likeness import effective_number


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (0, 300), (300, 300), (1, 24), (150, 300)])
def test_the_interval_of_a_share_is_the_exact_one_of_scipy(hits, n):
    exact = stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    assert share_interval(hits, n) == pytest.approx((exact.low, exact.high), abs=1e-12)


def test_no_copy_among_a_hundred_clips_may_still_be_three_in_a_hundred():
    table = Table(seed=0)
    table.share("copies_in_spectra", np.zeros(100, bool))
    figure = table.figures["copies_in_spectra"]
    assert figure.low == figure.value == 0.0 and 0.03 < figure.high < 0.04


def test_two_sets_of_one_size_are_drawn_apart():
    # Paired row by row, the difference of two equal sets would be 0 in every draw.
    values, table = np.sort(np.random.default_rng(0).normal(size=200)), Table(seed=0)
    table.measure("kernel_distance", lambda a, b: a.mean() - b.mean(), values, values, n=200)
    figure = table.figures["kernel_distance"]
    expected = 2 * 1.96 * np.sqrt(2 / 200) * values.std()
    assert figure.value == pytest.approx(0, abs=1e-12)
    assert figure.high - figure.low == pytest.approx(expected, rel=0.25)


def test_arrays_of_one_group_keep_their_rows_together():
    clips, table = np.arange(50.0), Table(seed=3)

    def misfits(a, b):
        return float(np.sum(a != 2 * b))

    table.measure("speakers", misfits, (2 * clips, clips), n=50)
    assert table.figures["speakers"].value == 0.0


def test_a_seed_decides_the_interval():
    def ends(seed):
        table = Table(seed)
        table.measure("dnsmos", np.mean, np.random.default_rng(0).normal(size=40), n=40)
        return table.figures["dnsmos"].low, table.figures["dnsmos"].high

    assert ends(1) == ends(1) != ends(2)


def refused(values):
    raise OptionError("It takes more than that.")


def nothing(values):
    return np.nan


@pytest.mark.parametrize(
    ("statistic", "sentence"), [(refused, "more than that"), (nothing, "came out as nan")]
)
def test_what_has_no_value_has_a_sentence_and_no_figure(statistic, sentence):
    table = Table(seed=0)
    table.measure("dnsmos", statistic, np.ones(30), n=30)
    assert table.figures == {} and sentence in table.missing["dnsmos"]


def test_real_recordings_without_a_value_leave_the_figure_itself_alone():
    table = Table(seed=0)
    table.measure("dnsmos", np.mean, np.ones(30), n=30, real=(np.array([np.nan]),))
    assert table.figures["dnsmos"].value == 1.0 and table.figures["dnsmos"].real is None


def test_every_interval_belongs_to_a_figure_and_has_words():
    assert set(RESAMPLING) | set(SHARES) <= set(KINDS)
    assert not set(RESAMPLING) & set(SHARES)
    assert method("class_frechet_distance").startswith("bootstrap: 40 draws")
    assert method("copies_in_spectra").startswith("exact")
    assert method("different_bins") == "none"


def test_the_effective_number_is_that_of_equal_shares():
    assert effective_number(np.array(list("abcabc"))) == pytest.approx(3)
    assert effective_number(np.array(["ann"] * 9)) == pytest.approx(1)
    shares = np.array([0.75, 0.25])
    expected = np.exp(-np.sum(shares * np.log(shares)))
    assert effective_number(np.array(list("aaab"))) == pytest.approx(expected)
