"""Folders of any size as a `tf.data.Dataset`: decoded and resampled inside the graph."""

from __future__ import annotations

import importlib.util
import logging
import os
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganlib.audio.files import LOUDEST_PEAK, wav_bytes
from ganlib.audio.format import AudioFormat
from ganlib.data import loading
from ganlib.data.folders import Recording
from ganlib.data.pieces import Cutting, cut, pieces_for
from ganlib.data.sifting import refuse_short, refuse_unusable
from ganlib.data.sources import KINDS, OTHER, Source, scan_sources
from ganlib.data.usage import Usage
from ganlib.errors import AudioFileError, DataError, OptionError

if TYPE_CHECKING:
    import tensorflow as tf

DECODERS = ("auto", "tensorflow-io", "soundfile")
PIECES_SHUFFLED = 256  # the pieces of one long file come in a row


def stream(
    source: loading.Where,
    audio_format: AudioFormat | None = None,
    batch_size: int = 32,
    seed: int | None = 0,
    split: str = "train",
    decoder: str = "auto",
    strict: bool = False,
    epochs: int | None = 1,
    pieces: str = "auto",
    keep_silence: bool = False,
) -> tf.data.Dataset:
    """Batches from files that stay on disk, for data that do not fit into memory.

    The clips are those of `load_clips`; the order is drawn from the seed, but unlike `Clips.batch`
    it cannot be entered in the middle, so an exact resume needs `load_clips`.

    With tensorflow-io, decoding and resampling are operations of the graph. Kinds that it cannot
    decode (32-bit integers, Opus, AIFF, ...), and everything where its compiled operations do not
    load (TensorFlow 2.18 and later), go through soundfile and soxr. At a file's own rate both give
    the same samples (MP3 and Vorbis within 1e-5). Resampled, they agree within 1e-4 of full scale
    for sound below 0.8 of the lower Nyquist frequency, but for the first and last 10 ms; above
    that frequency the two filters differ: measured on the recorded digits by 4 % of the RMS when
    the rate is halved and 1 % when it is doubled, and on white noise by 14 % and 7 %.

    Args:
        source: a name of the catalogue, a folder, or a list of files (which have no labels).
        audio_format: sample rate, length and channels; None means `AudioFormat()`.
        batch_size: clips in a batch, at least 1; the last batch may be smaller.
        seed: of the order; None keeps the order of the files.
        split: "train", "validation", "test" or "all".
        decoder: "auto", or "tensorflow-io" or "soundfile" to insist on one.
        strict: refuse unusable files, instead of leaving them out.
        epochs: how often all clips come, each time in another order; None for ever.
        pieces: "auto", "first", "all" or "loudest", as in `load_clips`.
        keep_silence: use digital silence and pieces almost without sound too.

    Returns:
        A dataset of (samples float32 (batch, time, channels) in [-1, 1], labels int32 (batch,)),
        with the attributes `label_names`, `decoder` (the one in use), `skipped` ((path, reason) of
        files whose header was unusable) and `usage`: how much of the recordings is used, before
        pieces almost without sound are left out. A file that proves damaged only when decoded is
        left out with a warning in TensorFlow's log, or with `strict` ends the iteration with an
        error; but tensorflow-io does not notice damage inside a FLAC file (`info` does).

    Raises:
        DataError: if tensorflow or the decoder asked for is missing; if there are no such data, no
            usable file, or, with `strict`, any unusable file.
        OptionError: if an option is out of range.

    Example:
        >>> stream("digits", batch_size=0)
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: batch_size: expected 1 or more, got 0
    """
    audio_format = audio_format or AudioFormat()
    if decoder not in DECODERS:
        raise OptionError(f"decoder: expected one of {', '.join(DECODERS)}; got '{decoder}'")
    if batch_size < 1:
        raise OptionError(f"batch_size: expected 1 or more, got {batch_size}")
    engine = choose_decoder(decoder)
    recordings = loading.find_recordings(source)[1]
    labels = loading.label_names(recordings)
    chosen = loading.choose_split(recordings, split, loading.shown(source))
    kinds = KINDS if engine == "tensorflow-io" else ()
    sources, skipped = scan_sources(chosen, labels, audio_format, kinds)
    refuse_unusable(loading.shown(source), skipped, len(sources), strict)
    how = Cutting(audio_format, pieces_for(pieces, bool(labels)), keep_silence)
    dataset = _clips(sources, how, strict, seed, epochs).batch(batch_size).prefetch(2)
    dataset.usage = Usage.planned([source.frames / source.rate for source in sources], *how)
    dataset.label_names, dataset.decoder, dataset.skipped = labels, engine, skipped
    return dataset


def choose_decoder(decoder: str = "auto") -> str:
    """The decoder that will be used: the one asked for, or the best that loads.

    Raises:
        DataError: if tensorflow is not installed, or tensorflow-io is asked for and does not load.
    """
    if importlib.util.find_spec("tensorflow") is None:
        raise DataError(
            "stream() needs TensorFlow, which is not installed: pip install tensorflow, or use "
            "load_clips() instead"
        )
    if decoder == "soundfile" or (decoder == "auto" and tensorflow_io() is None):
        return "soundfile"
    if tensorflow_io() is None:
        raise DataError(
            "the decoder tensorflow-io does not load beside this TensorFlow (it needs 2.16 or "
            "2.17); use decoder='auto'"
        )
    return "tensorflow-io"


