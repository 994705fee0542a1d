"""What a decoding graph has to know of a sound file before it opens it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ganlib.audio.format import AudioFormat
from ganlib.data.folders import Recording
from ganlib.data.sifting import sift
from ganlib.errors import AudioFileError

# What tensorflow-io 0.37 decodes to the same samples as libsndfile; `stream` keeps this order.
KINDS = (
    ("WAV", "PCM_U8"), ("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"),
    ("FLAC", "PCM_S8"), ("FLAC", "PCM_16"), ("FLAC", "PCM_24"),
    ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"),
)  # fmt: skip
OTHER = len(KINDS)  # what only soundfile reads: 32-bit integers, Opus, AIFF, ...
FILTER_TAPS = 64  # of the resampler (Speex, quality 4) that tensorflow-io calls


class Source(NamedTuple):
    """One file: where, which label, which decoder, and how to resample it."""

    path: str
    label: int
    kind: int  # index into KINDS, or OTHER
    rate: int  # in Hz
    ratio_in: int  # rate : wanted rate, in lowest terms
    ratio_out: int
    front: int  # zeros to put before the sound, so that the resampler's delay is whole
    drop: int  # that delay, in samples of the output
    frames: int  # length at its own rate


def resampling_plan(from_hz: int, to_hz: int) -> tuple[int, int, int, int]:
    """How to undo the delay of tensorflow-io's resampler exactly.

    Speex filters with L taps (64; when the rate falls, 64 in / out rounded up to a multiple of 8)
    and does not compensate its delay of L / 2 input samples, which is (L / 2) out / in samples of
    the output and in general no whole number. Zeros in front make it whole; then it is cut off.

    Args:
        from_hz: present sample rate in Hz.
        to_hz: wanted sample rate in Hz.

    Returns:
        in and out (the ratio of the rates in lowest terms), zeros to put in front, and samples to
        drop from the output.

    Example:
        >>> resampling_plan(16000, 8000)
        (2, 1, 0, 32)
        >>> resampling_plan(44100, 16000)
        (441, 160, 353, 160)
    """
    divisor = math.gcd(from_hz, to_hz)
    ratio_in, ratio_out = from_hz // divisor, to_hz // divisor
    taps = FILTER_TAPS
    if ratio_in > ratio_out:
        taps = -(-(FILTER_TAPS * ratio_in // ratio_out) // 8) * 8
    front = -(taps // 2) % ratio_in
    return ratio_in, ratio_out, front, (taps // 2 + front) * ratio_out // ratio_in


def scan_sources(
    recordings: Sequence[Recording],
    labels: tuple[str, ...],
    audio_format: AudioFormat,
    kinds: Iterable[tuple[str, str]] = KINDS,
) -> tuple[list[Source], list[tuple[str, str]]]:
    """Read the header of every file.

    Args:
        recordings: the files.
        labels: label names in the order of their numbers.
        audio_format: wanted rate and channels.
        kinds: what the graph can decode; all else is OTHER.

    Returns:
        The usable files, and (path, reason) of the others.
    """
    known = set(kinds)

    def scan(item: Recording) -> Source:
        container, subtype, rate, frames = _header(item.path, audio_format.channels)
        kind = (container.replace("WAVEX", "WAV"), subtype)
        number = KINDS.index(kind) if kind in known else OTHER
        label = labels.index(item.label or "unlabelled") if labels else 0
        plan = resampling_plan(rate, audio_format.sample_rate)
        return Source(str(item.path), label, number, rate, *plan, frames)

    usable, skipped = sift(recordings, scan)
    return [source for _, source in usable], skipped


def _header(path: Path, channels: int) -> tuple[str, str, int, int]:
    import soundfile

    if not path.is_file():
        raise AudioFileError(path, "there is no such file")
    try:
        header = soundfile.info(str(path))
    except (soundfile.SoundFileError, OSError) as error:
        raise AudioFileError(
            path, "cannot be decoded: expected an undamaged WAV, FLAC, OGG or MP3 file"
        ) from error
    if header.frames < 1:
        raise AudioFileError(path, "is empty, expected at least one sample")
    if channels != 1 and header.channels not in (1, channels):
        raise AudioFileError(path, f"has {header.channels} channels, expected {channels} or 1")
    return header.format, header.subtype, header.samplerate, header.frames
