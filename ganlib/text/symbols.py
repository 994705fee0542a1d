"""What a reader is told: phones of American English, and the marks between words."""

from __future__ import annotations

PADDING, SILENCE = "_", "sil"
MARKS = (",", ".", "?")
VOWELS = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER"),
    *("EY", "IH", "IY", "OW", "OY", "UH", "UW"),
)
CONSONANTS = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N"),
    *("NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH"),
)
# ARPAbet, alphabetically; a vowel carries its stress: 0 none, 1 primary, 2 secondary.
PHONES = tuple(
    sorted(CONSONANTS + tuple(vowel + stress for vowel in VOWELS for stress in "012"))
)  # 69
SYMBOLS: tuple[str, ...] = (PADDING, SILENCE, *MARKS, *PHONES)  # 74

# One printable character a phone, for the two files of pronunciations.
_LETTERS = {phone: chr(ord("0") + place) for place, phone in enumerate(PHONES)}
_PHONES = {letter: phone for phone, letter in _LETTERS.items()}


def pack(phones: tuple[str, ...]) -> str:
    """Phones as one word of a character each.

    Example:
        >>> unpack(pack(("K", "AE1", "T")))
        ('K', 'AE1', 'T')
    """
    return "".join(_LETTERS[phone] for phone in phones)


def unpack(packed: str) -> tuple[str, ...]:
    """The phones that `pack` wrote.

    Example:
        >>> unpack("")
        ()
    """
    return tuple(_PHONES[letter] for letter in packed)


def is_vowel(phone: str) -> bool:
    """Whether a phone carries a stress.

    Example:
        >>> is_vowel("AH0"), is_vowel("NG")
        (True, False)
    """
    return phone[-1].isdigit()


def without_stress(phone: str) -> str:
    """A phone without its digit.

    Example:
        >>> without_stress("AH0"), without_stress("T")
        ('AH', 'T')
    """
    return phone.rstrip("012")
