"""Intervals that hold what they promise: how often the truth lies in them is counted."""

import numpy as np
import pytest
from scipy import stats

from ganlib.errors import OptionError
from ganlib.metrics.conditional import conditional_accuracy
from ganlib.metrics.coverage import density_coverage
from ganlib.metrics.distributions import frechet_distance, kernel_distance
from ganlib.metrics.intervals import bootstrap_interval

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("halves", [False, True])
def test_the_interval_of_a_mean_has_the_width_of_the_textbook(halves):
    values = RNG.normal(5, 2, size=400)
    low, high = bootstrap_interval(np.mean, values, resamples=4000, halves=halves)
    error = stats.sem(values)
    np.testing.assert_allclose(
        [low, high], values.mean() + np.array([-1.96, 1.96]) * error, atol=0.1 * error
    )


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_the_level_is_how_often_the_truth_lies_inside(level):
    inside = 0
    for seed in range(300):
        values = np.random.default_rng(seed).exponential(size=60)
        low, high = bootstrap_interval(np.mean, values, level=level, seed=seed)
        inside += low <= 1.0 <= high
    assert abs(inside / 300 - level) < 0.08


def spread(distance, seeds=40, n=80):
    draws = [np.random.default_rng(seed).normal(size=(2, n, 4)) for seed in range(seeds)]
    return draws, np.std([distance(real, 1.5 * fake) for real, fake in draws])


@pytest.mark.parametrize(
    ("distance", "halves"),
    [(frechet_distance, False), (kernel_distance, True), (frechet_distance, True)],
)
def test_intervals_of_distances_are_as_wide_as_the_distances_of_new_clips_vary(distance, halves):
    draws, deviation = spread(distance)
    widths = [
        np.subtract(*bootstrap_interval(distance, real, 1.5 * fake, halves=halves)[::-1])
        for real, fake in draws[:8]
    ]
    assert 0.6 < np.mean(widths) / (2 * 1.96 * deviation) < 1.6


def test_the_interval_of_a_biased_statistic_holds_the_figure_itself():
    """Repeated clips raise the Fréchet distance: the plain quantiles lie above the figure."""
    real, fake = RNG.normal(size=(2, 60, 20))
    figure = frechet_distance(real, fake)
    low, high = bootstrap_interval(frechet_distance, real, fake)
    draws = np.random.default_rng(1).integers(60, size=(50, 60))
    plain = np.quantile([frechet_distance(real[i], fake[i]) for i in draws], 0.025)
    assert low < figure < high
    assert plain > figure


def test_arrays_of_one_length_are_resampled_together():
    posteriors, labels = np.eye(4)[RNG.integers(4, size=50)], RNG.integers(4, size=50)
    labels[:40] = posteriors[:40].argmax(axis=1)
    right = posteriors.argmax(axis=1) == labels
    assert bootstrap_interval(conditional_accuracy, posteriors, labels) == bootstrap_interval(
        np.mean, right
    )


def test_arrays_of_different_lengths_are_resampled_on_their_own():
    seen = []

    def sizes(real, fake):
        seen.append((len(real), len(fake), len(np.unique(fake))))
        return 0.0

    bootstrap_interval(sizes, np.arange(30), np.arange(50))
    assert {size[:2] for size in seen} == {(30, 50)}
    assert 28 < np.mean([size[2] for size in seen[1:]]) < 35  # 50 (1 - 1/e) = 31.6 different ones


def test_halves_draw_no_clip_twice():
    seen = []

    def different(values):
        seen.append((len(values), len(np.unique(values))))
        return 0.0

    bootstrap_interval(different, np.arange(31), halves=True)
    assert set(seen[1:]) == {(15, 15)}


def test_several_statistics_share_the_draws():
    real, fake = RNG.normal(size=(2, 60, 3))
    low, high = bootstrap_interval(density_coverage, real, fake, halves=True, limits=(0, np.inf))
    assert low.shape == high.shape == (2,)
    alone = bootstrap_interval(lambda r, f: density_coverage(r, f)[1], real, fake, halves=True)
    np.testing.assert_allclose((low[1], high[1]), alone)


def test_the_limits_are_not_crossed():
    heard = np.repeat([1.0, 0.0], [98, 2])
    assert bootstrap_interval(np.mean, heard, limits=(0.97, 0.99)) == (0.97, 0.99)


def test_the_seed_decides_and_a_constant_has_no_width():
    values = RNG.normal(size=40)
    results = [bootstrap_interval(np.mean, values, seed=seed) for seed in (3, 3, 4)]
    assert results[0] == results[1] != results[2]
    np.testing.assert_allclose(bootstrap_interval(np.mean, np.ones(9)), (1.0, 1.0))


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        ((), {}, "arrays of at least 2 clips"),
        ((np.ones(1),), {}, "arrays of at least 2 clips"),
        ((np.ones(3),), {"halves": True}, "arrays of at least 4 clips"),
        ((np.float64(3),), {}, "arrays of at least 2 clips"),
        ((np.ones(5),), {"level": 95}, "level must be above 0 and below 1"),
        ((np.ones(5),), {"resamples": 5}, "resamples must be at least 20"),
        ((np.full(5, np.nan),), {}, "statistic must be finite"),
    ],
)
def test_what_has_no_interval_is_refused(arrays, options, message):
    with pytest.raises(OptionError, match=message):
        bootstrap_interval(lambda *x: np.mean(x[0]), *arrays, **options)
