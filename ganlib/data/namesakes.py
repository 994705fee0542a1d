"""A folder here that has the name of a set: the set is taken, and the way to the folder told."""

from __future__ import annotations

import warnings
from pathlib import Path

from ganlib.errors import GanlibWarning


def namesake(name: str, folder: Path) -> Path | None:
    """The folder of this name in the working folder, unless it is the set itself.

    Args:
        name: of a set.
        folder: where the set lies, or would lie.

    Example:
        >>> namesake("no_such_folder", Path("sets")) is None
        True
    """
    here = Path(name).absolute()
    return here if here.is_dir() and here.resolve() != folder.resolve() else None


def tell_of_namesake(name: str, folder: Path, kind: str = "set") -> None:
    """Warn that a set is taken where there is a folder of the same name.

    Args:
        name: of a set.
        folder: where the set lies, or would lie.
        kind: what it is, if it is no set.

    Example:
        >>> tell_of_namesake("no_such_folder", Path("sets"))
    """
    if other := namesake(name, folder):
        warnings.warn(
            f"{name} means the {kind} of this name, and not the folder {other}: "
            f"write ./{name} for the folder",
            GanlibWarning,
            stacklevel=3,
        )
