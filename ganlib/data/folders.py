"""Any folder of audio as data: which recordings it holds, with label, voice, split and words."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ganlib.errors import DataError

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".oga", ".opus", ".aif", ".aiff")
FOREIGN_SUFFIXES = (".m4a", ".aac", ".wma", ".mp4", ".webm")  # sound, but libsndfile reads none
SPLIT_NAMES = {
    "train": "train", "training": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "eval": "test",
}  # fmt: skip
COLUMNS = {
    "file": ("file", "filename", "file_name", "path"),
    "label": ("label", "class", "category"),
    "voice": ("voice", "speaker"),
    "split": ("split", "subset"),
    "transcript": ("transcript", "transcription", "text", "sentence"),
}


@dataclass(frozen=True)
class Recording:
    """One file of sound and what is known about it; an empty string where nothing is known."""

    path: Path
    label: str = ""
    voice: str = ""
    split: str = ""
    transcript: str = ""


def list_recordings(folder: str | Path) -> list[Recording]:
    """All recordings of a folder, from its `metadata.csv`, or else from the names of its folders.

    With a `metadata.csv` only the files that it names count. It has a header with a column `file`
    and any of `label`, `voice`, `split`, `transcript` (comma, semicolon, tab or bar between them),
    or it is LJSpeech's: no header, `name|text|normalised text`, files under `wavs/`.
    Without one, the label is the first folder on the way to a file, after an optional folder
    `train`, `validation` or `test`; a file that lies in the folder itself has no label.

    Args:
        folder: where to look, at any depth; hidden files and folders are left out. A folder that
            holds nothing but one folder of folders (an unpacked archive) is looked through.

    Returns:
        Recordings in a fixed order. Files named in `metadata.csv` need not exist: reading tells.

    Raises:
        DataError: if the folder does not exist, holds no audio, or its `metadata.csv` is malformed.

    Example:
        >>> import tempfile
        >>> root = Path(tempfile.mkdtemp())
        >>> for name in ("train/yes/a.wav", "test/no/deep/b.flac"):
        ...     (root / name).parent.mkdir(parents=True)
        ...     (root / name).touch()
        >>> [(r.path.name, r.label, r.split) for r in list_recordings(root)]
        [('b.flac', 'no', 'test'), ('a.wav', 'yes', 'train')]
    """
    root = data_root(folder)
    table = root / "metadata.csv"
    found = from_metadata(table) if table.is_file() else from_folder_names(root)
    if not found:
        raise DataError(
            f"{folder}: expected a folder with audio files "
            f"({', '.join(s[1:].upper() for s in AUDIO_SUFFIXES[:4])}) at any depth, found none"
        )
    return found


def data_root(folder: str | Path) -> Path:
    """The folder that holds the data: down through folders whose only content is one folder.

    Raises:
        DataError: if there is no such folder.
    """
    root = Path(folder).expanduser()
    if not root.is_dir():
        came = "a file" if root.exists() else "nothing"
        raise DataError(f"{folder}: expected a folder of audio, found {came} there; check the path")
    while True:
        inside = [entry for entry in _entries(root) if not entry.name.startswith(".")]
        if len(inside) != 1 or not inside[0].is_dir() or inside[0].is_symlink():
            return root
        below = _entries(inside[0])
        if not (inside[0] / "metadata.csv").is_file() and not any(e.is_dir() for e in below):
            return root  # one folder of files: its name is a label
        root = inside[0]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise DataError(
            f"{folder}: cannot be opened ({error.strerror}); check who may read it"
        ) from error


def audio_files(folder: str | Path) -> Iterator[Path]:
    """Every audio file below a folder, sorted; links to folders are not followed.

    Args:
        folder: where to look.

    Returns:
        Paths that end in a suffix of sound, also of formats that will be refused when read.
    """
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(
                AUDIO_SUFFIXES + FOREIGN_SUFFIXES
            ):
                yield Path(parent, name)


def from_folder_names(root: Path) -> list[Recording]:
    """Recordings labelled by the first folder on the way to them, after one that names a split."""
    found = []
    for path in audio_files(root):
        parents = list(path.relative_to(root).parts[:-1])
        split = SPLIT_NAMES.get(parents[0].lower(), "") if parents else ""
        if split:
            parents.pop(0)
        found.append(Recording(path, label=parents[0] if parents else "", split=split))
    return found


def from_metadata(table: Path) -> list[Recording]:
    """Recordings named in a `metadata.csv`; see `list_recordings` for its two layouts.

    Raises:
        DataError: if the file is not UTF-8, has no column `file`, an empty file name or an unknown
            split.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{table}: expected UTF-8 text; save the file in UTF-8 ({error})"
        ) from error
    header = text.partition("\n")[0].rstrip("\r")
    delimiter = max(",;|\t", key=header.count)
    first = [cell.strip().strip('"').lower() for cell in header.split(delimiter)]
    if not set(first) & set(COLUMNS["file"]):
        if "|" in header:
            return _from_ljspeech_rows(table, text)
        raise DataError(
            f"{table}: expected a header with a column 'file' (and any of label, voice, split, "
            f"transcript), got '{header[:60]}'; add the header"
        )
    body = io.StringIO(text.partition("\n")[2], newline="")
    table_rows = csv.DictReader(body, fieldnames=first, delimiter=delimiter)
    if delimiter == "|":  # LJSpeech's texts hold quotation marks that quote nothing
        table_rows = csv.DictReader(body, first, delimiter="|", quoting=csv.QUOTE_NONE)
    try:
        rows = list(table_rows)
    except csv.Error as error:
        raise DataError(f"{table}: expected rows of a table ({error}); mend them") from error
    found = [_recording(table, number, row) for number, row in enumerate(rows, start=2)]
    seen: set[Path] = set()
    for number, item in enumerate(found, start=2):
        if item.path in seen:
            raise DataError(f"{table}, row {number}: {item.path.name} is named twice; keep one row")
        seen.add(item.path)
    return found


def _from_ljspeech_rows(table: Path, text: str) -> list[Recording]:
    rows = [line.rstrip("\r").split("|") for line in text.split("\n") if line.strip()]
    return [
        Recording(
            _locate(table.parent, row[0].strip()),
            transcript=next((cell.strip() for cell in reversed(row[1:]) if cell.strip()), ""),
        )
        for row in rows
    ]


def _recording(table: Path, number: int, row: dict) -> Recording:
    def cell(column: str) -> str:
        values = (row.get(name) for name in COLUMNS[column])
        return next((value.strip() for value in values if value and value.strip()), "")

    if not cell("file"):
        raise DataError(f"{table}, row {number}: expected a file name, got none; fill it in")
    split = SPLIT_NAMES.get(cell("split").lower(), "")
    if cell("split") and not split:
        raise DataError(
            f"{table}, row {number}: expected the split train, validation or test, "
            f"got '{cell('split')}'; correct it"
        )
    path = _locate(table.parent, cell("file"))
    return Recording(path, cell("label"), cell("voice"), split, cell("transcript"))


def _locate(root: Path, name: str) -> Path:
    named = root / name
    if named.suffix.lower() in AUDIO_SUFFIXES and (
        named.exists() or not (root / "wavs" / name).exists()
    ):
        return named
    places = [root / "wavs" / name]
    places += [
        base / f"{name}{suffix}" for base in (root / "wavs", root) for suffix in AUDIO_SUFFIXES[:4]
    ]
    return next((place for place in places if place.is_file()), named)
