"""What a vocoder learns from: short pieces of recordings, each with its frames."""

from dataclasses import dataclass

import keras
import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import log_mel
from ganlib.data.clips import batch_indices
from ganlib.errors import OptionError

_AT_A_TIME = 64  # clips turned into frames
_FAINTEST = 1e-4  # what follows the last louder sample of a clip is silence


@dataclass(frozen=True)
class Excerpts:
    """Frames and clips, of which every batch takes excerpts at random places.

    Args:
        frames: log-mel frames, float32 (clips, frames, n_mels).
        clips: float32 (clips, frames * hop_length, 1).
        size: frames in an excerpt.

    Example:
        >>> excerpts = Excerpts(np.zeros((3, 8, 4)), np.ones((3, 80, 1)), size=2)
        >>> mel, sound = excerpts.batch(step=0, batch_size=5, seed=0)
        >>> mel.shape, sound.shape
        ((5, 2, 4), (5, 20, 1))
    """

    frames: np.ndarray
    clips: np.ndarray
    size: int

    @classmethod
    def of(cls, clips: np.ndarray, audio_format: AudioFormat, floor: float, size: int):
        """Make the frames of clips.

        Args:
            clips: float (clips, time, 1), time a multiple of the format's hop.
            audio_format: of the frames.
            floor: smallest magnitude of a frame.
            size: frames in an excerpt.

        Raises:
            OptionError: if an excerpt is longer than a clip, or a clip not so many whole hops.
        """
        count, rest = divmod(clips.shape[1], audio_format.hop_length)
        if rest or not 1 <= size <= count:
            raise OptionError(
                f"expected clips of whole hops ({audio_format.hop_length} samples) and excerpts of "
                f"1 to {count} frames, got clips of {clips.shape[1]} samples and excerpts of {size}"
            )
        parts = (clips[start : start + _AT_A_TIME] for start in range(0, len(clips), _AT_A_TIME))
        logs = [keras.ops.convert_to_numpy(log_mel(part, audio_format, floor)) for part in parts]
        return cls(np.concatenate(logs)[:, :-1], np.asarray(clips, "float32"), size)

    def batch(self, step: int, batch_size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Frames and sound of one training step, a function of (seed, step).

        An excerpt begins where at least half of it may hold sound: what fills short recordings up
        teaches nothing.
        """
        chosen = batch_indices(len(self.clips), step, batch_size, seed)
        hop = self.clips.shape[1] // self.frames.shape[1]
        places = np.random.default_rng([seed, 2, step]).random(batch_size)
        starts = [
            int(place * self._starts(index)) for place, index in zip(places, chosen, strict=True)
        ]
        pairs = list(zip(chosen, starts, strict=True))
        frames = [self.frames[i, start : start + self.size] for i, start in pairs]
        clips = [self.clips[i, start * hop : (start + self.size) * hop] for i, start in pairs]
        return np.stack(frames), np.stack(clips)

    def _starts(self, index: int) -> int:
        """How many places an excerpt of this clip may begin at."""
        hop = self.clips.shape[1] // self.frames.shape[1]
        loud = np.flatnonzero(np.abs(self.clips[index, :, 0]) > _FAINTEST)
        sounding = 0 if not len(loud) else int(loud[-1]) // hop + 1
        return max(1, min(self.frames.shape[1] - self.size, sounding - self.size // 2) + 1)
