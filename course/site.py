"""`python -m course.site`: the executed chapters and the documents as one site with search."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import yaml

from course.build import Rooms
from course.chapters import Chapter, find_chapters

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def gather(root: Path, target: Path) -> None:
    """Put everything that the site shows into one folder, with its table of contents.

    Raises:
        click.ClickException: a chapter was not executed yet.
    """
    shutil.rmtree(target, ignore_errors=True)
    (target / "adr").mkdir(parents=True)
    chapters = find_chapters(Rooms(root).sources)
    for chapter in chapters:
        executed = Rooms(root).pages / f"{chapter.name}.ipynb"
        if not executed.exists():
            raise click.ClickException(f"{chapter.name} was not executed yet: run `make course`")
        shutil.copy(executed, target)
    for document in DOCUMENTS:
        shutil.copy(root / document, target)
    for record in sorted((root / "docs" / "adr").glob("*.md")):
        shutil.copy(record, target / "adr")
    shutil.copy(root / "docs" / "_config.yml", target)
    contents = table_of_contents(chapters, sorted(p.stem for p in (target / "adr").glob("*.md")))
    (target / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")


def table_of_contents(chapters: list[Chapter], records: list[str]) -> dict:
    """Return the site's contents in reading order, in jupyter-book's words."""
    return {
        "format": "jb-book",
        "root": "README",
        "parts": [
            {"caption": "Chapters", "chapters": [{"file": chapter.name} for chapter in chapters]},
            {
                "caption": "Behind the course",
                "chapters": [
                    {"file": "CONTRIBUTING"},
                    {"file": "CHANGELOG"},
                    *({"file": f"adr/{record}"} for record in records),
                ],
            },
        ],
    }


@click.command()
def main() -> None:
    """Build the site into build/site/ from what `make course` executed."""
    source, target = ROOT / "build" / "site-source", ROOT / "build" / "site"
    gather(ROOT, source)
    program = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    if program is None:
        raise click.ClickException("jupyter-book is not installed: pip install -r requirements.txt")
    done = subprocess.run([program, "build", str(source), "--path-output", str(target)], cwd=ROOT)
    if done.returncode:
        raise click.ClickException("jupyter-book could not build the site; its reason is above")
    click.echo(f"Open {target / '_build' / 'html' / 'index.html'} in a browser.")


if __name__ == "__main__":
    main()
