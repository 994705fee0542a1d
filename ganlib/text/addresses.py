"""Addresses of mail and of the web as one says them."""

from __future__ import annotations

import re

from ganlib.text.calendar import SPELL

_ENDINGS = "com|org|net|edu|gov|info|io|ai|dev|app|uk|de|fr|it|es|nl|ch|at|eu|us|ca|au|jp|in|co|me"
_DOMAIN = rf"(?:[A-Za-z0-9](?:[\w-]{{0,62}})\.){{1,5}}(?:{_ENDINGS})\b"
_MAIL = re.compile(rf"(?<![\w.+-])[\w+-][\w.+-]{{0,63}}@{_DOMAIN}(?!\w)", re.IGNORECASE)
_WEB = re.compile(
    rf"(?:\b(?:https?|ftp)://[^\s\"'<>)\]]+|(?<![\w@./-]){_DOMAIN}(?![\w@])(?:[:/?#][^\s\"'<>)\]]*)?)",
    re.IGNORECASE,
)
_SIGNS = {
    **{".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", "?": "question mark"},
    **{"=": "equals", "&": "and", "#": "hash", ":": "colon", "~": "tilde", "%": "percent"},
    **{"+": "plus", ",": "comma", ";": "semicolon", "!": "exclamation mark", "$": "dollar"},
}
_SPELLED = {"www", "uk", "de", "io", "ai", "fr", "it", "es", "nl", "ch", "at", "eu", "us", "ca"}
_SPELLED |= {"au", "jp", "in", "me"}


def say_addresses(text: str) -> str:
    r"""Write out addresses of mail and of the web.

    Args:
        text: cleaned text.

    Example:
        >>> say_addresses("Write to ann@example.com.").split()
        ['Write', 'to', 'ann', 'at', 'example', 'dot', 'com', '.']
        >>> say_addresses("See https://example.org/a-b").split()
        ['See', 'example', 'dot', 'org', 'slash', '\x02a', 'dash', '\x02b']
    """
    return _WEB.sub(_say, _MAIL.sub(_say, text))


def _say(found: re.Match[str]) -> str:
    address = found[0].rstrip(".,;:!?")
    tail = found[0][len(address) :]
    address = re.sub(r"^(?:https?|ftp)://", "", address, flags=re.IGNORECASE).rstrip("/")
    said, after_dot = [], False
    for part in re.findall(r"[A-Za-z]+|\d+|[^\w\s]|_", address):
        if part in _SIGNS:
            said.append(_SIGNS[part])
        elif part.lower() == "www" or (after_dot and part.lower() in _SPELLED):
            said.append(SPELL + part.lower())
        elif part.isdigit():
            said.append(" ".join(part) if len(part) > 4 else part)
        elif part.isalpha():
            said.append(part if len(part) > 1 else SPELL + part.lower())
        after_dot = part == "."
    return f" {' '.join(said)} {tail}"
