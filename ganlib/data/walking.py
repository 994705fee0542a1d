"""What lies below a folder: sounds, tables, and all that could not be looked into."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ganlib.errors import DataError

AUDIO_SUFFIXES = (
    ".wav", ".flac", ".ogg", ".mp3", ".oga", ".opus", ".aif", ".aiff",
    ".aifc", ".au", ".bwf", ".caf", ".mp2", ".mpga", ".nist", ".rf64", ".snd", ".sph", ".voc",
    ".w64", ".wave",
)  # fmt: skip
FOREIGN_SUFFIXES = (  # sound, or sound beside pictures, but libsndfile reads none of them
    ".m4a", ".aac", ".wma", ".mp4", ".webm", ".3gp", ".3g2", ".ac3", ".alac", ".amr", ".ape",
    ".awb", ".dff", ".dsf", ".g722", ".gsm", ".m4b", ".m4r", ".mka", ".mkv", ".mov", ".mpc", ".pcm",
    ".ra", ".sln", ".spx", ".tta", ".ulaw", ".vox", ".wv",
)  # fmt: skip
TABLE_SUFFIXES = (
    ".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".txt",
    ".xlsx", ".xls", ".ods", ".parquet", ".arrow",
)  # fmt: skip
JUNK_FOLDERS = ("__macosx",)  # what a Mac leaves in archives


@dataclass
class Below:
    """What `look_through` found below a folder.

    Args:
        folder: where it looked.
        sounds: files that end in a suffix of sound, also of formats that reading will refuse.
        tables: files that end in a suffix of tables and texts.
        refused: (path, reason) of what should hold sound and could not be looked into.
        remarks: sentences about links that are not followed.
    """

    folder: Path
    sounds: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def look_through(folder: str | Path) -> Below:
    """All sounds and tables below a folder, at any depth, in a fixed order.

    Links to folders are followed, after all real folders, and each folder is read once: a link
    that leads to a folder read before, or back up around the data, is told and not followed. What
    is hidden (its name begins with a dot) and `__MACOSX` are left out.

    Args:
        folder: where to look.

    Returns:
        `Below`; a folder's own files come before those of its subfolders.

    Raises:
        DataError: if the folder does not exist or cannot be opened.
    """
    root = Path(folder).expanduser()
    if not root.is_dir():
        came = "a file" if root.exists() else "nothing"
        raise DataError(f"{folder}: expected a folder of audio, found {came} there; check the path")
    below = Below(root)
    around = {_identity(parent) for parent in root.resolve().parents}
    read: set[tuple[int, int]] = set()
    waiting: list[Path] = [root]
    links: list[Path] = []
    while waiting or links:
        here = waiting.pop() if waiting else links.pop(0)
        identity = _identity(here)
        if identity in around | read:
            where = "a folder around the data" if identity in around else "a folder that is read"
            below.remarks.append(f"{here} is a link to {where}, and not followed.")
            continue
        read.add(identity)
        for entry in _entries(here, below):
            _take(entry, below, waiting, links)
    below.sounds.sort(key=_reading_order)
    below.tables.sort(key=_reading_order)
    return below


def _identity(folder: Path) -> tuple[int, int]:
    try:
        status = folder.stat()
    except OSError:  # opening it will tell
        return 0, hash(folder)
    return status.st_dev, status.st_ino


def _entries(folder: Path, below: Below) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        reason = f"cannot be opened ({error.strerror or error}); check who may read it"
        if folder == below.folder:
            raise DataError(f"{folder}: {reason}") from error
        below.refused.append((str(folder), reason))
        return []


def _take(entry: os.DirEntry, below: Below, waiting: list[Path], links: list[Path]) -> None:
    path, name = Path(entry.path), entry.name.lower()
    if name.startswith("."):
        return
    link = entry.is_symlink()
    if entry.is_dir(follow_symlinks=False) or (link and os.path.isdir(path)):
        if name not in JUNK_FOLDERS:
            (links if link else waiting).append(path)
    elif name.endswith(AUDIO_SUFFIXES + FOREIGN_SUFFIXES):
        if not entry.is_file(follow_symlinks=False) and _blocks(path):
            below.refused.append((str(path), "is no file but a pipe or a device"))
        else:
            below.sounds.append(path)
    elif link and not os.path.exists(path):
        below.refused.append((str(path), "is a link to something that is not there"))
    elif name.endswith(TABLE_SUFFIXES) and os.path.isfile(path):
        below.tables.append(path)


def _blocks(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:  # a link to nothing: reading it tells
        return False


def _reading_order(path: Path) -> tuple:
    return (*((1, part) for part in path.parts[:-1]), (0, path.name))


def told(names: Sequence[str], most: int = 3) -> str:
    """A few of many names.

    Example:
        >>> told(["a", "b", "c", "d", "e"])
        'a, b, c and 2 more'
    """
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
