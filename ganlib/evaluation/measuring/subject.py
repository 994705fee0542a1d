"""What is measured: the clips, what the listeners make of them, and the real recordings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganlib.errors import DataError, OptionError
from ganlib.evaluation.measuring.ear import Ear, Heard
from ganlib.evaluation.measuring.recogniser import as_classes, recognised_digits, whispered_digits
from ganlib.evaluation.measuring.reference import FEWEST, Reference, Split
from ganlib.evaluation.measuring.sources import Sample, in_turn
from ganlib.metrics.memorization import clip_spectra


@dataclass(frozen=True)
class Subject:
    """Clips that three listeners have heard, beside real recordings.

    Args:
        sample: the clips.
        heard: what the classifier makes of them.
        recognised: int32 (clips,), the class that PocketSphinx heard, -1 for none; None where it is
            not installed.
        whispered: the same of Whisper.
        reference: the real recordings.
        others: training recordings, as many as there are clips: what new recordings would get
            where the figure compares with the test split.
        ear: the classifier.
        seed: of all draws.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> reference = shipped("fsdd")
        >>> subject = unheard(reference.test, reference, shipped_ear())
        >>> len(subject), len(subject.others), len(subject.as_many())
        (300, 300, 300)
    """

    sample: Sample
    heard: Heard
    recognised: np.ndarray | None
    whispered: np.ndarray | None
    reference: Reference
    others: Split
    ear: Ear
    seed: int

    def __len__(self) -> int:
        return len(self.sample)

    @cached_property
    def spectra(self) -> np.ndarray:
        """Log-spectra (clips, frames, bands) in the classifier's format, for nearest neighbours."""
        return clip_spectra(self.ear.prepared(self.sample.clips, self.sample.sample_rate))

    @cached_property
    def real_recognised(self) -> np.ndarray | None:
        """What PocketSphinx heard in the real test clips, as classes."""
        return as_classes(self.reference.test.recognised, self.ear.label_names)

    @cached_property
    def real_whispered(self) -> np.ndarray | None:
        """What Whisper heard in the real test clips, as classes."""
        return as_classes(self.reference.test.whispered, self.ear.label_names)

    def as_many(self) -> np.ndarray:
        """Indices of as many clips as the test split has, the labels taking turns."""
        count = min(len(self), len(self.reference.test))
        return in_turn(self.sample.labels, len(self), count, self.seed)


def listen(sample: Sample, reference: Reference, ear: Ear, seed: int = 0) -> Subject:
    """Let all listeners hear the clips.

    Raises:
        DataError: if there are fewer than 24 clips.
        OptionError: if another classifier heard the reference, or the clips are not finite.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> listen(Sample("two", np.zeros((2, 80, 1)), 8000), shipped("fsdd"), shipped_ear())
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: two has 2 clips, and measuring needs 24 at least; take more.
    """
    if len(sample) < FEWEST:
        raise DataError(
            f"{sample.name} has {len(sample)} clips, and measuring needs {FEWEST} at least; "
            "take more."
        )
    if reference.sha256 != ear.sha256:
        raise OptionError(
            f"Another classifier heard {reference.name}: expected {ear.sha256[:12]}, got "
            f"{reference.sha256[:12]}; measure the recordings anew with this one."
        )
    heard = ear.listen(sample.clips, sample.sample_rate)
    recognised, whispered = (
        as_classes(listener(sample.clips, sample.sample_rate), ear.label_names)
        for listener in (recognised_digits, whispered_digits)
    )
    return _beside(sample, heard, (recognised, whispered), reference, ear, seed)


def unheard(split: Split, reference: Reference, ear: Ear, seed: int = 0) -> Subject:
    """Real recordings in the place of clips, where only what was heard of them is at hand.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> reference = shipped("fsdd")
        >>> unheard(reference.test, reference, shipped_ear()).sample.clips.shape
        (300, 0, 1)
    """
    sample = Sample("recordings", np.zeros((len(split), 0, 1)), ear.sample_rate, split.labels)
    answers = (split.recognised, split.whispered)
    return _beside(sample, split.heard, answers, reference, ear, seed)


def _beside(
    sample: Sample,
    heard: Heard,
    answers: tuple[np.ndarray | None, np.ndarray | None],
    reference: Reference,
    ear: Ear,
    seed: int,
) -> Subject:
    train = reference.train
    chosen = in_turn(train.labels, len(train), len(sample), seed + 1)
    others = train.select(chosen)
    return Subject(sample, heard, *answers, reference, others, ear, seed)
