"""A folder that one process works in at a time: a lock that dies with its process.

The operating system keeps the lock (flock; on Windows a locked byte), so it is gone when the
process is, killed or not. The words in the file, who holds it and since when, are for people alone.
"""

import contextlib
import errno
import os
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from ganlib.errors import InUseError

LOCK = ".lock"
WORDS = 200  # bytes read of what the holder wrote
_mine: set[int] = set()  # descriptors of the locks that this process holds

if sys.platform == "win32":
    import msvcrt

    FAR = 2**20  # a locked byte cannot be read by others, so it lies behind the words

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    WITHOUT_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK)

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            if error.errno not in WITHOUT_LOCKS:
                raise
            warnings.warn(
                "This disk knows no locks: nothing will keep a second process out of the folder.",
                stacklevel=5,
            )
        return True

    def _let_go_in_child() -> None:
        """A forked child shares the lock, and would keep it beyond its parent's death."""
        for descriptor in _mine:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        _mine.clear()

    os.register_at_fork(after_in_child=_let_go_in_child)


@contextlib.contextmanager
def held(folder: str | Path, name: str = LOCK, about: str | Path | None = None) -> Iterator[None]:
    """Hold a folder for the length of the `with` block.

    Args:
        folder: exists, and may be written to.
        name: of the lock's file in it.
        about: what a refusal names; None takes the folder.

    Raises:
        InUseError: if another process, or another part of this one, holds it; it says who.
        OSError: if the file cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder, held(folder):
        ...     with held(folder, about="run"):  # doctest: +ELLIPSIS
        ...         pass
        Traceback (most recent call last):
        ...
        ganlib.errors.InUseError: run is in use by process ...
    """
    path = Path(folder) / name
    descriptor = _open_and_take(path, folder if about is None else about)
    _mine.add(descriptor)
    try:
        _introduce(descriptor)
        yield
    finally:
        if descriptor in _mine:  # it is not in a forked child
            _mine.remove(descriptor)
            _release(path, descriptor)


def refuse_held(folder: str | Path) -> None:
    """Find out whether another process holds a folder, without holding it.

    Raises:
        InUseError: if one does.

    Example:
        >>> refuse_held("no_such_folder")
    """
    if (Path(folder) / LOCK).is_file():
        with contextlib.suppress(OSError), held(folder):
            pass


def _open_and_take(path: Path, about: str | Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _take(descriptor):
                raise InUseError(_refusal(about, descriptor))
            if _is_at(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder removed it just now: once more, with a new file


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _introduce(descriptor: int) -> None:
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(
        descriptor, f"process {os.getpid()} on {socket.gethostname()} since {since}\n".encode()
    )


def _refusal(about: str | Path, descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    holder = os.read(descriptor, WORDS).decode(errors="replace").strip() or "another process"
    return f"{about} is in use by {holder}: wait until it has ended, or choose another folder."


def _release(path: Path, descriptor: int) -> None:
    """Where an open file can be removed, that comes first, so that nobody can lock it after us."""
    with contextlib.suppress(OSError):
        if sys.platform != "win32":
            path.unlink()
    os.close(descriptor)
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            path.unlink()
