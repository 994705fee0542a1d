"""Generated clips as a folder of files: 16-bit WAV and a `metadata.csv`."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ganlib.audio.files import write_audio
from ganlib.audio.joining import join, trim
from ganlib.data.archives import told_in_one_sentence
from ganlib.data.layouts import DIGIT_WORDS
from ganlib.errors import AudioFileError, DataError, OptionError, some_of
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.locks import held

COLUMNS = ("file", "label", "seed", "transcript")
DIGITS = tuple("0123456789")


def record(
    synthesizer: Synthesizer,
    folder: str | Path,
    count: int,
    label: str | None = None,
    seed: int = 0,
    batch_size: int = 32,
    progress: bool = False,
) -> list[Path]:
    """Make clips and write them with a `metadata.csv` that names file, label, seed, transcript.

    The files appear when all are complete, or not at all. The folder can serve as data again.

    Args:
        synthesizer: what makes the clips.
        folder: new or empty.
        count, label, seed, batch_size: as for `Synthesizer.generate`.
        progress: show a progress bar.

    Returns:
        The WAV files, in the order of their seeds.

    Raises:
        OptionError: if the label is unknown, a number too small or the folder not empty.
        InUseError: if another process is filling it.
        DataError: if the folder cannot be written.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.format import AudioFormat
        >>> speaker = Synthesizer.build("wavegan_generator", {"clip_samples": 8192, "dim": 2},
        ...                             AudioFormat(8000, 8192))
        >>> [path.name for path in record(speaker, tempfile.mkdtemp(), 2, seed=7)]
        ['000007.wav', '000008.wav']
    """
    folder = Path(folder)
    labels = synthesizer.choose_labels(count, label)
    if seed < 0:
        raise OptionError(f"seed must be 0 or more, not {seed}.")
    names = [synthesizer.label_names[i] if synthesizer.label_names else "" for i in labels]
    rows = [_row(name, seed + index) for index, name in enumerate(names)]
    with _filled_at_once(folder) as part:
        for start in tqdm(range(0, count, batch_size), "generating", disable=not progress):
            clips = synthesizer.make(labels[start:][:batch_size], seed + start)
            for row, clip in zip(rows[start:], clips, strict=False):
                _write_clip(part / row["file"], clip, synthesizer)
        _write_table(part / "metadata.csv", rows)
    return [folder / row["file"] for row in rows]


def record_saying(
    synthesizer: Synthesizer, folder: str | Path, digits: str, count: int = 1, seed: int = 0
) -> list[Path]:
    """Let a model say a number, digit by digit, and write it with a `metadata.csv`.

    Args:
        synthesizer: conditional, with digits as labels.
        folder: new or empty.
        digits: such as "3141592".
        count: how often, each time with the next seed.
        seed: of the first time.

    Returns:
        The WAV files, in the order of their seeds.

    Raises:
        OptionError: see `say`, or if a number is too small or the folder not empty.
        InUseError: if another process is filling it.
        DataError: if the folder cannot be written.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.format import AudioFormat
        >>> arguments = {"clip_samples": 8192, "dim": 2, "classes": 2}
        >>> speaker = Synthesizer.build("wavegan_generator", arguments, AudioFormat(8000, 8192),
        ...                             label_names=("0", "1"))
        >>> [path.name for path in record_saying(speaker, tempfile.mkdtemp(), "101")]
        ['101_000000.wav']
    """
    folder = Path(folder)
    if min(count - 1, seed) < 0:
        raise OptionError(f"count must be 1 or more and seed 0 or more, not {count} and {seed}.")
    words = " ".join(DIGIT_WORDS[int(digit)] for digit in digits if digit in DIGITS)
    rows = [_row(digits, seed + index) | {"transcript": words} for index in range(count)]
    sounds = (say(synthesizer, digits, row["seed"]) for row in rows)
    first = next(sounds)  # what cannot be said is refused before anything is written
    with _filled_at_once(folder) as part:
        for row in rows:
            _write_clip(part / row["file"], first if row is rows[0] else next(sounds), synthesizer)
        _write_table(part / "metadata.csv", rows)
    return [folder / row["file"] for row in rows]


def say(synthesizer: Synthesizer, digits: str, seed: int = 0) -> np.ndarray:
    """A number, digit by digit: each clip cut to its sound, with short pauses between.

    All digits come from one latent vector, which is as near to one voice as the model has learned;
    a digit that comes twice sounds the same twice.

    Args:
        synthesizer: conditional, with digits as labels ("7" or "seven").
        digits: at least one, nothing else.
        seed: of the latent vector.

    Returns:
        float32 (time, channels) in [-1, 1].

    Raises:
        OptionError: if there is something else than digits, or one that the model cannot say.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> speaker = Synthesizer.build("wavegan_generator", {"clip_samples": 8192, "dim": 2},
        ...                             AudioFormat(8000, 8192))
        >>> say(speaker, "10")
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: The model takes no labels, so it cannot say what it is asked to.
    """
    if not digits or not set(digits) <= set(DIGITS):
        raise OptionError(f'What to say must be digits alone, such as "3141592", not {digits!r}.')
    if not synthesizer.label_names:
        raise OptionError("The model takes no labels, so it cannot say what it is asked to.")
    known = {transcript_of(name): number for number, name in enumerate(synthesizer.label_names)}
    rate, clips = synthesizer.audio_format.sample_rate, {}
    for digit in sorted(set(digits)):
        if DIGIT_WORDS[int(digit)] not in known:
            names = some_of(synthesizer.label_names)
            raise OptionError(f"The model cannot say {digit}: its labels are {names}.")
        label = np.array([known[DIGIT_WORDS[int(digit)]]], "int32")
        clips[digit] = trim(synthesizer.make(label, seed)[0], rate)
    return join([clips[digit] for digit in digits], rate)


def transcript_of(label: str) -> str:
    """What a clip with this label says: the word for a digit, else the label itself.

    Example:
        >>> transcript_of("7"), transcript_of("yes")
        ('seven', 'yes')
    """
    return DIGIT_WORDS[int(label)] if label in DIGITS else label


def _row(label: str, seed: int) -> dict:
    stem = re.sub(r"[^\w-]+", "-", label)[:60]
    file = f"{stem}_{seed:06d}.wav" if stem else f"{seed:06d}.wav"
    return dict(zip(COLUMNS, (file, label, seed, transcript_of(label)), strict=True))


def _write_clip(path: Path, clip: np.ndarray, synthesizer: Synthesizer) -> None:
    sound = clip[:, 0] if clip.shape[1] == 1 else clip
    write_audio(path, sound, synthesizer.audio_format.sample_rate)


def _write_table(path: Path, rows: list[dict]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def _filled_at_once(folder: Path) -> Iterator[Path]:
    """A hidden folder whose files move to `folder` at the end, or vanish after an error.

    Lock and hidden folder lie in `folder` if it exists, else beside its place. One name for each
    place, so that what a killed process left behind is found and removed.
    """
    with told_in_one_sentence(f"cannot write clips to {folder}"):
        parent = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        inside = folder.absolute().relative_to(parent.absolute()).parts
        stem = f".{'-'.join(inside) or 'clips'}"[:60]
        part, lock = parent / f"{stem}.part", f"{stem}.lock"
        _refuse_used(folder, part.name, lock)
        with held(parent, lock, about=folder):
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            try:
                yield part
                _refuse_used(folder, part.name, lock)
                _move(part, folder)
            except AudioFileError as error:
                raise DataError(f"cannot write clips to {folder}: {error.reason}") from error
            finally:
                shutil.rmtree(part, ignore_errors=True)


def _refuse_used(folder: Path, *ours: str) -> None:
    if folder.is_dir() and {path.name for path in folder.iterdir()} <= set(ours):
        return
    if folder.exists():
        kind = "is not empty" if folder.is_dir() else "is a file"
        raise OptionError(f"{folder} {kind}: choose a new folder for the clips.")


def _move(part: Path, folder: Path) -> None:
    """All files at once into a new folder, or one by one into an empty one, the table last."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, folder)
        return
    for path in sorted(part.iterdir(), key=lambda path: path.suffix == ".csv"):
        os.replace(path, folder / path.name)
