"""What the classifier makes of real recordings: measured, or shipped and read without a network."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from ganlib import pretrained
from ganlib.audio.format import AudioFormat
from ganlib.data.catalog import DATASETS
from ganlib.data.clips import Clips
from ganlib.data.loading import load_clips
from ganlib.data.namesakes import tell_of_namesake
from ganlib.errors import DataError, OptionError, WeightsError
from ganlib.evaluation.measuring.ear import Ear, Heard
from ganlib.evaluation.measuring.recogniser import recognised_digits, whispered_digits
from ganlib.metrics.memorization import clip_spectra
from ganlib.metrics.naturalness import dnsmos

FEWEST = 24  # recordings in a split, below which nothing can be said
DNSMOS_CLIPS = 20  # of recordings, and of the clips beside them
_HELD_OUT = 0.2  # share of the recordings that stand for a test split where the data name none


@dataclass(frozen=True)
class Split:
    """One split of real recordings as the classifier hears it.

    Args:
        heard: features and posteriors, a row for each recording.
        labels: int32 (recordings,), the classifier's classes; None where they are none of them.
        speakers: (recordings,), names; empty strings where nobody knows.
        recognised: int32 (recordings,), what PocketSphinx heard; None where nobody asked it.
        whispered: int32 (recordings,), what Whisper heard; None where nobody asked it.
        clips: the recordings themselves; None where they are not on this machine.

    Example:
        >>> heard = Heard(np.zeros((2, 4)), np.ones((2, 2)) / 2)
        >>> len(Split(heard, np.array([0, 1]), np.array(["ann", "bob"])).select([1]))
        1
    """

    heard: Heard
    labels: np.ndarray | None
    speakers: np.ndarray
    recognised: np.ndarray | None = None
    whispered: np.ndarray | None = None
    clips: Clips | None = None

    def __len__(self) -> int:
        return len(self.heard.features)

    @cached_property
    def spectra(self) -> np.ndarray | None:
        """Log-spectra (recordings, frames, bands) for nearest neighbours, if the sound is here."""
        return None if self.clips is None else clip_spectra(self.clips.samples)

    @cached_property
    def naturalness(self) -> np.ndarray | None:
        """DNSMOS of a few recordings, if the sound is here; it is slow, so it is asked for once."""
        if self.clips is None:
            return None
        some = np.random.default_rng(0).permutation(len(self))[:DNSMOS_CLIPS]
        return dnsmos(self.clips.samples[some], self.clips.audio_format.sample_rate)["overall"]

    def select(self, which: np.ndarray) -> Split:
        """The recordings of these indices."""
        which = np.asarray(which)
        given = (self.labels, self.recognised, self.whispered)
        labels, recognised, whispered = (x if x is None else x[which] for x in given)
        heard = Heard(self.heard.features[which], self.heard.probabilities[which])
        clips = None if self.clips is None else self.clips.select(which)
        return Split(heard, labels, self.speakers[which], recognised, whispered, clips)


@dataclass(frozen=True)
class Reference:
    """Real recordings to compare with: the training split, and the test split, which is held out.

    Args:
        name: of the data.
        train, test: the splits.
        sha256: of the classifier's weights that heard them.
        note: where the test split comes from.

    Example:
        >>> reference = shipped("fsdd")
        >>> len(reference.train), len(reference.test), reference.test.heard.features.shape
        (2700, 300, (300, 128))
    """

    name: str
    train: Split
    test: Split
    sha256: str
    note: str = ""


def reference_of(data: str, ear: Ear) -> Reference:
    """The reference for a set or a folder: shipped where there is one, otherwise measured now.

    Args:
        data: name of the catalogue, or folder of labelled recordings.
        ear: the classifier.

    Returns:
        With the recordings themselves where they are on this machine.

    Raises:
        DataError: if the data cannot be used, or have too few recordings.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> reference_of("fsdd", shipped_ear()).name
        'fsdd'
    """
    if not _statistics(data).is_file() or (reference := shipped(data)).sha256 != ear.sha256:
        return measured(data, ear)
    if not DATASETS[data].present:
        tell_of_namesake(data, DATASETS[data].folder)
        return reference
    train, test = (load_clips(data, split, _format(ear)) for split in ("train", "test"))
    return replace(
        reference,
        train=replace(reference.train, clips=train),
        test=replace(reference.test, clips=test),
    )


def measured(data: str, ear: Ear) -> Reference:
    """Listen to all recordings of a set or a folder.

    Data without a test split lose a fifth of their recordings to one, drawn always in the same way.

    Raises:
        DataError: if there are fewer than 24 recordings in a split.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> measured("voice", shipped_ear()).train.labels is None  # sentences are no digits
        True
    """
    train, test, note = _splits(data, _format(ear))
    for name, clips in (("training", train), ("test", test)):
        if len(clips) < FEWEST:
            raise DataError(
                f"{data} has {len(clips)} {name} recordings; measuring needs {FEWEST}: add some."
            )
    return Reference(data, _listen(train, ear, False), _listen(test, ear, True), ear.sha256, note)


def _listen(clips: Clips, ear: Ear, recognise: bool) -> Split:
    rate, labels = clips.audio_format.sample_rate, ear.numbers(clips.labels, clips.label_names)
    asked = recognise and labels is not None
    recognised = recognised_digits(clips.samples, rate) if asked else None
    whispered = whispered_digits(clips.samples, rate) if asked else None
    heard = ear.listen(clips.samples, rate)
    return Split(heard, labels, np.array(clips.voices), recognised, whispered, clips)


def _format(ear: Ear) -> AudioFormat:
    return AudioFormat(ear.sample_rate, ear.clip_samples)


def _splits(data: str, audio_format: AudioFormat) -> tuple[Clips, Clips, str]:
    try:
        train = load_clips(data, "train", audio_format)
        return train, load_clips(data, "test", audio_format), "its own test split"
    except DataError:
        everything = load_clips(data, "all", audio_format)
    order = np.random.default_rng(0).permutation(len(everything))
    held_out = round(_HELD_OUT * len(order))
    note = "no test split: a fifth of the recordings, drawn at random, stands for it"
    return everything.select(order[held_out:]), everything.select(order[:held_out]), note


def _statistics(name: str) -> Path:
    return pretrained.FOLDER / f"{pretrained.CLASSIFIER}.{name}.npz"


def write_statistics(reference: Reference) -> Path:
    """Write what the classifier heard, float16 and compressed, beside its weights.

    Raises:
        OptionError: if the recordings have no digits as labels.

    Example:
        >>> heard = Heard(np.zeros((1, 4)), np.ones((1, 2)) / 2)
        >>> split = Split(heard, None, np.array([""]))
        >>> write_statistics(Reference("mine", split, split, ""))
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: mine has no labels; statistics to ship need them.
    """
    arrays: dict[str, np.ndarray] = {"sha256": np.array(reference.sha256)}
    for name, split in (("train", reference.train), ("test", reference.test)):
        if split.labels is None:
            raise OptionError(f"{reference.name} has no labels; statistics to ship need them.")
        arrays |= {
            f"{name}.features": split.heard.features.astype("float16"),
            f"{name}.probabilities": split.heard.probabilities.astype("float16"),
            f"{name}.labels": split.labels.astype("uint8"),
            f"{name}.speakers": split.speakers,
        }
    for name in ("recognised", "whispered"):
        if (said := getattr(reference.test, name)) is not None:
            arrays[f"test.{name}"] = said.astype("int8")
    path = _statistics(reference.name)
    part = path.with_name(f".{path.name}.part.npz")
    np.savez_compressed(part, **arrays)
    os.replace(part, path)
    return path


def shipped(name: str) -> Reference:
    """The statistics of a set that ship with ganlib, without its sound.

    Raises:
        WeightsError: if there are none, or the file is damaged.

    Example:
        >>> [str(name) for name in sorted(set(shipped("fsdd").test.speakers))][:3]
        ['george', 'jackson', 'lucas']
    """
    path = _statistics(name)
    try:
        with np.load(path, allow_pickle=False) as file:
            train, test = (_read(file, split) for split in ("train", "test"))
            return Reference(name, train, test, str(file["sha256"]), "its own test split")
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path} is missing or damaged ({error}): install again.") from None


def _read(file: np.lib.npyio.NpzFile, split: str) -> Split:
    features, probabilities = (
        file[f"{split}.{name}"].astype("float32") for name in ("features", "probabilities")
    )
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    recognised, whispered = (
        file[f"{split}.{name}"].astype("int32") if f"{split}.{name}" in file.files else None
        for name in ("recognised", "whispered")
    )
    labels, speakers = file[f"{split}.labels"].astype("int32"), file[f"{split}.speakers"]
    return Split(Heard(features, probabilities), labels, speakers, recognised, whispered)
