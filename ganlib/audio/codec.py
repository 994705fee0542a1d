"""Clips as pictures of sound and back: what a GAN of spectrograms paints on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import magnitude, stft
from ganlib.audio.mel import format_filterbank, mel_to_magnitude
from ganlib.audio.phase import griffin_lim
from ganlib.errors import OptionError

BATCH = 64  # clips transformed at a time


@dataclass(frozen=True)
class SpectrogramCodec:
    """Turn clips into normalised log-spectrograms, and such pictures into clips.

    $y = \\mathrm{clip}((\\ln\\max(S, \\epsilon) - \\mu_k) / (3\\,\\sigma_k), -1, 1)$: S is the
    magnitude of an STFT frame, as it is ("linear") or in mel bands ("mel"), and k the row. The way
    back multiplies out, takes the exponential, undoes the mel bands and lets Griffin-Lim find a
    phase. The last of the centred frames is left out, and so is the Nyquist row of "linear": 2 to
    some power remains of each.

    Args:
        audio_format: of the clips, mono, and of the frames.
        scale: "mel" or "linear".
        mean: $\\mu_k$ of each row, as `fit` measures it.
        deviation: $\\sigma_k$ of each row, above 0.
        clip_deviations: 3 in the equation.
        iterations: of Griffin-Lim.
        floor: $\\epsilon$, the smallest magnitude: what is quieter is black.

    Raises:
        OptionError: if the scale is unknown or there is not one mean and deviation for each row.

    Example:
        >>> from ganlib.audio.signals import tone
        >>> sound = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
        >>> clips = tone(500.0, 1.024, 8000)[None, :, None]
        >>> codec = SpectrogramCodec.fit(clips, sound, "mel", iterations=8)
        >>> codec.encode(clips).shape, codec.decode(codec.encode(clips)).shape
        ((1, 64, 32, 1), (1, 8192, 1))

    Reference: C. Donahue, J. McAuley & M. Puckette (2019), Adversarial audio synthesis,
        arXiv:1802.04208, section 3.2.
    Differs: frames are centred, so a clip is heard in full; epsilon is not added.
    """

    audio_format: AudioFormat
    scale: str
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    clip_deviations: float = 3.0
    iterations: int = 60
    floor: float = 1e-5

    def __post_init__(self):
        if self.scale not in ("mel", "linear"):
            raise OptionError(f'scale must be "mel" or "linear", not {self.scale!r}')
        rows = self.picture_shape[1]
        if not len(self.mean) == len(self.deviation) == rows or min(self.deviation) <= 0:
            raise OptionError(
                f"expected a mean and a deviation above 0 for each of {rows} rows, got "
                f"{len(self.mean)} and {len(self.deviation)}"
            )

    @classmethod
    def fit(
        cls, clips: np.ndarray, audio_format: AudioFormat, scale: str = "mel", **kwargs: Any
    ) -> SpectrogramCodec:
        """Measure mean and deviation of every row on training clips.

        Args:
            clips: float (clips, time, 1) in [-1, 1].
            audio_format: of the clips and of the frames.
            scale: "mel" or "linear".
            kwargs: `clip_deviations`, `iterations`, `floor`.

        Returns:
            A codec for such clips.
        """
        rows = audio_format.n_mels if scale == "mel" else audio_format.bins - 1
        blank = cls(audio_format, scale, (0.0,) * rows, (1.0,) * rows, **kwargs)
        logs = np.concatenate([ops.convert_to_numpy(blank._logs(part)) for part in _parts(clips)])
        mean, deviation = logs.mean(axis=(0, 1)), np.maximum(logs.std(axis=(0, 1)), 1e-3)
        return replace(
            blank,
            mean=tuple(round(float(value), 5) for value in mean),
            deviation=tuple(round(float(value), 5) for value in deviation),
        )

    @property
    def picture_shape(self) -> tuple[int, int, int]:
        """(frames, rows, 1) of a picture."""
        sound = self.audio_format
        rows = sound.n_mels if self.scale == "mel" else sound.bins - 1
        return sound.clip_samples // sound.hop_length, rows, 1

    def encode(self, clips: np.ndarray) -> np.ndarray:
        """Pictures of clips.

        Args:
            clips: float (clips, time, 1).

        Returns:
            float32 (clips, frames, rows, 1) in [-1, 1].
        """
        return np.concatenate([ops.convert_to_numpy(self.paint(part)) for part in _parts(clips)])

    def paint(self, clips: Any) -> Any:
        """The same for a tensor of clips of one batch, with gradients."""
        normal = (self._logs(clips) - np.asarray(self.mean, "float32")) / self._scale
        return ops.expand_dims(ops.clip(normal, -1.0, 1.0), -1)

    @property
    def _scale(self) -> np.ndarray:
        return self.clip_deviations * np.asarray(self.deviation, "float32")

    def _logs(self, clips: Any) -> Any:
        sound = self.audio_format
        spectrum = magnitude(*stft(clips, sound.n_fft, sound.hop_length))[:, :-1]
        if self.scale == "linear":
            spectrum = spectrum[..., :-1]
        else:
            spectrum = ops.matmul(spectrum, format_filterbank(sound))
        return ops.log(ops.maximum(spectrum, self.floor))

    def decode(self, pictures: np.ndarray) -> np.ndarray:
        """Clips of pictures. The phase starts from the same random numbers at every call.

        Args:
            pictures: float (clips, frames, rows, 1).

        Returns:
            float32 (clips, time, 1) in [-1, 1].
        """
        clips = np.concatenate([self._sound(part) for part in _parts(pictures)])
        return np.clip(clips, -1.0, 1.0)[..., None]

    def log_magnitudes(self, pictures: np.ndarray) -> np.ndarray:
        """What pictures say of the sound: natural logarithms of magnitudes, as a vocoder reads.

        Args:
            pictures: float (clips, frames, rows, 1).

        Returns:
            float32 (clips, frames, rows), at least ln(floor).
        """
        logs = np.asarray(pictures, "float32")[..., 0] * self._scale
        return np.maximum(logs + np.asarray(self.mean, "float32"), np.float32(np.log(self.floor)))

    def _sound(self, pictures: np.ndarray) -> np.ndarray:
        sound = self.audio_format
        magnitudes = np.exp(pictures[..., 0] * self._scale + np.asarray(self.mean, "float32"))
        if self.scale == "mel":
            magnitudes = ops.convert_to_numpy(mel_to_magnitude(magnitudes, sound))
        missing = sound.bins - magnitudes.shape[2]
        magnitudes = np.pad(magnitudes, [(0, 0), (0, 1), (0, missing)])
        audio = griffin_lim(
            magnitudes, sound.n_fft, sound.hop_length, self.iterations, length=sound.clip_samples
        )
        return ops.convert_to_numpy(audio)

    def to_dict(self) -> dict:
        """The codec as plain data for a JSON file."""
        return {
            "audio_format": self.audio_format.to_dict(),
            "scale": self.scale,
            "mean": list(self.mean),
            "deviation": list(self.deviation),
            "clip_deviations": self.clip_deviations,
            "iterations": self.iterations,
            "floor": self.floor,
        }

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> SpectrogramCodec:
        """Build a codec from `to_dict`'s answer.

        Raises:
            OptionError: if a field is missing or does not fit.
        """
        try:
            rows = {name: tuple(map(float, fields[name])) for name in ("mean", "deviation")}
            sound = AudioFormat.from_dict(fields["audio_format"])
            return cls(**{**fields, **rows, "audio_format": sound})
        except (KeyError, TypeError, ValueError) as error:
            raise OptionError(f"not the description of a spectrogram codec: {error!r}") from None


def _parts(arrays: np.ndarray) -> list[np.ndarray]:
    arrays = np.asarray(arrays, "float32")
    return [arrays[first : first + BATCH] for first in range(0, len(arrays), BATCH)]
