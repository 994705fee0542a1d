"""`ganlib scoreboard`: every shipped generator and the ruler in one table."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="Measure all shipped weights, on one test set.")
@click.option("--data", default="fsdd", show_default=True, metavar="NAME_OR_FOLDER",
              help="Real recordings with digits as labels.")  # fmt: skip
@click.option("--count", type=click.IntRange(min=24), default=300, show_default=True,
              help="Clips of each row.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True,
              help="Of all clips, draws and intervals.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="docs",
              show_default=True, help="Folder for page, JSON and plot.")  # fmt: skip
def scoreboard(data: str, count: int, seed: int, out: Path) -> None:
    """Measure every shipped generator, and eight rows whose rank is known, on the same test set.

    Writes scoreboard.md, scoreboard.json and scoreboard.png; a README.md beside the folder gets
    the short table, if it has the two lines for it.

    \b
    Examples:
      ganlib data get fsdd
      ganlib scoreboard
      ganlib scoreboard --count 60 --out /tmp/board
    """
    from ganlib.evaluation.measuring.ear import shipped_ear
    from ganlib.evaluation.measuring.figures import writable
    from ganlib.evaluation.measuring.reference import reference_of
    from ganlib.evaluation.scoreboard import PAGE, write_scoreboard
    from ganlib.evaluation.scoreboard import scoreboard as measure

    writable(out / PAGE)
    ear = shipped_ear()
    board = measure(reference_of(data, ear), ear, count, seed, sys.stderr.isatty(), click.echo)
    click.echo("Written: " + ", ".join(str(path) for path in write_scoreboard(out, board)))
