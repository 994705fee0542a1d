"""How loud a recording is from moment to moment, heard block by block."""

from __future__ import annotations

import numpy as np

from ganlib.audio.format import AudioFormat

FRAME_SECONDS = 0.02
QUIET_DB = -30.0  # a frame so far below the loudest is no sound but its background
LEAST_SOUND = 0.1  # of the frames of a piece: with less it is almost without sound
SILENT_PEAK = 2**-14  # two steps of 16 bits: no more than the dither of digital silence
AS_LOUD = 0.99  # of the loudest window's energy: a window that is loudest too


class Levels:
    """Energy of a recording in frames of about 20 ms, a whole number of which make a piece.

    A frame has sound if its mean square is at most 30 dB below that of the recording's loudest
    frame; a piece is almost without sound if fewer than a tenth of its frames have any.

    Args:
        audio_format: rate of what is heard, and length of a piece.

    Example:
        >>> levels = Levels(AudioFormat(8000, 800))
        >>> for block in (np.ones((800, 1)), np.zeros((1000, 1)), np.ones((600, 1)) / 2):
        ...     levels.hear(block)
        >>> levels.sounding(3).tolist(), levels.peak, levels.time
        ([True, False, True], 1.0, 2400)
    """

    def __init__(self, audio_format: AudioFormat):
        self.audio_format, self.time, self.peak = audio_format, 0, 0.0
        length = audio_format.clip_samples
        self.frames = max(1, round(length / (FRAME_SECONDS * audio_format.sample_rate)))
        self.energies = np.zeros(0)  # of all frames so far, the last perhaps not yet full

    def hear(self, block: np.ndarray) -> None:
        """Go on with the next samples, (time, channels)."""
        if not len(block):
            return
        length = self.audio_format.clip_samples
        pieces, places = np.divmod(np.arange(self.time, self.time + len(block)), length)
        frames = pieces * self.frames + places * self.frames // length
        first = len(self.energies) - 1 if frames[0] == len(self.energies) - 1 else frames[0]
        squares = np.square(block, dtype="float64").mean(axis=1)
        new = np.bincount(frames - first, squares)
        if first < len(self.energies):
            new[0] += self.energies[-1]
        self.energies = np.concatenate([self.energies[:first], new])
        self.time += len(block)
        self.peak = max(self.peak, float(np.abs(block).max()))

    @property
    def silent(self) -> bool:
        """Whether there is nothing but digital silence."""
        return self.peak < SILENT_PEAK

    def sounding(self, count: int) -> np.ndarray:
        """Which of the first `count` pieces have sound; that of a short recording has.

        Returns:
            bool (count,).
        """
        if self.silent or self.time <= self.audio_format.clip_samples:
            return np.full(count, not self.silent)
        loud = self.energies >= 10 ** (QUIET_DB / 10) * self.energies.max()
        loud = np.pad(loud, (0, max(0, count * self.frames - len(loud))))
        of_each = loud[: count * self.frames].reshape(count, self.frames).sum(axis=1)
        return of_each >= max(1.0, LEAST_SOUND * self.frames)

    def loudest_start(self) -> int:
        """Sample at which the loudest piece begins; of several as loud, the one in their middle.

        A word that is shorter than the piece stands in its middle, unless the recording ends.

        Example:
            >>> levels = Levels(AudioFormat(8000, 800))
            >>> sound = np.zeros((8000, 1))
            >>> sound[4000:4400] = 1.0
            >>> levels.hear(sound)
            >>> levels.loudest_start()
            3840
        """
        length = self.audio_format.clip_samples
        if self.time <= length:
            return 0
        total = np.concatenate([[0.0], np.cumsum(self.energies)])
        windows = total[self.frames :] - total[: -self.frames]
        as_loud = windows >= AS_LOUD * windows.max()
        best = int(windows.argmax())
        others = np.flatnonzero(~as_loud)
        low = others[others < best].max(initial=-1) + 1
        high = others[others > best].min(initial=len(windows)) - 1
        piece, frame = divmod((low + high) // 2, self.frames)
        return min(int(piece * length + frame * length // self.frames), self.time - length)
