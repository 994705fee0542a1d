"""Precision, recall, density, coverage and bins against loops, expected values and known cheats."""

import math

import numpy as np
import pytest
from scipy import spatial, stats

from ganlib.errors import OptionError
from ganlib.metrics.coverage import density_coverage, number_of_different_bins, precision_recall

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(40, 3)), RNG.normal(0.7, 0.8, size=(40, 3))


def brute_force(real, fake, k):
    """Precision, recall, density and coverage, one pair of clips after the other."""

    def radius(points, i):
        return sorted(math.dist(points[i], other) for j, other in enumerate(points) if j != i)[
            k - 1
        ]

    def holds(points, i, x):
        return math.dist(points[i], x) <= radius(points, i)

    n = len(real)
    precision = sum(any(holds(real, i, x) for i in range(n)) for x in fake) / n
    recall = sum(any(holds(fake, i, x) for i in range(n)) for x in real) / n
    density = sum(holds(real, i, x) for x in fake for i in range(n)) / (k * n)
    coverage = sum(any(holds(real, i, x) for x in fake) for i in range(n)) / n
    return precision, recall, density, coverage


@pytest.mark.parametrize("k", [1, 3, 5])
def test_the_four_numbers_are_those_of_a_loop_over_all_pairs(k):
    got = precision_recall(REAL, FAKE, k) + density_coverage(REAL, FAKE, k)
    np.testing.assert_allclose(got, brute_force(REAL, FAKE, k), rtol=1e-12)


def test_of_identical_sets_each_clip_is_reached():
    assert precision_recall(REAL, REAL) == (1.0, 1.0)
    density, coverage = density_coverage(REAL, REAL)
    assert coverage == 1.0
    assert density == pytest.approx(1.2)  # each ball holds its own centre and k others


def test_sets_far_apart_reach_nothing():
    assert precision_recall(REAL, REAL + 1000) + density_coverage(REAL, REAL + 1000) == (0,) * 4


def test_collapse_shows_in_recall_and_coverage_and_not_in_precision():
    collapsed = REAL[:1] + 1e-3 * RNG.normal(size=REAL.shape)
    precision, recall = precision_recall(REAL, collapsed)
    assert precision == 1.0
    assert recall <= 1 / 40
    assert density_coverage(REAL, collapsed)[1] < 0.4


def test_two_sets_of_one_distribution_have_the_expected_density_and_coverage():
    n, k = 100, 5
    draws = [np.random.default_rng(seed).normal(size=(2, n, 4)) for seed in range(60)]
    density, coverage = np.mean([density_coverage(*draw, k) for draw in draws], axis=0)
    missed = math.prod((n - i) / (2 * n - i) for i in range(1, k + 1))
    assert density == pytest.approx(1.0, abs=0.03)
    assert coverage == pytest.approx(1 - missed, abs=0.006)


def test_a_real_outlier_raises_precision_more_than_density():
    real = np.concatenate([REAL, np.full((1, 3), 30.0)])
    fake = RNG.normal(12.0, 1.0, size=(41, 3))
    assert precision_recall(real, fake)[0] == 1.0
    assert density_coverage(real, fake)[0] == pytest.approx(1 / 5)


@pytest.mark.parametrize("metric", [precision_recall, density_coverage])
def test_the_larger_set_is_reduced_by_a_draw_that_is_always_the_same(metric):
    many = RNG.normal(size=(90, 3))
    assert metric(many, FAKE) == metric(many, FAKE)
    kept = np.sort(np.random.default_rng(0).permutation(90)[:40])
    assert metric(many, FAKE) == metric(many[kept], FAKE)
    assert metric(FAKE, many) == metric(FAKE, many[kept])


