"""Plurals, possessives, past tenses and -ing of words that the dictionary knows."""

from __future__ import annotations

import re

from ganlib.text.dictionary import pronunciations
from ganlib.text.symbols import without_stress

_HISSING = {"S", "Z", "SH", "ZH", "CH", "JH"}
_VOICELESS = {"P", "T", "K", "F", "TH", *_HISSING} - {"Z", "ZH", "JH"}
_DOUBLED = "bdgklmnprtvz"


def inflected(word: str) -> tuple[str, ...]:
    """How a word with an ending sounds whose stem is known; nothing for others.

    The ending sounds as the last phone of the stem wants: cats /s/, dogs /z/, horses /ih z/.

    Args:
        word: small letters, perhaps with an apostrophe.

    Example:
        >>> inflected("asterisk's")[-3:], inflected("faxing")[-2:], inflected("blorfs")
        (('S', 'K', 'S'), ('IH0', 'NG'), ())
    """
    for ending, plainer in _ENDINGS.items():
        if not word.endswith(ending) or len(word) < len(ending) + 2:
            continue
        for stem in plainer(word[: -len(ending)]):
            if ways := pronunciations(stem):
                return with_ending(ways[0], ending)
    return ()


def with_ending(phones: tuple[str, ...], ending: str) -> tuple[str, ...]:
    """Phones with those of an ending: one of `inflected`.

    Example:
        >>> with_ending(("K", "AE1", "T"), "s"), with_ending(("W", "EY1", "T"), "ed")[-2:]
        (('K', 'AE1', 'T', 'S'), ('IH0', 'D'))
    """
    last = without_stress(phones[-1])
    if ending == "ing":
        return (*phones, "IH0", "NG")
    if ending in ("ed", "ied"):
        if last in ("T", "D"):
            return (*phones, "IH0", "D")
        return (*phones, "T" if last in _VOICELESS else "D")
    if last in _HISSING:
        return (*phones, "IH0", "Z")
    return (*phones, "S" if last in _VOICELESS else "Z")


def _verb(stem: str) -> list[str]:
    stems = [stem, stem + "e"]
    if re.search(r"[^aeiou][aeiou][^aeiouwxy]$", stem):  # hoped is of hope, hopped of hop
        stems.reverse()
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] in _DOUBLED:
        stems.insert(0, stem[:-1])
    return stems


_ENDINGS = {  # ending: what the dictionary may call the rest
    "'s": lambda stem: [stem],
    "s'": lambda stem: [stem + "s", stem],
    "ies": lambda stem: [stem + "y"],
    "es": lambda stem: [stem + "e", stem],
    "s": lambda stem: [stem],
    "ied": lambda stem: [stem + "y"],
    "ed": _verb,
    "ing": _verb,
}
