"""One word and how it sounds: from the dictionary, letter by letter, or by rules."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ganlib.text.calendar import SPELL
from ganlib.text.dictionary import is_known, pronunciations
from ganlib.text.endings import inflected
from ganlib.text.spelling import spelled
from ganlib.text.symbols import is_vowel

# Written in capitals, these are abbreviations, though small they are words.
_NOT_WORDS = {"us", "it", "am", "pm", "id", "ai", "un", "hr", "er", "ip", "ir", "pa", "ma", "la"}
_LONGEST_SPELLED = 4  # letters of an unknown word in capitals that is spelled though it has vowels
_PREFIXES = {
    "un": ("AH0", "N"),
    "re": ("R", "IY0"),
    "pre": ("P", "R", "IY0"),
    "non": ("N", "AA0", "N"),
    "mis": ("M", "IH0", "S"),
    "dis": ("D", "IH0", "S"),
}
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Word:
    """A word and how it sounds.

    Args:
        text: in small letters; in capitals where it is said letter by letter.
        phones: ARPAbet, vowels with stress.
        found: "dictionary", "letters" (said one by one) or "rules" (by its spelling).

    Example:
        >>> Word("cat", ("K", "AE1", "T"), "dictionary").found
        'dictionary'
    """

    text: str
    phones: tuple[str, ...]
    found: str


def pronounce(written: str, shouted: bool = False, first: bool = False) -> Word:
    """How a word sounds.

    Args:
        written: letters a to z, small or capital, and apostrophes; `SPELL` before letters that are
            said one by one.
        shouted: whether the words around are in capitals too, which then mean nothing.
        first: whether it begins a sentence, so that "A" is no letter.

    Example:
        >>> pronounce("FBI")
        Word(text='FBI', phones=('EH1', 'F', 'B', 'IY1', 'AY1'), found='letters')
        >>> pronounce("NASA").found, pronounce("blorf").found
        ('dictionary', 'rules')
    """
    if written.startswith(SPELL):
        return _by_letters(written[len(SPELL) :].lower())
    written = _without_quotes(written)
    word = written.lower()
    if len(word) == 1:
        return _letter(written, shouted or first)
    if not shouted and (abbreviation := _abbreviation(written)):
        return abbreviation
    if is_known(word):
        return Word(word, pronunciations(word)[0], "dictionary")
    if not re.search("[aeiouy]", word):
        return _by_letters(word)
    return _unknown(written, word, shouted)


def _unknown(written: str, word: str, shouted: bool) -> Word:
    if phones := inflected(word):
        return Word(word, phones, "dictionary")
    parts = _PARTS.findall(written.replace("'", ""))
    if len(parts) > 1 and not written.isupper():
        said = [pronounce(part, shouted, first=True) for part in parts]
        return Word(word, tuple(phone for part in said for phone in part.phones), "rules")
    return Word(word, _compound(word) or _prefixed(word) or spelled(word), "rules")


def _without_quotes(written: str) -> str:
    """Apostrophes at the edges are quotes, unless the dictionary knows them (`'twas`, `dogs'`)."""
    for stripped in (written, written.rstrip("'"), written.lstrip("'")):
        if is_known(stripped.lower()) or (stripped.endswith("s'") and written[0] != "'"):
            return stripped
    return written.strip("'") or written


def _letter(written: str, plain: bool) -> Word:
    word = written.lower()
    if word == "i" or (word == "a" and (plain or written == "a")):
        return Word(word, pronunciations(word)[0], "dictionary")
    return _by_letters(word)


def _abbreviation(written: str) -> Word | None:
    """A word in capitals, and its plural (`CEOs`, `FBI's`), if that is not a word after all."""
    found = re.fullmatch(r"([A-Z]{2,6})('?s)?", written)
    if not found:
        return None
    word = found[1].lower()
    letters = _by_letters(word, plural=bool(found[2]))
    if word in _NOT_WORDS:
        return letters
    if is_known(word):
        names = [phone.rstrip("012") for phone in _names(word)]
        said = [phone.rstrip("012") for phone in pronunciations(word)[0]]
        if said == names and not found[2]:
            return Word(word.upper(), pronunciations(word)[0], "letters")
        return letters if said == names else None
    spell = len(word) <= _LONGEST_SPELLED or not re.search("[aeiouy]", word)
    return letters if spell else None


def _by_letters(letters: str, plural: bool = False) -> Word:
    phones = _names(letters.replace("'", ""))
    if plural:
        phones += ("IH0", "Z") if phones[-1] in ("S", "CH") else ("Z",)
        return Word(letters.upper() + "s", phones, "letters")
    return Word(letters.replace("'", "").upper(), phones, "letters")


def _names(letters: str) -> tuple[str, ...]:
    """How letters are called, `a` like in "plan A"."""
    return tuple(phone for letter in letters for phone in pronunciations(letter)[-1])


def _prefixed(word: str) -> tuple[str, ...]:
    """A known word of four letters and more behind a prefix; nothing for others."""
    for prefix, phones in _PREFIXES.items():
        stem = word.removeprefix(prefix)
        if stem != word and len(stem) >= 4:
            said = pronunciations(stem)[0] if is_known(stem) else inflected(stem)
            if said:
                return (*phones, *said)
    return ()


@functools.lru_cache(maxsize=4096)
def _compound(word: str) -> tuple[str, ...]:
    """Two known words of four letters and more, the second stressed less; nothing if it is none."""
    places = sorted(range(4, len(word) - 3), key=lambda place: abs(2 * place - len(word)))
    for place in places:
        head, tail = word[:place], word[place:]
        if is_known(head) and is_known(tail):
            second = pronunciations(tail)[0]
            weaker = tuple(p[:-1] + "2" if is_vowel(p) and p[-1] == "1" else p for p in second)
            return pronunciations(head)[0] + weaker
    return ()
