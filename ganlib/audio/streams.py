"""The streams of sound in an open file: opened, described and decoded, to their true end."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from ganlib.audio.mp3 import mp3_layout
from ganlib.audio.ogg import ogg_layout
from ganlib.audio.parts import LENGTH_UNKNOWN, Layout, Part, Window, flac_layout, wav_layout
from ganlib.errors import AudioFileError, GanlibError

if TYPE_CHECKING:
    import soundfile

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1_000, 768_000
OPEN_LENGTH = 1 << 62  # frames: FLAC whose encoder wrote into a pipe
NEGLIGIBLE_SECONDS = 0.01  # that are missing at the end
MOST_VALUES = 1 << 23  # in a block, of all channels together
LAYOUTS = {b"RIFF": wav_layout, b"fLaC": flac_layout, b"OggS": ogg_layout}
MISSING = re.compile(  # in the log of libsndfile
    r"^ *(data|SSND|Data Size|BODY|riff|Riff size) *: (\d+) \(should be (\d+)\)", re.M
)


class FileInfo(NamedTuple):
    """What `probe` tells of a sound file.

    Args:
        rate: in Hz.
        channels: how many.
        frames: true length, in samples of one channel, whatever the header says.
        truncated: what is missing and what to do; empty for a complete file.
        container: libsndfile's name of the file format ("WAV", "MP3", ...).
        subtype: its name of the encoding ("PCM_16", ...).
        plain: whether the header tells the length and the file holds one stream, so that every
            decoder reads it alike.
    """

    rate: int
    channels: int
    frames: int
    truncated: str
    container: str
    subtype: str
    plain: bool


@contextlib.contextmanager
def opened(path: str | os.PathLike) -> Iterator[tuple[BinaryIO, Layout]]:
    """An open file and where its streams lie; whatever goes wrong inside is an AudioFileError.

    Raises:
        AudioFileError: if it cannot be read, or is no sound.
    """
    import soundfile

    try:
        with open(path, "rb") as file:
            mark = file.read(4)
            mp3 = mark[:3] == b"ID3" or (mark[:1] == b"\xff" and mark[1:2] >= b"\xe0")
            find = mp3_layout if mp3 else LAYOUTS.get(mark, lambda file: Layout())
            yield file, find(file)
    except GanlibError:
        raise
    except OSError as error:  # no such file, a folder, no permission
        raise AudioFileError(path, f"cannot be read ({error.strerror or error})") from error
    except (soundfile.SoundFileError, TypeError, ValueError, MemoryError) as error:
        reason = "cannot be decoded: expected an undamaged WAV, FLAC, OGG or MP3 file"
        raise AudioFileError(path, reason) from error


def described(path: object, file: BinaryIO, layout: Layout) -> FileInfo:
    """What `probe` tells, of a file that is open; an error of soundfile passes through.

    Raises:
        AudioFileError: see `probe`.
    """
    first, frames, read, whole = None, 0, 0, layout.whole_seconds
    for part, sound in zip(layout.parts, _streams(path, file, layout), strict=False):
        if first is None:
            first = sound
        if _kind(sound) != _kind(first):
            break
        here = _true_frames(sound) - part.skipped
        claimed = _claimed_frames(sound, here)
        whole = (frames + claimed) / sound.samplerate if claimed else whole
        frames, read = frames + here, read + 1
    if first is None or frames < 1:
        raise AudioFileError(path, "is empty, expected at least one sample")
    told = _told(frames / first.samplerate, whole, len(layout.parts) - read)
    kind, plain = _kind(first), layout.plain and not told and first.frames == frames
    return FileInfo(*kind, frames, told, first.format.replace("WAVEX", "WAV"), first.subtype, plain)


def decoded(
    path: object, file: BinaryIO, layout: Layout, found: FileInfo, block_seconds: float
) -> Iterator[np.ndarray]:
    """Blocks as `audio_blocks` gives them, unchecked, of a file that is open.

    Raises:
        AudioFileError: at the end, if fewer samples came than there should be.
    """
    size = round(min(block_seconds * found.rate, MOST_VALUES // found.channels))
    got = 0
    for sound in _streams(path, file, layout):
        if _kind(sound) != _kind(found):
            break
        for block in _blocks(sound, max(1, size)):
            got += len(block)
            yield block
    if 0 < got < 0.9 * found.frames:
        reason = f"breaks off after {got} of {found.frames} samples; get a complete copy"
        raise AudioFileError(path, reason)


def _streams(path: object, file: BinaryIO, layout: Layout) -> Iterator[soundfile.SoundFile]:
    """The streams of a file, each at its beginning, open until the next is asked for."""
    import soundfile

    for part in layout.parts:
        file.seek(0)
        with soundfile.SoundFile(file if part == Part() else Window(file, part)) as sound:
            if not LOWEST_RATE_HZ <= sound.samplerate <= HIGHEST_RATE_HZ:
                raise AudioFileError(
                    path,
                    f"has a sample rate of {sound.samplerate:,} Hz, expected "
                    f"{LOWEST_RATE_HZ:,} to {HIGHEST_RATE_HZ:,} Hz",
                )
            # soundfile seeks after every block, which needs a length; reading forward does not.
            sound.seekable = lambda: False
            if part.skipped:
                sound.read(part.skipped)
            yield sound


def _kind(sound: soundfile.SoundFile | FileInfo) -> tuple[int, int]:
    return getattr(sound, "samplerate", None) or sound.rate, sound.channels


def _true_frames(sound: soundfile.SoundFile) -> int:
    """Its length; counted where the header does not tell it, and where FLAC has lost its end."""
    import soundfile

    if sound.format != "FLAC" or sound.frames == 0:
        return sound.frames
    if sound.frames < OPEN_LENGTH:
        with contextlib.suppress(soundfile.SoundFileError):
            sound.seek(sound.frames - 1)
            if len(sound.read(1)):
                return sound.frames
        sound.seek(0)
    return sum(len(block) for block in _blocks(sound, 1 << 16))


def _blocks(sound: soundfile.SoundFile, size: int) -> Iterator[np.ndarray]:
    while len(block := sound.read(size, dtype="float32", always_2d=True)):
        yield block


def _claimed_frames(sound: soundfile.SoundFile, there: int) -> float:
    """How many samples the header promises, if that is more than there are; else 0."""
    for _, claimed, real in MISSING.findall(sound.extra_info):
        if int(real) < int(claimed) < LENGTH_UNKNOWN:
            return there * int(claimed) / max(1, int(real))
    return 0.0


def _told(seconds: float, whole_seconds: float | None, unread: int) -> str:
    told = []
    if whole_seconds is not None and not 0 < whole_seconds - seconds < NEGLIGIBLE_SECONDS:
        of = f" of {whole_seconds:.2f}" if whole_seconds else ""
        told.append(f"breaks off after {seconds:.2f}{of} s; get a complete copy")
    if unread:
        told.append(
            f"what is joined behind its first {seconds:.2f} s has another rate or other channels "
            "and is not read; save it as a file of its own"
        )
    return "; ".join(told)
