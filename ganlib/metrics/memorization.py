"""Does the generator repeat its training set? Nearest neighbours among real clips tell."""

from dataclasses import dataclass

import numpy as np
from scipy import fft

from ganlib.errors import OptionError
from ganlib.metrics.arrays import checked_features, checked_pair

_NEAR = 0.05  # quantile of the test clips' distances below which a clip counts as nearer
_COPY = 0.5  # a copy's nearest training clip is at most so far away as this times the second
_MANY_COPIES, _TINY_RATIO = 0.2, 0.1  # the two halves of the rule
_ROWS = 512  # queries at a time
_BANDS, _FLOOR_DB = 32, -40.0


def nearest_neighbours(
    queries: np.ndarray, references: np.ndarray, neighbours: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest references of each query, by Euclidean distance.

    Args:
        queries: (clips, dims), or (clips, frames, bins) for spectra.
        references: (clips, dims), at least as many clips as `neighbours`.
        neighbours: how many for each query.

    Returns:
        Indices int64 and distances float64: (queries,) for one neighbour, else
        (queries, neighbours) with the nearest first.

    Raises:
        OptionError: for too few references, dimensions that differ, or values that are not finite.

    Example:
        >>> nearest_neighbours(np.array([[1.0], [9.0]]), np.array([[0.0], [10.0], [3.0]]))
        (array([0, 1]), array([1., 1.]))
    """
    names = ("queries", "references")
    queries, references = checked_pair(queries, references, names=names)
    if not 1 <= neighbours <= len(references):
        raise OptionError(
            f"neighbours must be from 1 to the number of references, {len(references)}, not "
            f"{neighbours}."
        )
    centre = references.mean(axis=0)  # keeps the products small, and so their rounding
    queries, references = queries - centre, references - centre
    half_squares = np.sum(references**2, axis=1) / 2
    indices, distances = [], []
    for start in range(0, len(queries), _ROWS):
        some = queries[start : start + _ROWS]
        ranks = half_squares - some @ references.T
        found = np.argpartition(ranks, neighbours - 1, axis=1)[:, :neighbours]
        exact = np.linalg.norm(references[found] - some[:, None], axis=2)
        order = np.argsort(exact, axis=1, kind="stable")
        indices.append(np.take_along_axis(found, order, axis=1))
        distances.append(np.take_along_axis(exact, order, axis=1))
    index, distance = np.concatenate(indices), np.concatenate(distances)
    return (index[:, 0], distance[:, 0]) if neighbours == 1 else (index, distance)


@dataclass(frozen=True)
class Memorization:
    """How near generated clips are to the training clips, beside how near test clips are.

    Attributes:
        share_nearer: share of generated clips that are nearer to the training set than 95 % of the
            test clips are; 0.05 where the generator is as good as new recordings.
        ratio_of_medians: the generated clips' median distance to the training set, divided by the
            test clips'. Above 1 the generated clips are off; far below 1 they are copies, or all
            of them are typical.
        share_copied: share of generated clips whose nearest training clip is at most half as far
            away as the second nearest.
        share_copied_test: the same of the test clips: what chance does.

    Example:
        >>> result = Memorization(0.9, 0.2, share_copied=0.8, share_copied_test=0.01)
        >>> result.memorized, result.verdict
        (True, 'repeats the training set: 80 % of its clips are copies (of test clips 1 %)')
    """

    share_nearer: float
    ratio_of_medians: float
    share_copied: float
    share_copied_test: float

    @property
    def memorized(self) -> bool:
        """The rule: more than a fifth of the generated clips are copies beyond the test clips'
        share, or the generated clips are ten times nearer to the training set than test clips."""
        too_many = self.share_copied > self.share_copied_test + _MANY_COPIES
        return too_many or self.ratio_of_medians < _TINY_RATIO

    @property
    def verdict(self) -> str:
        """The rule's answer with its figures, as the end of a sentence about the model."""
        said = "repeats the training set" if self.memorized else "does not repeat the training set"
        return (
            f"{said}: {self.share_copied:.0%} of its clips are copies (of test clips "
            f"{self.share_copied_test:.0%})"
        ).replace("%", " %")


def memorization(train: np.ndarray, test: np.ndarray, fake: np.ndarray) -> Memorization:
    """Whether generated clips repeat training clips, judged beside clips held out from training.

    With d1 and d2 the distances of a clip to its nearest and second nearest training clip, a
    generated clip counts as a copy where d1 <= d2 / 2, and the model is named as one that repeats
    its training set if the share of copies exceeds that of the test clips by more than 0.2, or if
    median d1 of generated clips < median d1 of test clips / 10. The first half is local: unlike
    d1 alone it does not mistake a generator of typical clips, or of the training set's voices
    where the test set has others, for a memoriser. The second half catches a training set that
    holds every clip more than once, where d1 and d2 are alike.

    It sees what the space shows. A copy that was shifted in time, or made noisier than real clips
    differ among each other, passes; use several spaces. Spectra need a floor well above the noise,
    see `clip_spectra`. Fewer than a fifth of copies pass too: listen to the nearest pairs.

    Args:
        train: (clips, dims) or (clips, frames, bins), at least 2 clips: all that were trained on.
        test: of the same kind, real clips that were not trained on.
        fake: of the same kind, generated clips.

    Returns:
        The four figures and the verdict.

    Raises:
        OptionError: if at least half of the test clips are training clips, for dimensions that
            differ, or for values that are not finite.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> train, test, new = rng.normal(size=(3, 200, 8))
        >>> copies = train + 0.01 * rng.normal(size=train.shape)
        >>> [memorization(train, test, fake).memorized for fake in (copies, new)]
        [True, False]

    Reference: Meehan et al. (2020), A non-parametric test to detect data-copying in generative
        models, arXiv 2004.05675 (distances beside those of test clips); Yoon et al. (2023),
        Diffusion probabilistic models generalize when they fail to memorize (d1 beside d2, with a
        third instead of a half).
    """
    train = checked_features(train, "train", at_least=2)
    of_test = nearest_neighbours(checked_features(test, "test"), train, 2)[1]
    of_fake = nearest_neighbours(checked_features(fake, "fake"), train, 2)[1]
    median = float(np.median(of_test[:, 0]))
    if median == 0:
        raise OptionError(
            "At least half of the test clips are training clips, so they show nothing; pass real "
            "clips that were held out from training."
        )
    return Memorization(
        share_nearer=float(np.mean(of_fake[:, 0] < np.quantile(of_test[:, 0], _NEAR))),
        ratio_of_medians=float(np.median(of_fake[:, 0])) / median,
        share_copied=_copies(of_fake),
        share_copied_test=_copies(of_test),
    )


def _copies(distances: np.ndarray) -> float:
    return float(np.mean(distances[:, 0] <= _COPY * distances[:, 1]))


def clip_spectra(clips: np.ndarray, window: int = 256) -> np.ndarray:
    """Log-spectra in which a copy with slight noise stays near its original.

    Frames of `window` samples, half overlapping; power in 32 equal bands; decibels below the
    clip's loudest band, not lower than -40. The floor decides: without it the faintest noise fills
    the silences, and every silent frame of the copy is far from its original.

    Args:
        clips: float (clips, time) or (clips, time, 1), at least `window` samples long.
        window: frame length in samples, at least 64; 32 ms at 8 kHz.

    Returns:
        float32 (clips, frames, 32) in decibels, from -40 to 0; a silent clip is 0 everywhere.

    Raises:
        OptionError: for clips shorter than a window, or values that are not finite.

    Example:
        >>> clip_spectra(np.sin(np.arange(2048))[None]).shape
        (1, 15, 32)
    """
    clips = checked_features(clips, "clips").astype("float32")
    if not 64 <= window <= clips.shape[1]:
        raise OptionError(f"window must be from 64 to the clips' {clips.shape[1]}, not {window}.")
    frames = np.lib.stride_tricks.sliding_window_view(clips, window, axis=1)[:, :: window // 2]
    shape = np.hanning(window).astype("float32")
    levels = np.stack([_levels(some * shape) for some in frames])
    return np.maximum(levels - levels.max(axis=(1, 2), keepdims=True), _FLOOR_DB)


def _levels(frames: np.ndarray) -> np.ndarray:
    power = np.abs(fft.rfft(frames)) ** 2
    edges = np.linspace(0, power.shape[1], _BANDS + 1).astype(int)[:-1]
    return 10 * np.log10(np.add.reduceat(power, edges, axis=1) + 1e-20)
