"""tensorflow-io's decoders and its resampler, as operations of a graph."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from ganlib.audio.files import read_audio
from ganlib.data.sources import Source
from ganlib.errors import AudioFileError

TOLERANCE = 1e-4  # between two decoders of MP3 or Vorbis; all others agree exactly


class GraphDecoder:
    """Decodes and resamples with the modules that it is given: `stream` alone imports them.

    Args:
        tensorflow: the module.
        tensorflow_io: the module, with operations that load.
        channels: wanted channels.
    """

    def __init__(self, tensorflow: ModuleType, tensorflow_io: Any, channels: int):
        self.tf, self.io, self.channels = tensorflow, tensorflow_io, channels

    def agrees(self, source: Source) -> bool:
        """Whether a file is decoded here to the samples of libsndfile."""
        try:
            expected, _ = read_audio(source.path, None, self.channels)
            samples = np.clip(self.decoded(source).numpy(), -1.0, 1.0)
        except (AudioFileError, self.tf.errors.OpError):
            return False
        expected = expected.reshape(len(expected), -1)
        return samples.shape == expected.shape and bool(
            np.abs(samples - expected).max() <= TOLERANCE
        )

    def decoded(self, source: Source) -> Any:
        """The sound of one file at its own rate: a tensor, float32 (time, channels)."""
        tf, audio = self.tf, self.io.audio
        data = tf.io.read_file(source.path)

        def scaled(function: Any, dtype: Any, zero: int, full: int) -> Any:
            return lambda: (tf.cast(function(data, dtype=dtype), tf.float32) - zero) / full

        wav, flac = audio.decode_wav, audio.decode_flac
        branches = [
            scaled(wav, tf.uint8, 128, 2**7), scaled(wav, tf.int16, 0, 2**15),
            scaled(wav, tf.int32, 0, 2**31), scaled(wav, tf.float32, 0, 1),
            scaled(flac, tf.uint8, 128, 2**7), scaled(flac, tf.int16, 0, 2**15),
            scaled(flac, tf.int32, 0, 2**31),
            lambda: audio.decode_vorbis(data), lambda: audio.decode_mp3(data),
        ]  # fmt: skip
        samples = tf.switch_case(tf.cast(source.kind, tf.int32), branches)
        if self.channels == 1:
            return tf.reduce_mean(samples, axis=1, keepdims=True)
        return tf.broadcast_to(samples, [tf.shape(samples)[0], self.channels])

    def resampled(self, samples: Any, source: Source) -> Any:
        """The same sound at the wanted rate; see `sources.resampling_plan`."""
        tf = self.tf

        def convert() -> Any:
            time = tf.shape(samples, out_type=tf.int64)[0]
            wanted = (2 * time * source.ratio_out + source.ratio_in) // (2 * source.ratio_in)
            end = 256 + 64 * source.ratio_in // source.ratio_out + source.ratio_in
            padded = tf.pad(samples, [[source.front, end], [0, 0]])
            longer = self.io.audio.resample(padded, source.ratio_in, source.ratio_out)
            return longer[source.drop : source.drop + wanted]

        return tf.cond(source.ratio_in == source.ratio_out, lambda: samples, convert)
