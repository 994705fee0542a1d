"""Learn from the dictionary how letters sound: `python -m ganlib.text.learning cmudict.dict`.

It writes the two files of `pronunciations/`, the same on every machine, and tells how many phones
are wrong in a tenth of the words when only the others were learned from.
"""

from __future__ import annotations

import hashlib
import math
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from ganlib.text.dictionary import PACKED, pack_dictionary, read_cmudict
from ganlib.text.spelling import BEFORE, END, LEARNED, START, Counts, Spelling, write_spelling
from ganlib.text.symbols import pack, without_stress

Phones = tuple[str, ...]
Entry = tuple[str, Phones]
ROUNDS, EVERY = 6, 7  # of matching letters and phones, on every seventh word
RARE = -12.0  # log-probability of a letter's phones that were not seen


def entries(words: dict[str, list[Phones]]) -> list[Entry]:
    """The words of letters alone, at least two, each as it is usually said.

    Example:
        >>> entries({"a": [("AH0",)], "at": [("AE1", "T")], "at's": [("AE1", "T", "S")]})
        [('at', ('AE1', 'T'))]
    """
    letters = set(string.ascii_lowercase)
    return [(w, ways[0]) for w, ways in sorted(words.items()) if len(w) > 1 and set(w) <= letters]


def is_held_out(word: str) -> bool:
    """Whether a word belongs to the tenth that is only tested with.

    Example:
        >>> sum(is_held_out(f"word{i}") for i in range(1000))
        105
    """
    return hashlib.sha256(word.encode()).digest()[0] * 10 < 256


def match(word: str, phones: Phones, cost: Callable[[str, Phones], float]) -> list[int] | None:
    """How many phones each letter stands for, by the best sum of `cost(letter, phones)`.

    Returns:
        0, 1 or 2 for each letter; None where there are too many phones for the letters.

    Example:
        >>> good = {("x", ("K", "S")), ("a", ("AE",))}
        >>> match("axe", ("AE", "K", "S"), lambda *pair: float(pair in good))
        [1, 2, 0]
    """
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for letter in word:
        row: dict[int, tuple[float, int]] = {}
        for done, (score, _) in best[-1].items():
            for size in range(min(2, len(phones) - done) + 1):
                new = (score + cost(letter, phones[done : done + size]), size)
                if done + size not in row or new > row[done + size]:
                    row[done + size] = new
        best.append(row)
    sizes, left = [], len(phones)
    if left not in best[-1]:
        return None
    for row in reversed(best[1:]):
        sizes.append(row[left][1])
        left -= sizes[-1]
    return sizes[::-1]


