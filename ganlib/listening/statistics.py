"""What the ratings say: mean opinion scores, human accuracy, intervals, inattentive listeners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganlib.errors import OptionError
from ganlib.listening.ratings import Rating

LEVEL = 0.95
LEAST_RIGHT = 0.6  # of the digits of the real recordings
LEAST_GAP = 1.0  # points of naturalness from the low anchor to the real recordings
LEAST_ANCHORS = 3  # of each kind, below which nobody is judged
METHODS = {
    "mos": "mean over listeners of each listener's mean naturalness (1 to 5); 95 % t interval over "
    "listeners, held within 1 to 5: where other listeners of the same clips would put it",
    "accuracy": "share of answers that name the digit ('I cannot tell' counts as wrong); 95 % "
    "Wilson interval over all answers as if each were independent; as one listener gives several "
    "and one clip gets several, it is narrower than the truth",
    "inattentive": f"fewer than {LEAST_RIGHT:.0%} of the digits of the real recordings right, or "
    f"real recordings rated less than {LEAST_GAP:g} point above the low anchor; judged from "
    f"{LEAST_ANCHORS} clips of each",
}


@dataclass(frozen=True)
class Opinion:
    """What was said of one system; NaN where it cannot be known.

    Example:
        >>> Opinion("a model", 3.5, 3.0, 4.0, 0.8, 0.7, 0.9, 30, 300, 300).mos
        3.5
    """

    system: str
    mos: float
    mos_low: float
    mos_high: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    listeners: int
    ratings: int
    answers: int  # ratings of clips whose digit is known


@dataclass(frozen=True)
class Doubt:
    """A listener whose answers to the anchors show inattention, and what shows it.

    Example:
        >>> Doubt("Ann", ("10 % of the real digits right",)).reasons
        ('10 % of the real digits right',)
    """

    listener: str
    reasons: tuple[str, ...]


def t_interval(values: Sequence[float], level: float = LEVEL) -> tuple[float, float, float]:
    """Mean of independent values and its interval: $\\bar x \\pm t_{n-1}\\, s / \\sqrt n$.

    Args:
        values: one or more.
        level: of the interval, between 0 and 1.

    Returns:
        Mean, lower end, upper end; the ends are NaN for a single value.

    Raises:
        OptionError: if there is no value or the level is none.

    Example:
        >>> [round(x, 3) for x in t_interval([1.0, 2.0, 3.0])]
        [2.0, -0.484, 4.484]

    Reference: Student (1908), The probable error of a mean, Biometrika 6.
    """
    from scipy.stats import t

    count = len(values)
    if not count or not 0 < level < 1:
        raise OptionError(
            f"expected some values and a level between 0 and 1, got {count} and {level}"
        )
    mean = float(np.mean(values))
    if count == 1:
        return mean, float("nan"), float("nan")
    half = float(t.ppf((1 + level) / 2, count - 1) * np.std(values, ddof=1) / np.sqrt(count))
    return mean, mean - half, mean + half


def wilson_interval(right: int, count: int, level: float = LEVEL) -> tuple[float, float, float]:
    """A share and its interval: all $p$ with $|\\hat p - p| \\le z \\sqrt{p (1 - p) / n}$.

    Args:
        right: successes.
        count: trials, at least as many as successes.
        level: of the interval, between 0 and 1.

    Returns:
        Share, lower end, upper end, each in [0, 1]; NaN for no trials.

    Raises:
        OptionError: if the numbers are impossible.

    Example:
        >>> [round(x, 3) for x in wilson_interval(10, 10)]
        [1.0, 0.722, 1.0]

    Reference: Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    from scipy.stats import norm

    if not 0 <= right <= count or not 0 < level < 1:
        raise OptionError(f"expected 0 <= right <= count, got {right} of {count} at level {level}")
    if count == 0:
        return (float("nan"),) * 3
    z, share = float(norm.ppf((1 + level) / 2)), right / count
    center = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + (z / count) ** 2 / 4)
    return share, float(max(center - half, 0.0)), float(min(center + half, 1.0))


def opinion(system: str, ratings: Sequence[Rating]) -> Opinion:
    """Mean opinion score and human accuracy of one system; `METHODS` says how.

    Example:
        >>> heard = [Rating(who, "m", "7", "k1", 4, "7") for who in ("Ann", "Bob")]
        >>> opinion("m", heard).mos, opinion("m", heard).accuracy
        (4.0, 1.0)
    """
    mine = [rating for rating in ratings if rating.system == system]
    nan = float("nan")
    score = (nan, nan, nan)
    by_listener: dict[str, list[int]] = {}
    for rating in mine:
        by_listener.setdefault(rating.listener, []).append(rating.naturalness)
    if mine:
        mean, low, high = t_interval([float(np.mean(given)) for given in by_listener.values()])
        score = (mean, float(np.clip(low, 1, 5)), float(np.clip(high, 1, 5)))
    answers = [rating.right for rating in mine if rating.right is not None]
    share = wilson_interval(sum(answers), len(answers))
    return Opinion(system, *score, *share, len(by_listener), len(mine), len(answers))


def inattentive(ratings: Sequence[Rating], real: str, low: str) -> tuple[list[Doubt], list[str]]:
    """Listeners whose answers to the anchors show inattention; `METHODS` says when.

    Args:
        ratings: of all listeners.
        real: the system of the hidden real recordings.
        low: the system of the low anchor.

    Returns:
        The doubts, and the names of those who rated too few anchors to be judged.

    Example:
        >>> heard = [Rating("Ann", name, "7", "k1", 3, "7") for name in ["r"] * 3 + ["low"] * 3]
        >>> inattentive(heard, "r", "low")[0][0].reasons
        ('real recordings rated 3.0 and the low anchor 3.0',)
    """
    doubts, unjudged = [], []
    for listener in dict.fromkeys(rating.listener for rating in ratings):
        mine = [rating for rating in ratings if rating.listener == listener]
        reals = [rating for rating in mine if rating.system == real]
        lows = [rating for rating in mine if rating.system == low]
        if min(len(reals), len(lows)) < LEAST_ANCHORS:
            unjudged.append(listener)
            continue
        reasons = []
        answers = [rating.right for rating in reals if rating.right is not None]
        if answers and sum(answers) / len(answers) < LEAST_RIGHT:
            reasons.append(f"{sum(answers)} of {len(answers)} real digits right")
        high_score = float(np.mean([rating.naturalness for rating in reals]))
        low_score = float(np.mean([rating.naturalness for rating in lows]))
        if high_score - low_score < LEAST_GAP:
            reasons.append(
                f"real recordings rated {high_score:.1f} and the low anchor {low_score:.1f}"
            )
        if reasons:
            doubts.append(Doubt(listener, tuple(reasons)))
    return doubts, unjudged
