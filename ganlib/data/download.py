"""Fetch a set: download with resume, unpack safely, verify, move into place in one step."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ganlib.data.archives import extract, temporary_folder, told_in_one_sentence
from ganlib.data.catalog import MARKER, DataSet, data_folder, find
from ganlib.data.resume import ResumingDownloader
from ganlib.errors import DataError

SLACK = 1.5  # how much larger than the catalogue says a download or an unpacked set may be


def fetch(name: str, source: str | Path | None = None, progress: bool = True) -> Path:
    """Bring a set of the catalogue to this machine; do nothing if it is there.

    The archive is downloaded to a `.part` file (an interrupted download goes on where it stopped),
    unpacked in a hidden folder, verified, and moved into place in one step. Whatever goes wrong,
    or Ctrl-C, leaves no half set behind: at most the `.part`, or the archive if the disk was full.

    Args:
        name: a name of the catalogue.
        source: an archive to take instead of the official one: a file or an http(s) address.
        progress: show progress bars with rate and time left.

    Returns:
        The folder of the set, below `$GANLIB_DATA` or the user's cache folder.

    Raises:
        DataError: if the set is unknown; the server cannot be reached, refuses or breaks off; the
            archive is truncated, altered, hostile or another one; the disk is full or not writable.

    Example:
        >>> fetch("digits").is_dir()  # ships with the repository: nothing to download
        True
    """
    entry = find(name)
    if entry.bundled:
        if source is not None:
            raise DataError(
                f"{name} ships with the repository and is not fetched; leave out --from"
            )
        if not entry.present:
            raise DataError(
                f"{entry.folder}: expected the bundled set {name}; use a complete clone"
            )
        return entry.folder
    if entry.present:
        return entry.folder
    work = data_folder() / "downloads" / name
    with (
        told_in_one_sentence(f"cannot fetch {name} into {data_folder()}"),
        one_at_a_time(work),
    ):
        if not entry.present:  # another process may have been quicker
            _install(entry, str(source or entry.origin), work, progress)
    return entry.folder


def _install(entry: DataSet, source: str, work: Path, progress: bool) -> None:
    """Archive to verified folder; the lock is held."""
    for stale in work.glob(".unpacking-*"):  # of a process that was killed
        shutil.rmtree(stale, ignore_errors=True)
    for stale in work.glob("tmp*"):  # where pooch keeps the place for what is on its way
        stale.unlink()
    if entry.folder.exists():
        raise DataError(
            f"{entry.folder}: in the way and not a verified {entry.name}; move it elsewhere"
        )
    online = re.match(r"https?://", source) is not None
    _check_space(entry, work, online)
    archive = download(source, work, entry, progress) if online else _local(source)
    try:
        verified = _check_archive(entry, archive, source)
        with temporary_folder(work) as scratch:
            limit = int(SLACK * entry.unpacked_bytes) if entry.keeps is None else None
            extract(archive, scratch / "all", entry.keeps, limit, progress)
            count = len(entry.verify(scratch / "all"))
            note = {"source": source, "verified": verified, "recordings": count}
            (scratch / "all" / MARKER).write_text(json.dumps(note, indent=1), encoding="utf-8")
            os.replace(scratch / "all", entry.folder)
    except DataError as error:
        if online:
            archive.unlink(missing_ok=True)
        raise DataError(
            f"{entry.name} from {source} is refused: {error}"
            + ("; the download was removed, try again" if online else "")
        ) from error
    if online:
        archive.unlink(missing_ok=True)


def _local(source: str) -> Path:
    path = Path(source.removeprefix("file://")).expanduser()
    if not path.is_file():
        raise DataError(
            f"{source}: expected an archive or an address that begins with http:// or https://, "
            "found no such file; check the path"
        )
    return path


def _check_archive(entry: DataSet, archive: Path, source: str) -> str:
    """How the copy is verified, in words; an official download must have the published digest."""
    if entry.contents_sha256 is not None:
        return "digest of the recordings"
    with open(archive, "rb") as stream:
        came = hashlib.file_digest(stream, "sha256").hexdigest()
    if came == entry.archive_sha256:
        return "published digest of the archive"
    if source == entry.origin:
        raise DataError(
            f"expected an archive with SHA-256 {entry.archive_sha256}, got {came}: altered"
        )
    return f"structure only (archive SHA-256 {came} is not the published one)"


def _check_space(entry: DataSet, work: Path, online: bool) -> None:
    needed = entry.unpacked_bytes + (entry.archive_bytes if online else 0)
    free = shutil.disk_usage(work).free
    if free < needed:
        raise DataError(
            f"{entry.name} needs {needed / 1e9:.2f} GB in {work}, and only {free / 1e9:.2f} GB are "
            "free; make room or set GANLIB_DATA to a folder on another disk"
        )


def download(url: str, folder: Path, entry: DataSet, progress: bool) -> Path:
    """The archive at an address, complete as far as its length tells, in `folder`."""
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # our bar says what it would say
    stem = f"{entry.name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
    limit = int(SLACK * entry.archive_bytes) + 2**20
    loader = ResumingDownloader(folder / f"{stem}.part", limit, progress)
    return Path(
        pooch.retrieve(
            url, known_hash=None, fname=f"{stem}.archive", path=folder, downloader=loader
        )
    )


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder, and remove it afterwards if it is empty.

    A second process waits. Where folders cannot be locked (Windows, some network disks) only the
    last step, one rename, keeps two processes apart.

    Args:
        folder: created if need be.

    Raises:
        OSError: if the folder cannot be created.
    """
    handle = _lock(folder)
    try:
        yield
    finally:
        with suppress(OSError):  # not empty: a `.part` is to stay
            folder.rmdir()
            folder.parent.rmdir()
        if handle is not None:
            os.close(handle)


def _lock(folder: Path) -> int | None:
    try:
        import fcntl
    except ImportError:
        folder.mkdir(parents=True, exist_ok=True)
        return None
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # another process has just removed it
            continue
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(folder)):
                return handle
        os.close(handle)  # what we waited for was removed in the meantime
