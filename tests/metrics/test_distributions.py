"""Scores and distances against brute force, closed forms and what they are known to miss."""

import numpy as np
import pytest
from scipy import linalg, stats

from ganlib.errors import OptionError
from ganlib.metrics.distributions import (
    EPSILON,
    am_score,
    frechet_distance,
    inception_score,
    kernel_distance,
    modified_inception_score,
)

RNG = np.random.default_rng(0)
POSTERIORS = RNG.dirichlet(np.full(10, 0.3), size=97)
ONE_OF_EACH = np.repeat(np.eye(10), 30, axis=0)  # in the order of the classes


# Scores of posteriors ---------------------------------------------------------------------------


def test_the_inception_score_is_the_mean_divergence_from_the_mean_posterior():
    mean = POSTERIORS.mean(axis=0)
    expected = np.exp(np.mean([stats.entropy(p, mean) for p in POSTERIORS]))
    score, deviation = inception_score(POSTERIORS, splits=1)
    np.testing.assert_allclose(score, expected, rtol=1e-12)
    assert deviation == 0


def test_splits_partition_the_shuffled_clips():
    order = np.random.default_rng(0).permutation(97)
    parts = np.split(POSTERIORS[order], [97 * i // 4 for i in range(1, 4)])
    scores = [
        np.exp(np.mean([stats.entropy(p, part.mean(axis=0)) for p in part])) for part in parts
    ]
    got = inception_score(POSTERIORS, splits=4)
    np.testing.assert_allclose(got, (np.mean(scores), np.std(scores)), rtol=1e-12)


def test_clips_in_the_order_of_their_labels_do_not_lower_the_inception_score():
    assert inception_score(ONE_OF_EACH, splits=10)[0] > 8


@pytest.mark.parametrize("score", [lambda p: inception_score(p)[0], modified_inception_score])
def test_clips_that_all_look_alike_score_1(score):
    for same in (np.full((20, 5), 0.2), np.tile(np.eye(5)[2], (20, 1)), np.ones((20, 1))):
        np.testing.assert_allclose(score(same), 1.0, atol=1e-12)


def test_a_cheater_with_one_perfect_clip_a_class_gets_the_highest_inception_score():
    np.testing.assert_allclose(inception_score(ONE_OF_EACH, splits=1)[0], 10.0)


def test_the_modified_score_is_the_mean_over_all_pairs_of_two_clips():
    p = (POSTERIORS[:20] + EPSILON) / (1 + 10 * EPSILON)
    pairs = [stats.entropy(p[i], p[j]) for i in range(20) for j in range(20) if i != j]
    got = modified_inception_score(POSTERIORS[:20])
    np.testing.assert_allclose(got, np.exp(np.mean(pairs)), rtol=1e-10)


def test_sure_posteriors_leave_the_modified_score_finite():
    assert 1e4 < modified_inception_score(ONE_OF_EACH) < 1e6


def test_the_am_score_is_a_divergence_of_marginals_and_a_mean_entropy():
    reference = RNG.dirichlet(np.full(10, 2.0), size=40)
    marginals = stats.entropy(reference.mean(axis=0), POSTERIORS.mean(axis=0))
    expected = marginals + np.mean(stats.entropy(POSTERIORS, axis=1))
    np.testing.assert_allclose(am_score(reference, POSTERIORS), expected, rtol=1e-4)


def test_the_am_score_charges_a_missing_class_by_the_share_of_the_reference():
    halves = np.eye(2)[[0, 1]]
    got = am_score(halves, np.eye(2)[[0, 0]])
    np.testing.assert_allclose(got, 0.5 * np.log(0.5) + 0.5 * np.log(0.5 / EPSILON), rtol=1e-5)
    assert am_score(np.eye(2)[[0, 0]], halves) == pytest.approx(np.log(2), abs=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: inception_score(POSTERIORS[:5]), "number of clips, 5, not 10"),
        (lambda: inception_score(POSTERIORS, splits=0), "splits must be from 1"),
        (lambda: inception_score(np.log(POSTERIORS)), "apply a softmax"),
        (lambda: inception_score(np.full((20, 2), np.nan)), "NaN"),
        (lambda: modified_inception_score(POSTERIORS[:1]), "at least 2 clips"),
        (lambda: am_score(POSTERIORS[:, :1] * 0 + 1, POSTERIORS), "same number of dimensions"),
    ],
)
def test_posteriors_that_cannot_be_scored_are_refused(call, message):
    with pytest.raises(OptionError, match=message):
        call()


def test_one_clip_in_one_split_scores_1():
    assert inception_score(POSTERIORS[:1], splits=1) == (1.0, 0.0)


# Distances of features --------------------------------------------------------------------------


