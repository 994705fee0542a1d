"""`ganlib align`: when each phone of recordings is said, as a table."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="Find when each phone of recordings is said.")
@click.option(
    "--data", required=True, metavar="NAME_OR_FOLDER", help="Recordings with transcripts."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The table: alignment.csv in the folder of the data serves `train reader`.",
)
@click.option("--overwrite", is_flag=True, help="Replace the table.")
def align(data: str, out: Path, overwrite: bool) -> None:
    """Find when each phone is said, and which transcripts are not what is said.

    \b
    Example:
      ganlib align --data my_voice --out my_voice/alignment.csv
    """
    from ganlib.alignment import write_alignments
    from ganlib.data.readings import load_readings
    from ganlib.errors import OptionError

    if out.exists() and not overwrite:
        raise OptionError(f"{out} is there already: choose another name, or give --overwrite.")
    found = load_readings(data, "all", progress=sys.stderr.isatty(), fresh=True)
    for path, reason in found.skipped:
        click.echo(f"Left out {path}: {reason}", err=True)
    write_alignments(out, dict(zip(found.names, found.aligned, strict=True)))
    count = len(found) + len(found.skipped)
    click.echo(f"{len(found):,} of {count:,} recordings are aligned: {out}")
