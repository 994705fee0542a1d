"""Layers between sound and spectra, with gradients: what vocoders and their judges are made of."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import inverse_stft, stft
from ganlib.audio.mel import mel_to_magnitude
from ganlib.errors import OptionError

SMALLEST = 1e-4  # magnitude of a bin of which the mel bands say nothing
ITERATIONS = 16  # of the non-negative inverse of the mel bands
HANN_POWER = 3 / 8  # mean square of a Hann window


@keras.saving.register_keras_serializable("ganlib")
class ComplexSpectrogram(keras.layers.Layer):
    """Clips in, real and imaginary part of their STFT out: (batch, frames, bins, 2), float32.

    Args:
        n_fft: frame length in samples.
        hop_length: in samples.

    Example:
        >>> import numpy as np
        >>> tuple(ComplexSpectrogram(128, 32)(np.ones((2, 512, 1), "float32")).shape)
        (2, 17, 65, 2)
    """

    def __init__(self, n_fft: int, hop_length: int, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.n_fft, self.hop_length = n_fft, hop_length

    def call(self, clips: Any) -> Any:
        return ops.stack(stft(clips, self.n_fft, self.hop_length), axis=-1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        frames = None if input_shape[1] is None else 1 + input_shape[1] // self.hop_length
        return (input_shape[0], frames, self.n_fft // 2 + 1, 2)

    def get_config(self) -> dict:
        return {**super().get_config(), "n_fft": self.n_fft, "hop_length": self.hop_length}


@keras.saving.register_keras_serializable("ganlib")
class LogSpectrogram(keras.layers.Layer):
    """Clips in, how far each bin lies above a faint hiss out: (batch, frames, bins, 1), float32.

    $\\frac12 \\ln(1 + |X|^2 / h^2)$ with h what white noise of deviation `hiss` has in a bin: 0
    in silence, 0.35 in that noise, and far above it the logarithm of the magnitude. It is smooth,
    so a gradient leads out of silence and into it. The last frame and the highest bin are left
    out, and both sizes are powers of 2 if those of the frames are.

    Args:
        n_fft: frame length in samples.
        hop_length: in samples.
        hiss: deviation of the noise in the unit of the clips.

    Example:
        >>> import numpy as np
        >>> tuple(LogSpectrogram(128, 32)(np.ones((2, 512, 1), "float32")).shape)
        (2, 16, 64, 1)
    """

    def __init__(self, n_fft: int, hop_length: int, hiss: float = 5e-4, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.n_fft, self.hop_length, self.hiss = n_fft, hop_length, hiss

    def call(self, clips: Any) -> Any:
        real, imaginary = stft(clips, self.n_fft, self.hop_length)
        power = (ops.square(real) + ops.square(imaginary))[:, :-1, :-1]
        known = self.hiss**2 * self.n_fft * HANN_POWER
        return ops.expand_dims(0.5 * ops.log1p(power / known), -1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        frames = None if input_shape[1] is None else input_shape[1] // self.hop_length
        return (input_shape[0], frames, self.n_fft // 2, 1)

    def get_config(self) -> dict:
        own = {"n_fft": self.n_fft, "hop_length": self.hop_length, "hiss": self.hiss}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("ganlib")
class InverseSTFT(keras.layers.Layer):
    """Log-magnitudes and phases in, clips out: (batch, hops * hop_length, 1), float32.

    Takes (batch, frames, k * 2 * bins): k frames one after the other, each with its
    log-magnitudes and then its phases in radians.

    Args:
        n_fft: frame length in samples.
        hop_length: in samples.
        loudest: largest magnitude.

    Example:
        >>> import numpy as np
        >>> tuple(InverseSTFT(128, 32)(np.zeros((2, 8, 2 * 65), "float32")).shape)
        (2, 256, 1)
    """

    def __init__(self, n_fft: int, hop_length: int, loudest: float = 100.0, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.n_fft, self.hop_length, self.loudest = n_fft, hop_length, loudest

    def call(self, spectra: Any) -> Any:
        bins = self.n_fft // 2 + 1
        per_frame = spectra.shape[2] // (2 * bins)
        frames = ops.shape(spectra)[1] * per_frame
        spectra = ops.reshape(spectra, (-1, frames, 2 * bins))
        sizes = ops.minimum(ops.exp(spectra[..., :bins]), self.loudest)
        phases = spectra[..., bins:]
        # One empty frame more, or the last samples would lie under half a window.
        real, imaginary = (
            ops.pad(sizes * turned, [(0, 0), (0, 1), (0, 0)])
            for turned in (ops.cos(phases), ops.sin(phases))
        )
        length = frames * self.hop_length
        clips = inverse_stft(real, imaginary, self.n_fft, self.hop_length, length=length)
        return ops.expand_dims(clips, -1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        per_frame = input_shape[2] // (2 * (self.n_fft // 2 + 1))
        frames = input_shape[1]
        return (input_shape[0], None if frames is None else frames * per_frame * self.hop_length, 1)

    def get_config(self) -> dict:
        own = {"n_fft": self.n_fft, "hop_length": self.hop_length, "loudest": self.loudest}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("ganlib")
class AroundMel(keras.layers.Layer):
    """Add what the mel bands already say to the log-magnitudes that a network writes.

    $m + \\ln \\max(\\hat M, \\epsilon)$, with $\\hat M$ the magnitudes that come closest to the
    bands (`mel_to_magnitude`): the network is left with what the bands blur, and with the phase.
    Where several frames are written for each that is read, those between are means of their
    neighbours.

    Args:
        audio_format: of the bands and of the frames; an AudioFormat, or the dict of one.
        frames_per_hop: frames that are written for each frame that is read.
        n_fft: samples in a frame that is written; None for that of the format, which must be a
            multiple of it. A shorter frame has fewer bins, and smaller magnitudes.
        iterations: of the non-negative inverse; 0 for the clipped pseudo-inverse, one product of
            matrices.

    Call with `[spectra, log mel]`, (batch, frames, frames_per_hop * 2 * bins) and
    (batch, frames, n_mels); returns what is like the first.

    Example:
        >>> import numpy as np
        >>> sound = AudioFormat(8000, 512, n_fft=128, hop_length=64, n_mels=8)
        >>> nothing = np.zeros((1, 5, 2 * 2 * 65), "float32")
        >>> flat = AroundMel(sound, 2)([nothing, np.zeros((1, 5, 8), "float32")])
        >>> tuple(flat.shape), float(flat[0, 0, 65])  # the phase of the lowest bin
        ((1, 5, 260), 0.0)

    Reference: Lv et al. (2024), FreeV: free lunch for vocoders through pseudo inversed mel filter,
        arXiv 2406.08196, section 3.
    Differs: the non-negative inverse instead of the pseudo-inverse, whose negative magnitudes would
        have to be cut off.
    """

    def __init__(
        self,
        audio_format: AudioFormat | dict,
        frames_per_hop: int,
        n_fft: int | None = None,
        iterations: int = ITERATIONS,
        **kwargs: Any,
    ):
        super().__init__(**{"dtype": "float32", **kwargs})
        given = audio_format
        self.audio_format = AudioFormat.from_dict(given) if isinstance(given, dict) else given
        self.frames_per_hop, self.iterations = frames_per_hop, iterations
        self.n_fft = n_fft or self.audio_format.n_fft
        if self.audio_format.n_fft % self.n_fft:
            raise OptionError(
                f"expected frames whose length divides that of the format "
                f"({self.audio_format.n_fft} samples), got n_fft={self.n_fft}"
            )

    def call(self, inputs: Any) -> Any:
        spectra, mel = inputs
        known = mel_to_magnitude(ops.exp(mel), self.audio_format, self.iterations)
        longer = self.audio_format.n_fft // self.n_fft
        known = ops.log(ops.maximum(known[..., ::longer] / longer, SMALLEST))
        following = ops.concatenate([known[:, 1:], known[:, -1:]], axis=1)
        parts = []
        for place in range(self.frames_per_hop):
            share = place / self.frames_per_hop
            frame = (1.0 - share) * known + share * following
            parts += [frame, ops.zeros_like(frame)]  # nothing is known of the phase
        return spectra + ops.concatenate(parts, axis=-1)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape[0])

    def get_config(self) -> dict:
        sound = self.audio_format.to_dict()
        return {
            **super().get_config(),
            "audio_format": sound,
            "frames_per_hop": self.frames_per_hop,
            "n_fft": self.n_fft,
            "iterations": self.iterations,
        }
