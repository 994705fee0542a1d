"""What a terminal cannot show is written in letters that it can, and never ends a command."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import click

from ganlib.errors import GanlibWarning

HANDLER = "ganlib.plain"  # Python calls it for characters that an encoding does not have
PLAIN_ASCII = "ganlib_ascii"  # click takes a terminal that says "ascii" for one of UTF-8
LATIN = re.compile(r"LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE) (?:DOTLESS )?(\w+)(?: WITH .*)?")
SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
    **dict.fromkeys("\u00ab\u00bb\u201c\u201d\u201e\u2033", '"'),
    **{"\u00d7": "x", "\u00b7": "*", "\u2022": "*", "\u2026": "...", "\u00b1": "+/-"},
    **{"\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2248": "~", "\u00b0": " deg"},
    **{
        "\u2190": "<-",
        "\u2192": "->",
        "\u00b5": "u",
        "\u03bc": "u",
        "\u221e": "inf",
        "\u2044": "/",
    },
    **{"\u00df": "ss", "\u1e9e": "SS", "\u00a9": "(c)", "\u20ac": "EUR", "\u00a3": "GBP"},
}


def transliterate(text: str) -> str:
    """Text in ASCII: letters without their marks, signs in words, the rest as `\\u...`.

    Args:
        text: any text, also with the halves of characters that stand for undecodable file names.

    Returns:
        ASCII text, never empty for a visible character.

    Example:
        >>> transliterate("Fréchet – 3 µs ± 1 …"), transliterate("Łódź, 二")
        ('Frechet - 3 us +/- 1 ...', 'Lodz, \\\\u4e8c')
    """
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character in SIGNS:
        return SIGNS[character]
    parts = unicodedata.normalize("NFKD", character)
    if unicodedata.category(character) in ("Mn", "Cf"):  # an accent of its own; an invisible hint
        return ""
    if parts != character:
        return transliterate(parts)
    if letter := LATIN.fullmatch(unicodedata.name(character, "")):
        return letter[2].lower() if letter[1] == "SMALL" else letter[2].capitalize()
    return character.encode("ascii", "backslashreplace").decode("ascii")


def write_what_can_be_shown() -> None:
    """From now on stdout and stderr transliterate what their encoding does not have."""
    codecs.register_error(HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # no stream of text that Python opened, such as a notebook's
            continue
        if codecs.lookup(stream.encoding).name == "ascii":
            codecs.register(_plain_ascii)
            reconfigure(encoding=PLAIN_ASCII, errors=HANDLER)
        else:
            reconfigure(errors=HANDLER)


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Print what ganlib warns of as a line on stderr, each once; leave other warnings alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("default", GanlibWarning)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, GanlibWarning):
                click.echo(f"Note: {message}", err=True)
            else:
                others(message, category, *where, **more)

        warnings.showwarning = cast(Any, show)
        yield


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return transliterate(error.object[error.start : error.end]), error.end


def _plain_ascii(name: str) -> codecs.CodecInfo | None:
    if name != PLAIN_ASCII:
        return None
    ascii_ = codecs.lookup("ascii")
    return codecs.CodecInfo(
        name=PLAIN_ASCII,
        encode=ascii_.encode,
        decode=ascii_.decode,
        incrementalencoder=ascii_.incrementalencoder,
        incrementaldecoder=ascii_.incrementaldecoder,
        streamwriter=ascii_.streamwriter,
        streamreader=ascii_.streamreader,
    )
