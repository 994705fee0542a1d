"""Fixed-length labelled clips in memory, and batches that are a pure function of (seed, step)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.data.usage import Usage
from ganlib.errors import DataError


@dataclass(frozen=True)
class Clips:
    """Recordings cut and padded to one length, each with its label, voice, name and words.

    Args:
        samples: float32 array (clips, time, channels) in [-1, 1].
        labels: int32 array (clips,), indices into `label_names`; zeros where there are no labels.
        label_names: the name of each label; empty when the data carry no labels.
        voices: who speaks, one string a clip; empty strings where nobody knows.
        names: where each clip comes from, one string a clip.
        transcripts: what is said, one string a clip; empty strings where nobody knows.
        audio_format: sample rate and length that all clips share.
        skipped: (path, reason) of every file that could not be used.
        remarks: a sentence for each thing beside the recordings that was not used: a table that is
            not read, files that no table names, folders that could be read another way.
        notes: (path, what is wrong) of files that could be read: digital silence, channels that
            cancel, a recording that breaks off or begins with a pause as long as a clip.
        peaks: float32 array (clips,), the peak of the recording that each clip is a piece of, for
            those who bring recordings to one level; None where every clip stands for itself.
        usage: how much of the recordings the clips are; None where nobody knows.

    Raises:
        DataError: if the parts do not have the same number of clips or a label has no name.

    Example:
        >>> import numpy as np
        >>> from ganlib.audio.format import AudioFormat
        >>> clips = Clips(np.zeros((3, 256, 1), "float32"), np.array([0, 1, 1]), ("no", "yes"),
        ...               audio_format=AudioFormat(sample_rate=8000, clip_samples=256))
        >>> len(clips), clips.label_index("yes"), len(clips.select(clips.labels == 1))
        (3, 1, 2)
    """

    samples: np.ndarray
    labels: np.ndarray
    label_names: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    audio_format: AudioFormat = field(default_factory=AudioFormat)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    notes: list[tuple[str, str]] = field(default_factory=list)
    peaks: np.ndarray | None = None
    usage: Usage | None = None

    def __post_init__(self) -> None:
        fill = object.__setattr__  # a frozen dataclass may tidy itself up only here
        fill(self, "samples", np.asarray(self.samples, "float32"))
        fill(self, "labels", np.asarray(self.labels, "int32"))
        if self.samples.ndim != 3:
            raise DataError(
                "samples: expected an array (clips, time, channels), "
                f"got the shape {self.samples.shape}; add the axis that is missing"
            )
        for name in ("voices", "names", "transcripts"):
            fill(self, name, tuple(getattr(self, name)) or ("",) * len(self.samples))
        if self.peaks is not None:
            fill(self, "peaks", np.asarray(self.peaks, "float32"))
        fill(self, "label_names", tuple(self.label_names))
        self._check()

    def _check(self) -> None:
        for name in ("labels", "voices", "names", "transcripts", "peaks"):
            if name == "peaks" and self.peaks is None:
                continue
            if len(getattr(self, name)) != len(self.samples):
                raise DataError(
                    f"{name}: expected one entry for each of the {len(self.samples)} clips, "
                    f"got {len(getattr(self, name))}"
                )
        known = max(len(self.label_names), 1)
        if len(self.labels) and not 0 <= self.labels.min() <= self.labels.max() < known:
            raise DataError(
                f"labels: expected numbers from 0 to {known - 1}, one for each label name, "
                f"got {self.labels.min()} to {self.labels.max()}"
            )

    def __len__(self) -> int:
        return len(self.samples)

    def select(self, which: np.ndarray | Iterable[int]) -> Clips:
        """The clips under a mask or a list of indices; label numbers keep their meaning.

        Args:
            which: boolean mask (clips,), or integer indices in any order, repeats allowed.

        Returns:
            New `Clips`; `label_names`, `skipped`, `notes` and `usage` stay as they are.

        Example:
            >>> clips = Clips(np.zeros((3, 4, 1)), [0, 0, 0], names=("a", "b", "c"))
            >>> clips.select([2, 0]).names
            ('c', 'a')
        """
        which = np.asarray(which if isinstance(which, np.ndarray) else list(which))
        indices = np.flatnonzero(which) if which.dtype == bool else which.astype("int64")
        return replace(
            self,
            samples=self.samples[indices],
            labels=self.labels[indices],
            voices=tuple(self.voices[i] for i in indices),
            names=tuple(self.names[i] for i in indices),
            transcripts=tuple(self.transcripts[i] for i in indices),
            peaks=None if self.peaks is None else self.peaks[indices],
        )

    def split_by_voice(self, voices: Iterable[str]) -> tuple[Clips, Clips]:
        """(the clips of these voices, the clips of all others): no voice is on both sides.

        Raises:
            DataError: if a voice is not in the data.

        Example:
            >>> clips = Clips(np.zeros((3, 4, 1)), [0, 0, 0], voices=("ann", "bob", "ann"))
            >>> [len(part) for part in clips.split_by_voice(["ann"])]
            [2, 1]
        """
        wanted = set(voices)
        for voice in sorted(wanted - set(self.voices)):
            raise DataError(_not_found("voice", voice, sorted(set(self.voices))))
        mask = np.array([voice in wanted for voice in self.voices], bool)
        return self.select(mask), self.select(~mask)

    def with_used_labels(self) -> Clips:
        """The same clips under the labels that occur among them, each name once.

        Example:
            >>> clips = Clips(np.zeros((2, 4, 1)), [2, 0], ("no", "only tested", "yes"))
            >>> clips.with_used_labels().label_names, clips.with_used_labels().labels.tolist()
            (('no', 'yes'), [1, 0])
        """
        if not self.label_names:
            return self
        names = self.label_names
        kept = list(dict.fromkeys(names[number] for number in np.unique(self.labels)))
        if kept == list(names):
            return self
        number_of = np.array([kept.index(name) if name in kept else -1 for name in names])
        return replace(self, labels=number_of[self.labels], label_names=tuple(kept))

    def label_index(self, name: str) -> int:
        """The number that stands for a label in `labels`.

        Raises:
            DataError: if no label has this name.

        Example:
            >>> Clips(np.zeros((2, 4, 1)), [0, 1], ("no", "yes")).label_index("no")
            0
        """
        if str(name) in self.label_names:
            return self.label_names.index(str(name))
        raise DataError(_not_found("label", str(name), self.label_names))

    def batch(self, step: int, batch_size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """The batch of one training step: the same (seed, step) always gives the same clips.

        Clip at place j of step s is number p = s * batch_size + j of the endless row

            permutation(seed, epoch 0), permutation(seed, epoch 1), ...

        so every clip comes exactly once an epoch, no tail is dropped, and a resumed run reads on
        where it stopped without replaying anything.

        Args:
            step: number of the step, 0 or more.
            batch_size: clips in the batch, 1 or more; may exceed the number of clips.
            seed: 0 or more; another seed is another order.

        Returns:
            samples float32 (batch, time, channels) and labels int32 (batch,).

        Raises:
            DataError: if there are no clips or a number is out of range.

        Example:
            >>> clips = Clips(np.arange(3.0).reshape(3, 1, 1), [0, 0, 0])
            >>> rows = [clips.batch(step, 2, seed=7)[0].ravel() for step in range(3)]
            >>> sorted(np.concatenate(rows)[:3].tolist()), sorted(np.concatenate(rows)[3:].tolist())
            ([0.0, 1.0, 2.0], [0.0, 1.0, 2.0])
        """
        indices = batch_indices(len(self), step, batch_size, seed)
        return self.samples[indices], self.labels[indices]


def batch_indices(count: int, step: int, batch_size: int, seed: int) -> np.ndarray:
    """Which of `count` clips the batch of this step holds; see `Clips.batch`.

    Returns:
        int64 array (batch_size,), each entry in [0, count).

    Raises:
        DataError: if there are no clips or a number is out of range.

    Example:
        >>> sorted(batch_indices(4, step=0, batch_size=4, seed=1).tolist())
        [0, 1, 2, 3]
    """
    if count < 1:
        raise DataError("there are no clips to draw a batch from; load a split that has some")
    for name, value, least in (("step", step, 0), ("batch_size", batch_size, 1), ("seed", seed, 0)):
        if value < least:
            raise DataError(f"{name}: expected {least} or more, got {value}")
    first = int(step) * int(batch_size)
    places = np.arange(first, first + int(batch_size))
    indices = np.empty(len(places), "int64")
    for epoch in range(first // count, (first + int(batch_size) - 1) // count + 1):
        here = places // count == epoch
        indices[here] = _permutation(count, int(seed), epoch)[places[here] - epoch * count]
    return indices


@lru_cache(maxsize=4)  # pure: the cache saves time and changes nothing
def _permutation(count: int, seed: int, epoch: int) -> np.ndarray:
    order = np.random.default_rng([seed, epoch]).permutation(count)
    order.flags.writeable = False
    return order


def _not_found(kind: str, name: str, known: Iterable[str]) -> str:
    known = [text for text in known if text]
    close = difflib.get_close_matches(name, known, n=3)
    if not known:
        return f"unknown {kind} '{name}': these data have no {kind}s"
    listed = ", ".join(close or known[:20]) + (" ..." if not close and len(known) > 20 else "")
    return f"unknown {kind} '{name}'; {'did you mean' if close else 'there are'}: {listed}"
