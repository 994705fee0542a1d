"""From any text to the plain letters, digits and marks that the rules of reading know."""

from __future__ import annotations

import re
import unicodedata

from ganlib.errors import OptionError

# Letters that no accent explains, and signs of several characters.
_SAID_LIKE = str.maketrans(
    {
        **{"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l"},
        **{"Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"},
        **dict.fromkeys("‘’‚‛ʼ′`´＇", "'"),
        **dict.fromkeys("“”„‟«»″〝〞＂", '"'),
        **dict.fromkeys("‐‑‒−", "-"),  # hyphens, figure dash, minus
        **dict.fromkeys("–", "-"),
        **dict.fromkeys("—―", " -- "),
        **dict.fromkeys("…", "..."),
        **{"⁄": "/", "∕": "/", "×": " times ", "÷": " divided by ", "±": " plus or minus "},
        **{"¿": " ", "¡": " ", "•": "\n\n", "·": " ", "≈": " about ", "≤": " at most "},
        **{"≥": " at least ", "≠": " is not ", "→": ", ", "§": " section ", "√": " root of "},
        **{"©": " copyright ", "®": " ", "™": " ", "º": "°", "µ": "μ"},
        **{"²": "^2", "³": "^3", "\u00ad": "", "\u200b": "", "\ufeff": "", "\u2060": ""},
    }
)
_KEPT = "£€¥°μ"  # beside ASCII; rules turn them into words
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def clean(text: str) -> str:
    """The text in plain characters: ASCII and £ € ¥ ° μ.

    Accents fall away (café, cafe), curly quotes become straight, dashes hyphens; what cannot be
    read (emoji, other scripts) becomes a space.

    Args:
        text: any text.

    Raises:
        OptionError: if there is nothing in it that English reads; it says what was there instead.

    Example:
        >>> clean("“Café”—naïve…")
        '"Cafe" -- naive...'
        >>> clean("1½")
        '1 1/2'
    """
    if not isinstance(text, str):
        raise OptionError(f"expected English text as a string, got {type(text).__name__}.")
    if not text.strip():
        raise OptionError('expected English text, got none; give a sentence, such as "Hello."')
    plain = re.sub(r"(\d)(?=[¼-¾⅐-⅞])", r"\1 ", text).translate(_SAID_LIKE)
    plain = unicodedata.normalize("NFKD", plain).translate(_SAID_LIKE)
    plain = "".join(_kept(character) for character in plain)
    plain = _CONTROL.sub(" ", plain)
    if not re.search(r"[A-Za-z0-9]", plain):
        raise OptionError(_refusal(text))
    return plain


def _kept(character: str) -> str:
    if character.isascii() or character in _KEPT:
        return character
    return "" if unicodedata.combining(character) else " "


def _refusal(text: str) -> str:
    found = [character for character in dict.fromkeys(text) if not character.isspace()]
    letters = [character for character in found if unicodedata.category(character)[0] in "LN"]
    if letters:
        scripts = dict.fromkeys(
            unicodedata.name(letter, "unnamed").split()[0].title() for letter in letters
        )
        names = ", ".join(list(scripts)[:3])
        return (
            f"expected English text, got {names} letters alone ({''.join(letters[:12])}); "
            "write it in the letters a to z."
        )
    return (
        f"expected English text, got symbols alone: {' '.join(found[:12])}; "
        "write what is to be said in words."
    )
