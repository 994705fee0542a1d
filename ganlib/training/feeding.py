"""What a run feeds its model with: clips at full level, batches in an order that can be resumed."""

import hashlib
from collections.abc import Iterator

import numpy as np

from ganlib.data.clips import Clips


def digest(clips: Clips) -> str:
    """A fingerprint of the data: SHA-256 over samples and labels.

    Example:
        >>> len(digest(Clips(np.ones((2, 64, 1)), [0, 0])))
        64
    """
    total = hashlib.sha256(np.ascontiguousarray(clips.samples).tobytes())
    total.update(np.ascontiguousarray(clips.labels).tobytes())
    return total.hexdigest()


def batches(clips: Clips, options: dict, seed: int, first: int, total: int) -> Iterator[tuple]:
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
    """The clips as the model sees them: each at full level, if the recipe says so.

    Example:
        >>> quiet = Clips(np.full((2, 8, 1), 0.25), [0, 0])
        >>> float(prepared(quiet, {"peak_normalize": True}).samples.max())
        1.0
    """
    if not options["peak_normalize"]:
        return clips
    peaks = np.abs(clips.samples).max(axis=(1, 2), keepdims=True)
    return Clips(
        clips.samples / np.maximum(peaks, 1e-3),
        clips.labels,
        clips.label_names,
        audio_format=clips.audio_format,
    )
