"""Numbers in words, by the library num2words."""

from __future__ import annotations

import functools
import re

from ganlib.errors import OptionError

_MOST_DIGITS = 15  # of a number that is said as one; longer ones are said digit by digit


@functools.lru_cache(maxsize=4096)
def _words(number: int, kind: str) -> str:
    try:
        from num2words import num2words
    except ImportError:
        raise OptionError(
            "Reading numbers aloud needs the package num2words: pip install num2words."
        ) from None
    return num2words(number, to=kind).replace(",", "").replace("-", " ")


def cardinal(digits: str) -> str:
    """A whole number in words; with a leading zero, or very long, digit by digit.

    Args:
        digits: 0 to 9, and commas between thousands.

    Example:
        >>> cardinal("1,204"), cardinal("007")
        ('one thousand two hundred and four', 'zero zero seven')
    """
    digits = digits.replace(",", "")
    if len(digits) > _MOST_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return one_by_one(digits)
    return _words(int(digits), "cardinal")


def ordinal(digits: str) -> str:
    """The place in a row.

    Example:
        >>> ordinal("21")
        'twenty first'
    """
    return _words(int(digits[-_MOST_DIGITS:].replace(",", "")), "ordinal")


def year(digits: str) -> str:
    """A year as it is said.

    Example:
        >>> year("1805"), year("2026")
        ('eighteen oh five', 'twenty twenty six')
    """
    return _words(int(digits), "year")


def decimal(digits: str) -> str:
    """A number with a point, the digits behind it one by one.

    Example:
        >>> decimal("3.140"), decimal(".5")
        ('three point one four zero', 'zero point five')
    """
    whole, point, rest = digits.partition(".")
    said = cardinal(whole) if whole else "zero"
    return f"{said} point {one_by_one(rest)}" if point and rest else said


def one_by_one(digits: str) -> str:
    """Every digit for itself, a pause every three where they are many.

    Example:
        >>> one_by_one("105")
        'one zero five'
    """
    names = [_words(int(digit), "cardinal") for digit in digits if "0" <= digit <= "9"]
    if len(names) <= _MOST_DIGITS:
        return " ".join(names)
    groups = [" ".join(names[place : place + 3]) for place in range(0, len(names), 3)]
    return ", ".join(groups)


def fraction(above: str, below: str) -> str:
    """A broken number.

    Example:
        >>> fraction("1", "2"), fraction("3", "4"), fraction("2", "3"), fraction("7", "5")
        ('one half', 'three quarters', 'two thirds', 'seven over five')
    """
    one = int(above) == 1
    if not 0 < int(above) < int(below) <= 1000:
        return f"{cardinal(above)} over {cardinal(below)}"
    parts = {2: "half", 4: "quarter"}.get(int(below)) or ordinal(below)
    return f"{cardinal(above)} {parts if one else plural(parts)}"


def plural(word: str) -> str:
    """The last word of several in its plural, as far as numbers and units need it.

    Example:
        >>> plural("twenty"), plural("half"), plural("inch")
        ('twenties', 'halves', 'inches')
    """
    for ending, several in (("half", "halves"), ("foot", "feet"), ("six", "sixes")):
        if word.endswith(ending):
            return word[: -len(ending)] + several
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)$", word) else "s")
