"""A chapter: one edited source in py:percent, one generated notebook without outputs."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

SOURCE_NAME = re.compile(r"(?P<number>\d\d)_(?P<slug>[a-z0-9_]+)\.py")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}


@dataclass(frozen=True)
class Chapter:
    """A chapter's source file and what its first cells say about it."""

    source: Path
    number: str
    title: str
    summary: str = ""
    hear: str = ""
    time: str = ""

    @property
    def name(self) -> str:
        return self.source.stem

    def notebook(self) -> nbformat.NotebookNode:
        return to_notebook(self.source.read_text(encoding="utf-8"), self.name)


def find_chapters(folder: Path) -> list[Chapter]:
    """List the chapters of a source folder in reading order; other file names are refused."""
    chapters = []
    for source in sorted(folder.glob("*.py")):
        match = SOURCE_NAME.fullmatch(source.name)
        if match is None:
            raise ValueError(f"{source}: a chapter is called NN_slug.py, such as 06_wavegan.py")
        chapters.append(Chapter(source, match["number"], *read_heading(source)))
    return chapters


def read_heading(source: Path) -> tuple[str, str, str, str]:
    """Return what a chapter's first cells say: title, summary, what one hears, how long it takes.

    The title is the first line `# Title`, the summary the paragraph after it; the other two are
    the paragraphs that begin with **You will hear** and **Time:**, and may be missing.
    """
    notebook = to_notebook(source.read_text(encoding="utf-8"), source.stem)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# +(.+?)\s*$", text, re.MULTILINE)
    if heading is None:
        raise ValueError(f"{source}: the first markdown cell needs a title, a line `# Title`")
    rest = text[heading.end() :].split("\n## ")[0]
    paragraphs = [" ".join(part.split()) for part in rest.split("\n\n") if part.strip()]
    hear = next((part for part in paragraphs if part.startswith("**You will hear**")), "")
    time = next((part for part in paragraphs if part.startswith("**Time:**")), "")
    summary = paragraphs[0] if paragraphs and paragraphs[0] not in (hear, time) else ""
    return heading[1], summary, hear, time.removeprefix("**Time:**").strip()


def to_notebook(source: str, name: str) -> nbformat.NotebookNode:
    """Turn a chapter's source into its notebook; the same source gives the same notebook.

    A cell's id is a digest of its text and its chapter, so that a rebuild changes nothing and an
    inserted cell renames no other.
    """
    notebook = jupytext.reads(source, fmt="py:percent")
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        seen[cell.source] += 1
        text = f"{name}\n{cell.cell_type}\n{seen[cell.source]}\n{cell.source}"
        cell["id"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def notebook_text(notebook: nbformat.NotebookNode) -> str:
    """Return a notebook as it is stored: UTF-8, one newline at the end."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"
