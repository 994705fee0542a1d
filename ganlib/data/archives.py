"""Unpack an archive that may be hostile: whole and inside its folder, or not at all."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import IO, Any, NamedTuple

from ganlib.errors import DataError

MAX_ENTRIES = 200_000
MAX_RATIO = 100  # sound shrinks to a tenth at best; a bomb shrinks a thousandfold
SMALL_BYTES = 16 * 2**20  # below this the ratio of a legitimate archive (silence) says nothing
BLOCK = 2**20
OPENERS: dict[bytes, Callable[..., Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError,
          NotImplementedError, RuntimeError, UnicodeError)  # fmt: skip
# gzip and bz2 complain of damaged data without a number or with EINVAL; the rest: impossible names
FAULT_OF_THE_ARCHIVE = (None, errno.EINVAL, errno.EEXIST, errno.ENOTDIR, errno.EISDIR,
                        errno.ENAMETOOLONG)  # fmt: skip


class Entry(NamedTuple):
    """One file or folder of an archive."""

    name: str
    size: int  # in bytes
    source: IO[bytes] | None  # what to read; None for a folder
    position: int  # bytes of the archive that have been read so far


def unpack_archive(
    path: str | Path,
    folder: str | Path,
    keeps: Callable[[str], bool] | None = None,
    max_bytes: int | None = None,
    progress: bool = False,
) -> Path:
    """Unpack a ZIP or TAR (plain, gzip, bzip2, xz) into a new folder: whole, or not at all.

    The work is done in a hidden folder beside the new one, which then takes its name in one step.

    Args:
        path: the archive; its content decides what it is, not its name.
        folder: where to unpack; must not exist yet.
        keeps: which entries to write, by name; None writes all. All are checked in any case.
        max_bytes: refuse to write more than this. In any case an archive may hold at most 100
            times its own size (or 16 MiB, if that is more).
        progress: show a progress bar.

    Returns:
        The folder.

    Raises:
        DataError: if the archive is truncated, damaged or no archive; if an entry has an absolute
            path, climbs out of the folder, is a link, a device or encrypted, or comes twice; if
            there are too many entries or they are too large; if the folder exists; or if it
            cannot be written (no permission, no space).

    Example:
        >>> root = Path(tempfile.mkdtemp())
        >>> with zipfile.ZipFile(root / "a.zip", "w") as archive:
        ...     archive.writestr("sounds/a.txt", "la")
        ...     archive.writestr("sounds/b.md", "li")
        >>> out = unpack_archive(root / "a.zip", root / "a", keeps=lambda name: name.endswith("md"))
        >>> [p.relative_to(out).as_posix() for p in sorted(out.rglob("*.*"))]
        ['sounds/b.md']
    """
    path, folder = Path(path), Path(folder)
    if folder.exists():
        raise DataError(f"{folder}: expected to unpack into a new folder, but it exists; remove it")
    with told_in_one_sentence(f"cannot unpack into {folder.parent}"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder.parent) as work:
            extract(path, work / "all", keeps, max_bytes, progress)
            os.replace(work / "all", folder)
    return folder


def extract(
    path: Path,
    folder: Path,
    keeps: Callable[[str], bool] | None,
    max_bytes: int | None,
    progress: bool,
) -> None:
    """Write the entries into a new folder; after an error it is for the caller to remove."""
    if not path.is_file():
        raise DataError(f"{path}: expected an archive, found no such file; check the path")
    folder.mkdir(parents=True)
    try:
        _extract(path, folder, keeps or (lambda name: True), max_bytes, progress)
    except (*DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno not in FAULT_OF_THE_ARCHIVE:
            raise  # the disk is full, or nobody may write here
        raise DataError(f"{path.name}: truncated or damaged ({error}); get a new copy") from error


def _extract(
    path: Path, folder: Path, keeps: Callable[[str], bool], max_bytes: int | None, progress: bool
) -> None:
    from tqdm import tqdm

    packed = path.stat().st_size  # the bar counts these, because their number is known
    bar = tqdm(desc="unpacking", total=packed, unit="B", unit_scale=True, disable=not progress)
    held = kept = 0
    seen: set[str] = set()
    with bar:
        for entry in _entries(path):
            target = _target(path, folder, entry, seen)
            wanted = entry.source is not None and keeps(entry.name)
            held, kept = held + entry.size, kept + entry.size * wanted
            _refuse_bomb(path, packed, len(seen), held, kept, max_bytes)
            if wanted and entry.source is not None:
                _write(entry.source, target, entry.size)
            bar.update(entry.position - bar.n)
    if not seen:
        raise DataError(f"{path.name}: expected an archive with files in it, found none")


def _refuse_bomb(
    path: Path, packed: int, entries: int, held: int, kept: int, max_bytes: int | None
) -> None:
    if entries > MAX_ENTRIES:
        raise DataError(f"{path.name}: refused, it has more than {MAX_ENTRIES:,} entries")
    for size, limit in ((held, max(SMALL_BYTES, MAX_RATIO * packed)), (kept, max_bytes)):
        if limit is not None and size > limit:
            raise DataError(
                f"{path.name}: refused, it unpacks to more than {limit / 1e6:,.0f} MB and so "
                "cannot be what it should be"
            )


def _entries(path: Path) -> Iterator[Entry]:
    with open(path, "rb") as raw:
        start = raw.read(6)
        raw.seek(0)
        opener = next((OPENERS[magic] for magic in OPENERS if start.startswith(magic)), None)
        if start.startswith(b"PK"):
            yield from _zip_entries(path)
        elif opener:
            with opener(raw) as stream:
                yield from _tar_entries(path, stream, raw)
                while stream.read(BLOCK):  # on to the end, where gzip keeps its checksum
                    pass
        elif tarfile.is_tarfile(path):
            yield from _tar_entries(path, raw, raw)
        else:
            raise DataError(
                f"{path.name}: expected a ZIP or TAR archive, got something else; check the file"
            )


def _zip_entries(path: Path) -> Iterator[Entry]:
    position = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise DataError(f"{path.name}: refused, {entry.filename!r} is a link or a device")
            if entry.flag_bits & 1:
                raise DataError(f"{path.name}: refused, {entry.filename!r} is encrypted")
            position += entry.compress_size
            if entry.is_dir():
                yield Entry(entry.filename, 0, None, position)
                continue
            with archive.open(entry) as source:
                yield Entry(entry.filename, entry.file_size, source, position)


def _tar_entries(path: Path, stream: IO[bytes], raw: IO[bytes]) -> Iterator[Entry]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for entry in archive:
            if not (entry.isfile() or entry.isdir()) or entry.issparse():
                raise DataError(f"{path.name}: refused, {entry.name!r} is a link or a device")
            size = entry.size if entry.isfile() else 0
            yield Entry(entry.name, size, archive.extractfile(entry), raw.tell())


def _target(path: Path, folder: Path, entry: Entry, seen: set[str]) -> Path:
    plain = entry.name.replace("\\", "/")
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    if plain.startswith("/") or PureWindowsPath(plain).drive or ".." in parts or "\0" in plain:
        raise DataError(f"{path.name}: refused, {entry.name!r} leads out of the folder")
    key = "/".join(parts).casefold()  # two names that differ in case are one file on some disks
    if entry.source is not None:
        if key in seen:
            raise DataError(f"{path.name}: refused, {entry.name!r} is in it twice")
        seen.add(key)
    return folder.joinpath(*parts)


def _write(source: IO[bytes], target: Path, size: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = size
    with open(target, "xb") as sink:
        while block := source.read(BLOCK):  # up to the end, where ZIP compares the checksum
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile("an entry is longer than it says")
            sink.write(block)
    if left:
        raise EOFError(f"{target.name} breaks off {left} bytes before its end")


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A new hidden folder that is gone afterwards, whatever happens."""
    work = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def told_in_one_sentence(what: str) -> Iterator[None]:
    """Turn the operating system's complaints (permission, space) into a DataError.

    Example:
        >>> with told_in_one_sentence("cannot write"):
        ...     raise PermissionError(13, "Permission denied", "/data")
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: cannot write: Permission denied (/data)
    """
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise DataError(f"{what}: {error.strerror or error}{where}") from error
