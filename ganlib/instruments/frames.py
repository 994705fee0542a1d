"""How frames are made of sound, and in what two ways of making them differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ganlib.audio.format import AudioFormat

_READ = ("sample_rate", "n_fft", "hop_length", "n_mels", "fmin_hz", "highest_hz")


class Frames(Protocol):
    """What says how frames are made: a `SpectrogramCodec`, or a `MelFrames`.

    Example:
        >>> one: Frames = MelFrames(AudioFormat(), 1e-5)
        >>> one.floor
        1e-05
    """

    @property
    def audio_format(self) -> AudioFormat: ...
    @property
    def scale(self) -> str: ...
    @property
    def floor(self) -> float: ...


@dataclass(frozen=True)
class MelFrames:
    """Log-mel frames of a format.

    Example:
        >>> MelFrames(AudioFormat(), 1e-5).scale
        'mel'
    """

    audio_format: AudioFormat
    floor: float
    scale: str = "mel"


def differences(mine: Frames, theirs: Frames) -> dict[str, tuple]:
    """By name, what two kinds of frames do not share: (mine, theirs).

    Example:
        >>> mine, theirs = (MelFrames(AudioFormat(rate), 1e-5) for rate in (16000, 22050))
        >>> differences(mine, theirs)["sample_rate"]
        (16000, 22050)
    """
    ways = [
        {name: getattr(one.audio_format, name) for name in _READ}
        | {"scale": one.scale, "floor": one.floor}
        for one in (mine, theirs)
    ]
    return {
        name: (ways[0][name], ways[1][name]) for name in ways[0] if ways[0][name] != ways[1][name]
    }


def told(different: dict[str, tuple], side: int) -> str:
    """One side of the differences in words.

    Example:
        >>> told({"floor": (1e-5, 1e-3)}, 1)
        'floor 0.001'
    """
    return ", ".join(f"{name} {pair[side]}" for name, pair in different.items())
