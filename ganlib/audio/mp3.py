"""MP3 files: how many frames there really are.

An MP3 file has no length of its own. Encoders that can come back put the number of frames into a
first, silent frame (the Xing header; "Info" where the bit rate is constant). Without it libmpg123
divides the size of the file, tags and cover included, by the bit rate of the first frame, and what
lies behind that guess is never read. So the headers of all frames are counted here, and a Xing
header that tells the truth is put in front.

Reference:
    ISO/IEC 11172-3:1993, section 2.4.2.3 (header of a frame); ID3v2.4.0, section 3.1.
"""

from __future__ import annotations

import os
from typing import BinaryIO, NamedTuple

from ganlib.audio.parts import Layout, Part

KBITS = {1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
         2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)}  # fmt: skip
RATES_HZ = (44100, 48000, 32000)  # of MPEG-1; MPEG-2 has half of them, MPEG-2.5 a quarter
SAME = 0xFFFE0C00  # bits of a header that do not change within a stream: version, layer, rate
NO_CHECKSUM = 0x00010000
LOOKED_AT = 192  # bytes: a frame's header, and a Xing header with its LAME tag
XING_BYTES = 4 + 32 + 12  # header, side information, mark, flags and number of frames
DECODER_DELAY = 529  # samples that libmpg123 drops at the start of whatever has a Xing header
LAME_PADDING = 142  # bytes behind the mark: samples to cut off, in 12 bits
SEARCHED = 1 << 16


class Frame(NamedTuple):
    """The header of a frame of MPEG layer III."""

    bits: int
    size: int  # in bytes, header included
    samples: int  # in each channel
    rate: int  # in Hz
    xing: int  # where the mark of a Xing header would stand


class Run(NamedTuple):
    """Frames that follow each other without a gap."""

    frame: Frame  # the first
    start: int
    end: int
    frames: int  # that hold sound
    head: bytes  # the beginning of the first frame if it is a Xing header, else empty


def read_header(text: bytes) -> Frame | None:
    """The header of a frame, or None where there is none.

    Args:
        text: at least 4 bytes.

    Example:
        >>> read_header(bytes([0xFF, 0xFB, 0x90, 0xC0]))[1:4]
        (417, 1152, 44100)
        >>> read_header(b"TAG ") is None
        True
    """
    bits = int.from_bytes(text[:4], "big")
    version, kbits, rate = bits >> 19 & 3, bits >> 12 & 15, bits >> 10 & 3
    if len(text) < 4 or bits >> 21 != 0x7FF or version == 1 or bits >> 17 & 3 != 1:
        return None
    if not 0 < kbits < 15 or rate == 3:
        return None
    mpeg1, mono = version == 3, bits >> 6 & 3 == 3
    rate_hz = RATES_HZ[rate] // {3: 1, 2: 2, 0: 4}[version]
    samples, side = (1152, 17 if mono else 32) if mpeg1 else (576, 9 if mono else 17)
    size = samples // 8 * 1000 * KBITS[1 if mpeg1 else 2][kbits - 1] // rate_hz + (bits >> 9 & 1)
    return Frame(bits, size, samples, rate_hz, 4 + side)


def mp3_layout(file: BinaryIO) -> Layout:
    """The streams of an MP3 file, each with the number of its frames.

    Args:
        file: open, at any place.

    Returns:
        The file as it is where its Xing header tells the truth, or where it is no MPEG layer III.
    """
    size = file.seek(0, os.SEEK_END)
    start = _behind_tags(file, 0)
    frame = _frame_at(file, start)
    if frame is None and _at(file, start, 4) in (b"fLaC", b"RIFF", b"OggS", b"FORM"):
        return Layout()
    if frame is not None and _tells_its_end(file, start, frame, size):
        return Layout()
    runs, cut = _runs(file, start, size)
    if not runs:
        return Layout()
    parts = tuple(_part(run) for run in runs)
    claimed = sum(_claimed(run) or run.frames for run in runs)
    missing = claimed > 1 + sum(run.frames for run in runs)
    whole = sum((_claimed(run) or run.frames) * run.frame.samples / run.frame.rate for run in runs)
    if missing or cut:
        return Layout(parts, whole if missing else 0.0, plain=False)
    if len(runs) == 1 and _claimed(runs[0]) == runs[0].frames:
        return Layout()
    return Layout(parts, plain=False)


def _runs(file: BinaryIO, place: int, size: int) -> tuple[list[Run], bool]:
    """All runs of frames, and whether the last frame is cut."""
    runs: list[Run] = []
    while place < size:
        first = _frame_at(file, place)
        if first is None:
            place = _next_frame(file, place, size)
            continue
        head = _at(file, place, LOOKED_AT)[: first.size] if _is_xing(file, place, first) else b""
        start, frames, frame = place, 0 if head else 1, first
        while (place := place + frame.size) <= size:
            text = _at(file, place, 64)
            following = read_header(text)
            if following is None or (following.bits ^ first.bits) & SAME:
                break
            if text[following.xing :][:4] in (b"Xing", b"Info"):
                break
            frames, frame = frames + 1, following
        if place > size:  # the last frame is cut
            runs.append(Run(first, start, place - frame.size, max(0, frames - 1), head))
            return [run for run in runs if run.frames], True
        runs.append(Run(first, start, place, frames, head))
        place = _behind_tags(file, place)
    return [run for run in runs if run.frames], False


