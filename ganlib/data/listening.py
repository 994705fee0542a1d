"""A recording listened to from beginning to end, without keeping its sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ganlib.audio.format import AudioFormat
from ganlib.data.levels import Levels
from ganlib.data.pieces import Choice, choose, level_samples
from ganlib.data.playing import Playing
from ganlib.data.sifting import refuse_short


@dataclass(frozen=True)
class Heard:
    """What is known of a recording that was listened to.

    Args:
        seconds: its duration.
        rate: its own sample rate in Hz.
        channels: its own.
        choice: which pieces would become clips.
        note: what is wrong with it; empty if nothing is.
    """

    seconds: float
    rate: int
    channels: int
    choice: Choice
    note: str


def listen(path: Path, audio_format: AudioFormat, pieces: str, keep_silence: bool = False) -> Heard:
    """Listen to a whole recording, so that damage anywhere in it is found.

    Args:
        path: of a sound file.
        audio_format: of the clips that it would become.
        pieces: "first", "all" or "loudest".
        keep_silence: count pieces that are almost without sound as used.

    Raises:
        AudioFileError: if it cannot be used.

    Example:
        >>> import tempfile
        >>> import numpy as np
        >>> from ganlib.audio.files import write_audio
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_audio(f"{folder}/a.wav", np.full(12000, 0.5), 8000)
        ...     heard = listen(path, AudioFormat(8000, 8000), "first")
        >>> heard.seconds, heard.choice.used_seconds
        (1.5, 1.0)
    """
    playing, levels = Playing(path, audio_format.sample_rate), Levels(audio_format)
    limit = level_samples(audio_format, pieces)
    for block in playing.blocks():
        levels.hear(block if limit is None else block[: max(0, limit - levels.time)])
    refuse_short(path, round(playing.seconds * playing.header.rate), playing.header.rate)
    choice = choose(levels, pieces, keep_silence)
    return Heard(
        playing.seconds,
        playing.header.rate,
        playing.header.channels,
        choice,
        playing.note(choice.note),
    )
