"""A folder that is filled at once: all files of it appear when they are complete, or none."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ganlib.data.archives import told_in_one_sentence
from ganlib.errors import AudioFileError, DataError, OptionError
from ganlib.locks import held


def write_table(path: Path, columns: Sequence[str], rows: Sequence[dict]) -> None:
    """Write a CSV file with a header, UTF-8.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "metadata.csv"
        >>> write_table(path, ["file", "transcript"], [{"file": "a.wav", "transcript": "one, two"}])
        >>> path.read_text()
        'file,transcript\\na.wav,"one, two"\\n'
    """
    with open(path, "w", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def filled_at_once(folder: Path) -> Iterator[Path]:
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
