"""How far a figure could have come out otherwise: intervals by resampling the clips."""

from collections.abc import Callable

import numpy as np

from ganlib.errors import OptionError


def bootstrap_interval(
    statistic: Callable,
    *arrays: np.ndarray,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
    halves: bool = False,
    limits: tuple[float, float] = (-np.inf, np.inf),
):
    """The interval in which a statistic of these clips varies, by resampling the clips.

    Clips are drawn with replacement, as many as there are, again and again. Let t be the
    statistic of all clips and t* that of a draw: the interval is t + (quantiles of t* - mean t*).
    The mean is taken out because many statistics are biased, and a draw, with its repeated clips,
    is biased once more: plain quantiles of the Fréchet distance lie above the distance itself.

    It covers the chance in the choice of the clips at this number of clips. It does not cover the
    bias itself, another classifier, another training run, or clips that depend on each other.

    Args:
        statistic: takes as many arrays as are given, returns a number or several.
        arrays: with one row a clip. Arrays of the same length are resampled together, row by row,
            as posteriors and labels must be; arrays of other lengths on their own.
        level: in (0, 1).
        resamples: number of draws, at least 20.
        seed: the same seed gives the same interval.
        halves: draw half of the clips without replacement instead. The spread is the same in the
            limit (exactly so for a mean), and no clip occurs twice: right for what compares clips
            with their neighbours or in pairs (precision, coverage, kernel distance).
        limits: smallest and largest possible value, such as (0, 1) for a share.

    Returns:
        Low and high; two numbers, or two arrays if the statistic returns several.

    Raises:
        OptionError: for no arrays, fewer than 2 clips (4 with halves), a level or a number of
            resamples out of range, or a statistic that is not finite.

    Example:
        >>> heard = np.repeat([1.0, 0.0], [80, 20])
        >>> low, high = bootstrap_interval(np.mean, heard)
        >>> 0.7 < low < 0.75 and 0.85 < high < 0.9
        True

    Reference: Efron and Tibshirani (1993), An introduction to the bootstrap, chapters 10 and 13;
        halves: Shao and Wu (1989), A general theory for jackknife variance estimation, Annals of
        Statistics 17(3).
    """
    columns = [np.asarray(array) for array in arrays]
    _check(columns, level, resamples, 4 if halves else 2)
    rng = np.random.default_rng(seed)
    draws = {n: _draws(rng, n, resamples, halves) for n in dict.fromkeys(map(len, columns))}
    whole = _finite(statistic(*columns))
    drawn = np.stack(
        [_finite(statistic(*(x[draws[len(x)][i]] for x in columns))) for i in range(resamples)]
    )
    tails = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = np.clip(whole + tails - drawn.mean(axis=0), *limits)
    return (float(low), float(high)) if whole.ndim == 0 else (low, high)


def _check(columns: list[np.ndarray], level: float, resamples: int, at_least: int) -> None:
    if not columns or any(x.ndim == 0 or len(x) < at_least for x in columns):
        shapes = [x.shape for x in columns]
        raise OptionError(f"An interval needs arrays of at least {at_least} clips, not {shapes}.")
    if not 0 < level < 1:
        raise OptionError(f"level must be above 0 and below 1, such as 0.95, not {level}.")
    if resamples < 20:
        raise OptionError(f"resamples must be at least 20, not {resamples}.")


def _draws(rng: np.random.Generator, clips: int, resamples: int, halves: bool) -> np.ndarray:
    """Indices (resamples, clips) with replacement, or (resamples, clips / 2) without."""
    if halves:
        return rng.random((resamples, clips)).argsort(axis=1)[:, : clips // 2]
    return rng.integers(clips, size=(resamples, clips))


def _finite(value) -> np.ndarray:
    value = np.asarray(value, "float64")
    if not np.isfinite(value).all():
        raise OptionError(
            f"The statistic must be finite, not {value}; its interval has no meaning."
        )
    return value
