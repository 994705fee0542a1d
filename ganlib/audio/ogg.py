"""Ogg files: joined streams, and pages that break off."""

from __future__ import annotations

import os
from typing import BinaryIO

from ganlib.audio.parts import Layout, Part

HEADER_BYTES = 27  # of a page, before the table of its segments
CONTINUED, BEGINS, ENDS = 1, 2, 4  # flags of a page


def ogg_layout(file: BinaryIO) -> Layout:
    """The streams of an Ogg file; libsndfile reads the first of several and nothing of the others.

    Args:
        file: open, at any place; begins with a page.

    Returns:
        One part for every stream that begins after another one. What several streams at a time
        (sound beside a picture) mean is left to the decoder.

    Example:
        >>> import io
        >>> page = b"OggS" + bytes([0, BEGINS]) + bytes(20) + bytes([1, 3]) + b"abc"
        >>> rest = page[:5] + bytes([ENDS]) + page[6:]
        >>> [part.start for part in ogg_layout(io.BytesIO(2 * (page + rest))).parts]
        [0, 62]
    """
    size = file.seek(0, os.SEEK_END)
    starts, place, began = [0], 0, True
    while size - place >= HEADER_BYTES:
        file.seek(place)
        header = file.read(HEADER_BYTES)
        if header[:4] != b"OggS":
            break
        if header[5] & BEGINS and not began:
            starts.append(place)
        began = bool(header[5] & BEGINS)
        behind = place + HEADER_BYTES + header[26] + sum(file.read(header[26]))
        if behind > size:
            break
        place = behind
    broken = size - place > 0 and _is_page(file, place)
    ends = [*starts[1:], place if broken else None]
    parts = tuple(Part(start, end) for start, end in zip(starts, ends, strict=True))
    return Layout(parts, 0.0 if broken else None, plain=parts == (Part(),))


def _is_page(file: BinaryIO, place: int) -> bool:
    file.seek(place)
    return b"OggS".startswith(file.read(4))
