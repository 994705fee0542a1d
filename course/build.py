"""Build the course: generate, execute what changed, write pages, say how long each took."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import nbformat
from tqdm import tqdm

from course.chapters import Chapter, find_chapters
from course.execute import ChapterFailed, execute
from course.files import write_atomically
from course.inputs import digest_of_inputs
from course.mathml import EquationError
from course.notebooks import write_executed, write_notebooks
from course.pages import Outcome, chapter_page, index_page
from ganlib.data import DATASETS, default_digits


@dataclass(frozen=True)
class Rooms:
    """Where the builder finds and puts things, all below the repository's root."""

    root: Path

    @property
    def sources(self) -> Path:
        return self.root / "notebooks" / "src"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def pages(self) -> Path:
        return self.root / "build" / "course"


def build(
    root: Path,
    only: Sequence[str] = (),
    full: bool = False,
    again: bool = False,
    overwrite: bool = False,
    say: Callable[[str], None] = print,
) -> list[Outcome]:
    """Build the course and return how each chapter fared.

    Chapters are executed from their sources; a notebook that a learner changed stays as it is.

    Args:
        root: the repository.
        only: numbers of the chapters to build, such as ["02"]; empty builds all.
        full: True runs the chapters in full size instead of quick.
        again: True executes chapters that did not change, too.
        overwrite: True writes notebooks that a learner changed anew, and sets the old ones aside.
        say: receives a line for each chapter, and where the pages are.
    """
    rooms = Rooms(root)
    chapters = find_chapters(rooms.sources)
    for line in write_notebooks(chapters, rooms.notebooks, only, overwrite).lines():
        say(line)
    rooms.pages.mkdir(parents=True, exist_ok=True)
    settings = course_settings(full)
    outcomes, others = [], []
    for chapter in chapters:
        if only and chapter.number not in only:
            others.append(earlier(chapter, rooms))
            continue
        outcome = build_chapter(chapter, rooms, settings, again, say)
        say(f"{chapter.name:<40} {outcome.status:<10} {outcome.seconds:6.1f} s")
        if outcome.reason:
            say(outcome.reason)
        outcomes.append(outcome)
    listed = sorted(outcomes + others, key=lambda outcome: outcome.chapter.name)
    write_atomically(rooms.pages / "index.html", index_page(listed, describe_settings(settings)))
    return outcomes


def build_chapter(
    chapter: Chapter,
    rooms: Rooms,
    settings: dict[str, str],
    again: bool = False,
    say: Callable[[str], None] = print,
) -> Outcome:
    """Execute one chapter where its inputs changed, and write its page."""
    record_path = rooms.pages / f".{chapter.name}.json"
    page_path = rooms.pages / f"{chapter.name}.html"
    inputs = digest_of_inputs(chapter, rooms.root, settings)
    record = read_record(record_path)
    if not again and record.get("inputs") == inputs and page_path.exists():
        return Outcome(chapter, "unchanged", record["seconds"])
    record_path.unlink(missing_ok=True)
    notebook, start, reason = chapter.notebook(), time.monotonic(), ""
    try:
        execute_with_progress(notebook, chapter, rooms, settings)
    except ChapterFailed as error:
        reason = f"{chapter.source}: {error}"
    seconds = time.monotonic() - start
    try:
        page = chapter_page(notebook, chapter, rooms.notebooks)
    except EquationError as error:
        return Outcome(chapter, "failed", seconds, f"{chapter.source}: {error}")
    write_atomically(page_path, page)
    if aside := write_executed(notebook, rooms.pages / f"{chapter.name}.ipynb"):
        say(f"Set aside: {aside} is what you had.")
    if reason:
        return Outcome(chapter, "failed", seconds, reason)
    write_atomically(record_path, json.dumps({"inputs": inputs, "seconds": seconds}))
    return Outcome(chapter, "executed", seconds)


def earlier(chapter: Chapter, rooms: Rooms) -> Outcome:
    """Say what an earlier build left of a chapter that this one leaves alone."""
    record = read_record(rooms.pages / f".{chapter.name}.json")
    return Outcome(chapter, "earlier run" if record else "not built", record.get("seconds", 0.0))


def execute_with_progress(
    notebook: nbformat.NotebookNode, chapter: Chapter, rooms: Rooms, settings: dict[str, str]
) -> None:
    """Execute a chapter beside a bar of its cells, shown where a person watches."""
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    quiet = not sys.stderr.isatty()
    with tqdm(total=cells, desc=chapter.name, unit="cell", leave=False, disable=quiet) as bar:
        execute(
            notebook,
            rooms.notebooks,
            {name: settings[name] for name in ("GANLIB_QUICK", "KERAS_BACKEND")},
            on_cell=lambda: bar.update(),
        )


def course_settings(full: bool) -> dict[str, str]:
    """Return what shapes every chapter beside its files: the size, the engine, the data."""
    installed = "tensorflow" if find_spec("tensorflow") else "jax"
    return {
        "GANLIB_QUICK": "0" if full else "1",
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", installed),
        "digits": default_digits(),
        "fetched": " ".join(name for name, entry in DATASETS.items() if entry.present),
    }


def describe_settings(settings: dict[str, str]) -> str:
    """Say in a sentence how the course was built."""
    size = "quick" if settings["GANLIB_QUICK"] == "1" else "full"
    return (
        f"Executed in {size} size on {settings['KERAS_BACKEND']}; the spoken digits are those of "
        f"the set {settings['digits']}."
    )


def read_record(path: Path) -> dict:
    """Return what an earlier run wrote down; nothing when it did not finish."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
