"""How far the generated clips are, as a crowd, from the real ones: scores and distances.

Scores read a classifier's posteriors, distances its features. All of them are relative to that
classifier: figures of two classifiers, or of two numbers of clips, must not be compared."""

import numpy as np
from scipy import special

from ganlib.errors import OptionError
from ganlib.metrics.arrays import checked_features, checked_pair, checked_probabilities
from ganlib.metrics.gaussians import (
    few_clips_distance,
    gaussian_distance,
    gaussian_statistics,
)

EPSILON = 1e-6  # keeps the logarithm of a probability of 0 finite
_ROWS = 1024  # of a kernel matrix at a time


def inception_score(probabilities: np.ndarray, splits: int = 10) -> tuple[float, float]:
    """Inception score: `exp(E_x KL(p(y|x) || p(y)))`, with p(y) the mean posterior of a split.

    High when each clip is named surely and all names occur. It never looks at real clips: one
    perfect clip of each class repeated for ever gets the highest score, and so does noise that
    the classifier happens to name surely. Few clips in a split lower it, because their own mean
    stands for p(y): 10 clips of 10 classes have one of each at best.

    Args:
        probabilities: (clips, classes), rows with a sum of 1.
        splits: parts in which the score is taken.

    Returns:
        Mean and standard deviation over the splits; the mean is in [1, classes].

    Raises:
        OptionError: if `probabilities` are none, or there are fewer clips than splits.

    Example:
        >>> one_of_each = np.tile(np.eye(4), (25, 1))
        >>> score, deviation = inception_score(one_of_each, splits=1)
        >>> round(score, 6), deviation
        (4.0, 0.0)

    Reference: Salimans et al. (2016), Improved techniques for training GANs, arXiv 1606.03498,
        section 4; its limits: Barratt and Sharma (2018), arXiv 1801.01973.

    Differs: the clips are shuffled first, always in the same way. Generated clips often stand in
        the order of their labels, and then each of the published contiguous splits has one class.
    """
    p = checked_probabilities(probabilities)
    if not 1 <= splits <= len(p):
        raise OptionError(f"splits must be from 1 to the number of clips, {len(p)}, not {splits}.")
    p = p[np.random.default_rng(0).permutation(len(p))]
    scores = [np.exp(_divergences(part, part.mean(axis=0)).mean()) for part in _split(p, splits)]
    return float(np.mean(scores)), float(np.std(scores))


