"""`ganlib train`: from recordings to a run folder."""

from __future__ import annotations

import math
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganlib.errors import OptionError

if TYPE_CHECKING:
    from ganlib.data import Clips
    from ganlib.evaluation.watching.watcher import Watcher
    from ganlib.training.runs import Summary

LARGEST_SEED = 2**32 - 1
LISTED = 5  # skipped files that are named


def _pairs(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict:
    """`key=value` texts as a dict."""
    changes = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not (key and equals):
            raise click.BadParameter(f"expected key=value, got {text!r}")
        changes[key.strip()] = value.strip()
    return changes


def _finite(context: click.Context, option: click.Parameter, minutes: float | None):
    """A number of minutes that ends; NaN passes for one that is above 0."""
    if minutes is not None and not math.isfinite(minutes):
        raise OptionError(f"minutes must be above 0, not {minutes}.")
    return minutes


@click.command(short_help="Train a model, or continue a run.")
@click.argument("model")
@click.option("--data", required=True, metavar="NAME_OR_FOLDER", help="What to learn from.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option(
    "--preset", type=click.Choice(["quick", "cpu", "gpu"]), help="Size.  [default: quick]"
)
@click.option("--steps", type=click.IntRange(min=1), help="Updates in all.")
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), callback=_finite,
    help="Stop after this.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), help="Of all chance.  [default: 0]")
@click.option("--resume", is_flag=True, help="Continue the run in --out exactly where it stopped.")
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", callback=_pairs,
    help="Change an option of the preset; see: ganlib models MODEL.",
)  # fmt: skip
@click.option(
    "--measure", type=click.IntRange(min=1), metavar="UPDATES",
    help="Every so often: measure digits, keep the best generator, stop a collapse.",
)  # fmt: skip
@click.option("--tensorboard", is_flag=True, help="Also write for: tensorboard --logdir OUT.")
@click.option(
    "--pieces", type=click.Choice(["auto", "first", "all", "loudest"]),
    help="What of a long recording becomes clips.  [default: first if labelled, else all]",
)  # fmt: skip
@click.option("--keep-silence", is_flag=True, help="Use pieces almost without sound too.")
@click.option("--strict", is_flag=True, help="Refuse the data if any file is unusable or faulty.")
def train(
    model: str,
    data: str,
    out: Path,
    preset: str | None,
    steps: int | None,
    minutes: float | None,
    seed: int | None,
    resume: bool,
    changes: dict,
    measure: int | None,
    tensorboard: bool,
    pieces: str | None,
    keep_silence: bool,
    strict: bool,
) -> None:
    """Train MODEL. Ctrl-C or SIGTERM saves, and --resume continues as if nothing had happened.

    \b
    Examples:
      ganlib train wavegan --data digits --out runs/first --minutes 5
      ganlib train wavegan --data fsdd --out runs/long --preset cpu --set dim=24 --measure 500
      ganlib train wavegan --data fsdd --out runs/long --resume --measure 500
    """
    from ganlib.training import checks, runs
    from ganlib.training.engine.tensorboard import TensorBoardLog

    if steps is not None:
        changes["steps"] = steps
    if resume:
        options = checks.continued(out, model, preset, changes, seed)
    else:
        options = checks.planned(out, model, preset or "quick", changes)
    board = TensorBoardLog(out / "tensorboard", samples=out / "samples") if tensorboard else None
    clips = _load(data, model, options, strict, *_pieces(out, resume, pieces, keep_silence))
    again = shlex.join(["ganlib", "train", model, "--data", data, "--out", str(out), "--resume"])
    callbacks: tuple = ()
    if measure is not None:
        again += f" --measure {measure}"
        callbacks = (_watcher(out, model, clips, measure),)
    if board is not None:
        board.beside = callbacks
        callbacks = (*callbacks, board)
    try:
        if resume:
            summary = runs.resume(
                out, model, clips, options["steps"], minutes=minutes, callbacks=callbacks
            )
        else:
            choice = (preset or "quick", changes, seed or 0)
            summary = runs.start(
                out, model, clips, data, *choice, minutes=minutes, callbacks=callbacks
            )
    except runs.Interrupted as stopped:
        _let_go_of_terminal()
        _report(stopped.summary, again)
        click.get_current_context().exit(128 + stopped.signal_number)
    except KeyboardInterrupt:
        click.echo(f"Continue from the last checkpoint: {again}", err=True)
        raise
    _report(summary, again)


