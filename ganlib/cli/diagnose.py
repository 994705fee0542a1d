"""`ganlib diagnose`: the likely illness of a run, the evidence, and what to try."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Name the likely illness of a run.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--count", type=click.IntRange(min=24), default=60, show_default=True,
              help="Clips to hear.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write diagnosis and figures as JSON too.")  # fmt: skip
def diagnose(run: Path, count: int, json_file: Path | None) -> None:
    """Name the likely illness of RUN, the folder of a training, from its history and its samples.

    Works without a network, on a run of any model that makes sound, also while it is trained.

    \b
    Examples:
      ganlib diagnose runs/first
      ganlib diagnose runs/first --json first.json
    """
    from ganlib.clinic import diagnose as diagnosed
    from ganlib.evaluation.measuring.figures import writable, write_json

    if json_file:
        writable(json_file)
    diagnosis = diagnosed(run, count=count)
    click.echo("\n".join(diagnosis.lines()))
    if json_file:
        click.echo(f"\nWritten: {write_json(json_file, diagnosis.to_dict())}")
