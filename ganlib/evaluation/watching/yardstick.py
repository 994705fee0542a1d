"""A quick measurement: what the classifier makes of a few clips, beside recordings heard once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from ganlib.data.clips import Clips
from ganlib.errors import DataError
from ganlib.evaluation.measuring.ear import Ear
from ganlib.evaluation.measuring.ruler import in_turn
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.metrics.conditional import conditional_accuracy
from ganlib.metrics.coverage import density_coverage
from ganlib.metrics.distributions import frechet_distance, kernel_distance
from ganlib.metrics.health import LOWEST_DB

RECORDINGS = 1000  # heard at most
FEWEST = 24  # recordings, below which nothing can be said
SAMPLE = 200  # clips in a look
FEWEST_OF_A_LABEL = 5  # clips, below which their variance says little
FIRST_SEED = 1_000_000  # of these clips, far from those that an evaluation or a sample file draws


@dataclass(frozen=True)
class Yardstick:
    """Recordings as the classifier hears them, and the same few figures of any generator.

    The figures are for a comparison within one training, always with the same latent vectors. A
    Fréchet distance of 200 clips is biased upwards, so it must not stand beside one of more clips.

    Args:
        ear: the classifier.
        features: float32 (recordings, 128).
        labels: int32 (recordings,), the numbers that the generator is asked for.
        classes: effective number of digits among the recordings; None if they are no digits.
        count: clips in a look.

    Example:
        >>> from ganlib.models.digit_classifier import digit_classifier
        >>> ear = Ear(digit_classifier(width=1), 8000, 8192, tuple("0123456789"), "")
        >>> noise = np.random.default_rng(0).normal(size=(24, 800, 1)).astype("float32")
        >>> yardstick = Yardstick.of(Clips(noise, np.zeros(24, int), ("hum",)), ear)
        >>> yardstick.features.shape, yardstick.classes
        ((24, 128), None)
    """

    ear: Ear
    features: np.ndarray
    labels: np.ndarray
    classes: float | None
    count: int = SAMPLE

    @classmethod
    def of(cls, clips: Clips, ear: Ear, count: int = SAMPLE) -> Yardstick:
        """Listen to at most 1,000 of the recordings, the labels taking turns.

        They are those that the model learns from: whoever chooses a generator by these figures has
        not looked at the test split, and can still be judged by it.

        Raises:
            DataError: if there are fewer than 24 recordings.
        """
        if len(clips) < FEWEST:
            raise DataError(
                f"Measuring needs {FEWEST} recordings at least, and these are {len(clips)}: add "
                "recordings, or train without --measure."
            )
        drawn = clips.select(in_turn(clips.labels, len(clips), RECORDINGS, seed=0))
        heard = ear.listen(drawn.samples, clips.audio_format.sample_rate)
        digits = ear.numbers(drawn.labels, drawn.label_names)
        classes = None if digits is None else effective_number(np.eye(len(ear.label_names))[digits])
        return cls(ear, heard.features, drawn.labels, classes, count)

    @cached_property
    def spread(self) -> float:
        """Standard deviation of the features, all dimensions together."""
        return spread(self.features)

    def look(self, synthesizer: Synthesizer) -> dict[str, float]:
        """The figures of a generator; empty if a sample is no finite number.

        Returns:
            `frechet_distance`, `kernel_distance`, `coverage`: as in `ganlib.metrics`.
            `conditional_accuracy`: for digits on demand.
            `classes`: for digits, the `effective_number` of those that are heard.
            `spread`: how unlike one another the clips are; recordings have 1.
            `spread_within_labels`: the same among clips of one label, for sounds on demand.
            `level_db`: of the clips, at least -120.
        """
        clips, labels = synthesizer.generate(self.count, seed=FIRST_SEED)
        if not np.isfinite(clips).all():
            return {}
        heard = self.ear.listen(clips, synthesizer.audio_format.sample_rate)
        figures = {
            "frechet_distance": frechet_distance(self.features, heard.features),
            "kernel_distance": kernel_distance(self.features, heard.features),
            "coverage": density_coverage(self.features, heard.features)[1],
            "spread": spread(heard.features) / max(self.spread, 1e-12),
            "level_db": 10 * np.log10(max(np.mean(np.square(clips)), 10 ** (LOWEST_DB / 10))),
        }
        if self.classes is not None:
            figures["classes"] = effective_number(heard.probabilities)
        if synthesizer.label_names:
            asked = self.ear.numbers(labels, synthesizer.label_names)
            if asked is not None:
                figures["conditional_accuracy"] = conditional_accuracy(heard.probabilities, asked)
            if self.count >= FEWEST_OF_A_LABEL * len(synthesizer.label_names):
                within = max(spread(self.features, self.labels), 1e-12)
                figures["spread_within_labels"] = spread(heard.features, labels) / within
        return {name: float(f"{value:.6g}") for name, value in figures.items()}


def effective_number(probabilities: np.ndarray) -> float:
    """How many classes occur, if all were as frequent: `exp(H(p(y)))`, p(y) the mean posterior.

    Example:
        >>> round(effective_number(np.eye(10)[[3, 3, 7, 7]]), 6)
        2.0

    Reference: Hill (1973), Diversity and evenness, Ecology 54, the number of order 1.
    """
    return float(np.exp(special.entr(probabilities.mean(axis=0)).sum()))


def spread(features: np.ndarray, labels: np.ndarray | None = None) -> float:
    """Root of the summed variances of the features; with labels, of their mean within a label.

    Args:
        features: (clips, dims).
        labels: (clips,); None means one label for all.

    Example:
        >>> features = np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 0.0], [9.0, 2.0]])
        >>> spread(features, np.array([0, 0, 1, 1]))
        1.0
    """
    labels = np.zeros(len(features)) if labels is None else labels
    groups = [features[labels == label].astype("float64") for label in np.unique(labels)]
    return float(np.sqrt(np.mean([group.var(axis=0).sum() for group in groups])))
