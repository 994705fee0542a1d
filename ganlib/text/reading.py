"""Text becomes sentences of words with their phones, and the marks between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ganlib.errors import OptionError
from ganlib.text.abbreviations import say_abbreviations, say_signs
from ganlib.text.addresses import say_addresses
from ganlib.text.calendar import SPELL
from ganlib.text.cleaning import clean
from ganlib.text.dictionary import is_known
from ganlib.text.pronouncing import Word, pronounce
from ganlib.text.quantities import say_figures
from ganlib.text.symbols import SILENCE, is_vowel

LONGEST = 30  # words of a sentence that is said in one go
_SHORTEST = 8  # words of a piece of a longer one
_LONGEST_WORD = 40  # letters; what is longer is cut
_CONJUNCTIONS = {
    *("and", "but", "or", "nor", "so", "because", "although", "though", "while", "when", "where"),
    *("which", "who", "that", "if", "unless", "until", "since", "before", "after", "as", "than"),
}
_TOKEN = re.compile(
    rf"(?P<word>{SPELL}[A-Za-z]+|'?[A-Za-z]+(?:['-][A-Za-z]+)*'?)"
    r"|(?P<mark>\.{2,}|--+|\s-\s|\n\s*\n|[.,;:!?()\[\]{}|])"
)


@dataclass(frozen=True)
class Sentence:
    """Words that are said in one go, and the mark after each.

    Args:
        words: at least one.
        marks: "", ",", "." or "?" after each word; the last is never "".

    Example:
        >>> sentence = read("Hi, you!")[0]
        >>> sentence.symbols
        ('sil', 'HH', 'AY1', ',', 'Y', 'UW1', '.')
        >>> sentence.by_rule
        ()
    """

    words: tuple[Word, ...]
    marks: tuple[str, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """What a reader is told: a silence, then the phones and marks."""
        told = [SILENCE]
        for word, mark in zip(self.words, self.marks, strict=True):
            told += [*word.phones, *([mark] if mark else [])]
        return tuple(told)

    @property
    def by_rule(self) -> tuple[Word, ...]:
        """The words that no dictionary knows, said by their spelling."""
        return tuple(word for word in self.words if word.found == "rules")

    def __str__(self) -> str:
        pairs = zip(self.words, self.marks, strict=True)
        return " ".join(word.text + mark for word, mark in pairs)


def read(text: str) -> list[Sentence]:
    """Say what a text sounds like.

    Numbers, dates, money, abbreviations and addresses are written out; then every word is looked
    up, spelled or sounded by rule. A sentence of more than 30 words is cut, at a comma if there is
    one, or before a conjunction.

    Args:
        text: English, at least one letter or digit of the Latin alphabet.

    Returns:
        At least one sentence.

    Raises:
        OptionError: if nothing in it can be read.

    Example:
        >>> [str(sentence) for sentence in read("Dr. No has 3 cats. At 5 p.m., they're fed!")]
        ['doctor no has three cats.', "at five PM, they're fed."]

    Differs: nothing is guessed from the meaning. "Read" and "lead" sound as they do most often, and
        3/4/2026 is the fourth of March, as the American voices say it.
    """
    tokens = _tokens(written_out(text))
    shouted = text.upper() == text and len(tokens) > 1
    sentences: list[Sentence] = []
    words: list[Word] = []
    marks: list[str] = []
    for written, mark in tokens:
        words.append(pronounce(written, shouted, first=not words))
        marks.append(mark)
        if mark in (".", "?"):
            sentences += _pieces(words, marks)
            words, marks = [], []
    if words:
        sentences += _pieces(words, [*marks[:-1], "."])
    if not sentences:
        raise OptionError(
            f"expected English text, got nothing that is said: {text.strip()[:40]!r}."
        )
    return sentences


def written_out(text: str) -> str:
    """The text in words and marks alone, without digits, abbreviations and signs.

    Letters that are said one by one stand behind the character 2.

    Raises:
        OptionError: if nothing in it can be read.

    Example:
        >>> written_out("It's 5% off.").split()
        ["It's", 'five', 'percent', 'off.']
    """
    plain = clean(text)
    plain = re.sub(r"\n[ \t]*(?:[-*]|\d{1,2}[.)])[ \t]+", "\n\n", plain)  # the items of a list
    plain = re.sub(r"(?<=\s)'n'(?=\s)", "and", plain)
    plain = say_signs(say_figures(say_abbreviations(say_addresses(plain))))
    return re.sub(r"(?<=[a-z])\.(?=[a-z])", " dot ", plain)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words as written, each with the strongest mark that follows it."""
    found: list[tuple[str, str]] = []
    for token in _TOKEN.finditer(text):
        if token["word"]:
            found += [(part, "") for part in _parts(token["word"])]
        elif found:
            written, mark = found[-1]
            found[-1] = (written, max(mark, _mark(token), key=",.?".find if mark else len))
    return found


def _mark(token: re.Match[str]) -> str:
    written = token["mark"]
    if written in ("?", "!", "."):
        return "?" if written == "?" else "."
    if written[0] == "\n":
        return "."
    if written[0] == "." and not re.match(r"\s+[a-z]", token.string[token.end() : token.end() + 9]):
        return "."
    return ","


def _parts(written: str) -> list[str]:
    """A word with hyphens as one where the dictionary knows it, else its parts."""
    if "-" in written:
        joined = written.replace("-", "")
        if is_known(written.lower()):
            return [written]
        if is_known(joined.lower()) and written.index("-") <= 2:
            return [joined]
    parts = [part for part in written.split("-") if part]
    return [
        part[place : place + _LONGEST_WORD]
        for part in parts
        for place in range(0, len(part), _LONGEST_WORD)
    ]


def _pieces(words: list[Word], marks: list[str]) -> list[Sentence]:
    """A sentence, or the pieces of a long one; before a vowel, "the" sounds like "thee"."""
    said = list(words)
    for place, (word, after) in enumerate(zip(words, words[1:], strict=False)):
        if word.text == "the" and is_vowel(after.phones[0]):
            said[place] = Word("the", ("DH", "IY0"), word.found)
    pieces = []
    while len(said) > LONGEST:
        end = _where_to_cut(said, marks)
        pieces.append(Sentence(tuple(said[:end]), (*marks[: end - 1], marks[end - 1] or ",")))
        said, marks = said[end:], marks[end:]
    return [*pieces, Sentence(tuple(said), tuple(marks))]


def _where_to_cut(words: list[Word], marks: list[str]) -> int:
    latest = min(LONGEST, len(words) - 2)
    places = range(latest, _SHORTEST - 1, -1)
    commas = (place for place in places if marks[place - 1])
    conjunctions = (place for place in places if words[place].text in _CONJUNCTIONS)
    return next(commas, None) or next(conjunctions, None) or latest
