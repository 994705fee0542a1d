"""Any folder of audio as data: which recordings it holds, with label, voice, split and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ganlib.data.coverage import Covered, covered_folders, read_covered
from ganlib.data.listing import Listing, Recording
from ganlib.data.places import CONTAINERS
from ganlib.data.splits import FolderRule, Folders, folder_rule, split_named
from ganlib.data.walking import AUDIO_SUFFIXES, Below, look_through, told
from ganlib.errors import DataError

ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".parquet", ".arrow")


def list_recordings(folder: str | Path) -> list[Recording]:
    """All recordings of a folder, from its tables, or else from the names of its folders.

    A table is called `metadata` (or `manifest`, or after a split: `train`, `dev_manifest`, ...) and
    ends in `.csv`, `.tsv` or `.jsonl` (or `.json`, one object a line). It has a header with a
    column `file` and any of `label`, `voice`, `split`, `transcript` (comma, semicolon, tab or bar
    between them; `columns.COLUMNS` has their other names), or it is LJSpeech's: no header,
    `name|text|normalised text`. Below a folder with a table only the files that it names count; a
    row without split belongs to the split that the table's name or the folders name.

    Where no table is, the label is the first folder on the way to a file, after an optional folder
    `train`, `validation` or `test`; beside other labels these are labels too. A file that lies in
    the folder itself has no label.

    Args:
        folder: where to look, at any depth; hidden files and folders are left out, links are
            followed. A folder whose sounds all lie in one folder of folders (an unpacked archive)
            is looked through.

    Returns:
        Recordings in a fixed order. Files that a table names need not exist: reading tells.

    Raises:
        DataError: if the folder does not exist or holds no audio, or a row of a table is wrong.

    Example:
        >>> import tempfile
        >>> root = Path(tempfile.mkdtemp())
        >>> for name in ("train/yes/a.wav", "test/no/deep/b.flac"):
        ...     (root / name).parent.mkdir(parents=True)
        ...     (root / name).touch()
        >>> [(r.path.name, r.label, r.split) for r in list_recordings(root)]
        [('b.flac', 'no', 'test'), ('a.wav', 'yes', 'train')]
    """
    return list_folder(folder).recordings


def list_folder(folder: str | Path) -> Listing:
    """What `list_recordings` finds, and beside it all that is not used and why.

    Raises:
        DataError: as `list_recordings`.
    """
    below = look_through(folder)
    covered, remarks = covered_folders(below)
    root = _data_root(below, covered)
    unnamed, left_out = read_covered(below, covered)
    rule = folder_rule(
        [_way(one.path, root) for item in covered for one in item.recordings if not one.split]
        + [_folders(path, root) for path in unnamed]
    )
    found = [Recording(path, label, split=split)
             for path in unnamed
             for label, split in [rule.label_and_split(_folders(path, root))]]  # fmt: skip
    for item in covered:
        remarks += _labels_not_taken(item, root, rule)
        found += _with_folders(item, root, rule)
    if not found:
        raise DataError(_nothing_found(folder, below))
    remarks += [*left_out, *below.remarks]
    if rule.remark and (unnamed or not rule.first):  # else the tables know the labels
        remarks.append(rule.remark)
    return Listing(root, found, below.refused, remarks, sum(len(c.unlisted) for c in covered))


def data_root(folder: str | Path) -> Path:
    """The folder that holds the data: down to where tables, sounds or several folders of them lie.

    Raises:
        DataError: if there is no such folder.
    """
    below = look_through(folder)
    return _data_root(below, covered_folders(below)[0])


def audio_files(folder: str | Path) -> Iterator[Path]:
    """Every audio file below a folder, in a fixed order.

    Args:
        folder: where to look.

    Returns:
        Paths that end in a suffix of sound, also of formats that will be refused when read.
    """
    yield from look_through(folder).sounds


def _data_root(below: Below, covered: list[Covered]) -> Path:
    root, tables = below.folder, {item.folder for item in covered}
    homes = {path.parent for path in below.sounds}
    while root not in tables:
        holders = [home.relative_to(root).parts for home in homes]
        holders += [(*folder.relative_to(root).parts, "") for folder in tables]
        tops = {parts[0] if parts else "" for parts in holders}
        deeper = any(len(parts) > 1 for parts in holders)
        if len(tops) != 1 or not deeper or split_named(top := tops.pop()):
            break  # one folder of files: its name is a label
        root /= top
    return root


def _folders(path: Path, root: Path) -> Folders:
    return path.relative_to(root).parts[:-1] if root in path.parents else ()


def _way(path: Path, root: Path) -> Folders:
    """The folders on the way to a file, without one that only holds the files of a table."""
    parts = _folders(path, root)
    return parts[1:] if parts and parts[0].lower() in CONTAINERS else parts


def _with_folders(item: Covered, root: Path, rule: FolderRule) -> Iterator[Recording]:
    """The recordings of tables, with what only folders tell."""
    own = "" if item.names_labels else rule.label_and_split(item.folder.relative_to(root).parts)[0]
    for one in item.recordings:
        split = one.split or rule.label_and_split(_way(one.path, root))[1]
        yield replace(one, label=one.label or own, split=split)


def _labels_not_taken(item: Covered, root: Path, rule: FolderRule) -> list[str]:
    if item.names_labels:
        return []
    labels = {rule.label_and_split(_way(one.path, root))[0] for one in item.recordings} - {""}
    if len(labels) < 2:
        return []
    names = told(sorted(labels))
    return [f"{item.title} has no column 'label': the folders {names} are not taken for labels."]


def _nothing_found(folder: str | Path, below: Below) -> str:
    suffixes = ", ".join(suffix[1:].upper() for suffix in AUDIO_SUFFIXES[:4])
    text = f"{folder}: expected a folder with audio files ({suffixes}) at any depth, found none"
    packed = sorted(path.name for path in below.folder.rglob("*") if path.suffix in ARCHIVES)
    if packed:
        text += f"; unpack first what lies there: {told(packed)}"
    if below.refused:
        path, reason = below.refused[0]
        text += f"; {path} {reason}"
    return text
