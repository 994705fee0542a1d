"""How many words of what was said were heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest words to replace, leave out or add that turn one list into the other.

    Args:
        said: words.
        heard: words.

    Example:
        >>> word_errors("the birch canoe slid".split(), "a birch can slid down".split())
        3

    Reference: V. Levenshtein (1966), Binary codes capable of correcting deletions, insertions, and
        reversals, Soviet Physics Doklady 10(8).
    """
    row = np.arange(len(heard) + 1)
    for place, word in enumerate(said, 1):
        before, row = row, np.full(len(heard) + 1, place)
        for other, found in enumerate(heard, 1):
            row[other] = min(
                before[other] + 1, row[other - 1] + 1, before[other - 1] + (word != found)
            )
    return int(row[-1])


def word_error_rate(said: Sequence[Sequence[str]], heard: Sequence[Sequence[str]]) -> float:
    """Errors of all sentences together, divided by the number of words that were said.

    Args:
        said: lists of words.
        heard: as many lists.

    Returns:
        0 or more; above 1 where much was heard that nobody said. NaN where nothing was said.

    Example:
        >>> word_error_rate([["one", "two"], ["three", "four"]], [["one", "two"], ["three"]])
        0.25
    """
    words = sum(len(one) for one in said)
    errors = sum(word_errors(*pair) for pair in zip(said, heard, strict=True))
    return errors / words if words else float("nan")
