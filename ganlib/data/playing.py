"""A recording as a model will hear it, block by block, so that one of any length fits in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ganlib.audio.files import LOUDEST_PEAK
from ganlib.errors import AudioFileError

CANCELLED_DB = -20.0  # a mix so far below its channels is mostly what they do not share
BLOCK_FRAMES = 65_536


@dataclass
class Header:
    """What a file says of itself, and what is wrong with it."""

    rate: int
    channels: int
    frames: int
    truncated: str = ""


class Playing:
    """One pass over a recording: mixed and resampled blocks, and what there is to say of it.

    Args:
        path: of a sound file.
        sample_rate: wanted rate in Hz.
        channels: 1 mixes down to the mean; any other number takes a file with that many, or
            repeats a mono one.

    Raises:
        AudioFileError: if the file cannot be used; perhaps only from `blocks`.
    """

    def __init__(self, path: str | Path, sample_rate: int, channels: int = 1):
        self.path, self.sample_rate, self.channels = Path(path), sample_rate, channels
        self.header = probe(self.path)
        if channels not in (1, self.header.channels) and self.header.channels != 1:
            found = self.header.channels
            raise AudioFileError(path, f"has {found} channels, expected {channels} or 1")
        self._of_channels = self._of_mix = 0.0

    def blocks(self, limit: int | None = None) -> Iterator[np.ndarray]:
        """Blocks of float32 (time, channels) in [-1, 1].

        The samples are those of `read_audio`, bit for bit.

        Args:
            limit: stop after so many samples at the wanted rate; None plays the whole recording.

        Raises:
            AudioFileError: if the file proves damaged, not finite or far beyond full scale.
        """
        played = 0
        for block in self._resampled():
            part = block if limit is None else block[: limit - played]
            played += len(part)
            yield np.clip(part, -1.0, 1.0)
            if played == limit:
                return

    @property
    def seconds(self) -> float:
        """Duration of the recording."""
        return self.header.frames / self.header.rate

    @property
    def note(self) -> str:
        """What is wrong with what was played; empty if nothing is."""
        if self._of_channels == 0.0 or self._of_mix > 10 ** (CANCELLED_DB / 10) * self._of_channels:
            return self.header.truncated
        cancelled = (
            f"its {self.header.channels} channels cancel when they are mixed to one: save one of "
            "them alone, or turn one over"
        )
        return "; ".join(filter(None, (self.header.truncated, cancelled)))

    def _resampled(self) -> Iterator[np.ndarray]:
        import soxr

        mixed = map(self._mixed, audio_blocks(self.path))
        if self.header.rate == self.sample_rate:
            yield from mixed
            return
        stream = soxr.ResampleStream(
            self.header.rate, self.sample_rate, self.channels, dtype="float32", quality="HQ"
        )
        for block in mixed:
            yield stream.resample_chunk(block)
        yield stream.resample_chunk(np.zeros((0, self.channels), "float32"), last=True)

    def _mixed(self, block: np.ndarray) -> np.ndarray:
        _refuse_unusable(self.path, block)
        if self.channels != 1:
            return np.repeat(block, self.channels, axis=1) if block.shape[1] == 1 else block
        mix = block.mean(axis=1, keepdims=True)
        if block.shape[1] > 1:
            self._of_channels += float(np.square(block, dtype="float64").mean(axis=1).sum())
            self._of_mix += float(np.square(mix, dtype="float64").sum())
        return mix


def _refuse_unusable(path: Path, block: np.ndarray) -> None:
    if not np.isfinite(block).all():
        bad = int(np.count_nonzero(~np.isfinite(block)))
        raise AudioFileError(path, f"holds {bad} values that are NaN or infinite, expected none")
    if block.size and (peak := float(np.abs(block).max())) > LOUDEST_PEAK:
        raise AudioFileError(
            path,
            f"its peak is {peak:g} and full scale is 1, as if integers were stored as floating "
            "point; divide by the largest integer and save the file again",
        )


# The seam to `ganlib.audio`: how a file is opened and read


def probe(path: Path) -> Header:
    """What the header of a file says.

    Raises:
        AudioFileError: if there is no such file or it is no sound.
    """
    import soundfile

    with _told(path), open(path, "rb") as stream, soundfile.SoundFile(stream) as sound:
        header = Header(sound.samplerate, sound.channels, sound.frames)
    if header.frames < 1:
        raise AudioFileError(path, "is empty, expected at least one sample")
    return header


def audio_blocks(path: Path) -> Iterator[np.ndarray]:
    """The sound of a file, float32 (time, channels) at its own rate, in blocks.

    Raises:
        AudioFileError: if it proves damaged or breaks off early.
    """
    import soundfile

    with _told(path), open(path, "rb") as stream, soundfile.SoundFile(stream) as sound:
        promised, read = sound.frames, 0
        while len(block := sound.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
            read += len(block)
            yield block
    if read == 0:
        raise AudioFileError(path, "is empty, expected at least one sample")
    if read < 0.9 * promised:  # an MP3's guessed length may be a little too long
        reason = f"breaks off after {read} of {promised} samples; get a complete copy"
        raise AudioFileError(path, reason)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    import soundfile

    try:
        yield
    except OSError as error:  # no such file, a folder, no permission
        raise AudioFileError(path, f"cannot be read ({error.strerror or error})") from error
    except (soundfile.SoundFileError, TypeError, ValueError, MemoryError) as error:
        reason = "cannot be decoded: expected an undamaged WAV, FLAC, OGG or MP3 file"
        raise AudioFileError(path, reason) from error