def _pieces(out: Path, resume: bool, pieces: str | None, keep_silence: bool) -> tuple[str, bool]:
    """How recordings become clips; a run goes on as it began."""
    from ganlib.training.config import Config

    if not resume:
        return pieces or "auto", keep_silence
    began = Config.read(out)
    return pieces or began.pieces, keep_silence or began.keep_silence


def _load(
    data: str, model: str, options: dict, strict: bool, pieces: str, keep_silence: bool
) -> Clips:
    from ganlib.data import load_clips
    from ganlib.data.sifting import counted
    from ganlib.data.walking import told
    from ganlib.training.recipes import get_recipe

    audio_format = get_recipe(model).audio_format(options)
    clips = load_clips(
        data, "train", audio_format, strict, pieces, sys.stderr.isatty(), keep_silence
    )
    _name("Skipped", counted(clips.skipped))
    _name("Look at", clips.notes)
    for remark in clips.remarks:
        click.echo(f"Note: {remark}", err=True)
    heard = clips.with_used_labels()
    if unheard := [name for name in clips.label_names if name not in heard.label_names]:
        click.echo(f"No clip to learn from has the label {told(unheard)}: left out.", err=True)
    clips = heard
    click.echo(
        f"{data}: {len(clips):,} clips of {audio_format.duration_seconds:.2f} s at "
        f"{audio_format.sample_rate:,} Hz, {len(clips.label_names)} labels."
    )
    click.echo(f"Used: {clips.usage}.")
    if options.get("conditional") == "auto" and len(clips.label_names) < 2:
        there = f"only the label {clips.label_names[0]}" if clips.label_names else "no labels"
        click.echo(f"The data have {there}: the model is trained without labels.")
    return clips


def _name(what: str, files: list[tuple[str, str]]) -> None:
    """The first files on stderr, each with what there is to say of it."""
    for path, reason in files[:LISTED]:
        click.echo(f"{what} {path}: {reason}", err=True)
    if len(files) > LISTED:
        click.echo(f"{what} {len(files) - LISTED} more files.", err=True)


def _watcher(out: Path, model: str, clips: Clips, every: int) -> Watcher:
    from ganlib.evaluation.watching.watcher import watcher

    watching = watcher(out, model, clips, every)
    ruler = watching.yardstick
    click.echo(
        f"Every {every:,} updates {ruler.count} clips are measured beside {len(ruler.features):,} "
        f"recordings: {out / 'measured.csv'}"
    )
    if ruler.classes is None:
        click.echo(
            "The labels are no digits: distances and coverage are those of a listener who knows "
            "digits only, and whether a clip says what was asked for is not measured."
        )
    return watching


def _report(summary: Summary, again: str) -> None:
    ended = {"done": "Done", "time": "Time is up", "interrupted": "Interrupted"}[summary.reason]
    click.echo(f"{ended} and saved after {summary.steps:,} steps: {summary.folder}")
    if summary.reason != "done":
        click.echo(f"Continue: {again}")
    if (summary.folder / "generator.json").is_file():
        listen = ["ganlib", "generate", "--run", str(summary.folder), "--out", "clips"]
        click.echo(f"Listen: {shlex.join(listen)}")
        if (summary.folder / "best.json").is_file():
            click.echo(f"Listen to the best measured: {shlex.join(listen)} --best")


def _let_go_of_terminal() -> None:
    """Where the terminal was closed, write to nowhere: what it refuses would look like an error."""
    for descriptor in (1, 2):  # stdout and stderr
        try:
            os.write(descriptor, b"")
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)
