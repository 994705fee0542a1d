"""Rows whose rank is known before anything is measured: they test the ruler, not a generator."""

from __future__ import annotations

import numpy as np
from keras import ops

from ganlib.audio.fourier import magnitude, stft
from ganlib.audio.phase import griffin_lim
from ganlib.data.clips import Clips
from ganlib.errors import DataError
from ganlib.evaluation.measuring.reference import Reference, Split
from ganlib.evaluation.measuring.sources import Sample, in_turn

NOISE_DB = 30.0  # below the clip: the memoriser's disguise
_FRAME, _HOP = 256, 64  # samples, of the resynthesis


def ruler(reference: Reference, count: int, seed: int = 0) -> list[Sample]:
    """The eight rows, best first where the order is known.

    Args:
        reference: with its recordings.
        count: clips of each row; a split that has fewer gives all.
        seed: of all that is drawn.

    Raises:
        DataError: if the recordings are not on this machine.

    Example:
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.data import DATASETS
        >>> rows = ruler(shipped("fsdd"), 20)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: the ruler needs the recordings of fsdd; ...
    """
    test, labels_of_test = _drawn(reference, reference.test, count, seed)
    train, labels = _drawn(reference, reference.train, count, seed)
    clips, rate = train.samples, train.audio_format.sample_rate
    rng = np.random.default_rng(seed)
    level = float(np.sqrt(np.mean(np.square(clips))))
    noise = rng.normal(0.0, level, clips.shape).astype("float32")
    turns = None if labels is None else np.arange(len(clips)) % (int(labels.max()) + 1)
    shuffled = None if labels is None else rng.permutation(labels)
    one = np.repeat(clips[:1], len(clips), axis=0)
    rows = [
        ("real test set", test.samples, labels_of_test, "the clips that all are compared with"),
        ("real training set", clips, labels, "other recordings: what a perfect generator gets"),
        ("Griffin-Lim", resynthesised(test.samples), labels_of_test,
         "the test set, its phase thrown away and guessed"),
        ("shuffled labels", clips, shuffled, "training clips under wrong names"),
        ("memoriser", disguised(clips, rng), labels, "training clips with noise 30 dB below"),
        ("collapsed", one, turns, "one training clip, repeated"),
        ("white noise", noise, turns, "as loud as speech"),
        ("silence", np.zeros_like(clips), turns, "nothing at all, in every sample"),
    ]  # fmt: skip
    return [Sample(name, sound, rate, asked, note) for name, sound, asked, note in rows]


def _drawn(
    reference: Reference, split: Split, count: int, seed: int
) -> tuple[Clips, np.ndarray | None]:
    """Recordings of a split, the labels taking turns, and their labels as the classifier's."""
    if split.clips is None:
        raise DataError(
            f"the ruler needs the recordings of {reference.name}; get them with: "
            f"ganlib data get {reference.name}"
        )
    chosen = in_turn(split.labels, len(split), count, seed)
    return split.clips.select(chosen), None if split.labels is None else split.labels[chosen]


def disguised(clips: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Clips with white noise at a fixed distance below each clip's level.

    Example:
        >>> clips = np.full((1, 4000, 1), 0.1, "float32")
        >>> noise = disguised(clips, np.random.default_rng(0)) - clips
        >>> round(float(20 * np.log10(noise.std() / 0.1)))
        -30
    """
    levels = np.sqrt(np.mean(np.square(clips), axis=(1, 2), keepdims=True))
    noise = rng.normal(size=clips.shape) * levels * 10 ** (-NOISE_DB / 20)
    return np.clip(clips + noise, -1.0, 1.0).astype("float32")


def resynthesised(clips: np.ndarray, batch: int = 100) -> np.ndarray:
    """Clips from their magnitude spectrograms alone, by Griffin-Lim.

    Example:
        >>> resynthesised(np.zeros((2, 512, 1), "float32")).shape
        (2, 512, 1)
    """
    sounds = []
    for start in range(0, len(clips), batch):
        some = clips[start : start + batch, :, 0]
        target = magnitude(*stft(some, _FRAME, _HOP))
        audio = griffin_lim(target, _FRAME, _HOP, length=clips.shape[1])
        sounds.append(ops.convert_to_numpy(audio))
    return np.clip(np.concatenate(sounds), -1.0, 1.0)[..., None].astype("float32")
