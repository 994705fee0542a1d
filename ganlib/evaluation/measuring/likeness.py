"""How like real recordings the clips are as a crowd: distances, scores, coverage, voices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ganlib.errors import OptionError
from ganlib.evaluation.measuring.intervals import Table
from ganlib.evaluation.measuring.subject import Subject
from ganlib.metrics import coverage, distributions
from ganlib.metrics.memorization import nearest_neighbours

_PAIRS = {
    "precision": lambda real, fake: coverage.precision_recall(real, fake)[0],
    "recall": lambda real, fake: coverage.precision_recall(real, fake)[1],
    "density": lambda real, fake: coverage.density_coverage(real, fake)[0],
    "coverage": lambda real, fake: coverage.density_coverage(real, fake)[1],
}
_BINS, _IN_A_BIN = 50, 20  # at most so many bins, with so many training recordings on average


def likeness(subject: Subject, table: Table) -> dict[str, Any]:
    """Add the figures that compare two crowds; the details are the voices.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.evaluation.measuring.subject import unheard
        >>> reference, table = shipped("fsdd"), Table(seed=0)
        >>> some = reference.train.select(np.arange(0, 2700, 45))
        >>> subject = unheard(some, reference, shipped_ear())
        >>> len(likeness(subject, table)["speakers"]), table.figures["coverage"].n
        (6, 60)
    """
    real, fake = subject.reference.test.heard.features, subject.heard.features
    others, n = subject.others.heard.features, len(subject)
    for name in ("kernel_distance", "frechet_distance"):
        table.measure(name, getattr(distributions, name), real, fake, n=n, real=(real, others))
    _scores(subject, table)
    some = subject.as_many()
    for name, statistic in _PAIRS.items():
        table.measure(name, statistic, real, fake[some], n=len(some), real=(real, others))
    _bins(subject, table)
    return _voices(subject, table)


def _scores(subject: Subject, table: Table) -> None:
    """Scores of posteriors; the inception score depends on the number, so both have as many."""
    real, fake = subject.reference.test.heard.probabilities, subject.heard.probabilities
    some, n = subject.as_many(), len(subject)
    as_many_real = np.random.default_rng(subject.seed).permutation(len(real))[: len(some)]
    table.measure(
        "inception_score",
        lambda p: distributions.inception_score(p)[0],
        fake[some],
        n=len(some),
        real=(real[as_many_real],),
    )
    score = distributions.modified_inception_score
    table.measure("modified_inception_score", score, fake, n=n, real=(real,))
    others = subject.others.heard.probabilities
    table.measure("am_score", distributions.am_score, real, fake, n=n, real=(real, others))


def _bins(subject: Subject, table: Table) -> None:
    """Bins of the training recordings: the test split is too small to have fifty."""
    train = subject.reference.train.heard.features
    bins = max(2, min(_BINS, len(train) // _IN_A_BIN))
    try:
        found, real = (
            coverage.number_of_different_bins(train, x, bins, subject.seed)
            for x in (subject.heard.features, subject.reference.test.heard.features)
        )
    except OptionError as error:
        table.leave_out(str(error), "different_bins", "bin_divergence")
        return
    for place, name in enumerate(("different_bins", "bin_divergence")):
        table.plain(name, found[place], len(subject), real[place])


def _voices(subject: Subject, table: Table) -> dict[str, Any]:
    """Whose voice is nearest, with as many test recordings of each speaker."""
    test = subject.reference.test
    names, counts = np.unique(test.speakers, return_counts=True)
    if len(names) < 2 or "" in names.tolist():
        table.leave_out("The real recordings name fewer than two speakers.", "speakers")
        return {}
    random = np.random.default_rng(subject.seed)
    even = np.concatenate(
        [
            random.permutation(np.flatnonzero(test.speakers == name))[: counts.min()]
            for name in names
        ]
    )
    features, speakers = test.heard.features[even], test.speakers[even]
    fake, real = (
        speakers[nearest_neighbours(x.heard.features, features)[0]]
        for x in (subject, subject.others)
    )
    table.measure("speakers", effective_number, fake, n=len(fake), real=(real,))
    shares = {
        str(name): {"share": np.mean(fake == name), "real": np.mean(real == name)} for name in names
    }
    return {"speakers": shares}


def effective_number(names: np.ndarray) -> float:
    """How many equally frequent names would be as varied: exp of the entropy of their shares.

    Example:
        >>> round(effective_number(np.array(["ann", "bob", "ann", "bob"])), 6)
        2.0

    Reference: Hill (1973), Diversity and evenness, Ecology 54(2), order 1.
    """
    counts = np.unique(names, return_counts=True)[1]
    return float(np.exp(special.entr(counts / counts.sum()).sum()))
