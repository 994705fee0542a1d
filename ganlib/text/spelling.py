"""How a word sounds that no dictionary knows: from its letters, by what others sound like.

A *chunk* is a letter with the phones that it stands for: none, one or two. A word is a chain of
chunks, and the likeliest chain for its letters wins:

    p(c1 ... cn) = product of p(ci | the three chunks before)

where p is counted in the dictionary; where three chunks before were not seen often, p leans on two,
one, and none (Witten and Bell):

    p(c | h) = (count(h c) + kinds(h) p(c | h without its first)) / (count(h) + kinds(h))

Reference: M. Bisani & H. Ney (2008), Joint-sequence models for grapheme-to-phoneme conversion,
    Speech Communication 50(5). I. Witten & T. Bell (1991), The zero-frequency problem, IEEE
    Transactions on Information Theory 37(4), method C.
"""

from __future__ import annotations

import functools
import lzma
import math
import string
from collections.abc import Iterable

from ganlib.text.dictionary import FOLDER
from ganlib.text.symbols import is_vowel, unpack

LEARNED = FOLDER / "spelling.xz"
BEFORE = 3  # chunks that a chunk depends on
START, END = "<", ">"
SMALLEST = 1e-6  # probability of a chunk that was never counted
Counts = dict[str, dict[str, int]]  # chunks before, one character each: chunk: how often


class Spelling:
    """Say a word by its letters.

    Args:
        chunks: by the character that stands for it in `counts`: a letter and its packed phones.
        counts: how often a chunk came after others; "" stands for any.
        beam: chains that are followed at a time.

    Example:
        >>> Spelling({"A": "aM", "B": "b"}, {"": {"A": 3, "B": 3, END: 1}}).phones("ab")
        ('EY1',)
    """

    def __init__(self, chunks: dict[str, str], counts: Counts, beam: int = 12):
        self._chunks, self._beam = chunks, beam
        self._of_letter: dict[str, list[str]] = {letter: [] for letter in string.ascii_lowercase}
        for name, chunk in chunks.items():
            self._of_letter[chunk[0]].append(name)
        self._counts = {
            before: (after, sum(after.values()), len(after)) for before, after in counts.items()
        }

    def phones(self, word: str) -> tuple[str, ...]:
        """The likeliest phones of a word.

        Args:
            word: small letters a to z; others are passed over.
        """
        chains = [(0.0, START * BEFORE)]
        for letter in word:
            if names := self._of_letter.get(letter):
                chains = self._longer(chains, names)
        best = max(self._longer(chains, [END]))[1]
        packed = "".join(self._chunks[name][1:] for name in best[BEFORE:-1])
        return one_main_stress(unpack(packed))

    def _longer(self, chains: list[tuple[float, str]], names: list[str]) -> list[tuple[float, str]]:
        best: dict[str, tuple[float, str]] = {}
        for score, chain in chains:
            for name, p in zip(names, self._probabilities(chain[-BEFORE:], names), strict=True):
                longer = (score + math.log(p), chain + name)
                ending = longer[1][-BEFORE:]
                best[ending] = max(best.get(ending, longer), longer)
        return sorted(best.values(), reverse=True)[: self._beam]

    def _probabilities(self, before: str, names: list[str]) -> list[float]:
        chances = [SMALLEST] * len(names)
        for size in range(len(before) + 1):
            found = self._counts.get(before[len(before) - size :])
            if found:
                after, total, kinds = found
                chances = [
                    (after.get(name, 0) + kinds * p) / (total + kinds)
                    for name, p in zip(names, chances, strict=True)
                ]
        return chances


def one_main_stress(phones: tuple[str, ...]) -> tuple[str, ...]:
    """The phones with exactly one primary stress, where there is a vowel at all.

    Of several the first stays; where there is none, the first secondary one rises, or the first
    vowel.

    Example:
        >>> one_main_stress(("AE1", "B", "IY1")), one_main_stress(("AE0", "B", "IY0"))
        (('AE1', 'B', 'IY2'), ('AE1', 'B', 'IY0'))
    """
    vowels = [place for place, phone in enumerate(phones) if is_vowel(phone)]
    if not vowels:
        return phones
    strongest = min(vowels, key=lambda place: "120".index(phones[place][-1]))
    fixed = list(phones)
    for place in vowels:
        if place == strongest:
            fixed[place] = phones[place][:-1] + "1"
        elif phones[place].endswith("1"):
            fixed[place] = phones[place][:-1] + "2"
    return tuple(fixed)


@functools.lru_cache(maxsize=4096)
def spelled(word: str) -> tuple[str, ...]:
    """How a word probably sounds, by its letters alone.

    Args:
        word: small letters a to z; others are passed over.

    Returns:
        Phones with stress; none for a word without letters.

    Example:
        >>> spelled("blicker")
        ('B', 'L', 'IH1', 'K', 'ER0')
    """
    return _learned().phones(word)


@functools.cache
def _learned() -> Spelling:
    return Spelling(*read_spelling(LEARNED.read_bytes()))


def write_spelling(chunks: dict[str, str], counts: Counts) -> bytes:
    """What stands in `spelling.xz`: the chunks in one line, then a line for each `before`.

    A line says how many characters of the line before are kept, the other chunks before (the
    nearest first), a tabulator, and each chunk after with its count, without it where that is 1.

    Example:
        >>> text = write_spelling({"A": "aF"}, {"": {END: 3, "A": 3}, "A": {END: 3}})
        >>> read_spelling(text)
        ({'A': 'aF'}, {'': {'>': 3, 'A': 3}, 'A': {'>': 3}})
    """
    lines, last = [" ".join(f"{name}{chunk}" for name, chunk in chunks.items())], ""
    for backwards, before in sorted((before[::-1], before) for before in counts):
        same = len(_common([last, backwards]))
        after = sorted(counts[before].items(), key=lambda one: (-one[1], one[0]))
        told = "".join(name + (str(count) if count > 1 else "") for name, count in after)
        lines.append(f"{same}{backwards[same:]}\t{told}")
        last = backwards
    return lzma.compress("\n".join(lines).encode("utf-8"), preset=9 | lzma.PRESET_EXTREME)


def _common(words: Iterable[str]) -> str:
    same = ""
    for letters in zip(*words, strict=False):
        if len(set(letters)) > 1:
            break
        same += letters[0]
    return same


def read_spelling(packed: bytes) -> tuple[dict[str, str], Counts]:
    """The chunks and counts that `write_spelling` wrote.

    Example:
        >>> read_spelling(lzma.compress(b"AaF\\n0\\tA3>"))
        ({'A': 'aF'}, {'': {'A': 3, '>': 1}})
    """
    first, *lines = lzma.decompress(packed).decode("utf-8").split("\n")
    counts: Counts = {}
    last = ""
    for line in lines:
        head, _, told = line.partition("\t")
        last = last[: int(head[0])] + head[1:]
        counts[last[::-1]] = _read_counts(told)
    return {word[0]: word[1:] for word in first.split(" ")}, counts


def _read_counts(told: str) -> dict[str, int]:
    after, name, number = {}, "", ""
    for character in told:
        if "0" <= character <= "9":
            number += character
            continue
        if name:
            after[name] = int(number or 1)
        name, number = character, ""
    after[name] = int(number or 1)
    return after
