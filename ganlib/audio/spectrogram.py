"""What a network sees of sound: log-mel frames and normalised spectrograms, as Keras layers.

The functions beneath stand in `fourier.py` and `mel.py` and can be imported from here as well.
"""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import (
    Tensor,
    amplitude_to_db,
    db_to_amplitude,
    inverse_stft,
    magnitude,
    overlap_add,
    stft,
)
from ganlib.audio.mel import hz_to_mel, log_mel, mel_filterbank, mel_to_hz, mel_to_magnitude
from ganlib.errors import OptionError

__all__ = [
    "LogMelSpectrogram",
    "Normalization",
    "amplitude_to_db",
    "db_to_amplitude",
    "full_scale_db",
    "hz_to_mel",
    "inverse_stft",
    "log_mel",
    "magnitude",
    "mel_filterbank",
    "mel_to_hz",
    "mel_to_magnitude",
    "overlap_add",
    "stft",
]


def full_scale_db(audio: Tensor, n_fft: int, hop_length: int, floor_db: float = -120.0) -> Tensor:
    """Return a spectrogram in decibels of full scale: a sine of amplitude 1 on a bin reads 0 dB.

    $20 \\log_{10}(2|X| / \\sum_n w_n)$, and $\\sum_n w_n = N/2$ for the Hann window.

    Args:
        audio: shape `(batch, time)` or `(batch, time, 1)`.
        n_fft: frame length $N$ in samples.
        hop_length: samples from one frame to the next.
        floor_db: level of silence.

    Returns:
        float32, shape `(batch, frames, n_fft // 2 + 1)`, in dB, at least `floor_db`.

    Example:
        >>> sine = np.sin(2 * np.pi * np.arange(4096) / 8)[None]
        >>> round(float(ops.max(full_scale_db(sine, 256, 64)[:, 5:-5])), 2) + 0.0
        0.0
    """
    spectrum = magnitude(*stft(audio, n_fft, hop_length)) * (4.0 / n_fft)
    return amplitude_to_db(spectrum, floor=10.0 ** (floor_db / 20.0))


@keras.saving.register_keras_serializable(package="ganlib")
class LogMelSpectrogram(keras.layers.Layer):
    """Audio in, log-mel frames out: `log_mel` as a layer, so that a model carries its own ears.

    It has no weights and computes in float32 under every dtype policy: float16 cannot hold the
    squares of quiet bins.

    Args:
        audio_format: an AudioFormat, or the dict that its `to_dict` returns.
        floor: smallest mel magnitude, positive.

    Call arguments:
        audio: shape `(batch, time)` or `(batch, time, 1)`.

    Returns:
        float32, shape `(batch, frames, n_mels)`, at least ln(floor).

    Example:
        >>> layer = LogMelSpectrogram(AudioFormat(n_fft=256, hop_length=128, n_mels=20))
        >>> tuple(layer(np.zeros((2, 1280, 1), "float32")).shape)
        (2, 11, 20)
    """

    def __init__(self, audio_format: AudioFormat | dict, floor: float = 1e-5, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        if isinstance(audio_format, dict):
            audio_format = AudioFormat.from_dict(audio_format)
        self.audio_format = audio_format
        self.floor = floor

    def call(self, audio: Tensor) -> Tensor:
        return log_mel(audio, self.audio_format, self.floor)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        batch, time = input_shape[:2]
        frames = None if time is None else 1 + time // self.audio_format.hop_length
        return (batch, frames, self.audio_format.n_mels)

    def get_config(self) -> dict:
        own = {"audio_format": self.audio_format.to_dict(), "floor": self.floor}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="ganlib")
