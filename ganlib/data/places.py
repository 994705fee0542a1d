"""From the name that a table gives to the file on disk: found if there is one, never guessed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ganlib.data.columns import composed
from ganlib.data.walking import AUDIO_SUFFIXES, FOREIGN_SUFFIXES, told
from ganlib.errors import DataError

CONTAINERS = ("wavs", "clips", "audio", "wav")  # where corpora keep the files of a table
DRIVE = re.compile(r"[A-Za-z]:/")


class Places:
    """Finds the sounds that a table names.

    A name is one of, in this order: the path from the table's folder; the same below `wavs`,
    `clips`, `audio` or `wav`; that path written with backslashes; written with other accents or
    other capitals than on disk; the end of an absolute path of another machine; the name without
    its suffix.

    Args:
        folder: where the names begin.
        sounds: all sounds below it.

    Example:
        >>> sounds = [Path("data/wavs/LJ1.wav"), Path("data/yes/A.WAV")]
        >>> places = Places(Path("data"), sounds)
        >>> [places.find(name).as_posix() for name in ("LJ1", "yes\\\\a.wav")]
        ['data/wavs/LJ1.wav', 'data/yes/A.WAV']
    """

    def __init__(self, folder: Path, sounds: Sequence[Path]):
        self.folder = folder
        self._levels: tuple[dict[str, list[Path]], ...] = ({}, {}, {}, {}, {})
        for path in sounds:
            name = path.relative_to(folder).as_posix()
            stem = name[: -len(path.suffix)]
            spellings = (name, composed(name), _folded(name), composed(stem), _folded(stem))
            for level, spelling in zip(self._levels, spellings, strict=True):
                level.setdefault(spelling, []).append(path)

    def find(self, name: str, home: Path | None = None) -> Path:
        """The file of this name; where there is none, the path at which it was expected.

        Args:
            name: as the table writes it.
            home: the table's own folder, where it is another: `../audio/a.wav` counts from there.

        Raises:
            DataError: if it could be several files.
        """
        if os.path.isabs(name) and os.path.isfile(name):
            return self._as_listed(Path(name))
        for candidate in _spellings(name):
            if path := self._look_up(candidate):
                return path
        slashed = name.replace("\\", "/")
        tried = [Path(os.path.normpath(base / text))
                 for base in (home or self.folder, self.folder)
                 for text in (name, slashed)]  # fmt: skip
        return next((path for path in tried if os.path.isfile(path)), self.folder / slashed)

    def _as_listed(self, path: Path) -> Path:
        """An absolute path, spelled as the sounds are, so that no file is known by two names."""
        around, resolved = self.folder.resolve(), path.resolve()
        return self.folder / resolved.relative_to(around) if around in resolved.parents else path

    def holds(self, name: str) -> bool:
        """Whether a cell names a sound: by its suffix, or because there is one."""
        if name.lower().endswith(AUDIO_SUFFIXES + FOREIGN_SUFFIXES):
            return True
        return bool(name) and any(map(self._matches, _spellings(name)))

    def _look_up(self, name: str) -> Path | None:
        if name in self._levels[0]:
            return self._levels[0][name][0]
        matches = self._matches(name)
        if len(matches) > 1:
            shown = [path.relative_to(self.folder).as_posix() for path in matches]
            raise DataError(f"'{name}' could be {told(shown)}; write the name as it is on disk")
        return matches[0] if matches else None

    def _matches(self, name: str) -> list[Path]:
        keys = (name, composed(name), _folded(name), composed(name), _folded(name))
        for level, key in zip(self._levels, keys, strict=True):
            bases = ("", *(f"{container}/" for container in CONTAINERS))
            found = {path: None for base in bases for path in level.get(base + key, ())}
            if found:
                return list(found)
        return []


def _spellings(name: str) -> Iterator[str]:
    """The name as a path below a folder: as it is, with slashes, and shorter if absolute."""
    yield _tidy(name)
    slashed = name.replace("\\", "/")
    yield _tidy(slashed)
    if slashed.startswith("/") or DRIVE.match(slashed):
        parts = [part for part in DRIVE.sub("", slashed).split("/") if part]
        for first in range(len(parts)):
            yield "/".join(parts[first:])


def _tidy(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def _folded(name: str) -> str:
    return composed(composed(name).casefold())
