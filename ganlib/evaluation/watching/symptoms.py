"""What two looks in a row say about a training: a collapse, which ends it, or a remark.

The bounds lie between what was measured of small WaveGANs on the Free Spoken Digit Dataset, 200
clips a look. `spread` was 0.23 in a healthy training after 100 updates and 0.46 or more from update
1,000 on; white noise has 0.15, a training with a hundredfold learning rate 0.17 before it came to
0.00. `classes` was 2.2 after 100 healthy updates and 6.0 or more from 1,000 on; it was 1.0 to 2.9
for the first 600 updates of the other. `spread_within_labels` was 0.3 or more where it was healthy
and 0.07 where a digit hardly varied. Coverage separates nothing here: 0.04 to 0.18 in the healthy
training, 0.05 for a single recording repeated, 0.28 for one of each digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ganlib.metrics.health import SILENCE_DB

ALIKE = 0.2  # of the spread of recordings
ALIKE_WITHIN = 0.1  # of the same within a label
FEW = 0.3  # of the effective number of digits among recordings
DEVIATIONS = 3.0  # above chance, at which a share counts as more than chance
LOOKS = 2  # in a row that must agree
EARLIEST, EARLY_SHARE = 1000, 0.05  # updates, and share of a training, that pass without a verdict


@dataclass(frozen=True)
class Bounds:
    """What counts as a symptom in one training.

    Args:
        earliest: looks before this update do not count: noise comes first in a healthy training
            too, and the classifier gives all noise one name.
        classes: effective number of digits that is too few; 0 if the recordings are no digits.
        accuracy: share of clips named as asked that chance may give; 0 if nothing is asked for.

    Example:
        >>> bounds = Bounds.of(updates=20_000, classes=10.0, labels=10, count=200)
        >>> bounds.earliest, bounds.classes, round(bounds.accuracy, 3)
        (1000, 3.0, 0.164)
    """

    earliest: int
    classes: float = 0.0
    accuracy: float = 0.0

    @classmethod
    def of(cls, updates: int, classes: float | None, labels: int, count: int) -> Bounds:
        """The bounds of a training.

        Args:
            updates: of the whole training.
            classes: effective number of digits among the recordings; None if they are no digits.
            labels: that can be asked for; 0 for a model without labels.
            count: clips in a look.
        """
        chance = 1 / max(labels, 1)
        return cls(
            earliest=max(EARLIEST, round(EARLY_SHARE * updates)),
            classes=FEW * (classes or 0.0),
            accuracy=chance + DEVIATIONS * math.sqrt(chance * (1 - chance) / count),
        )


@dataclass(frozen=True)
class Symptom:
    """A test of a row of figures and the sentence that tells it, with places for the figures.

    Example:
        >>> loud = Symptom(lambda row, bounds: row["level_db"] > -3, "Too loud: {level_db} dB.")
        >>> loud.told([{"step": 1, "level_db": 0}, {"step": 2, "level_db": -1}], Bounds(1))
        'Too loud: -1 dB.'
    """

    seen: Callable[[dict, Bounds], bool]
    sentence: str

    def told(self, rows: list[dict], bounds: Bounds) -> str | None:
        """The sentence if the last two looks, neither of them early, have the symptom."""
        last = [row for row in rows if row["step"] >= bounds.earliest][-LOOKS:]
        if len(last) < LOOKS or not all(self.seen(row, bounds) for row in last):
            return None
        return self.sentence.format(**last[-1])


COLLAPSES = (
    Symptom(
        lambda row, bounds: row["level_db"] < SILENCE_DB,
        "The clips are silent: {level_db:.0f} dB below full scale",
    ),
    Symptom(
        lambda row, bounds: row["spread"] < ALIKE,
        "All clips sound alike: they differ {spread:.2f} times as much as recordings do, "
        "coverage {coverage:.2f}",
    ),
    Symptom(
        lambda row, bounds: row.get("classes", math.inf) < bounds.classes,
        "The clips are heard as a few digits only: their effective number is {classes:.1f}, "
        "coverage {coverage:.2f}",
    ),
)
"""The first that fits ends a training."""

REMARKS = (
    Symptom(
        lambda row, bounds: row.get("conditional_accuracy", math.inf) <= bounds.accuracy,
        "The model hardly listens to its labels: {conditional_accuracy:.2f} of the clips are named "
        "as asked, which chance may give",
    ),
    Symptom(
        lambda row, bounds: row.get("spread_within_labels", math.inf) < ALIKE_WITHIN,
        "The clips of each label sound alike: they differ {spread_within_labels:.2f} times as much "
        "as recordings do",
    ),
)
"""Each that fits is told once, and the training goes on."""


def collapse(rows: list[dict], bounds: Bounds) -> str | None:
    """The sentence about a collapse that the last two looks share.

    Args:
        rows: figures of all looks, see `Yardstick.look`, each with its `step`.
        bounds: of the training.

    Example:
        >>> row = {"level_db": -20.0, "spread": 0.01, "coverage": 0.05}
        >>> collapse([row | {"step": 1000}, row | {"step": 1500}], Bounds(earliest=1000))
        'All clips sound alike: they differ 0.01 times as much as recordings do, coverage 0.05'
    """
    return next(filter(None, (symptom.told(rows, bounds) for symptom in COLLAPSES)), None)


def remarks(rows: list[dict], bounds: Bounds) -> list[tuple[int, str]]:
    """What is odd about the last two looks: the place of each remark in `REMARKS`, its sentence.

    Example:
        >>> row = {"spread_within_labels": 0.05}
        >>> remarks([row | {"step": 1000}, row | {"step": 1500}], Bounds(earliest=1000))[0][1]
        'The clips of each label sound alike: they differ 0.05 times as much as recordings do'
    """
    told = [(place, symptom.told(rows, bounds)) for place, symptom in enumerate(REMARKS)]
    return [(place, sentence) for place, sentence in told if sentence is not None]