def split_phones(phones: Phones, sizes: list[int]) -> list[Phones]:
    """Cut phones into pieces of given sizes.

    Example:
        >>> split_phones(("AE1", "K", "S"), [1, 2, 0])
        [('AE1',), ('K', 'S'), ()]
    """
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    return [phones[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def learn_matching(words: list[Entry]) -> Callable[[str, Phones], float]:
    """The log-probability that a letter stands for some phones, from unmatched words.

    It begins with who occurs beside whom and, round by round, counts the best matching (Viterbi
    training).

    Example:
        >>> words = [("ab", ("AE1", "B")), ("ba", ("B", "AE1")), ("aa", ("AE1",))]
        >>> cost = learn_matching(words * 9)
        >>> cost("b", ("B",)) > cost("b", ("AE",))
        True
    """
    plain = [(word, tuple(map(without_stress, phones))) for word, phones in words]
    letters = Counter(letter for word, _ in plain for letter in set(word))
    sounds = Counter(phone for _, phones in plain for phone in set(phones))
    both = Counter((a, b) for word, phones in plain for a in set(word) for b in set(phones))

    def first(letter: str, phones: Phones) -> float:
        near = [
            math.log(both[letter, one] * len(plain) / (letters[letter] * sounds[one]) + 1e-3)
            for one in phones
        ]
        return sum(near) / len(near) - 4.0 * (len(near) - 1) if near else -3.0

    cost = first
    for _ in range(ROUNDS):
        cost = _counted(plain[::EVERY] if len(plain) > 1000 else plain, cost)
    return cost


def _counted(plain: list[Entry], cost: Callable[[str, Phones], float]):
    pairs: Counter = Counter()
    for word, phones in plain:
        if sizes := match(word, phones, cost):
            pairs.update(zip(word, split_phones(phones, sizes), strict=True))
    of_letter: Counter = Counter()
    for (letter, _), count in pairs.items():
        of_letter[letter] += count
    table = {pair: math.log(n / of_letter[pair[0]]) for pair, n in pairs.items() if n > 1}
    return lambda letter, phones: table.get((letter, phones), RARE - 4.0 * (len(phones) > 1))


def learn(words: list[Entry]) -> tuple[dict[str, str], Counts]:
    """What `Spelling` needs: chunks, and how often each came after which.

    Example:
        >>> chunks, counts = learn([("ab", ("AE1", "B")), ("ba", ("B", "AE1"))] * 9)
        >>> Spelling(chunks, counts).phones("abba")
        ('AE1', 'B', 'B', 'AE2')
    """
    cost = learn_matching(words)
    chains = []
    for word, phones in words:
        if sizes := match(word, tuple(map(without_stress, phones)), cost):
            pieces = split_phones(phones, sizes)
            chains.append([a + pack(b) for a, b in zip(word, pieces, strict=True)])
    often = Counter(chunk for chain in chains for chunk in chain)
    ordered = sorted(often, key=lambda chunk: (-often[chunk], chunk))
    names = {chunk: chr(0x100 + place) for place, chunk in enumerate(ordered)}
    counts: dict[str, Counter] = {}
    for chain in chains:
        text = START * BEFORE + "".join(names[chunk] for chunk in chain) + END
        for place in range(BEFORE, len(text)):
            for size in range(BEFORE + 1):
                counts.setdefault(text[place - size : place], Counter())[text[place]] += 1
    return {name: chunk for chunk, name in names.items()}, without_echoes(counts)


def without_echoes(counts: dict[str, Counter]) -> Counts:
    """Leave out what was seen twice at most and what the shorter `before` says most often anyway.

    Example:
        >>> without_echoes({"": Counter(a=2, b=1), "x": Counter(a=1), "y": Counter(b=1)})
        {'': {'a': 2, 'b': 1}, 'y': {'b': 1}}
    """
    usual = {before: max(after, key=lambda one: after[one]) for before, after in counts.items()}
    return {
        before: dict(after)
        for before, after in counts.items()
        if not before or sum(after.values()) > 2 or list(after) != [usual[before[1:]]]
    }


def wrong_phones(said: Phones, right: Phones) -> int:
    """Phones to replace, insert or remove until both are the same (Levenshtein).

    Example:
        >>> wrong_phones(("K", "AE1", "T"), ("K", "AH1", "T", "S"))
        2
    """
    above = list(range(len(right) + 1))
    for number, one in enumerate(said, 1):
        row = [number]
        for place, other in enumerate(right):
            row.append(min(above[place + 1] + 1, row[-1] + 1, above[place] + (one != other)))
        above = row
    return above[-1]


def error_rates(spelling: Spelling, words: Iterable[Entry]) -> dict[str, float]:
    """Shares of wrong phones, without and with stress, and of words with a wrong phone.

    Example:
        >>> error_rates(Spelling({"A": "aM"}, {"": {"A": 1}}), [("a", ("EY2",))])
        {'phones': 0.0, 'phones with stress': 1.0, 'words': 0.0}
    """
    plain = stressed = words_wrong = phones = count = 0
    for word, right in words:
        said = spelling.phones(word)
        bare = tuple(map(without_stress, said)), tuple(map(without_stress, right))
        plain += wrong_phones(*bare)
        stressed += wrong_phones(said, right)
        words_wrong += bare[0] != bare[1]
        phones, count = phones + len(right), count + 1
    shares = plain / phones, stressed / phones, words_wrong / count
    return dict(zip(("phones", "phones with stress", "words"), shares, strict=True))


def main(path: Path) -> None:
    """Write both files from `cmudict.dict` and tell the error rates of the held-out tenth."""
    words = read_cmudict(path)
    usual = entries(words)
    tested = [entry for entry in usual if is_held_out(entry[0])]
    partly = learn([entry for entry in usual if not is_held_out(entry[0])])
    for name, share in error_rates(Spelling(*partly), tested).items():
        print(f"{name} wrong: {share:.1%} of {len(tested):,} words that were not learned from")
    PACKED.write_bytes(pack_dictionary(words))
    LEARNED.write_bytes(write_spelling(*learn(usual)))
    for file in (PACKED, LEARNED):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
