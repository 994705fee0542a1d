"""evaluate(): clips in, all figures out, beside what real recordings get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from ganlib.evaluation.measuring.answers import answers
from ganlib.evaluation.measuring.ear import Ear
from ganlib.evaluation.measuring.figures import KINDS, Evaluation
from ganlib.evaluation.measuring.intervals import Table
from ganlib.evaluation.measuring.likeness import likeness
from ganlib.evaluation.measuring.memory import memory, nearest
from ganlib.evaluation.measuring.reference import Reference
from ganlib.evaluation.measuring.soundness import opinion, soundness
from ganlib.evaluation.measuring.sources import Sample
from ganlib.evaluation.measuring.subject import Subject, listen

Step = Callable[[Subject, Table], dict[str, Any]]
_STEPS: tuple[tuple[str, Step], ...] = (
    ("distances and coverage", likeness),
    ("what was asked for", answers),
    ("nearest training recordings", memory),
    ("signal health", soundness),
    ("DNSMOS", opinion),
)


def evaluate(
    sample: Sample, reference: Reference, ear: Ear, seed: int = 0, progress: bool = False
) -> Evaluation:
    """Measure clips with everything there is.

    Figures that compare two sets compare the clips with the real test split; `real` is then what
    as many training recordings get, which no generator can be expected to beat. Other figures have
    as `real` those of the test split itself. The inception score, precision, recall, density and
    coverage depend on the number of clips, so they see as many clips as the test split has. Only
    the bins are those of the training split.

    Args:
        sample: at least 24 clips.
        reference: the real recordings, with or without their sound.
        ear: the classifier that heard them.
        seed: of the draws and the intervals.
        progress: show what is being measured.

    Returns:
        The figures of `KINDS` that could be measured; `details["not_measured"]` has a sentence for
        each of the others.

    Raises:
        DataError: if there are too few clips.
        OptionError: if the clips are not finite, or another classifier heard the reference.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> evaluate(Sample("none", [], 8000), shipped("fsdd"), shipped_ear())
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: none has 0 clips, and measuring needs 24 at least; take more.
    """
    table, details = Table(seed), {"clips": sample.note, "reference": reference.note}
    with tqdm(total=len(_STEPS) + 1, disable=not progress, leave=False) as bar:
        bar.set_description("Measuring: what the listeners hear")
        subject = listen(sample, reference, ear, seed)
        for title, step in _STEPS:
            bar.update()
            bar.set_description(f"Measuring: {title}")
            details |= step(subject, table)
    return Evaluation(
        name=sample.name,
        data=reference.name,
        n=len(sample),
        seed=seed,
        classifier=ear.sha256,
        figures={name: table.figures[name] for name in KINDS if name in table.figures},
        details=details | {"not_measured": {k: table.missing[k] for k in table.missing}},
        nearest=nearest(subject),
    )
