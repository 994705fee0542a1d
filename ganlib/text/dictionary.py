"""The dictionary of Carnegie Mellon University: how 126,000 words of American English sound."""

from __future__ import annotations

import functools
import lzma
from pathlib import Path

from ganlib.text.symbols import pack, unpack

FOLDER = Path(__file__).with_name("pronunciations")
PACKED = FOLDER / "words.xz"


def pronunciations(word: str) -> tuple[tuple[str, ...], ...]:
    """All ways to say a word, the usual one first.

    Args:
        word: in small letters, with its apostrophes.

    Returns:
        Phones with stress, once for each way; nothing for an unknown word.

    Example:
        >>> pronunciations("read")
        (('R', 'EH1', 'D'), ('R', 'IY1', 'D'))
        >>> pronunciations("qwrtz")
        ()
    """
    return tuple(unpack(one) for one in _words().get(word, "").split())


def is_known(word: str) -> bool:
    """Whether a word stands in the dictionary.

    Example:
        >>> is_known("voice"), is_known("qwrtz")
        (True, False)
    """
    return word in _words()


@functools.cache
def _words() -> dict[str, str]:
    text = lzma.decompress(PACKED.read_bytes()).decode("ascii")
    return dict(line.split(" ", 1) for line in text.split("\n"))


def read_cmudict(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """The words of `cmudict.dict`, each with all its variants, in the order of the file.

    Args:
        path: a text file with lines `word P H O1 N Z`, `word(2) ...` for a variant, `#` a comment.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "cmudict.dict"
        >>> _ = path.write_text("a AH0\\na(2) EY1 # said alone\\n")
        >>> read_cmudict(path)
        {'a': [('AH0',), ('EY1',)]}
    """
    words: dict[str, list[tuple[str, ...]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.partition("#")[0].split()
        words.setdefault(word.partition("(")[0], []).append(tuple(phones))
    return words


def pack_dictionary(words: dict[str, list[tuple[str, ...]]]) -> bytes:
    """What stands in `words.xz`: a line for each word, a character for each phone.

    Example:
        >>> lzma.decompress(pack_dictionary({"a": [("AH0",), ("EY1",)]})).decode()
        'a 6 M'
    """
    lines = [" ".join([word, *map(pack, ways)]) for word, ways in sorted(words.items())]
    return lzma.compress("\n".join(lines).encode("ascii"), preset=9 | lzma.PRESET_EXTREME)
