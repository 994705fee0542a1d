"""Whether words and sound agree: a forced alignment fits nearly any words onto nearly any sound."""

from __future__ import annotations

from collections.abc import Sequence

from ganlib.alignment.sphinx import Found
from ganlib.errors import AlignmentError

# Log-likelihood a frame, in PocketSphinx's units. Chosen on the split `train` of the set `voice`:
# one of its 484 clips lies below, and 258 of 297 that were aligned with another clip's words.
LEAST_FIT = -25.0


def fit(found: Sequence[Found]) -> float:
    """The mean log-likelihood of a frame of speech; silences do not count.

    Args:
        found: at least one word.

    Returns:
        Some -10 where words and sound agree, -40 where they do not.

    Example:
        >>> fit([Found(None, (("SIL", 0, 20, -900),)), Found(0, (("AH", 20, 10, -90),))])
        -9.0
    """
    phones = [phone for one in found if one.place is not None for phone in one.phones]
    return sum(score for *_, score in phones) / sum(frames for _, _, frames, _ in phones)


def check_fit(found: Sequence[Found]) -> None:
    """Refuse words that only force has brought onto the sound.

    Raises:
        AlignmentError: if the fit is below `LEAST_FIT`.

    Example:
        >>> check_fit([Found(0, (("AH", 20, 10, -90),))])
        >>> try:
        ...     check_fit([Found(0, (("AH", 20, 10, -300),))])
        ... except AlignmentError as error:
        ...     print(str(error)[:31])
        other words seem to be said: th
    """
    if (fits := fit(found)) < LEAST_FIT:
        raise AlignmentError(
            f"other words seem to be said: the sound fits the text with {fits:.0f} a frame, and "
            f"{LEAST_FIT:.0f} is the least that right texts reach; compare both."
        )
