"""The one description of sound that travels with every model and every weight file."""

from __future__ import annotations

import dataclasses
import operator
from typing import Any

from ganlib.errors import OptionError


@dataclasses.dataclass(frozen=True)
class AudioFormat:
    """How sound is sampled, cut and turned into frames; two parts that disagree on it make noise.

    A clip lasts $T = N / f_s$ seconds: `clip_samples` over `sample_rate`.

    Args:
        sample_rate: samples a second, in Hz, at least 1.
        clip_samples: length of a clip in samples, at least 1.
        channels: 1 for mono, 2 for stereo.
        n_fft: length of a short-time Fourier frame in samples, at least 2.
        hop_length: samples from one frame to the next, between 1 and `n_fft`.
        n_mels: number of mel bands, at least 1.
        fmin_hz: lowest frequency of the mel bands in Hz, at least 0.
        fmax_hz: highest frequency of the mel bands in Hz, at most half the sample rate, which is
            what None means.

    Raises:
        OptionError: if a value has the wrong type or lies outside its range.

    Example:
        >>> audio_format = AudioFormat(8000, clip_samples=8192, n_fft=256, hop_length=64)
        >>> audio_format.duration_seconds, audio_format.bins, audio_format.frames
        (1.024, 129, 129)
        >>> AudioFormat.from_dict(audio_format.to_dict()) == audio_format
        True
    """

    sample_rate: int = 16000
    clip_samples: int = 16384
    channels: int = 1
    n_fft: int = 1024
    hop_length: int = 256
    n_mels: int = 80
    fmin_hz: float = 0.0
    fmax_hz: float | None = None

    def __post_init__(self):
        smallest = {"n_fft": 2}
        for name in ("sample_rate", "clip_samples", "channels", "n_fft", "hop_length", "n_mels"):
            self._set(name, _whole_number(name, getattr(self, name), smallest.get(name, 1)))
        if self.hop_length > self.n_fft:
            raise OptionError(
                f"hop_length must be at most n_fft ({self.n_fft}), got {self.hop_length}: "
                "a longer hop leaves samples that no frame sees"
            )
        for name in ("fmin_hz", "fmax_hz"):
            if name == "fmin_hz" or self.fmax_hz is not None:
                self._set(name, _frequency(name, getattr(self, name)))
        if not 0 <= self.fmin_hz < self.highest_hz <= self.sample_rate / 2:
            raise OptionError(
                f"expected 0 <= fmin_hz < fmax_hz <= {self.sample_rate / 2:g} Hz (half the sample "
                f"rate), got fmin_hz={self.fmin_hz:g} and fmax_hz={self.highest_hz:g}"
            )

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # frozen otherwise: only __post_init__ calls this

    @property
    def duration_seconds(self) -> float:
        """Length of a clip in seconds."""
        return self.clip_samples / self.sample_rate

    @property
    def highest_hz(self) -> float:
        """Upper edge of the mel bands in Hz: `fmax_hz`, or half the sample rate."""
        return self.sample_rate / 2 if self.fmax_hz is None else self.fmax_hz

    @property
    def bins(self) -> int:
        """Frequency bins of a frame, from 0 Hz to half the sample rate."""
        return self.n_fft // 2 + 1

    @property
    def frames(self) -> int:
        """Frames of a clip when every frame is centred on its sample (`center=True`)."""
        return 1 + self.clip_samples // self.hop_length

    def to_dict(self) -> dict[str, int | float | None]:
        """Return the fields as plain numbers, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> AudioFormat:
        """Build a format from `to_dict`'s answer; fields that are left out keep their defaults.

        Raises:
            OptionError: if a field is unknown or its value impossible.
        """
        known = [field.name for field in dataclasses.fields(cls)]
        unknown = sorted(set(fields) - set(known))
        if unknown:
            raise OptionError(
                f"unknown audio format field {', '.join(map(repr, unknown))}; "
                f"expected some of: {', '.join(known)}"
            )
        return cls(**fields)


def _whole_number(name: str, value: Any, smallest: int) -> int:
    try:
        number = operator.index(value)  # accepts NumPy's integers, refuses 16000.0 and "16000"
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < smallest:
        raise OptionError(f"{name} must be a whole number of at least {smallest}, got {value!r}")
    return number


def _frequency(name: str, value: Any) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise OptionError(f"{name} must be a frequency in Hz, got {value!r}")
    return float(value)
