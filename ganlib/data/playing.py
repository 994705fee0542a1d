"""A recording as a model will hear it, block by block, so that one of any length fits in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ganlib.audio.files import audio_blocks, probe
from ganlib.audio.resampling import resample_blocks
from ganlib.errors import AudioFileError

CANCELLED_DB = -20.0  # a mix so far below its channels is mostly what they do not share


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
            AudioFileError: if the file proves damaged, not finite or far beyond full scale, as far
                as it is played.
        """
        played = 0
        mixed = map(self._mixed, audio_blocks(self.path))
        for block in resample_blocks(mixed, self.header.rate, self.sample_rate):
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
    def cancelled(self) -> bool:
        """Whether the channels cancelled, as far as they were played and mixed."""
        return self._of_mix < 10 ** (CANCELLED_DB / 10) * self._of_channels

    def note(self, of_its_sound: str) -> str:
        """All that is wrong with the recording, in one text; empty if nothing is.

        Args:
            of_its_sound: what is wrong with the sound that was played.
        """
        if self.cancelled:
            of_its_sound = (
                f"its {self.header.channels} channels cancel when they are mixed to one: save one "
                "of them alone, or turn one over"
            )
        return "; ".join(filter(None, (self.header.truncated, of_its_sound)))

    def _mixed(self, block: np.ndarray) -> np.ndarray:
        if self.channels != 1:
            return np.repeat(block, self.channels, axis=1) if block.shape[1] == 1 else block
        mix = block.mean(axis=1, keepdims=True)
        if block.shape[1] > 1:
            self._of_channels += float(np.square(block, dtype="float64").mean(axis=1).sum())
            self._of_mix += float(np.square(mix, dtype="float64").sum())
        return mix
