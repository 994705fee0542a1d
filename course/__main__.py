"""`python -m course`: build the chapters' notebooks and pages."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from course.build import Rooms, build
from course.chapters import Chapter, find_chapters
from course.notebooks import write_notebooks
from ganlib.cli.terminal import write_what_can_be_shown

ROOT = Path(__file__).resolve().parents[1]


@click.command()
@click.argument("numbers", nargs=-1)
@click.option("--full", is_flag=True, help="Run the chapters in full size, not in quick size.")
@click.option("--again", is_flag=True, help="Execute chapters that did not change, too.")
@click.option("--notebooks", is_flag=True, help="Only write the notebooks; execute nothing.")
@click.option("--overwrite", is_flag=True, help="Write notebooks that you changed, too; yours "
              "are set aside with the date in their name.")  # fmt: skip
def main(
    numbers: tuple[str, ...], full: bool, again: bool, notebooks: bool, overwrite: bool
) -> None:
    """Build the chapters NUMBERS (all when none is named) into build/course/.

    Their notebooks are written too, except those that you changed: these stay as they are.

    \b
    Examples:
      python -m course                              every chapter whose inputs changed
      python -m course 02 06                        these two
      python -m course --again 02                   this one, changed or not
      python -m course --notebooks --overwrite 02   a fresh notebook 02, yours set aside
    """
    write_what_can_be_shown()
    try:
        known = find_chapters(Rooms(ROOT).sources)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    unknown = sorted(set(numbers) - {chapter.number for chapter in known})
    if unknown:
        numbered = ", ".join(chapter.number for chapter in known) or "none yet"
        raise click.UsageError(f"no chapter {', '.join(unknown)}; there are: {numbered}")
    if notebooks:
        _write_notebooks(known, numbers, overwrite)
        return
    start = time.monotonic()
    try:
        outcomes = build(ROOT, numbers, full, again, overwrite, say=click.echo)
    except KeyboardInterrupt:
        click.echo("Stopped; finished chapters are kept, and the same command goes on.", err=True)
        sys.exit(130)
    except OSError as error:
        raise _cannot_write(error) from None
    failed = [outcome.chapter.name for outcome in outcomes if outcome.status == "failed"]
    click.echo(f"{len(outcomes)} chapters in {time.monotonic() - start:.0f} s.")
    click.echo(f"Open {Rooms(ROOT).pages / 'index.html'} in a browser; it needs no network.")
    if failed:
        click.echo(f"Failed: {', '.join(failed)}", err=True)
        sys.exit(1)


def _write_notebooks(known: list[Chapter], numbers: tuple[str, ...], overwrite: bool) -> None:
    try:
        done = write_notebooks(known, Rooms(ROOT).notebooks, numbers, overwrite)
    except OSError as error:
        raise _cannot_write(error) from None
    current = done.chapters - len(done.written) - len(done.kept)
    click.echo(f"{len(done.written)} of {done.chapters} notebooks written, {current} up to date.")
    for line in done.lines():
        click.echo(line)


def _cannot_write(error: OSError) -> click.ClickException:
    where = f": {error.filename}" if error.filename else ""
    return click.ClickException(f"cannot build the course ({error.strerror or error}){where}")


if __name__ == "__main__":
    main(prog_name="python -m course")
