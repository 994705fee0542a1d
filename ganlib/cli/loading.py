"""Data for a training, with a line for everything that a user should know of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ganlib.data import Clips
    from ganlib.data.readings import Readings

LISTED = 5  # skipped files that are named


def clips_told(
    data: str, model: str, options: dict, strict: bool, pieces: str, keep_silence: bool
) -> Clips:
    """Load clips in the format of a recipe, and print what became of the files."""
    from ganlib.data import load_clips
    from ganlib.data.sifting import counted
    from ganlib.data.walking import told
    from ganlib.training.recipes import get_recipe

    audio_format = get_recipe(model).audio_format(options)
    clips = load_clips(
        data, "train", audio_format, strict, pieces, sys.stderr.isatty(), keep_silence
    )
    _tell_files("Skipped", counted(clips.skipped))
    _tell_files("Look at", clips.notes)
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


def _tell_files(what: str, files: list[tuple[str, str]]) -> None:
    """The first files on stderr, each with what there is to say of it."""
    for path, reason in files[:LISTED]:
        click.echo(f"{what} {path}: {reason}", err=True)
    if len(files) > LISTED:
        click.echo(f"{what} {len(files) - LISTED} more files.", err=True)


def readings_told(data: str, model: str, options: dict, strict: bool) -> Readings:
    """Load recordings with their words for a reader, and print what became of the files."""
    from ganlib.data.readings import load_readings
    from ganlib.data.sifting import counted
    from ganlib.training.recipes import get_recipe

    audio_format = get_recipe(model).audio_format(options)
    readings = load_readings(data, "train", audio_format, strict, sys.stderr.isatty())
    _tell_files("Left out", counted(readings.skipped))
    for remark in readings.remarks:
        click.echo(f"Note: {remark}", err=True)
    symbols = sum(len(one.symbols) for one in readings.aligned)
    click.echo(
        f"{data}: {len(readings):,} recordings with their words, {readings.seconds / 60:.1f} "
        f"minutes, {symbols:,} phones and pauses."
    )
    return readings
