"""How a sentence is said: duration, pitch and energy of every symbol, to be seen and changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ganlib.errors import OptionError

VARIED = (0.05, 0.05, 0.1)  # of a seed: nepers of pace, octaves of pitch, nepers of energy a word


@dataclass(frozen=True)
class Prosody:
    """What is said, and how: every number may be changed before it is spoken.

    Args:
        symbols: what is said, see `ganlib.text.SYMBOLS`.
        frames: how long each symbol lasts, float (symbols,).
        octaves: how high, from the middle of the voice, float (symbols,).
        nepers: how loud, the mean of its log-mel bands, float (symbols,).

    Example:
        >>> told = Prosody(("sil", "AH0", "."), *np.ones((3, 3)))
        >>> told.changed(rate=2.0, semitones=12).octaves.tolist()
        [2.0, 2.0, 2.0]
    """

    symbols: tuple[str, ...]
    frames: np.ndarray
    octaves: np.ndarray
    nepers: np.ndarray

    def changed(self, rate: float = 1.0, semitones: float = 0.0, energy: float = 1.0) -> Prosody:
        """Faster, higher or louder as a whole.

        Args:
            rate: 2 is twice as fast.
            semitones: added to the pitch.
            energy: 2 is twice the amplitude.

        Raises:
            OptionError: if a number is out of range.
        """
        for name, value, low, high in (
            ("rate", rate, 0.25, 4.0),
            ("pitch", semitones, -12.0, 12.0),
            ("energy", energy, 0.1, 10.0),
        ):
            if not low <= value <= high:
                raise OptionError(f"expected {name} from {low:g} to {high:g}, got {value:g}")
        return replace(
            self,
            frames=self.frames / rate,
            octaves=self.octaves + semitones / 12.0,
            nepers=self.nepers + np.log(energy),
        )

    def varied(self, seed: int) -> Prosody:
        """Another melody: pace, pitch and energy move slowly, by chance.

        Args:
            seed: of all chance.
        """
        rng, count = np.random.default_rng(seed), len(self.symbols)
        every = 6  # symbols, about a word
        knots = rng.normal(size=(3, 2 + count // every))
        pace, height, power = (
            size * np.interp(np.arange(count) / every, np.arange(len(row)), row)
            for size, row in zip(VARIED, knots, strict=True)
        )
        return replace(
            self,
            frames=self.frames * np.exp(pace),
            octaves=self.octaves + height,
            nepers=self.nepers + power,
        )
