"""The distance of Gaussians against SciPy's matrix square root and closed forms."""

import numpy as np
import pytest
from scipy import linalg

from ganlib.errors import OptionError
from ganlib.metrics.gaussians import (
    few_clips_distance,
    gaussian_distance,
    gaussian_statistics,
)

RNG = np.random.default_rng(0)


def random_gaussian(dims, rank):
    factor = RNG.normal(size=(dims, rank))
    return RNG.normal(size=dims), factor @ factor.T


def test_the_distance_agrees_with_the_matrix_square_root_of_scipy():
    for _ in range(5):
        (m, s), (n, t) = random_gaussian(6, 9), random_gaussian(6, 9)
        expected = np.sum((m - n) ** 2) + np.trace(s + t - 2 * linalg.sqrtm(s @ t).real)
        np.testing.assert_allclose(gaussian_distance(m, s, n, t), expected, rtol=1e-9)


def test_commuting_covariances_have_a_closed_form():
    axes = linalg.qr(RNG.normal(size=(5, 5)))[0]
    a, b = RNG.uniform(0, 4, size=(2, 5))
    m, n = RNG.normal(size=(2, 5))
    expected = np.sum((m - n) ** 2) + np.sum((np.sqrt(a) - np.sqrt(b)) ** 2)
    got = gaussian_distance(m, axes * a @ axes.T, n, axes * b @ axes.T)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_lines_in_different_directions_are_covariances_like_any():
    """Two singular covariances u u' and v v': tr (S S')^(1/2) = |u . v|."""
    u, v = RNG.normal(size=(2, 40))
    got = gaussian_distance(np.zeros(40), np.outer(u, u), np.zeros(40), np.outer(v, v))
    np.testing.assert_allclose(got, u @ u + v @ v - 2 * abs(u @ v), rtol=1e-9)


def test_gaussians_of_low_rank_are_told_apart_by_a_hair():
    """Rounding in the 118 empty directions of the covariance must not add up."""
    mean, covariance = random_gaussian(128, 10)
    step = np.eye(128)[0] * 1e-3
    got = gaussian_distance(mean, covariance, mean + step, covariance)
    assert got == pytest.approx(1e-6, rel=1e-2)
    assert 0 <= gaussian_distance(mean, covariance, mean, covariance) < 1e-8


def test_the_statistics_are_those_of_numpy_in_one_dimension_too():
    features = RNG.normal(size=(9, 1))
    mean, covariance = gaussian_statistics(features)
    assert covariance.shape == (1, 1)
    np.testing.assert_allclose(covariance[0, 0], np.var(features, ddof=1))
    np.testing.assert_allclose(mean, features.mean(axis=0))


def test_a_single_clip_has_no_covariance():
    with pytest.raises(OptionError, match="at least 2 clips"):
        gaussian_statistics(np.zeros((1, 3)))


def test_a_covariance_of_another_size_is_refused():
    with pytest.raises(OptionError, match=r"must have the shape \(3, 3\), not \(4, 4\)"):
        gaussian_distance(np.zeros(3), np.eye(4), np.zeros(3), np.eye(4))


@pytest.mark.parametrize(("real_clips", "fake_clips"), [(9, 40), (40, 9), (2, 3), (40, 60)])
def test_the_products_of_clips_give_the_distance_of_the_covariances(real_clips, fake_clips):
    real, fake = RNG.normal(size=(real_clips, 12)), 0.3 + 2 * RNG.normal(size=(fake_clips, 12))
    expected = gaussian_distance(*gaussian_statistics(real), *gaussian_statistics(fake))
    np.testing.assert_allclose(few_clips_distance(real, fake), expected, rtol=1e-6)