def test_the_frechet_distance_agrees_with_scipy():
    real, fake = RNG.normal(size=(50, 6)), RNG.normal(0.3, 1.5, size=(80, 6))
    s, t = np.cov(real.T), np.cov(fake.T)
    mean = np.sum((real.mean(axis=0) - fake.mean(axis=0)) ** 2)
    expected = mean + np.trace(s + t - 2 * linalg.sqrtm(s @ t).real)
    np.testing.assert_allclose(frechet_distance(real, fake), expected, rtol=1e-9)


def test_many_clips_of_two_gaussians_are_at_the_distance_of_the_gaussians():
    scale, shift = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])
    real = RNG.normal(size=(40_000, 3))
    fake = RNG.normal(size=(40_000, 3)) * scale + shift
    expected = np.sum(shift**2) + np.sum((1 - scale) ** 2)
    np.testing.assert_allclose(frechet_distance(real, fake), expected, rtol=0.03)


def test_fewer_clips_than_dimensions_are_no_trouble():
    """With r real clips in orthogonal directions to the fake ones, the distance has a form."""
    real, fake = np.zeros((8, 100)), np.zeros((8, 100))
    real[:, :4], fake[:, 50:54] = RNG.normal(size=(2, 8, 4))
    real, fake = real - real.mean(axis=0), fake - fake.mean(axis=0)
    expected = (np.sum(real**2) + np.sum(fake**2)) / 7
    np.testing.assert_allclose(frechet_distance(real, fake), expected, rtol=1e-9)


def test_the_frechet_distance_of_one_distribution_falls_with_the_number_of_clips():
    few, many = (frechet_distance(*RNG.normal(size=(2, n, 16))) for n in (50, 2000))
    assert few > 10 * many > 0


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_a_turn_of_the_space_changes_no_distance(distance):
    turn = linalg.qr(RNG.normal(size=(5, 5)))[0]
    real, fake = RNG.normal(size=(30, 5)), RNG.normal(0.5, 2, size=(40, 5))
    np.testing.assert_allclose(distance(real @ turn, fake @ turn), distance(real, fake), rtol=1e-9)
    np.testing.assert_allclose(distance(fake, real), distance(real, fake), rtol=1e-9)


def test_identical_sets_are_at_distance_0_or_below():
    real = RNG.normal(size=(60, 20))
    assert 0 <= frechet_distance(real, real) < 1e-10
    assert kernel_distance(real, real) < 0  # the pairs of equals count in one sum only


def brute_force_kernel_distance(x, y):
    def k(a, b):
        return (sum(s * t for s, t in zip(a, b, strict=True)) / len(a) + 1) ** 3

    n, m = len(x), len(y)
    xx = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    yy = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return xx + yy - 2 * sum(k(a, b) for a in x for b in y) / (n * m)


def test_the_kernel_distance_is_the_sum_over_all_pairs():
    real, fake = RNG.normal(size=(12, 4)), RNG.normal(1.0, 1.0, size=(17, 4))
    expected = brute_force_kernel_distance(real, fake)
    np.testing.assert_allclose(kernel_distance(real, fake), expected, rtol=1e-10)


def test_the_kernel_distance_is_summed_in_blocks_of_rows(monkeypatch):
    real, fake = RNG.normal(size=(12, 4)), RNG.normal(1.0, 1.0, size=(17, 4))
    whole = kernel_distance(real, fake)
    monkeypatch.setattr("ganlib.metrics.distributions._ROWS", 5)
    np.testing.assert_allclose(kernel_distance(real, fake), whole, rtol=1e-12)


def test_the_kernel_distance_of_one_distribution_is_0_on_average_however_few_the_clips():
    got = [kernel_distance(*np.random.default_rng(s).normal(size=(2, 10, 3))) for s in range(600)]
    error = np.std(got) / np.sqrt(len(got))
    assert abs(np.mean(got)) < 3 * error
    assert 0.3 < np.mean(np.array(got) < 0) < 0.8


def test_the_kernel_distance_has_its_expected_value_for_two_points_apart():
    """E k(x, x') with x at 0 is 1; a constant c in one dimension has k = (c^2 + 1)^3 and 1."""
    got = kernel_distance(np.zeros((5, 1)), np.full((7, 1), 2.0))
    np.testing.assert_allclose(got, 1 + 5**3 - 2)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
@pytest.mark.parametrize(
    ("real", "fake", "message"),
    [
        (np.zeros((1, 3)), np.zeros((5, 3)), "real must have at least 2 clips"),
        (np.zeros((5, 3)), np.zeros((1, 3)), "fake must have at least 2 clips"),
        (np.zeros((5, 3)), np.zeros((5, 4)), "same number of dimensions"),
        (np.zeros((5, 3)), np.full((5, 3), np.nan), "fake must be finite"),
    ],
)
def test_sets_without_a_distance_are_refused(distance, real, fake, message):
    with pytest.raises(OptionError, match=message):
        distance(real, fake)
