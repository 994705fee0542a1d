"""`ganlib generate`: sound from a trained generator."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="Make WAV files with a trained model.")
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run.")
@click.option("--best", is_flag=True, help="Of a measured run the best, not the last, generator.")
@click.option("--pretrained", metavar="NAME", help="Weights that ship with ganlib.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New or empty folder.")
@click.option("--count", type=click.IntRange(min=1),
              help="How many.  [default: 10, or 1 with --say]")  # fmt: skip
@click.option("--label", help="What to say; without it all labels in turn.")
@click.option("--say", "digits", metavar="DIGITS", help="A number, digit by digit, as one file.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the first clip."
)
@click.option("--truncation", type=click.FloatRange(min=0.01), metavar="LIMIT",
              help="Of latent values: clearer, more alike.  [default: the model's]")  # fmt: skip
def generate(
    run: Path | None,
    best: bool,
    pretrained: str | None,
    out: Path,
    count: int | None,
    label: str | None,
    digits: str | None,
    seed: int,
    truncation: float | None,
) -> None:
    """Make clips: 16-bit WAV files and a metadata.csv (file, label, seed, transcript).

    Any clip can be made again alone from the label and the seed that metadata.csv gives for it,
    with the same --truncation.

    \b
    Examples:
      ganlib generate --run runs/first --out clips --count 20
      ganlib generate --run runs/first --out sevens --label 7 --seed 100
      ganlib generate --run runs/first --out pi --say 3141592
      ganlib generate --pretrained digits-fsdd --out clear --truncation 1.5
    """
    if (run is None) == (pretrained is None):
        raise click.UsageError("Give either --run or --pretrained, and not both.")
    if best and run is None:
        raise click.UsageError("--best belongs to --run.")
    if digits is not None and label is not None:
        raise click.UsageError("Give either --label or --say, and not both.")
    from ganlib.recording import record, record_saying

    if run is not None:
        from ganlib.training.runs import load_generator

        synthesizer = load_generator(run, best)
    else:
        from ganlib.pretrained import load

        synthesizer = load(str(pretrained))
    if truncation is not None:
        synthesizer = synthesizer.truncated(truncation)
    if digits is not None:
        paths = record_saying(synthesizer, out, digits, count or 1, seed)
        click.echo(f"{', '.join(path.name for path in paths)} in {out}, listed in metadata.csv.")
        return
    count = count or 10
    record(synthesizer, out, count, label, seed, progress=sys.stderr.isatty())
    seconds = synthesizer.audio_format.duration_seconds
    click.echo(f"{count} clips of {seconds:.2f} s are in {out}, listed in metadata.csv.")
