"""What a decoding graph has to know of a sound file before it opens it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ganlib.audio.files import probe
from ganlib.audio.format import AudioFormat
from ganlib.data.labels import UNLABELLED
from ganlib.data.listing import Recording
from ganlib.data.sifting import sift
from ganlib.errors import AudioFileError

# What tensorflow-io 0.37 decodes to the same samples as libsndfile; `stream` keeps this order.
KINDS = (
    ("WAV", "PCM_U8"), ("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"),
    ("FLAC", "PCM_S8"), ("FLAC", "PCM_16"), ("FLAC", "PCM_24"),
    ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"),
)  # fmt: skip
OTHER = len(KINDS)  # what only soundfile reads: 32-bit integers, Opus, AIFF, ...
LONGEST_IN_GRAPH_SECONDS = 60  # tensorflow-io decodes all of a file at once; soundfile need not
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
    check: Callable[[Recording, Source], bool] = lambda item, source: True,
    progress: bool = False,
) -> tuple[list[Source], list[tuple[str, str]], list[tuple[str, str]]]:
    """Look through every file.

    Args:
        recordings: the files.
        labels: label names in the order of their numbers.
        audio_format: wanted rate and channels.
        kinds: what the graph can decode; all else, and long or unusual files, are OTHER.
        check: asked about every file; raises AudioFileError where it cannot be used, and says
            whether the graph decodes it to the right samples. If not, the file is OTHER too.
        progress: show a progress bar.

    Returns:
        The usable files, (path, reason) of the others, and (path, what is missing) of usable files
        that break off.
    """
    known = set(kinds)

    def scan(item: Recording) -> tuple[Source, str]:
        found = probe(item.path)
        if audio_format.channels != 1 and found.channels not in (1, audio_format.channels):
            expected = f"expected {audio_format.channels} or 1"
            raise AudioFileError(item.path, f"has {found.channels} channels, {expected}")
        kind = (found.container, found.subtype)
        plain = found.plain and found.frames <= LONGEST_IN_GRAPH_SECONDS * found.rate
        number = KINDS.index(kind) if kind in known and plain else OTHER
        label = labels.index(item.label or UNLABELLED) if labels else 0
        plan = resampling_plan(found.rate, audio_format.sample_rate)
        source = Source(str(item.path), label, number, found.rate, *plan)
        return (source if check(item, source) else source._replace(kind=OTHER)), found.truncated

    usable, skipped = sift(recordings, scan, progress)
    notes = [(source.path, note) for _, (source, note) in usable if note]
    return [source for _, (source, _) in usable], skipped, notes
