"""`ganlib evaluate`: a table of figures, JSON, a page with pictures and sound."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ganlib.evaluation.measuring.ear import Ear
    from ganlib.evaluation.measuring.sources import Sample

CLIPS = 1000  # of a generator


@click.command(short_help="Measure a model beside real recordings.")
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run.")
@click.option("--pretrained", metavar="NAME", help="Weights that ship with ganlib.")
@click.option("--audio", metavar="FOLDER", help="Folder of audio.")
@click.option("--data", metavar="NAME_OR_FOLDER",
              help="Real recordings.  [default: fsdd if fetched, otherwise digits]")  # fmt: skip
@click.option("--count", type=click.IntRange(min=24),
              help="Clips to measure.  [default: 1000 of a model, all of a folder]")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True,
              help="Of the clips, the draws and the intervals.")  # fmt: skip
@click.option("--truncation", type=click.FloatRange(min=0.01), metavar="LIMIT",
              help="Of a model: latent values within it.  [default: the model's]")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write all figures as JSON too.")  # fmt: skip
@click.option("--report", type=click.Path(path_type=Path, file_okay=False),
              help="Folder for a page with pictures and sound.")  # fmt: skip
def evaluate(
    run: Path | None,
    pretrained: str | None,
    audio: str | None,
    data: str | None,
    count: int | None,
    seed: int,
    truncation: float | None,
    json_file: Path | None,
    report: Path | None,
) -> None:
    """Measure a model, or a folder of audio, beside real recordings.

    Without a network: for fsdd the figures of the recordings ship with ganlib. A page needs the
    recordings themselves, to let them be heard.

    \b
    Examples:
      ganlib evaluate --pretrained wavegan-fsdd --data fsdd
      ganlib evaluate --run runs/first --data digits --count 300 --json first.json
      ganlib evaluate --audio clips --report report
    """
    if sum(x is not None for x in (run, pretrained, audio)) != 1:
        raise click.UsageError("Give one of --run, --pretrained and --audio, and only one.")
    if audio is not None and truncation is not None:
        raise click.UsageError("--truncation is of a model; recordings have no latent vectors.")
    from ganlib.data.catalog import default_digits
    from ganlib.evaluation.measuring.ear import shipped_ear
    from ganlib.evaluation.measuring.evaluate import evaluate as measure
    from ganlib.evaluation.measuring.figures import writable, write_json
    from ganlib.evaluation.measuring.reference import reference_of
    from ganlib.evaluation.telling.words import lines

    for target in filter(None, (json_file, report and report / "index.html")):
        writable(target)  # now, and not after a minute of measuring
    progress, ear = sys.stderr.isatty(), shipped_ear()
    sample = _sample(run, pretrained, audio, ear, count, seed, progress, truncation)
    reference = reference_of(data or default_digits(), ear)
    evaluation = measure(sample, reference, ear, seed, progress)
    click.echo("\n".join(lines(evaluation)))
    if json_file:
        click.echo(f"\nWritten: {write_json(json_file, evaluation.to_dict())}")
    if report:
        from ganlib.evaluation.telling.page import write_page

        click.echo(f"\nWritten: {write_page(report, evaluation, sample, reference)}")


def _sample(
    run: Path | None,
    pretrained: str | None,
    audio: str | None,
    ear: Ear,
    count: int | None,
    seed: int,
    progress: bool,
    truncation: float | None,
) -> Sample:
    from ganlib.evaluation.measuring import sources

    if run is not None:
        return sources.of_run(run, ear, count or CLIPS, seed, progress, truncation)
    if pretrained is not None:
        return sources.of_pretrained(pretrained, ear, count or CLIPS, seed, progress, truncation)
    return sources.of_folder(str(audio), ear, count, seed, progress)
