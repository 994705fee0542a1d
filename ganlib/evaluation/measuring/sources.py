"""Clips to be measured: of a run, of shipped weights, of a folder of audio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ganlib import pretrained
from ganlib.audio.format import AudioFormat
from ganlib.data.loading import load_clips
from ganlib.errors import OptionError
from ganlib.evaluation.measuring.ear import Ear
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training.hearing import load_generator

_AT_A_TIME = 64  # clips between two looks at the clock


@dataclass(frozen=True)
class Sample:
    """Clips to be measured, with what was asked for.

    Args:
        name: of the model, the folder or the row.
        clips: float32 (clips, time, 1).
        sample_rate: in Hz.
        labels: int32 (clips,), the classifier's classes; None where nothing was asked for.
        note: what it is, in a few words.

    Example:
        >>> len(Sample("silence", np.zeros((3, 80, 1)), 8000))
        3
    """

    name: str
    clips: np.ndarray
    sample_rate: int
    labels: np.ndarray | None = None
    note: str = ""

    def __len__(self) -> int:
        return len(self.clips)


def in_turn(labels: np.ndarray | None, available: int, count: int, seed: int) -> np.ndarray:
    """Draw without replacement, the labels taking turns: as many of each as can be.

    Args:
        labels: of what there is; None draws without regard to labels.
        available: how many there are.
        count: how many to draw; all, if there are fewer.
        seed: of the draw.

    Returns:
        Indices, rising.

    Example:
        >>> labels = np.array([0, 0, 0, 1, 1, 1])
        >>> labels[in_turn(labels, 6, 4, seed=0)].tolist()
        [0, 0, 1, 1]
    """
    order = np.random.default_rng([seed, available]).permutation(available)
    if labels is not None:
        turns = np.empty(available, "int64")
        for label in np.unique(labels):
            places = labels[order] == label
            turns[places] = np.arange(places.sum())
        order = order[np.argsort(turns, kind="stable")]
    return np.sort(order[:count])


def of_run(
    folder: str | Path,
    ear: Ear,
    count: int,
    seed: int = 0,
    progress: bool = False,
    truncation: float | None = None,
) -> Sample:
    """What the averaged generator of a run's last checkpoint says, all labels in turn.

    Raises:
        OptionError: if the truncation is too small.
        RunError: if the folder holds no run, one without a checkpoint, or a model without sound.
        WeightsError: if its files are damaged.

    Example:
        >>> of_run("no_such_run", None, 10)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: no_such_run holds no run ...
    """
    name = Path(folder).resolve().name
    return spoken(load_generator(folder), name, ear, count, seed, progress, truncation)


def of_pretrained(
    name: str,
    ear: Ear,
    count: int,
    seed: int = 0,
    progress: bool = False,
    truncation: float | None = None,
) -> Sample:
    """What shipped weights say, all labels in turn.

    Raises:
        OptionError: if the truncation is too small.
        WeightsError: if there are no such weights, or they are damaged.

    Example:
        >>> of_pretrained("nobody", None, 10)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.WeightsError: Unknown pretrained weights 'nobody': ...
    """
    return spoken(pretrained.load(name), name, ear, count, seed, progress, truncation)


def spoken(
    synthesizer: Synthesizer,
    name: str,
    ear: Ear,
    count: int,
    seed: int = 0,
    progress: bool = False,
    truncation: float | None = None,
) -> Sample:
    """What a synthesizer says: clip i from the seed `seed + i`, all labels in turn.

    Args:
        synthesizer: with or without labels.
        name: what to call it.
        ear: the classifier; where a label is no class of it, nothing counts as asked for.
        count: number of clips.
        seed: of the first clip.
        progress: show a progress bar.
        truncation: of the latent values; None leaves the synthesizer's own.

    Raises:
        OptionError: if the truncation is too small.

    Example:
        >>> from ganlib.models.digit_classifier import digit_classifier
        >>> ear = Ear(digit_classifier(width=1), 8000, 8192, tuple("0123456789"), "")
        >>> tiny = Synthesizer.build("dense_generator", {"output_shape": [64, 1], "hidden": [2],
        ...     "classes": 2}, AudioFormat(8000, 64), label_names=("seven", "3"))
        >>> sample = spoken(tiny, "tiny", ear, 3)
        >>> sample.clips.shape, sample.labels.tolist(), sample.note
        ((3, 64, 1), [7, 3, 7], 'seeds 0 to 2')
    """
    if truncation is not None:
        synthesizer = synthesizer.truncated(truncation)
    labels, limit = synthesizer.choose_labels(count), synthesizer.truncation
    starts = range(0, count, _AT_A_TIME)
    batches = [
        synthesizer.make(labels[start:][:_AT_A_TIME], seed + start)
        for start in tqdm(starts, "Generating", leave=False, disable=not progress)
    ]
    return Sample(
        name,
        np.concatenate(batches).mean(axis=-1, keepdims=True),
        synthesizer.audio_format.sample_rate,
        ear.numbers(labels, synthesizer.label_names) if synthesizer.label_names else None,
        f"seeds {seed} to {seed + count - 1}" + (f", truncated at {limit:g}" if limit else ""),
    )


def through_pictures(real: Sample, names: Sequence[str] | None = None) -> list[Sample]:
    """Recordings painted and heard again by each way that shipped models have, without a painter.

    What this costs is the limit of the way back; what a model loses beyond it is the network's.
    Models that paint and sound alike share a row; models of raw audio have none.

    Args:
        real: recordings of the models' rate and length.
        names: of shipped weights; None for all.

    Raises:
        WeightsError: if there are no such weights, or they are damaged.

    Example:
        >>> real = Sample("real", np.zeros((2, 8192, 1), "float32"), 8000)
        >>> [sample.name for sample in through_pictures(real, ["digits-fsdd", "wavegan-fsdd"])]
        ['through the pictures of digits-fsdd']
    """
    peaks = np.abs(real.clips).max(axis=(1, 2), keepdims=True)
    clips = real.clips / np.maximum(peaks, 1e-3)  # painters learn from clips at full level
    ways: dict[tuple, dict[str, Synthesizer]] = {}
    for name in pretrained.names() if names is None else names:
        model = pretrained.load(name)
        if model.codec is not None:
            way = model.codec, model.vocoder and model.vocoder.name
            ways.setdefault(way, {})[name] = model
    return [
        Sample(
            f"through the pictures of {' and '.join(users)}",
            next(iter(users.values())).sound_of(codec.encode(clips)),
            real.sample_rate,
            real.labels,
            f"{real.name}, painted and heard again: what a perfect painter gets",
        )
        for (codec, _), users in ways.items()
    ]


def of_folder(
    folder: str | Path, ear: Ear, count: int | None = None, seed: int = 0, progress: bool = False
) -> Sample:
    """Recordings of a folder, or of a set by its name, in the classifier's format.

    Their labels are found as `load_clips` finds them, and must be the classifier's classes to
    count as what was asked for.

    Args:
        folder: of audio.
        ear: the classifier.
        count: how many to draw, the labels taking turns; None takes all.
        seed: of the draw.
        progress: show a progress bar.

    Raises:
        DataError: if it cannot be used.
        OptionError: if it has fewer recordings than `count`.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> sorted(of_folder("digits", shipped_ear(), 20).labels.tolist())[:4]
        [0, 0, 1, 1]
    """
    audio_format = AudioFormat(ear.sample_rate, ear.clip_samples)
    clips = load_clips(folder, "all", audio_format, progress=progress, keep_silence=True)
    if count is not None and count > len(clips):
        raise OptionError(
            f"{folder} has {len(clips)} clips, and {count} were asked for; take a smaller count."
        )
    labels = ear.numbers(clips.labels, clips.label_names)
    chosen = in_turn(labels, len(clips), count or len(clips), seed)
    return Sample(
        Path(folder).name or str(folder),
        clips.samples[chosen],
        audio_format.sample_rate,
        None if labels is None else labels[chosen],
        f"{len(chosen)} of {len(clips)} clips",
    )
