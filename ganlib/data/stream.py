"""Folders of any size as a `tf.data.Dataset`: decoded, resampled and cut inside the graph."""

from __future__ import annotations

import importlib.util
import logging
import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganlib.audio.files import wav_bytes
from ganlib.audio.format import AudioFormat
from ganlib.data import loading
from ganlib.data.folders import Recording
from ganlib.data.graph_decoder import GraphDecoder
from ganlib.data.pieces import Cutting, cut, pieces_for
from ganlib.data.sifting import refuse_faulty, refuse_unusable
from ganlib.data.sources import KINDS, OTHER, Source, scan_sources
from ganlib.data.usage import Usage
from ganlib.errors import DataError, OptionError

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
    progress: bool = False,
    pieces: str = "auto",
    keep_silence: bool = False,
) -> tf.data.Dataset:
    """Batches from files that stay on disk, for data that do not fit into memory.

    The clips are those of `load_clips`; the order is drawn from the seed, but unlike `Clips.batch`
    it cannot be entered in the middle, so an exact resume needs `load_clips`. Every file is read
    once before the first batch, so that what cannot be used is known, and refused or left out, as
    by `load_clips`: that takes about as long as an epoch of reading.

    With tensorflow-io, decoding and resampling are operations of the graph. Files that it does not
    decode to the samples of libsndfile (32-bit integers, Opus, AIFF, what an encoder wrote into a
    pipe, ...), that last more than a minute, and everything where its compiled operations do not
    load (TensorFlow 2.18 and later), go through soundfile and soxr. At a file's own rate both give
    the same samples (MP3 and Vorbis within 1e-4). Resampled, they agree within 1e-4 of full scale
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
        progress: show a progress bar while the files are read for the first time.
        pieces: "auto", "first", "all" or "loudest", as in `load_clips`.
        keep_silence: use digital silence and pieces almost without sound too.

    Returns:
        A dataset of (samples float32 (batch, time, channels) in [-1, 1], labels int32 (batch,)),
        with the attributes `label_names`, `decoder` (the one in use), and `skipped`, `remarks`,
        `notes` and `usage` as `Clips` has them. A file that changes afterwards is left out with a
        warning in TensorFlow's log.

    Raises:
        DataError: if tensorflow or the decoder asked for is missing; if there are no such data, no
            usable file, nothing but silence, or, with `strict`, any unusable or faulty file.
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
    labels, chosen, refused, remarks = loading.recordings_to_read(source, split, audio_format)
    how, cuts = Cutting(audio_format, pieces_for(pieces, bool(labels)), keep_silence), {}

    def check(item: Recording, source: Source) -> bool:
        found = loading.read_pieces(item, *how)  # raises what `load_clips` would list
        cuts[source.path] = replace(found, samples=found.samples[:0].copy())  # no sound is kept
        return source.kind == OTHER or _graph_decoder(audio_format).agrees(source)

    kinds = KINDS if engine == "tensorflow-io" else ()
    sources, skipped, _ = scan_sources(chosen, labels, audio_format, kinds, check, progress)
    skipped = refused + skipped
    refuse_unusable(loading.shown(source), skipped, len(sources), strict)
    found = [(found.path, cuts[found.path]) for found in sources]
    notes = [(path, one.note) for path, one in found if one.note]
    usage = Usage.of([one for _, one in found], *how)
    refuse_faulty(loading.shown(source), notes, len(sources), usage.clips, strict)
    dataset = _clips(sources, how, seed, epochs).batch(batch_size).prefetch(2)
    dataset.label_names, dataset.decoder, dataset.remarks = labels, engine, remarks
    dataset.skipped, dataset.notes, dataset.usage = skipped, notes, usage
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
    seed: int | None,
    epochs: int | None,
) -> tf.data.Dataset:
    import tensorflow as tf

    columns = zip(*sources, strict=True)
    files = tf.data.Dataset.from_tensor_slices(Source._make(map(np.array, columns)))
    if seed is not None:
        files = files.shuffle(len(sources), seed=seed)
    with_io = any(source.kind != OTHER for source in sources)
    decode = tf.autograph.experimental.do_not_convert(_decoding_function(how, with_io))
    pieces = files.map(decode, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
    clips = pieces.ignore_errors(log_warning=True).unbatch()  # of files that have changed
    if seed is not None and how.pieces == "all":
        clips = clips.shuffle(PIECES_SHUFFLED, seed=seed)
    return clips.repeat(epochs)


def _decoding_function(how: Cutting, with_io: bool) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    """Source -> (clips of one file, their labels), as a function of tensors."""
    import tensorflow as tf

    audio_format = how.audio_format
    decoder = _graph_decoder(audio_format)

    def with_soundfile(path: bytes) -> np.ndarray:
        return loading.read_pieces(Recording(Path(os.fsdecode(path))), *how).samples

    def cut_here(samples: np.ndarray) -> np.ndarray:
        return cut(np.clip(samples, -1.0, 1.0), *how).samples

    def decode(source: Source) -> tuple[tf.Tensor, tf.Tensor]:
        def other() -> tf.Tensor:
            return tf.numpy_function(with_soundfile, [source.path], tf.float32)

        def in_the_graph() -> tf.Tensor:
            samples = decoder.resampled(decoder.decoded(source), source)
            return tf.numpy_function(cut_here, [samples], tf.float32)

        pieces = tf.cond(source.kind == OTHER, other, in_the_graph) if with_io else other()
        pieces.set_shape([None, audio_format.clip_samples, audio_format.channels])
        return pieces, tf.repeat(tf.cast(source.label, tf.int32), tf.shape(pieces)[0])

    return decode


def _graph_decoder(audio_format: AudioFormat) -> GraphDecoder:
    import tensorflow as tf

    return GraphDecoder(tf, tensorflow_io(), audio_format.channels)
