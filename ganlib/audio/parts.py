"""Where in a file its streams of sound lie, and which of their headers have to be mended.

Encoders that write into a pipe cannot come back to fill in the length; files are joined with `cat`;
downloads break off. libsndfile then believes a header or an estimate. So each kind of file that can
be in such a state is looked through first, and read through a window that tells the truth.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO, NamedTuple

LENGTH_UNKNOWN = 0x7FF00000  # encoders write 0x7FFFF000, 0x80000000, 0xFFFFFFFF, ... into pipes
FLAC_STARTS = (b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22")  # and a STREAMINFO of 34 bytes
SEARCHED = 1 << 20  # bytes


class Part(NamedTuple):
    """One stream of sound in a file.

    Args:
        start: its first byte.
        end: the byte behind it; None for the end of the file.
        head: bytes to read before `start`: a header that tells the length.
        skipped: samples of each channel that the head makes before the sound begins.
    """

    start: int = 0
    end: int | None = None
    head: bytes = b""
    skipped: int = 0


class Layout(NamedTuple):
    """What a file holds.

    Args:
        parts: its streams, one after another.
        whole_seconds: None for a file that is complete; of one that breaks off, how long it was
            meant to be, 0.0 where nobody knows.
        plain: whether every decoder reads it alike: one stream whose header tells its length.
    """

    parts: tuple[Part, ...] = (Part(),)
    whole_seconds: float | None = None
    plain: bool = True


class Window(io.RawIOBase):
    """A part of an open file as a file of its own.

    Example:
        >>> Window(io.BytesIO(b"one two three"), Part(4, 7, b"> ")).read()
        b'> two'
    """

    def __init__(self, file: BinaryIO, part: Part):
        super().__init__()
        self.file, self.part, self.place = file, part, 0
        end = file.seek(0, os.SEEK_END) if part.end is None else part.end
        self.size = len(part.head) + end - part.start

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self.place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, as in any file."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: self.size}[whence]
        self.place = max(0, base + offset)
        return self.place

    def readinto(self, buffer) -> int:
        """Fill a buffer as far as the part reaches."""
        head = self.part.head[self.place : self.place + len(buffer)]
        if not head:
            self.file.seek(self.part.start + self.place - len(self.part.head))
            head = self.file.read(max(0, min(len(buffer), self.size - self.place)))
        buffer[: len(head)] = head
        self.place += len(head)
        return len(head)


def wav_layout(file: BinaryIO) -> Layout:
    """A WAV file, whose length may be unknown: 0, or more than there is.

    Args:
        file: open, at any place.

    Returns:
        The file as it is, or with a length of all ones, which libsndfile takes for "to the end".

    Example:
        >>> header = b"RIFF" + bytes(4) + b"WAVE" + b"data" + bytes(4)
        >>> wav_layout(io.BytesIO(header + bytes(10))).parts[0].head[-4:]
        b'\\xff\\xff\\xff\\xff'
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    riff_size = int.from_bytes(file.read(12)[4:8], "little")
    place, header = 12, file.read(8)
    while len(header) == 8 and header[:4] != b"data":
        claimed = int.from_bytes(header[4:], "little")
        place = file.seek(place + 8 + claimed + claimed % 2)
        header = file.read(8)
    claimed, there = int.from_bytes(header[4:], "little"), size - place - 8
    if len(header) < 8 or 0 < claimed <= there:
        return Layout()
    if (
        claimed == 0 and there > 0 and riff_size + 8 != size
    ):  # else: really empty, then other chunks
        file.seek(0)
        return Layout((Part(place + 8, None, file.read(place + 4) + b"\xff" * 4),), plain=False)
    return Layout(plain=False)


def flac_layout(file: BinaryIO) -> Layout:
    """A FLAC file, or several, one behind the other.

    Args:
        file: open, at any place.

    Example:
        >>> one = FLAC_STARTS[0] + bytes(34)
        >>> [part.start for part in flac_layout(io.BytesIO(one + one)).parts]
        [0, 42]
    """
    file.seek(0)
    starts, place, text = [0], 0, file.read(SEARCHED)
    while len(text) >= 8:
        found = text.find(b"fLaC")
        while found >= 0:
            if place + found and text[found : found + 8] in FLAC_STARTS:
                starts.append(place + found)
            found = text.find(b"fLaC", found + 1)
        place += len(text) - 7  # a start may lie across two stretches
        file.seek(place)
        text = file.read(SEARCHED)
    ends = [*starts[1:], None]
    parts = tuple(Part(start, end) for start, end in zip(starts, ends, strict=True))
    return Layout(parts, plain=len(parts) == 1)
