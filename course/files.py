"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, or a run cut short, never meets half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def copy_to_new(path: Path, target: Path) -> None:
    """Copy a file to a name that nobody has; what was copied in part is removed again.

    Raises:
        FileExistsError: there is something of this name already.
    """
    content = path.read_bytes()
    with open(target, "xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            target.unlink()
            raise