def _divergences(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """KL(p || q) over the last axis, in nats; 0 log 0 is 0."""
    return special.rel_entr(p, q).sum(axis=-1)


def _split(rows: np.ndarray, splits: int) -> list[np.ndarray]:
    edges = [i * len(rows) // splits for i in range(splits + 1)]
    return [rows[start:end] for start, end in zip(edges, edges[1:], strict=False)]


def modified_inception_score(probabilities: np.ndarray) -> float:
    """Modified inception score: `exp(E_{x, x'} KL(p(y|x) || p(y|x')))` over all pairs x != x'.

    Unlike the inception score it also rewards clips of one class that are named differently, and
    has no upper limit: it grows with the classifier's confidence, down to the 1e-6 that is added
    to every probability. It is fooled as the inception score is.

    Args:
        probabilities: (clips, classes), rows with a sum of 1; at least 2 clips.

    Returns:
        A number of at least 1. The exponent has no bias with the number of clips.

    Raises:
        OptionError: if `probabilities` are none, or there is only one clip.

    Example:
        >>> round(modified_inception_score(np.array([[0.5, 0.5], [0.2, 0.8]])), 4)
        1.2311

    Reference: Gurumurthy et al. (2017), DeLiGAN, arXiv 1706.02071, section 4; over the pairs of
        all classes as in Kong et al. (2020), DiffWave, arXiv 2009.09761.

    Differs: all pairs instead of some drawn at random; the mean over them has a closed form.
    """
    p = _smoothed(checked_probabilities(probabilities))
    checked_features(p, "probabilities", at_least=2)
    logs = np.log(p)
    same = np.sum(p * logs, axis=1).mean()
    other = p.mean(axis=0) @ logs.mean(axis=0)  # this mean has the pairs x = x' too, all 0
    return float(np.exp(max(same - other, 0.0) * len(p) / (len(p) - 1)))


def _smoothed(p: np.ndarray) -> np.ndarray:
    return (p + EPSILON) / (1 + EPSILON * p.shape[-1])


def am_score(reference_probabilities: np.ndarray, probabilities: np.ndarray) -> float:
    """AM score: `KL(p_reference(y) || p(y)) + E_x H(p(y|x))`, in nats; lower is better.

    The first term asks for the classes in the shares of the reference, the second for clips that
    are named surely. It is blind to variety within a class: one perfect clip of each class, in the
    right shares, gets 0. The first term falls with the number of clips, by about
    (classes - 1) / (2 clips). A class that never occurs costs its share times up to 13.8, since
    1e-6 is added to the mean posteriors.

    Args:
        reference_probabilities: (clips, classes) of real clips.
        probabilities: (clips, classes) of generated clips.

    Returns:
        A number of at least 0.

    Raises:
        OptionError: if either are no probabilities, or the numbers of classes differ.

    Example:
        >>> real = np.tile(np.eye(2), (50, 1))
        >>> round(am_score(real, real), 6), round(am_score(real, np.full((10, 2), 0.5)), 4)
        (0.0, 0.6931)

    Reference: Zhou et al. (2017), Activation maximization generative adversarial nets, arXiv
        1703.02000, section 6.
    """
    reference = checked_probabilities(reference_probabilities, "reference_probabilities")
    p = checked_probabilities(probabilities)
    checked_pair(reference, p, names=("reference_probabilities", "probabilities"))
    entropy = special.entr(p).sum(axis=1).mean()
    means = _smoothed(reference.mean(axis=0)), _smoothed(p.mean(axis=0))
    return float(_divergences(*means) + entropy)


def frechet_distance(real: np.ndarray, fake: np.ndarray) -> float:
    """Fréchet distance of features, as if both sets were Gaussian; see `gaussian_distance`.

    It sees the mean and the covariance and nothing else: any cloud with those two gets 0. It is
    biased upwards, the more so the fewer the clips and the more the dimensions, and below about
    as many clips as dimensions by a lot; compare only figures at the same two numbers of clips.
    The kernel distance has no such bias.

    Args:
        real: (clips, dims), at least 2 clips.
        fake: (clips, dims), at least 2 clips; the number may differ.

    Returns:
        A number of at least 0, in squared units of the features.

    Raises:
        OptionError: for fewer clips, dimensions that differ, or values that are not finite.

    Example:
        >>> real = np.random.default_rng(0).normal(size=(100, 3))
        >>> round(frechet_distance(real, real), 9), round(frechet_distance(real, real + 1), 9)
        (0.0, 3.0)

    Reference: Heusel et al. (2017), GANs trained by a two time-scale update rule converge to a
        local Nash equilibrium, arXiv 1706.08500, equation 6; the bias: Chong and Forsyth (2019),
        Effectively unbiased FID and Inception score, arXiv 1911.07023.
    """
    real, fake = checked_pair(real, fake, at_least=2)
    if min(len(real), len(fake)) < real.shape[1]:
        return few_clips_distance(real, fake)
    return gaussian_distance(*gaussian_statistics(real), *gaussian_statistics(fake))


def kernel_distance(real: np.ndarray, fake: np.ndarray) -> float:
    """Kernel distance: the squared maximum mean discrepancy, unbiased, of a cubic kernel.

    `mean_{i != j} k(x_i, x_j) + mean_{i != j} k(y_i, y_j) - 2 mean_{i, j} k(x_i, y_j)` with
    `k(x, y) = (x . y / dims + 1)^3`. Its expectation is the same for any number of clips, and 0
    for two sets of one distribution, so that it falls below 0 about half of the time there: that
    is no error. Prefer it to the Fréchet distance below 5,000 clips. It sees moments up to the
    third only, and grows with the sixth power of the features' scale, so a few far clips rule it.

    Args:
        real: (clips, dims), at least 2 clips.
        fake: (clips, dims), at least 2 clips; the number may differ.

    Returns:
        A number, about 0 or above. All pairs are used: no subsets, nothing is drawn.

    Raises:
        OptionError: for fewer clips, dimensions that differ, or values that are not finite.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> real, fake, far = rng.normal(size=(3, 500, 4))
        >>> abs(kernel_distance(real, fake)) < 0.05 < kernel_distance(real, far + 0.5)
        True

    Reference: Bińkowski et al. (2018), Demystifying MMD GANs, arXiv 1801.01401, section 4; the
        estimate: Gretton et al. (2012), A kernel two-sample test, JMLR 13, equation 3.
    """
    real, fake = checked_pair(real, fake, at_least=2)
    within = [
        (_kernel_sum(x, x) - np.sum(_cubic(np.sum(x * x, axis=1), x.shape[1])))
        / (len(x) * (len(x) - 1))
        for x in (real, fake)
    ]
    between = _kernel_sum(real, fake) / (len(real) * len(fake))
    return float(sum(within) - 2 * between)


def _cubic(products: np.ndarray, dims: int) -> np.ndarray:
    base = products / dims + 1
    return base * base * base  # a power would call pow for every pair


def _kernel_sum(x: np.ndarray, y: np.ndarray) -> float:
    """The kernel's sum over all pairs, some rows at a time to spare memory."""
    starts = range(0, len(x), _ROWS)
    return float(sum(_cubic(x[i : i + _ROWS] @ y.T, x.shape[1]).sum() for i in starts))
