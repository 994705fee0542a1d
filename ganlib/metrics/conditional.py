"""Is it the clip that was asked for? Metrics that know the labels."""

import numpy as np

from ganlib.errors import OptionError
from ganlib.metrics.arrays import checked_labels, checked_pair, checked_probabilities
from ganlib.metrics.distributions import frechet_distance
from ganlib.metrics.memorization import nearest_neighbours


def conditional_accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Share of clips whose likeliest class is the one they were generated for.

    The classifier's own mistakes on real clips bound it, so state it beside, or divided by, the
    accuracy on real ones. One perfect clip for each class, repeated, gets 1.

    Args:
        probabilities: (clips, classes), rows with a sum of 1.
        labels: integers (clips,), the intended class.

    Returns:
        A number in [0, 1]; its standard error is sqrt(a (1 - a) / clips).

    Raises:
        OptionError: if `probabilities` are none, or a label names no class.

    Example:
        >>> conditional_accuracy(np.array([[0.9, 0.1], [0.8, 0.2]]), np.array([0, 1]))
        0.5

    Reference: Ravuri and Vinyals (2019), Classification accuracy score for conditional generative
        models, arXiv 1905.10887, train the classifier on generated clips; here it is trained on
        real ones, as in Kong et al. (2020), DiffWave, arXiv 2009.09761, table 3.
    """
    p = checked_probabilities(probabilities)
    labels = checked_labels(labels, len(p))
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= p.shape[1]:
        raise OptionError(f"labels must be integers from 0 to {p.shape[1] - 1}, one a clip.")
    return float(np.mean(p.argmax(axis=1) == labels))


def class_frechet_distances(
    real: np.ndarray, real_labels: np.ndarray, fake: np.ndarray, fake_labels: np.ndarray
) -> dict:
    """The Fréchet distance within each class of the real clips.

    Args:
        real: (clips, dims).
        real_labels: (clips,), at least 2 clips of each class.
        fake: (clips, dims).
        fake_labels: (clips,), the same classes, at least 2 clips of each.

    Returns:
        The distance by class, in the order of the sorted classes.

    Raises:
        OptionError: if a class is missing or has one clip only, or as for `frechet_distance`.

    Example:
        >>> real = np.random.default_rng(0).normal(size=(100, 2))
        >>> labels = np.arange(100) % 2
        >>> fake = real + 3 * labels[:, None]
        >>> {k: round(v, 6) for k, v in class_frechet_distances(real, labels, fake, labels).items()}
        {0: 0.0, 1: 18.0}
    """
    real, fake = checked_pair(real, fake)
    real_labels = checked_labels(real_labels, len(real), "real_labels")
    fake_labels = checked_labels(fake_labels, len(fake), "fake_labels")
    classes = np.unique(real_labels)
    if unknown := set(fake_labels.tolist()) - set(classes.tolist()):
        raise OptionError(f"fake_labels has classes that real_labels lacks: {sorted(unknown)}.")
    for name, labels in (("real", real_labels), ("fake", fake_labels)):
        if few := [label for label in classes.tolist() if np.sum(labels == label) < 2]:
            raise OptionError(f"Each class needs at least 2 {name} clips, which {few} lack.")
    return {
        label: frechet_distance(real[real_labels == label], fake[fake_labels == label])
        for label in classes.tolist()
    }


def class_frechet_distance(
    real: np.ndarray, real_labels: np.ndarray, fake: np.ndarray, fake_labels: np.ndarray
) -> float:
    """The mean over the classes of the Fréchet distance within the class.

    It sees what the distance over all clips cannot: clips that are good but of the wrong class.
    Each class has only its share of the clips, so the upward bias is much larger than that of the
    distance over all clips; never compare the two.

    Args:
        real: (clips, dims).
        real_labels: (clips,), at least 2 clips of each class.
        fake: (clips, dims).
        fake_labels: (clips,), the same classes, at least 2 clips of each.

    Returns:
        A number of at least 0; with one class only, the Fréchet distance itself.

    Raises:
        OptionError: as for `class_frechet_distances`.

    Example:
        >>> real = np.random.default_rng(0).normal(size=(100, 2))
        >>> labels = np.arange(100) % 2
        >>> round(class_frechet_distance(real, labels, real + 3 * labels[:, None], labels), 6)
        9.0

    Reference: Benny et al. (2020), Evaluation metrics for conditional image generation, arXiv
        2004.12361; for speech Kong et al. (2020), DiffWave, arXiv 2009.09761, table 3.
    """
    distances = class_frechet_distances(real, real_labels, fake, fake_labels)
    return float(np.mean(list(distances.values())))


def speaker_coverage(
    real: np.ndarray, real_speakers: np.ndarray, fake: np.ndarray
) -> tuple[dict, int]:
    """Whose voice is it? The shares of the generated clips by their nearest real clip's speaker.

    The features decide what counts: those of a classifier of words are made to forget the
    speaker, so the nearest neighbour then says little. A speaker with more real clips is nearest
    more often; pass as many of each. And a nearest neighbour always exists: noise has one too.

    Args:
        real: (clips, dims).
        real_speakers: integers or names (clips,).
        fake: (clips, dims).

    Returns:
        The share by speaker, in the order of the sorted speakers and with a sum of 1, and the
        number of speakers that occur at all.

    Raises:
        OptionError: if there is not one speaker for each real clip, the dimensions differ, or a
            value is not finite.

    Example:
        >>> voices = np.array([[0.0], [1.0], [5.0]])
        >>> speaker_coverage(voices, ["ann", "bob", "eve"], np.array([[0.1], [0.2], [0.9], [0.3]]))
        ({'ann': 0.75, 'bob': 0.25, 'eve': 0.0}, 2)
    """
    real, fake = checked_pair(real, fake)
    speakers = checked_labels(real_speakers, len(real), "real_speakers")
    nearest = speakers[nearest_neighbours(fake, real)[0]]
    shares = {name: float(np.mean(nearest == name)) for name in np.unique(speakers).tolist()}
    return shares, sum(share > 0 for share in shares.values())
