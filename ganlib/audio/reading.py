"""Sound files of any length in: as one array, block by block, or only what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from math import ceil

import numpy as np

from ganlib.audio.resampling import resample_blocks
from ganlib.audio.streams import FileInfo, decoded, described, opened
from ganlib.errors import AudioFileError, OptionError

LOUDEST_PEAK = 4.0  # a decoded MP3 overshoots 1 a little; beyond 12 dB it is another scale
BLOCK_SECONDS = 10.0
FILTER_SAMPLES = 256  # at the lower rate: more than a resampling filter looks ahead


def read_audio(
    path: str | os.PathLike,
    sample_rate: int | None = None,
    channels: int | None = 1,
    *,
    first_seconds: float | None = None,
) -> tuple[np.ndarray, int]:
    """Read a sound file of any rate, depth and channel count.

    It is decoded, mixed and resampled in blocks: beside the answer it takes little memory.

    Args:
        path: a WAV, FLAC, OGG or MP3 file; the content decides, not the suffix.
        sample_rate: rate of the answer in Hz; None keeps the file's own.
        channels: 1 mixes down to the mean; any other number takes a file with that many, or
            repeats a mono one; None keeps what the file has.
        first_seconds: how much of the beginning to read, more than 0; None reads to the end.
            The rest of the file is not decoded (and not checked).

    Returns:
        Samples, float32 in [-1, 1] (overshoot is clipped), shape `(time,)` if `channels` is 1 and
        `(time, channels)` otherwise; and their sample rate in Hz. Of a file that breaks off, what
        is there: `probe` tells.

    Raises:
        AudioFileError: if the file cannot be read or decoded, is empty, is not finite, exceeds
            full scale by more than 12 dB, has a sample rate outside 1,000 to 768,000 Hz, or has
            other channels than asked for.
        OptionError: if `sample_rate` or `first_seconds` is not positive.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.files import write_audio
        >>> from ganlib.audio.signals import tone
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_audio(f"{folder}/tone.wav", tone(440.0, 1.0, 16000), 16000)
        ...     samples, rate = read_audio(path, sample_rate=8000)
        >>> samples.shape, rate
        ((8000,), 8000)
    """
    if first_seconds is not None and not first_seconds > 0:
        raise OptionError(f"first_seconds: expected more than 0, got {first_seconds}")
    with opened(path) as (file, layout):
        found = described(path, file, layout)
        rate = found.rate if sample_rate is None else int(sample_rate)
        # A resampling filter looks ahead: so it is given a little more than is kept.
        wanted = (
            np.inf
            if first_seconds is None
            else first_seconds + FILTER_SAMPLES / min(found.rate, max(rate, 1))
        )
        blocks = decoded(path, file, layout, found, min(BLOCK_SECONDS, wanted))
        blocks = checked(path, _first(blocks, wanted * found.rate))
        mixed = (_arrange_channels(path, block, channels) for block in blocks)
        samples = np.concatenate(list(resample_blocks(mixed, found.rate, rate)))
    if first_seconds is not None:
        samples = samples[: max(1, round(first_seconds * rate))]
    samples = np.clip(samples, -1.0, 1.0, out=samples)
    return (samples[:, 0] if channels == 1 else samples), rate


def probe(path: str | os.PathLike) -> FileInfo:
    """What a sound file holds, without decoding it (but FLAC of open length, which is counted).

    Args:
        path: a sound file that libsndfile reads; the content decides, not the suffix.

    Returns:
        `FileInfo`.

    Raises:
        AudioFileError: if the file cannot be read or decoded, is empty, or has a sample rate
            outside 1,000 to 768,000 Hz.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.files import write_audio
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     found = probe(write_audio(f"{folder}/a.wav", np.zeros((100, 2)), 8000))
        >>> found.rate, found.channels, found.frames, found.truncated
        (8000, 2, 100, '')
    """
    with opened(path) as (file, layout):
        return described(path, file, layout)


def audio_blocks(path: str | os.PathLike, block_seconds: float = 10.0) -> Iterator[np.ndarray]:
    """The sound of a file of any length, block by block, in constant memory.

    Args:
        path: a sound file that libsndfile reads; the content decides, not the suffix.
        block_seconds: length of a block, at most 8 million values; the last one is shorter.

    Returns:
        An iterator of float32 arrays (frames, channels) at the file's own rate, full scale 1;
        overshoot is not clipped. What breaks off is given as far as it goes: see `probe`.

    Raises:
        AudioFileError: while iterating, if the file cannot be read or decoded, is empty, is not
            finite, exceeds full scale by more than 12 dB, or has a sample rate outside 1,000 to
            768,000 Hz.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.files import write_audio
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_audio(f"{folder}/a.wav", np.zeros((100, 2)), 8000)
        ...     [block.shape for block in audio_blocks(path, block_seconds=0.008)]
        [(64, 2), (36, 2)]
    """
    with opened(path) as (file, layout):
        found = described(path, file, layout)
        yield from checked(path, decoded(path, file, layout, found, block_seconds))


def checked(path: object, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Pass blocks on as long as they are sound; count on to the end once they are not.

    Args:
        path: to name in the error.
        blocks: samples, any shape.

    Raises:
        AudioFileError: at the end, if there are no samples, or values that are not finite or exceed
            full scale by more than 12 dB.
    """
    values, bad, peak = 0, 0, 0.0
    for block in blocks:
        values += block.size
        bad += int(np.count_nonzero(~np.isfinite(block)))
        if block.size and not bad:
            peak = max(peak, float(np.abs(block).max()))
        if not bad and peak <= LOUDEST_PEAK:
            yield block
    if not values:
        raise AudioFileError(path, "is empty, expected at least one sample")
    if bad:
        raise AudioFileError(
            path, f"holds {bad} values of {values} that are NaN or infinite, expected none"
        )
    if peak > LOUDEST_PEAK:
        raise AudioFileError(
            path,
            f"its peak is {peak:g} and full scale is 1, as if integers were stored as floating "
            "point; divide by the largest integer and save the file again",
        )


def _first(blocks: Iterable[np.ndarray], frames: float) -> Iterator[np.ndarray]:
    """The blocks up to so many frames; what lies behind is not decoded."""
    for block in blocks:
        yield block[: ceil(frames)] if len(block) > frames else block
        frames -= len(block)
        if frames <= 0:
            return


def _arrange_channels(path: object, samples: np.ndarray, channels: int | None) -> np.ndarray:
    found = samples.shape[1]
    if channels == 1:
        return samples.mean(axis=1, keepdims=True)
    if channels is None or channels == found:
        return samples
    if found == 1:
        return np.repeat(samples, channels, axis=1)
    raise AudioFileError(path, f"has {found} channels, expected {channels} or 1")
