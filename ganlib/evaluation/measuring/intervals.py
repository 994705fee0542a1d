"""Which figure gets its interval how, and the table that fills up figure by figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import special

from ganlib.errors import OptionError
from ganlib.evaluation.measuring.figures import Figure
from ganlib.metrics.intervals import bootstrap_interval

LEVEL = 0.95


class Resampling(NamedTuple):
    """How a figure is measured again and again, see `bootstrap_interval`.

    Example:
        >>> RESAMPLING["kernel_distance"].halves
        True
    """

    resamples: int
    halves: bool = False
    limits: tuple[float, float] = (0.0, np.inf)


_SHARE = (0.0, 1.0)
RESAMPLING = {
    "kernel_distance": Resampling(200, True, (-np.inf, np.inf)),
    "frechet_distance": Resampling(100),
    "class_frechet_distance": Resampling(40),  # ten small distances each time: the slowest
    "inception_score": Resampling(200, limits=(1.0, np.inf)),
    "modified_inception_score": Resampling(200, True, (1.0, np.inf)),
    "am_score": Resampling(200),
    "precision": Resampling(100, True, _SHARE),
    "recall": Resampling(100, True, _SHARE),
    "density": Resampling(100, True),
    "coverage": Resampling(100, True, _SHARE),
    "recogniser_ratio": Resampling(1000),
    "whisper_ratio": Resampling(1000),
    "speakers": Resampling(200, limits=(1.0, np.inf)),
    "dnsmos": Resampling(1000),
}
SHARES = (
    *("conditional_accuracy", "recogniser_accuracy", "whisper_accuracy"),
    *("copies_in_features", "copies_in_spectra"),
)
"""Their interval is exact. What is in neither has none: bins, signal health."""


def method(name: str) -> str:
    """How a figure's interval is made, in words.

    Example:
        >>> method("coverage"), method("peak")
        ('bootstrap: 100 draws of half of the clips', 'none')
    """
    if name in SHARES:
        return "exact, of a share (Clopper and Pearson)"
    if name not in RESAMPLING:
        return "none"
    how = RESAMPLING[name]
    drawn = "half of the clips" if how.halves else "as many clips, with repetition"
    return f"bootstrap: {how.resamples:,} draws of {drawn}"


class Table:
    """Figures as they come, and one sentence for each that could not be measured.

    Example:
        >>> table = Table(seed=0)
        >>> table.measure("dnsmos", np.mean, np.array([2.0, 3.0]), n=2, real=(np.array([4.0]),))
        >>> table.figures["dnsmos"].value, table.figures["dnsmos"].real
        (2.5, 4.0)
    """

    def __init__(self, seed: int):
        self.seed = seed
        self.figures: dict[str, Figure] = {}
        self.missing: dict[str, str] = {}

    def measure(
        self,
        name: str,
        statistic: Callable[..., float],
        *groups: np.ndarray | tuple[np.ndarray, ...],
        n: int,
        real: tuple | None = None,
    ) -> None:
        """Add a figure with its interval, and the same of real recordings.

        Args:
            name: of `KINDS`.
            statistic: of all the arrays, in their order.
            groups: arrays with a row for each clip; a tuple where they have their rows in common.
            n: clips that are measured.
            real: what stands in the place of `groups` for real recordings.
        """
        # The order must not matter: sets of one size are resampled with the same row numbers, and
        # rows that stand in the order of their labels would then vary together.
        random = np.random.default_rng([self.seed, 1])
        arrays = [x for group in groups for x in _shuffled(group, random)]
        try:
            value = float(statistic(*arrays))
            if not np.isfinite(value):
                raise OptionError(f"It came out as {value}.")
        except OptionError as error:
            self.missing[name] = str(error)
            return
        low, high = self._interval(name, statistic, arrays)
        self.figures[name] = Figure(value, low, high, n, _or_none(statistic, real))

    def _interval(
        self, name: str, statistic: Callable[..., float], arrays: list[np.ndarray]
    ) -> tuple[float | None, float | None]:
        if name not in RESAMPLING:
            return None, None
        how = RESAMPLING[name]
        options = how._asdict() | {"level": LEVEL, "seed": self.seed}
        try:
            return bootstrap_interval(statistic, *arrays, **options)
        except OptionError:  # too few clips, or a draw without one of the classes
            return None, None

    def share(self, name: str, hits: np.ndarray, real: float | None = None) -> None:
        """Add the share of clips for which something is true, with its exact interval."""
        low, high = share_interval(int(np.sum(hits)), len(hits))
        self.figures[name] = Figure(float(np.mean(hits)), low, high, len(hits), real)

    def plain(self, name: str, value: float, n: int, real: float | None = None) -> None:
        """Add a figure without an interval."""
        self.figures[name] = Figure(float(value), n=n, real=real)

    def leave_out(self, reason: str, *names: str) -> None:
        """Say why figures are missing."""
        self.missing |= dict.fromkeys(names, reason)


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """The interval of a share that covers it with 95 % probability or more.

    A bootstrap would say that no error in 100 clips means none at all: 0 to 0.

    Args:
        hits: clips for which it is true.
        n: clips, at least 1.

    Example:
        >>> [round(end, 3) for end in share_interval(0, 100)]
        [0.0, 0.036]

    Reference: Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in
        the case of the binomial, Biometrika 26(4).
    """
    tail = (1 - LEVEL) / 2
    low = special.betaincinv(hits, n - hits + 1, tail) if hits else 0.0
    high = special.betaincinv(hits + 1, n - hits, 1 - tail) if hits < n else 1.0
    return float(low), float(high)


def _shuffled(
    group: np.ndarray | tuple[np.ndarray, ...], random: np.random.Generator
) -> list[np.ndarray]:
    arrays = group if isinstance(group, tuple) else (group,)
    order = random.permutation(len(arrays[0]))
    return [array[order] for array in arrays]


def _or_none(statistic: Callable[..., float], groups: tuple | None) -> float | None:
    if groups is None:
        return None
    try:
        arrays = [x for group in groups for x in (group if isinstance(group, tuple) else (group,))]
        value = float(statistic(*arrays))
    except OptionError:
        return None
    return value if np.isfinite(value) else None
