"""Layers that turn clips into what a discriminator of pictures looks at, with gradients."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.fourier import inverse_stft, stft


@keras.saving.register_keras_serializable("ganlib")
class PaintPicture(keras.layers.Layer):
    """Clips in, the pictures of a codec out, with gradients.

    It lets a discriminator of pictures judge a generator of clips. It has no weights and computes
    in float32.

    Args:
        codec: a SpectrogramCodec, or the dict that its `to_dict` returns.

    Example:
        >>> import numpy as np
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 512, n_fft=128, hop_length=64, n_mels=8)
        >>> codec = SpectrogramCodec(sound, "mel", (0.0,) * 8, (1.0,) * 8)
        >>> tuple(PaintPicture(codec)(np.ones((2, 512, 1), "float32")).shape)
        (2, 8, 8, 1)
    """

    def __init__(self, codec: SpectrogramCodec | dict, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.codec = SpectrogramCodec.from_dict(codec) if isinstance(codec, dict) else codec

    def call(self, clips: Any) -> Any:
        return self.codec.paint(clips)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (input_shape[0], *self.codec.picture_shape)

    def get_config(self) -> dict:
        return {**super().get_config(), "codec": self.codec.to_dict()}


@keras.saving.register_keras_serializable("ganlib")
class SoundAndPicture(PaintPicture):
    """Clips in; out come the clips and their pictures, flat, one after the other in one tensor.

    Each is divided by its deviation, so that a gradient by the whole has one unit. A picture that
    is clipped at n deviations has a deviation of 1 / n.

    Args:
        codec: of the pictures.
        signal_scale: deviation of the clips.

    Call with (batch, time, 1); returns (batch, time + frames * rows, 1), float32.

    Example:
        >>> import numpy as np
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 512, n_fft=128, hop_length=64, n_mels=8)
        >>> codec = SpectrogramCodec(sound, "mel", (0.0,) * 8, (1.0,) * 8)
        >>> tuple(SoundAndPicture(codec, 0.1)(np.ones((2, 512, 1), "float32")).shape)
        (2, 576, 1)
    """

    def __init__(self, codec: SpectrogramCodec | dict, signal_scale: float, **kwargs: Any):
        super().__init__(codec, **kwargs)
        self.signal_scale = signal_scale

    def call(self, clips: Any) -> Any:
        picture = ops.reshape(super().call(clips), (-1, math.prod(self.codec.picture_shape), 1))
        pair = [clips / self.signal_scale, picture * self.codec.clip_deviations]
        return ops.concatenate(pair, axis=1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (input_shape[0], input_shape[1] + math.prod(self.codec.picture_shape), 1)

    def get_config(self) -> dict:
        return {**super().get_config(), "signal_scale": self.signal_scale}


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
        pair = [
            ops.pad(sizes * turned, [(0, 0), (0, 1), (0, 0)])
            for turned in (ops.cos(phases), ops.sin(phases))
        ]
        length = frames * self.hop_length
        clips = inverse_stft(*pair, self.n_fft, self.hop_length, length=length)
        return ops.expand_dims(clips, -1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        per_frame = input_shape[2] // (2 * (self.n_fft // 2 + 1))
        frames = input_shape[1]
        return (input_shape[0], None if frames is None else frames * per_frame * self.hop_length, 1)

    def get_config(self) -> dict:
        own = {"n_fft": self.n_fft, "hop_length": self.hop_length, "loudest": self.loudest}
        return {**super().get_config(), **own}