def _frame_at(file: BinaryIO, place: int) -> Frame | None:
    """A frame that another one of its kind, a tag or the end of the file follows."""
    frame = read_header(_at(file, place, 4))
    if frame is None:
        return None
    text = _at(file, place + frame.size, 8)
    following = read_header(text)
    if following is not None:
        return frame if not (following.bits ^ frame.bits) & SAME else None
    return frame if len(text) < 4 or _tag_size(text + bytes(24)) else None


def _next_frame(file: BinaryIO, place: int, size: int) -> int:
    """The next place where a frame begins; the end of the file if there is none."""
    place += 1
    while place < size:
        text = _at(file, place, SEARCHED)
        found = text.find(b"\xff")
        while found >= 0:
            if _frame_at(file, place + found) is not None:
                return place + found
            found = text.find(b"\xff", found + 1)
        place += len(text)
    return size


def _tag_size(text: bytes) -> int:
    """How many bytes the tag has that begins here; 0 if none does."""
    if text[:3] == b"ID3":
        first, second, third, fourth = text[6:10]  # of 7 bits each
        size = first << 21 | second << 14 | third << 7 | fourth
        return 10 + size + 10 * (text[5] >> 4 & 1)
    if text[:3] == b"TAG":
        return 128
    if text[:8] == b"APETAGEX":
        return 32 + int.from_bytes(text[12:16], "little") * (text[23] >> 5 & 1)
    return 0


def _behind_tags(file: BinaryIO, place: int) -> int:
    while size := _tag_size(_at(file, place, 32)):
        place += size
    return place


def _is_xing(file: BinaryIO, place: int, frame: Frame) -> bool:
    text = _at(file, place, 64)
    return text[frame.xing :][:4] in (b"Xing", b"Info") or text[36:40] == b"VBRI"


def _fields(head: bytes, frame: Frame) -> tuple[int | None, int | None]:
    """Number of frames and bytes that a Xing header tells."""
    flags = int.from_bytes(head[frame.xing + 4 : frame.xing + 8], "big")
    place, found = frame.xing + 8, []
    for bit in (1, 2):
        found.append(int.from_bytes(head[place : place + 4], "big") if flags & bit else None)
        place += 4 if flags & bit else 0
    return (found[0], found[1]) if head[frame.xing :][:4] in (b"Xing", b"Info") else (None, None)


def _tells_its_end(file: BinaryIO, start: int, frame: Frame, size: int) -> bool:
    """Whether a Xing header names as many bytes as there are: then nobody has to count."""
    frames, count = _fields(_at(file, start, LOOKED_AT), frame)
    if not frames or not count:
        return False
    end = start + count
    return end == size or (end + 128 == size and _at(file, end, 3) == b"TAG")


def _claimed(run: Run) -> int | None:
    return _fields(run.head, run.frame)[0] if run.head else None


def _part(run: Run) -> Part:
    """A run behind a Xing header that tells its number of frames."""
    if _claimed(run) == run.frames:
        return Part(run.start, run.end)
    if _claimed(run):
        return Part(run.start + len(run.head), run.end, _mended(run))
    behind_head = run.start + (run.frame.size if run.head else 0)
    return Part(behind_head, run.end, _new_head(run), run.frame.samples - DECODER_DELAY)


def _mended(run: Run) -> bytes:
    """The Xing header of a run with its true length, and nothing to cut off from its end."""
    head, place = bytearray(run.head), run.frame.xing + 8
    head[place : place + 4] = run.frames.to_bytes(4, "big")
    if _fields(run.head, run.frame)[1] is not None:
        head[place + 4 : place + 8] = (run.end - run.start).to_bytes(4, "big")
    padding = run.frame.xing + LAME_PADDING
    if head[run.frame.xing + 7] & 15 == 15 and len(head) > padding + 1:
        head[padding : padding + 2] = bytes([head[padding] & 0xF0, 0])
    return bytes(head)


def _new_head(run: Run) -> bytes:
    """A Xing header, and one silent frame of which the decoder drops its delay."""
    bits = (run.frame.bits | NO_CHECKSUM) & ~(15 << 12 | 1 << 9)  # no bit rate, no padding: yet
    frames = [read_header((bits | kbits << 12).to_bytes(4, "big")) for kbits in range(1, 15)]
    chosen = next(frame for frame in frames if frame and frame.size >= XING_BYTES)
    text = chosen.bits.to_bytes(4, "big")
    xing = text.ljust(chosen.xing, b"\0") + b"Xing" + bytes([0, 0, 0, 1])
    xing += (run.frames + 1).to_bytes(4, "big")
    return xing.ljust(chosen.size, b"\0") + text.ljust(chosen.size, b"\0")


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)