@lru_cache(maxsize=1)
def tensorflow_io() -> Any | None:
    """The module tensorflow_io, or None if its compiled operations do not load here.

    Where they do not, its import only warns: so this decodes one sample to know.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its import; the sample below tells
            import tensorflow
            import tensorflow_io

            one = wav_bytes(np.zeros(1, "float32"), 8000)
            tensorflow_io.audio.decode_wav(one, dtype=tensorflow.int16)
        # It maps its resampler over the batch of one sound that we give it, and warns of the loop.
        tensorflow.get_logger().addFilter(lambda record: "AudioResample" not in record.getMessage())
    except Exception as error:  # undefined symbols surface as errors of several types
        logging.getLogger(__name__).info("tensorflow-io is not used: %s", error)
        return None
    return tensorflow_io


def _clips(
    sources: list[Source],
    how: Cutting,
    strict: bool,
    seed: int | None,
    epochs: int | None,
) -> tf.data.Dataset:
    import tensorflow as tf

    columns = zip(*sources, strict=True)
    files = tf.data.Dataset.from_tensor_slices(Source._make(map(np.array, columns)))
    if seed is not None:
        files = files.shuffle(len(sources), seed=seed)
    with_io = any(source.kind != OTHER for source in sources)
    decode = tf.autograph.experimental.do_not_convert(_decoding_function(how, strict, with_io))
    pieces = files.map(decode, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
    clips = (pieces if strict else pieces.ignore_errors(log_warning=True)).unbatch()
    if seed is not None and how.pieces == "all":
        clips = clips.shuffle(PIECES_SHUFFLED, seed=seed)
    return clips.repeat(epochs)


def _decoding_function(
    how: Cutting, strict: bool, with_io: bool
) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    """Source -> (clips of one file, their labels), as a function of tensors."""
    import tensorflow as tf

    audio_format = how.audio_format

    def with_soundfile(path: bytes) -> np.ndarray:
        try:
            return loading.read_pieces(Recording(Path(os.fsdecode(path))), *how).samples
        except AudioFileError:
            if strict:
                raise
            return np.zeros((0, audio_format.clip_samples, audio_format.channels), "float32")

    def cut_here(path: bytes, samples: np.ndarray) -> np.ndarray:
        refuse_short(Path(os.fsdecode(path)), len(samples), audio_format.sample_rate)
        return cut(np.clip(samples, -1.0, 1.0), *how).samples

    def decode(source: Source) -> tuple[tf.Tensor, tf.Tensor]:
        def other() -> tf.Tensor:
            return tf.numpy_function(with_soundfile, [source.path], tf.float32)

        def in_the_graph() -> tf.Tensor:
            samples = _resampled(_decoded(source, audio_format), source)
            return tf.numpy_function(cut_here, [source.path, samples], tf.float32)

        pieces = tf.cond(source.kind == OTHER, other, in_the_graph) if with_io else other()
        pieces.set_shape([None, audio_format.clip_samples, audio_format.channels])
        return pieces, tf.repeat(tf.cast(source.label, tf.int32), tf.shape(pieces)[0])

    return decode


def _decoded(source: Source, audio_format: AudioFormat) -> tf.Tensor:
    """The sound of one file at its own rate, float32 (time, channels)."""
    import tensorflow as tf

    audio = tensorflow_io().audio  # type: ignore[union-attr]  # the caller has asked
    data = tf.io.read_file(source.path)

    def scaled(function: Any, dtype: tf.DType, zero: int, full: int) -> Any:
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
    usable = tf.reduce_max(tf.abs(samples)) <= LOUDEST_PEAK  # NaN is not
    with tf.control_dependencies([tf.debugging.Assert(usable, [source.path, "NaN or too loud"])]):
        if audio_format.channels == 1:
            return tf.reduce_mean(samples, axis=1, keepdims=True)
        return tf.broadcast_to(samples, [tf.shape(samples)[0], audio_format.channels])


def _resampled(samples: tf.Tensor, source: Source) -> tf.Tensor:
    """The same sound at the wanted rate; see `sources.resampling_plan`."""
    import tensorflow as tf

    def convert() -> tf.Tensor:
        time = tf.shape(samples, out_type=tf.int64)[0]
        wanted = (2 * time * source.ratio_out + source.ratio_in) // (2 * source.ratio_in)
        end = 256 + 64 * source.ratio_in // source.ratio_out + source.ratio_in
        padded = tf.pad(samples, [[source.front, end], [0, 0]])
        resample = tensorflow_io().audio.resample  # type: ignore[union-attr]  # as above
        longer = resample(padded, source.ratio_in, source.ratio_out)
        return longer[source.drop : source.drop + wanted]

    return tf.cond(source.ratio_in == source.ratio_out, lambda: samples, convert)
