"""Layers that turn clips into what a discriminator of pictures looks at, with gradients."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from ganlib.audio.codec import SpectrogramCodec


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
