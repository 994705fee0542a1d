"""Layers that turn clips into what a discriminator of pictures looks at, with gradients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.spectra import LogSpectrogram

SPREAD = 2.0  # deviation of a log spectrogram of speech, in nats


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
class SoundAndPictures(PaintPicture):
    """Clips in; out come clips, their pictures and spectra, flat, one after the other in a tensor.

    Each is divided by its deviation, so that a gradient by the whole has one unit. A picture that
    is clipped at n deviations has a deviation of 1 / n, a `LogSpectrogram` one of about 2.

    Args:
        codec: of the pictures.
        signal_scale: deviation of the clips.
        resolutions: frame lengths of further spectra, each with half of it as hop.

    Call with (batch, time, 1); returns (batch, time + frames * rows + sum of frames * bins, 1),
    float32.

    Example:
        >>> import numpy as np
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 512, n_fft=128, hop_length=64, n_mels=8)
        >>> codec = SpectrogramCodec(sound, "mel", (0.0,) * 8, (1.0,) * 8)
        >>> tuple(SoundAndPictures(codec, 0.1)(np.ones((2, 512, 1), "float32")).shape)
        (2, 576, 1)
        >>> tuple(SoundAndPictures(codec, 0.1, (64,))(np.ones((2, 512, 1), "float32")).shape)
        (2, 1088, 1)
    """

    def __init__(
        self,
        codec: SpectrogramCodec | dict,
        signal_scale: float,
        resolutions: Sequence[int] = (),
        **kwargs: Any,
    ):
        super().__init__(codec, **kwargs)
        self.signal_scale, self.resolutions = signal_scale, tuple(resolutions)
        self.spectra = [LogSpectrogram(n_fft, n_fft // 2) for n_fft in self.resolutions]

    def call(self, clips: Any) -> Any:
        parts = [clips / self.signal_scale, super().call(clips) * self.codec.clip_deviations]
        parts += [spectrum(clips) / SPREAD for spectrum in self.spectra]
        flat = [ops.reshape(part, (-1, math.prod(part.shape[1:]), 1)) for part in parts]
        return ops.concatenate(flat, axis=1)

    def shapes(self, time: int) -> list[tuple[int, int]]:
        """(frames, bins) of each of the further spectra of clips of `time` samples."""
        return [spectrum.compute_output_shape((1, time, 1))[1:3] for spectrum in self.spectra]

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        shapes = [self.codec.picture_shape, *self.shapes(input_shape[1])]
        return (input_shape[0], input_shape[1] + sum(map(math.prod, shapes)), 1)

    def get_config(self) -> dict:
        own = {"signal_scale": self.signal_scale, "resolutions": self.resolutions}
        return {**super().get_config(), **own}