@pytest.mark.parametrize("metric", [precision_recall, density_coverage])
@pytest.mark.parametrize(
    ("real", "fake", "k", "message"),
    [
        (REAL[:5], FAKE, 5, "real must have at least 6 clips"),
        (REAL, FAKE[:1], 1, "fake must have at least 2 clips"),
        (REAL, FAKE[:, :2], 5, "same number of dimensions"),
        (REAL, FAKE * np.nan, 5, "fake must be finite"),
        (REAL, FAKE, 0, "neighbours must be a whole number of at least 1"),
        (REAL, FAKE, 2.5, "neighbours must be a whole number of at least 1"),
    ],
)
def test_sets_without_neighbours_are_refused(metric, real, fake, k, message):
    with pytest.raises(OptionError, match=message):
        metric(real, fake, k)


# Bins -------------------------------------------------------------------------------------------

CORNERS = np.array([[0.0, 0.0], [0.0, 9.0], [9.0, 0.0], [9.0, 9.0]])


def around_the_corners(*counts):
    return np.repeat(CORNERS, counts, axis=0) + 0.01 * RNG.normal(size=(sum(counts), 2))


def test_bins_differ_where_a_two_proportion_test_says_so():
    counts, others = (100, 100, 100, 100), (70, 78, 152, 100)  # p = 0.01, 0.06, 0.00, 1.00
    got = number_of_different_bins(around_the_corners(*counts), around_the_corners(*others), bins=4)
    p, q = np.array(counts) / 400, np.array(others) / 400
    values = [
        stats.chi2_contingency([[a, 400 - a], [b, 400 - b]], correction=False)[1]
        for a, b in zip(counts, others, strict=True)
    ]
    assert got[0] == np.mean(np.array(values) < 0.05) == 0.5
    np.testing.assert_allclose(got[1], spatial.distance.jensenshannon(p, q) ** 2, rtol=1e-12)


def test_the_test_knows_the_number_of_clips():
    few = around_the_corners(5, 5, 5, 5), around_the_corners(7, 3, 5, 5)
    many = around_the_corners(500, 500, 500, 500), around_the_corners(700, 300, 500, 500)
    assert number_of_different_bins(*few, bins=4)[0] == 0
    assert number_of_different_bins(*many, bins=4)[0] == 0.5


def test_identical_sets_differ_in_no_bin():
    assert number_of_different_bins(REAL, REAL, bins=8) == (0.0, 0.0)
    assert number_of_different_bins(REAL, FAKE, bins=1) == (0.0, 0.0)


def test_a_collapsed_model_differs_in_every_filled_bin():
    collapsed = np.tile(CORNERS[:1], (400, 1))
    share, divergence = number_of_different_bins(
        around_the_corners(100, 100, 100, 100), collapsed, bins=4
    )
    assert share == 1.0
    expected = 0.5 * (0.25 * np.log(0.25 / 0.625) + 0.75 * np.log(2) + np.log(1 / 0.625))
    np.testing.assert_allclose(divergence, expected)


def test_new_clips_of_the_reference_differ_in_about_one_bin_of_twenty():
    shares = []
    for seed in range(12):
        reference, samples = np.random.default_rng(seed).normal(size=(2, 1500, 4))
        shares.append(number_of_different_bins(reference, samples, bins=20)[0])
    assert 0.01 < np.mean(shares) < 0.13


def test_the_seed_decides_the_bins():
    reference, samples = RNG.normal(size=(300, 2)), RNG.normal(size=(300, 2))
    results = [number_of_different_bins(reference, samples, 20, seed)[1] for seed in (0, 0, 1)]
    assert results[0] == results[1] != results[2]


@pytest.mark.parametrize(
    ("reference", "bins"), [(REAL, 41), (REAL, 0), (np.tile(REAL[:3], (20, 1)), 4)]
)
def test_bins_need_as_many_different_clips(reference, bins):
    with pytest.raises(OptionError, match="bins must be from 1 to the number of different"):
        number_of_different_bins(reference, FAKE, bins)


def test_a_bin_that_runs_empty_makes_no_noise():
    lumps = np.concatenate([np.tile(REAL[:2], (30, 1)), REAL[2:10]])
    share, divergence = number_of_different_bins(lumps, lumps, bins=10)
    assert (share, divergence) == (0.0, 0.0)
