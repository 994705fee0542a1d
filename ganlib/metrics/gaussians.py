"""Gaussians fitted to features: what the Fréchet distance compares."""

import numpy as np

from ganlib.errors import OptionError
from ganlib.metrics.arrays import checked_features, checked_pair


def gaussian_statistics(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance (divided by clips - 1): all that the Fréchet distance reads of a set.

    Args:
        features: (clips, dims), at least 2 clips.

    Returns:
        float64 (dims,) and (dims, dims).

    Raises:
        OptionError: for fewer clips, another shape, or values that are not finite.

    Example:
        >>> mean, covariance = gaussian_statistics(np.array([[0.0], [2.0]]))
        >>> mean.tolist(), covariance.tolist()
        ([1.0], [[2.0]])
    """
    features = checked_features(features, "features", at_least=2)
    return features.mean(axis=0), np.cov(features, rowvar=False).reshape(features.shape[1], -1)


def gaussian_distance(
    real_mean: np.ndarray,
    real_covariance: np.ndarray,
    fake_mean: np.ndarray,
    fake_covariance: np.ndarray,
) -> float:
    """Fréchet distance, squared, of two Gaussians: `|m - m'|^2 + tr(S + S' - 2 (S S')^(1/2))`.

    `tr (S S')^(1/2)` is the sum of the singular values of `S^(1/2) S'^(1/2)`, whose factors come
    from the eigenvalues of symmetric matrices: nothing turns complex, and singular covariances
    are as good as any.

    Args:
        real_mean: (dims,).
        real_covariance: (dims, dims), symmetric, no negative eigenvalues but for rounding.
        fake_mean: (dims,).
        fake_covariance: (dims, dims).

    Returns:
        A number of at least 0; 0 only where both are equal.

    Raises:
        OptionError: if the shapes do not belong together, or a value is not finite.

    Example:
        >>> gaussian_distance(np.zeros(1), np.ones((1, 1)), np.array([3.0]), np.full((1, 1), 4.0))
        10.0

    Reference: Dowson and Landau (1982), The Fréchet distance between multivariate normal
        distributions, Journal of Multivariate Analysis 12(3).
    """
    mean, other_mean = checked_pair(np.atleast_2d(real_mean), np.atleast_2d(fake_mean))
    covariance, other = checked_pair(real_covariance, fake_covariance)
    dims = mean.shape[1]
    if covariance.shape != (dims, dims) or other.shape != (dims, dims):
        raise OptionError(
            f"For {dims} dimensions both covariances must have the shape ({dims}, {dims}), not "
            f"{covariance.shape} and {other.shape}."
        )
    overlap = np.linalg.norm(_root(covariance) @ _root(other), "nuc")
    distance = np.sum((mean - other_mean) ** 2) + np.trace(covariance) + np.trace(other)
    return max(float(distance - 2 * overlap), 0.0)


def few_clips_distance(real: np.ndarray, fake: np.ndarray) -> float:
    """`gaussian_distance` of two sets, from products of clips: fast where they are few.

    With X and Y the features less their means, divided by (clips - 1)^(1/2), the covariances are
    `S = X' X` and `S' = Y' Y`, and X is `S^(1/2)` but for a rotation, which changes no singular
    value. So `tr (S S')^(1/2)` is the sum of the singular values of `X Y'`, (clips, clips).

    Args:
        real: float64 (clips, dims), at least 2 clips, finite.
        fake: the same; the number of clips may differ.

    Returns:
        A number of at least 0.

    Example:
        >>> few_clips_distance(np.array([[0.0], [2.0]]), np.array([[5.0], [7.0]]))
        25.0
    """
    means = real.mean(axis=0), fake.mean(axis=0)
    x, y = (
        (clips - mean) / np.sqrt(len(clips) - 1)
        for clips, mean in zip((real, fake), means, strict=True)
    )
    overlap = np.linalg.norm(x @ y.T, "nuc")
    distance = np.sum((means[0] - means[1]) ** 2) + np.sum(x * x) + np.sum(y * y)
    return max(float(distance - 2 * overlap), 0.0)


def _root(covariance: np.ndarray) -> np.ndarray:
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
