"""Which table speaks for which folder, and which files no table names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ganlib.data.listing import Recording
from ganlib.data.places import Places
from ganlib.data.splits import split_named
from ganlib.data.tables import Table, choose_tables, open_table, recordings_in
from ganlib.data.walking import Below, told
from ganlib.errors import DataError


@dataclass
class Covered:
    """A folder that tables speak for.

    Args:
        folder: the names in the tables count from here.
        tables: those that are read.
        recordings: what their rows name.
        unlisted: sounds below the folder that no row names.
    """

    folder: Path
    tables: list[Table]
    recordings: list[Recording] = field(default_factory=list)
    unlisted: list[Path] = field(default_factory=list)

    @property
    def names_labels(self) -> bool:
        """Whether the labels are the tables' business, and not that of folders."""
        return any(table.names_labels for table in self.tables)

    @property
    def title(self) -> str:
        """Its tables, for a sentence."""
        return told([table.path.name for table in self.tables])


def covered_folders(below: Below) -> tuple[list[Covered], list[str]]:
    """The folders that have a table, the topmost ones only; and a sentence for each table unread.

    A table speaks for its own folder, or, where that holds no sound (`meta/metadata.csv`), for the
    nearest folder around it that does.

    Raises:
        DataError: if a `metadata` table is not UTF-8 or names no files.
    """
    homes = {path.parent for path in below.sounds}
    holders = homes.union([below.folder], *(home.parents for home in homes))
    tables, unread = _open(below, holders)
    groups: dict[Path, list[Table]] = {}
    for table in tables:
        folder = table.path.parent
        while folder not in holders:
            table = replace(table, split=table.split or split_named(folder.name))
            folder = folder.parent
        groups.setdefault(folder, []).append(table)
    covered: dict[Path, Covered] = {}
    for folder in sorted(groups, key=lambda folder: (len(folder.parts), folder)):
        above = next((covered[parent] for parent in folder.parents if parent in covered), None)
        chosen, passed = choose_tables(groups[folder])
        if above is None:
            covered[folder] = Covered(folder, chosen)
        else:
            passed = [(table, above.tables[0]) for table in groups[folder]]
        for table, instead in passed:
            reason = f"{instead.path.relative_to(below.folder).as_posix()} is read instead"
            unread.setdefault(reason, []).append(table.path)
    return list(covered.values()), list(_sentences(unread, below.folder))


def _open(below: Below, holders: set[Path]) -> tuple[list[Table], dict[str, list[Path]]]:
    opened: list[Table] = []
    unread: dict[str, list[Path]] = {}
    for path in below.tables:
        try:
            table = open_table(path)
        except DataError as error:
            if path.parent in holders:
                raise
            table = str(error).partition(": ")[2]
        if isinstance(table, Table):
            opened.append(table)
        elif table:
            unread.setdefault(table, []).append(path)
    return opened, unread


def _sentences(unread: dict[str, list[Path]], folder: Path) -> Iterator[str]:
    for reason, paths in unread.items():
        names = told([path.relative_to(folder).as_posix() for path in paths])
        yield f"{names} {'is' if len(paths) == 1 else 'are'} not read: {reason}."


def read_covered(below: Below, covered: list[Covered]) -> tuple[list[Path], list[str]]:
    """Fill in what the tables name.

    Args:
        below: all that there is.
        covered: `recordings` and `unlisted` of each are filled in.

    Returns:
        The sounds that no table speaks for; and a sentence about those that no row names.

    Raises:
        DataError: naming the first row that cannot be read.
    """
    by_folder = {item.folder: item for item in covered}
    homes: dict[Path, list[Path]] = {}
    for path in below.sounds:
        homes.setdefault(path.parent, []).append(path)
    sounds: dict[Path | None, list[Path]] = {}
    for home, inside in homes.items():
        folder = next((around for around in (home, *home.parents) if around in by_folder), None)
        sounds.setdefault(folder, []).extend(inside)
    seen: dict[Path, Path] = {}
    for item in covered:
        places = Places(item.folder, sounds.get(item.folder, []))
        for table in item.tables:
            item.recordings += recordings_in(table, places, seen)
    for item in covered:
        item.unlisted += [path for path in sounds.get(item.folder, []) if path not in seen]
    return [path for path in sounds.get(None, []) if path not in seen], list(_unlisted(covered))


def _unlisted(covered: Iterable[Covered]) -> Iterator[str]:
    for item in covered:
        if item.unlisted:
            names = told([path.relative_to(item.folder).as_posix() for path in item.unlisted], 1)
            count = len(item.unlisted)
            files, are = ("file", "is") if count == 1 else ("files", "are")
            name = "does not name" if len(item.tables) == 1 else "do not name"
            yield f"{count:,} {files} that {item.title} {name} {are} left out: {names}."
