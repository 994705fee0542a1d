"""What was learned by heart: nearest training recordings, by features and by spectra."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganlib.errors import OptionError
from ganlib.evaluation.measuring.figures import Nearest
from ganlib.evaluation.measuring.intervals import Table
from ganlib.evaluation.measuring.subject import Subject
from ganlib.metrics.memorization import memorization, nearest_neighbours


def memory(subject: Subject, table: Table) -> dict[str, Any]:
    """Add the shares of copies; the details are all that `memorization` says, and its verdict.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.evaluation.measuring.subject import unheard
        >>> reference, table = shipped("fsdd"), Table(seed=0)
        >>> some = reference.train.select(np.arange(0, 2700, 45))
        >>> subject = unheard(some, reference, shipped_ear())
        >>> memory(subject, table)["memory"]["features"]["memorized"]
        True
    """
    found = {}
    for space in ("features", "spectra"):
        name = f"copies_in_{space}"
        try:
            arrays = _arrays(subject, space)
            if arrays is None:
                said = subject.reference.name
                table.leave_out(f"The sound of {said} is not here: ganlib data get {said}.", name)
                continue
            result = memorization(*arrays)
        except OptionError as error:
            table.leave_out(str(error), name)
            continue
        copies = np.arange(len(subject)) < round(result.share_copied * len(subject))
        table.share(name, copies, result.share_copied_test)
        found[space] = {
            "memorized": result.memorized,
            "verdict": result.verdict,
            "share_nearer": result.share_nearer,
            "ratio_of_medians": result.ratio_of_medians,
        }
    return {"memory": found}


def nearest(subject: Subject) -> Nearest:
    """The nearest training recording of each clip, by spectra where there is sound.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.evaluation.measuring.subject import unheard
        >>> reference = shipped("fsdd")
        >>> subject = unheard(reference.train.select([70, 7]), reference, shipped_ear())
        >>> nearest(subject).indices.tolist()
        [70, 7]
    """
    space = "spectra"
    try:
        arrays = _arrays(subject, space)
    except OptionError:  # clips too short for spectra
        arrays = None
    if arrays is None:
        space, arrays = "features", _features(subject)
    train, test, fake = arrays
    indices, distances = nearest_neighbours(fake, train)
    usual = np.median(nearest_neighbours(test, train)[1])
    return Nearest(space, indices, distances / max(float(usual), 1e-12))


def _arrays(subject: Subject, space: str) -> tuple[np.ndarray, ...] | None:
    """Of the training split, the test split and the clips, in that order."""
    train, test = subject.reference.train, subject.reference.test
    if space == "features":
        return _features(subject)
    if train.spectra is None or test.spectra is None:
        return None
    return train.spectra, test.spectra, subject.spectra


def _features(subject: Subject) -> tuple[np.ndarray, ...]:
    splits = (subject.reference.train, subject.reference.test, subject)
    return tuple(part.heard.features for part in splits)