class Normalization(keras.layers.Layer):
    """Bring every frequency bin to one scale.

    $y = \\mathrm{clip}((x - \\mu_k) / (d\\,\\sigma_k), -1, 1)$ for bin k.

    Mean and standard deviation of each bin come from the training set (`fit`) and are weights that
    do not train, so they travel in `.weights.h5`. Until then they are 0 and 1.

    Args:
        clip_deviations: $d$, how many standard deviations map to 1, positive; None neither scales
            nor clips, and then `denormalize` is exact everywhere.
        epsilon: smallest standard deviation, so that a constant bin maps to 0.

    Call arguments:
        spectrogram: shape `(batch, frames, bins)`, for instance log magnitudes.

    Returns:
        Same shape, in [-1, 1] unless `clip_deviations` is None.

    Example:
        >>> frames = np.random.default_rng(0).normal(5.0, 2.0, (4, 50, 3))
        >>> layer = Normalization(clip_deviations=3.0).fit(frames)
        >>> normal = layer.normalize(frames)
        >>> bool(np.abs(np.std(normal, axis=(0, 1)) - 1 / 3).max() < 0.01)
        True
        >>> inside = np.abs(np.asarray(normal)) < 1
        >>> bool(np.abs(np.asarray(layer.denormalize(normal)) - frames)[inside].max() < 1e-4)
        True

    Reference: C. Donahue, J. McAuley & M. Puckette (2018), Adversarial audio synthesis,
        arXiv:1802.04208, section 3.2 (SpecGAN, d = 3).
    """

    def __init__(
        self, clip_deviations: float | None = 3.0, epsilon: float = 1e-6, **kwargs
    ) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        if clip_deviations is not None and not clip_deviations > 0:
            raise OptionError(f"clip_deviations must be positive or None, got {clip_deviations}")
        self.clip_deviations = clip_deviations
        self.epsilon = epsilon

    def build(self, input_shape: tuple) -> None:
        bins = (input_shape[-1],)
        self.mean = self.add_weight(shape=bins, initializer="zeros", trainable=False, name="mean")
        self.deviation = self.add_weight(
            shape=bins, initializer="ones", trainable=False, name="deviation"
        )

    def fit(self, spectrograms: np.ndarray | Iterable[np.ndarray]) -> Normalization:
        """Measure mean and standard deviation of every bin, in float64, in one pass.

        Args:
            spectrograms: one array `(n, frames, bins)`, or an iterable of such arrays when they do
                not fit in memory together.

        Returns:
            The layer itself.

        Raises:
            OptionError: if there is no frame, a value is not finite, or the bins differ.
        """
        parts = [spectrograms] if hasattr(spectrograms, "shape") else spectrograms
        count, mean, squares = 0, np.zeros(()), np.zeros(())
        for part in parts:
            part = ops.convert_to_numpy(part).astype(np.float64)
            part = part.reshape(-1, part.shape[-1])
            if count and part.shape[-1] != len(mean):
                raise OptionError(f"expected {len(mean)} bins as before, got {part.shape[-1]}")
            count, mean, squares = _merge_moments(count, mean, squares, part)
        if count == 0 or not np.isfinite(squares).all():
            raise OptionError("expected at least one frame of finite numbers to measure")
        if not self.built:
            self.build((None, None, len(mean)))
        self.mean.assign(mean)
        self.deviation.assign(np.maximum(np.sqrt(squares / count), self.epsilon))
        return self

    def normalize(self, spectrogram: Tensor) -> Tensor:
        """Return the spectrogram in standard deviations from the mean, scaled and clipped."""
        return self(spectrogram)

    def denormalize(self, normal: Tensor) -> Tensor:
        """Return $x = d\\,\\sigma_k\\,y + \\mu_k$: the inverse, except for what was clipped."""
        if not self.built:
            raise OptionError("nothing was measured yet; call fit or load weights first")
        scale = 1.0 if self.clip_deviations is None else self.clip_deviations
        return ops.cast(normal, self.compute_dtype) * (self.deviation * scale) + self.mean

    def call(self, spectrogram: Tensor) -> Tensor:
        normal = (spectrogram - self.mean) / self.deviation
        if self.clip_deviations is None:
            return normal
        return ops.clip(normal / self.clip_deviations, -1.0, 1.0)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict:
        own = {"clip_deviations": self.clip_deviations, "epsilon": self.epsilon}
        return {**super().get_config(), **own}


def _merge_moments(
    count: int, mean: np.ndarray, squares: np.ndarray, part: np.ndarray
) -> tuple[int, np.ndarray, np.ndarray]:
    """Join two sets' means and sums of squared deviations (Chan, Golub & LeVeque 1979)."""
    if len(part) == 0:
        return count, mean, squares
    total = count + len(part)
    difference = part.mean(axis=0) - mean
    spread = difference**2 * (count * len(part) / total)
    squares = squares + part.var(axis=0) * len(part) + spread
    return total, mean + difference * (len(part) / total), squares
