"""One recording, and all that is known about a folder of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Recording:
    """One file of sound and what is known about it; an empty string where nothing is known."""

    path: Path
    label: str = ""
    voice: str = ""
    split: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Listing:
    """The recordings of a folder, and all of it that is not used.

    Args:
        root: the folder that holds the data: labels and names count from here.
        recordings: in a fixed order.
        refused: (path, reason) of what should hold sound and cannot be looked into.
        remarks: a sentence each: tables that are not read, files that no table names, links that
            are not followed, folders that could be read another way.
        unlisted: files of sound that the tables do not name.

    Example:
        >>> Listing(Path("data"), [Recording(Path("data/yes/a.wav"), label="yes")]).unlisted
        0
    """

    root: Path
    recordings: list[Recording]
    refused: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unlisted: int = 0
