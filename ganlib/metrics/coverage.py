"""Fidelity and variety apart: do the generated clips lie where real ones lie, and everywhere?

A distance is one number for two faults. Here precision and density ask whether a generated clip
looks like a real one, recall and coverage whether the real ones are all reached; bins count where
there are too many or too few. Distances are Euclidean, so features must have one common scale."""

import warnings

import numpy as np
from scipy import special
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist

from ganlib.errors import OptionError
from ganlib.metrics.arrays import checked_pair

_Z_LIMIT = 1.959964  # the two-sided test at 0.05


def precision_recall(
    real: np.ndarray, fake: np.ndarray, neighbours: int = 5
) -> tuple[float, float]:
    """Improved precision and recall: shares of clips inside the other set's estimated support.

    The support of a set is the union of the balls around its clips, each as large as the distance
    to the clip's k-th nearest neighbour in the same set, the border included. Precision is the
    share of generated clips in the real support, recall the share of real ones in the generated.

    Both depend on the number of clips. One far outlier has a huge ball, which raises precision if
    it is real and recall if it is generated; clips of one mode only keep precision at 1.

    Args:
        real: (clips, dims), more clips than `neighbours`.
        fake: (clips, dims). The larger set is reduced to the size of the smaller one, by a draw
            that is always the same.
        neighbours: k.

    Returns:
        Precision and recall, each in [0, 1]; (1, 1) for identical sets.

    Raises:
        OptionError: for too few clips, dimensions that differ, or values that are not finite.

    Example:
        >>> real = np.random.default_rng(0).normal(size=(100, 2))
        >>> precision_recall(real, np.tile(real[:1], (100, 1)))  # one real clip, repeated
        (1.0, 0.01)

    Reference: Kynkäänniemi et al. (2019), Improved precision and recall metric for assessing
        generative models, arXiv 1904.06991, equations 1 and 2 (with k = 3).
    """
    real, fake = _equal_sets(real, fake, neighbours)
    distances = cdist(real, fake)
    precision = (distances <= _radii(real, neighbours)[:, None]).any(axis=0).mean()
    recall = (distances <= _radii(fake, neighbours)[None, :]).any(axis=1).mean()
    return float(precision), float(recall)


def density_coverage(
    real: np.ndarray, fake: np.ndarray, neighbours: int = 5
) -> tuple[float, float]:
    """Density and coverage: how many real balls hold a generated clip, and how many hold any.

    With the balls of `precision_recall` around the real clips only, density is the mean number of
    balls around a generated clip, divided by k; coverage is the share of real clips with a
    generated one in their ball. A real outlier's huge ball is then one of many for density.

    For two sets of one distribution density is 1 on average and coverage
    1 - (n-1) ... (n-k) / ((2n-1) ... (2n-k)), which is 0.97 for k = 5 and many clips. Density is
    fooled by clips crowded where real ones are densest, coverage by a repeated training set.

    Args:
        real: (clips, dims), more clips than `neighbours`.
        fake: (clips, dims); sets of different sizes are treated as in `precision_recall`.
        neighbours: k.

    Returns:
        Density, at least 0 and possibly above 1, and coverage in [0, 1].

    Raises:
        OptionError: for too few clips, dimensions that differ, or values that are not finite.

    Example:
        >>> real = np.arange(40.0).reshape(20, 2)
        >>> density_coverage(real, real + 100)
        (0.0, 0.0)

    Reference: Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models,
        arXiv 2002.09797, equations 3 and 4; the expected values: section 3.
    """
    real, fake = _equal_sets(real, fake, neighbours)
    inside = cdist(real, fake) <= _radii(real, neighbours)[:, None]
    return float(inside.sum(axis=0).mean() / neighbours), float(inside.any(axis=1).mean())


def _equal_sets(
    real: np.ndarray, fake: np.ndarray, neighbours: int
) -> tuple[np.ndarray, np.ndarray]:
    """Both sets with as many clips as the smaller one has, drawn always in the same way."""
    if not isinstance(neighbours, int | np.integer) or neighbours < 1:
        raise OptionError(f"neighbours must be a whole number of at least 1, not {neighbours!r}.")
    real, fake = checked_pair(real, fake, at_least=neighbours + 1)
    clips = min(len(real), len(fake))
    draws = [np.random.default_rng(0).permutation(len(x))[:clips] for x in (real, fake)]
    return real[np.sort(draws[0])], fake[np.sort(draws[1])]


def _radii(points: np.ndarray, neighbours: int) -> np.ndarray:
    """The distance from each point to its k-th nearest neighbour among the others."""
    return np.partition(cdist(points, points), neighbours, axis=1)[:, neighbours]


def number_of_different_bins(
    reference: np.ndarray, samples: np.ndarray, bins: int = 50, seed: int = 0
) -> tuple[float, float]:
    """Share of statistically different bins, and the Jensen-Shannon divergence of the bins.

    K-means on the reference makes the bins. A bin is different if a two-proportion z-test tells
    the reference's share p from the samples' share q at 0.05: |p - q| > 1.96 standard errors,
    sqrt(r (1 - r) (1/n + 1/m)) with r the share among all. The divergence is the mean of
    KL(p || (p+q)/2) and KL(q || (p+q)/2) over the bins.

    Even samples of the reference's distribution differ in about 0.05 of the bins. The share grows
    with the number of clips, as any test's power does, and the divergence falls with it, so state
    both numbers. Neither sees what happens within a bin; samples that repeat the reference get 0.

    Args:
        reference: (clips, dims), at least `bins` different clips; better 20 times as many.
        samples: (clips, dims); the number may differ.
        bins: number of bins.
        seed: of the k-means; the same seed gives the same bins.

    Returns:
        A share in [0, 1], and a divergence in [0, ln 2] nats.

    Raises:
        OptionError: for too few different clips, or as for `precision_recall`.

    Example:
        >>> reference = np.random.default_rng(0).normal(size=(500, 2))
        >>> number_of_different_bins(reference, reference, bins=10)
        (0.0, 0.0)

    Reference: Richardson and Weiss (2018), On GANs and GMMs, arXiv 1805.12462, section 3.
    """
    reference, samples = checked_pair(reference, samples, names=("reference", "samples"))
    different = len(np.unique(reference, axis=0))
    if not 1 <= bins <= different:
        raise OptionError(
            f"bins must be from 1 to the number of different reference clips, {different}, not "
            f"{bins}."
        )
    centres = _centres(reference, bins, seed)
    counts = [
        np.bincount(cdist(x, centres).argmin(axis=1), minlength=bins) for x in (reference, samples)
    ]
    return _different_share(*counts), _jensen_shannon(*(c / c.sum() for c in counts))


def _centres(points: np.ndarray, bins: int, seed: int) -> np.ndarray:
    with warnings.catch_warnings():  # a bin that runs empty keeps its centre: no harm
        warnings.filterwarnings("ignore", message="One of the clusters is empty")
        return kmeans2(points, bins, iter=30, minit="++", seed=seed)[0]


def _different_share(reference: np.ndarray, samples: np.ndarray) -> float:
    n, m = reference.sum(), samples.sum()
    pooled = (reference + samples) / (n + m)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(np.mean(np.abs(reference / n - samples / m) > _Z_LIMIT * error))


def _jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
    mean = (p + q) / 2
    return float((special.rel_entr(p, mean).sum() + special.rel_entr(q, mean).sum()) / 2)
