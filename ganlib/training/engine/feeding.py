"""What a run feeds its model with: clips at full level, batches in an order that can be resumed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ganlib.audio.codec import SpectrogramCodec
from ganlib.data.clips import Clips, batch_indices
from ganlib.training.engine.excerpts import Excerpts


def digest(clips: Clips) -> str:
    """A fingerprint of the data: SHA-256 over samples, labels and levels.

    Example:
        >>> len(digest(Clips(np.ones((2, 64, 1)), [0, 0])))
        64
    """
    total = hashlib.sha256(np.ascontiguousarray(clips.samples).tobytes())
    total.update(np.ascontiguousarray(clips.labels).tobytes())
    if clips.peaks is not None and not np.array_equal(clips.peaks, _own_peaks(clips)):
        total.update(clips.peaks.tobytes())  # pieces that keep their level beside one another
    return total.hexdigest()


@dataclass(frozen=True)
class Pictures:
    """Clips as a codec paints them, in batches like those of `Clips`.

    Example:
        >>> Pictures(np.zeros((3, 8, 8, 1)), np.zeros(3)).batch(0, 2, seed=0)[0].shape
        (2, 8, 8, 1)
    """

    pictures: np.ndarray
    labels: np.ndarray

    def batch(self, step: int, batch_size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """The pictures and labels of one training step, a function of (seed, step)."""
        indices = batch_indices(len(self.pictures), step, batch_size, seed)
        return self.pictures[indices], self.labels[indices]


def batches(
    clips: Clips | Pictures | Excerpts, options: dict, seed: int, first: int, total: int
) -> Iterator[tuple]:
    """The batches of steps `first` to `total - 1`, each with clips for all discriminator steps.

    Example:
        >>> clips = Clips(np.ones((2, 8, 1)), [0, 0])
        >>> [len(samples) for samples, _ in batches(clips, {"batch_size": 3}, 0, 5, 7)]
        [3, 3]
    """
    size = options["batch_size"] * options.get("discriminator_steps", 1)
    for step in range(first, total):
        yield clips.batch(step, size, seed)


def prepared(clips: Clips, options: dict) -> Clips:
    """The clips as the model hears them: at full level, if the recipe says so.

    Pieces of one recording share one gain, that of the recording: a pause stays a pause.

    Example:
        >>> quiet = Clips(np.full((2, 8, 1), 0.25), [0, 0])
        >>> float(prepared(quiet, {"peak_normalize": True}).samples.max())
        1.0
    """
    if not options["peak_normalize"]:
        return clips
    peaks = _own_peaks(clips) if clips.peaks is None else clips.peaks
    return Clips(
        clips.samples / np.maximum(peaks, 1e-3)[:, None, None],
        clips.labels,
        clips.label_names,
        audio_format=clips.audio_format,
    )


def _own_peaks(clips: Clips) -> np.ndarray:
    return np.abs(clips.samples).max(axis=(1, 2))


def measured(clips: Clips, options: dict) -> SpectrogramCodec:
    """The codec of a model that paints spectrograms, fitted to its data.

    Example:
        >>> noise = np.random.default_rng(0).normal(size=(2, 512, 1)) * 0.1
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 512, n_fft=128, hop_length=64, n_mels=8)
        >>> clips = Clips(noise, [0, 0], audio_format=sound)
        >>> options = {"peak_normalize": True, "scale": "mel", "iterations": 2, "floor": 1e-5,
        ...            "clip_deviations": 3.0}
        >>> measured(clips, options).picture_shape
        (8, 8, 1)
    """
    return SpectrogramCodec.fit(
        prepared(clips, options).samples,
        clips.audio_format,
        options["scale"],
        iterations=options["iterations"],
        floor=options["floor"],
        clip_deviations=options["clip_deviations"],
    )


def as_seen(clips: Clips, options: dict, codec: dict | None) -> Clips | Pictures | Excerpts:
    """What the networks get: prepared clips, the pictures that a codec paints of them, or excerpts.

    Where both are judged, the pictures are painted during training, after a random shift.

    Example:
        >>> len(as_seen(Clips(np.ones((2, 8, 1)), [0, 0]), {"peak_normalize": True}, None))
        2
    """
    clips = prepared(clips, options)
    if "excerpt_frames" in options:  # a vocoder
        size, floor = options["excerpt_frames"], options["floor"]
        return Excerpts.of(clips.samples, clips.audio_format, floor, size)
    if codec is None or options.get("judge") == "both":
        return clips
    return Pictures(SpectrogramCodec.from_dict(codec).encode(clips.samples), clips.labels)
