"""PocketSphinx's phones have no stress; ours have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ganlib.text.spelling import one_main_stress
from ganlib.text.symbols import VOWELS, is_vowel, without_stress


def with_stress(bare: Sequence[str], known: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Phones with the stress of a known way to say the word.

    A way with the same phones wins, then one with as many vowels; else the first vowel is stressed.

    Args:
        bare: phones without stress.
        known: ways to say the word, the usual one first.

    Example:
        >>> with_stress(["AH", "B", "AW", "T"], [("AH0", "B", "AW1", "T")])
        ('AH0', 'B', 'AW1', 'T')
        >>> with_stress(["AE", "D", "IH", "D"], [("AE1", "D", "AH0", "D")])
        ('AE1', 'D', 'IH0', 'D')
        >>> with_stress(["T", "UW"], [])
        ('T', 'UW1')
    """
    ways = list(known)
    for way in ways:
        if [without_stress(phone) for phone in way] == list(bare):
            return tuple(way)
    vowels = [place for place, phone in enumerate(bare) if phone in VOWELS]
    for way in ways:
        stresses = [phone[-1] for phone in way if is_vowel(phone)]
        if len(stresses) == len(vowels):
            by_place = dict(zip(vowels, stresses, strict=True))
            return tuple(phone + by_place.get(place, "") for place, phone in enumerate(bare))
    plain = tuple(phone + "0" if phone in VOWELS else phone for phone in bare)
    return one_main_stress(plain)
