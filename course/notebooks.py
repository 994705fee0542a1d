"""The generated notebooks: written where they are still ours, left alone where a learner worked.

What the builder writes carries a mark in the notebook's metadata: the chapter's name and the digest
of the file. A file is ours as long as its mark fits its name and its content, in a fresh clone too;
a cell that was run, an answer that was typed, a copy under another name make it the learner's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

import nbformat

from course.chapters import Chapter, notebook_text
from course.files import copy_to_new, write_atomically

MARK = "ganlib"  # key in a notebook's metadata
EXECUTED = " executed"  # in the mark of a notebook with outputs, which is no chapter to work in
FRESH = "python -m course --notebooks --overwrite"


@dataclass(frozen=True)
class Written:
    """What became of the notebooks; `lines` says it.

    Args:
        chapters: how many chapters were asked for.
        written: new, or replaced where the old one was ours.
        kept: not ours any more; True where the chapter has changed since.
        aside: where the learner's own went when they were overwritten.
        removed: ours, of chapters that are gone.
        left: not ours any more, of chapters that are gone.
    """

    chapters: int
    written: list[Path] = field(default_factory=list)
    kept: dict[Path, bool] = field(default_factory=dict)
    aside: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What a learner has to know: what was kept, and how to get it fresh."""
        lines = [f"Set aside: {path.name} is what you had." for path in self.aside]
        lines += [f"Removed {path.name}: its chapter is gone." for path in self.removed]
        lines += [
            f"Kept {path.name}: its chapter is gone, and you changed it." for path in self.left
        ]
        for path, newer in self.kept.items():
            since = ", and the chapter has changed since" if newer else ""
            lines.append(f"Kept {path.name}: you changed it{since}.")
        if self.kept:
            numbers = " ".join(path.name[:2] for path in self.kept)
            lines.append(f"Fresh, with yours set aside under today's date: {FRESH} {numbers}")
        return lines


def write_notebooks(
    chapters: list[Chapter], folder: Path, only: Sequence[str] = (), overwrite: bool = False
) -> Written:
    """Write the chapters' notebooks where the file is missing or still ours.

    Args:
        chapters: all chapters of the course.
        folder: where the notebooks lie.
        only: numbers of the chapters to write; empty writes all, and removes notebooks of chapters
            that are gone, if they are still ours.
        overwrite: write the others too, after setting the learner's own aside with today's date.

    Returns:
        What was written, removed, kept and set aside.
    """
    chosen = [chapter for chapter in chapters if not only or chapter.number in only]
    done = Written(len(chosen))
    for chapter in chosen:
        _write(chapter, folder / f"{chapter.name}.ipynb", overwrite, done)
    for path in [] if only else orphans(chapters, folder):
        if is_as_written(path):
            path.unlink()
            done.removed.append(path)
        else:
            done.left.append(path)
    return done


def _write(chapter: Chapter, path: Path, overwrite: bool, done: Written) -> None:
    text, there = signed_text(chapter.notebook(), chapter.name), _read(path)
    if there == text:
        return
    if _exists(path) and not (is_as_written(path) or _unsigned(there) == _unsigned(text)):
        if not overwrite:
            done.kept[path] = mark_of(there) != mark_of(text)
            return
        done.aside.append(set_aside(path))
    write_atomically(path, text)
    done.written.append(path)


def write_executed(notebook: nbformat.NotebookNode, path: Path) -> Path | None:
    """Write an executed notebook; where a learner worked in the old one, return where that went."""
    aside = set_aside(path) if _exists(path) and not is_as_written(path, EXECUTED) else None
    write_atomically(path, signed_text(notebook, path.stem + EXECUTED))
    return aside


def set_aside(path: Path) -> Path:
    """Copy a notebook to `NAME.2026-11-30.ipynb`, or to the next free name of that day."""
    for number in count(1):
        again = f"-{number}" if number > 1 else ""
        target = path.with_name(f"{path.stem}.{date.today().isoformat()}{again}.ipynb")
        try:
            copy_to_new(path, target)
        except FileExistsError:
            continue
        return target
    raise AssertionError("there is always another number")


def signed_text(notebook: nbformat.NotebookNode, name: str) -> str:
    """A notebook as it is stored, with the mark by which the builder knows it again."""
    notebook.metadata[MARK] = {"chapter": name, "sha256": ""}
    notebook.metadata[MARK]["sha256"] = _digest(notebook_text(notebook))
    return notebook_text(notebook)


def is_as_written(path: Path, kind: str = "") -> bool:
    """Whether the builder wrote this file under this name, and nobody changed it since."""
    text = _read(path)
    name, digest = mark_of(text)
    blank = text.replace(f'"sha256": "{digest}"', '"sha256": ""', 1)
    return name == path.stem + kind and _digest(blank) == digest


def orphans(chapters: list[Chapter], folder: Path) -> list[Path]:
    """Return the builder's notebooks, changed or not, whose source is gone."""
    names = {chapter.name for chapter in chapters}
    found = (path for path in sorted(folder.glob("*.ipynb")) if path.stem not in names)
    return [path for path in found if mark_of(_read(path))[0] == path.stem]


def mark_of(text: str) -> tuple[str, str]:
    """The chapter and the digest in a notebook's mark; empty where it has none."""
    try:
        mark = json.loads(text)["metadata"][MARK]
        return str(mark["chapter"]), str(mark["sha256"])
    except (ValueError, KeyError, TypeError):
        return "", ""


def _unsigned(text: str) -> dict:
    """A notebook without its mark: what is left of it after a merge of two versions."""
    try:
        notebook = json.loads(text)
        notebook["metadata"].pop(MARK, None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return notebook


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
