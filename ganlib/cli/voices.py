"""What `ganlib evaluate` says of a vocoder or a reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganlib.errors import OptionError

if TYPE_CHECKING:
    from ganlib.instruments.reader import Reader
    from ganlib.instruments.vocoder import Vocoder


def voice_of(run: Path | None, pretrained: str | None) -> Vocoder | Reader | None:
    """The vocoder or the reader of that name or run; None if it is another instrument."""
    from ganlib.instruments.kinds import kind_of
    from ganlib.pretrained import instruments
    from ganlib.pretrained.finding import find

    described = None if run is None else run / "generator.json"
    try:
        kind = (
            instruments().get(str(pretrained))
            if described is None
            else kind_of(json.loads(described.read_text(encoding="utf-8")))
        )
    except (OSError, ValueError, AttributeError):
        return None  # told by whoever reads all of it
    if kind not in ("vocoder", "reader"):
        return None
    found = find(str(pretrained) if run is None else run)
    return found  # type: ignore[return-value]  # its kind says that it is one of the two


def tell_voice(
    voice: Vocoder | Reader, data: str, json_file: Path | None, report: Path | None
) -> None:
    """Measure it beside the test recordings of a set, and print a table."""
    from ganlib.audio.files import read_audio
    from ganlib.data.loading import choose_split, find_recordings
    from ganlib.evaluation.measuring.figures import writable, write_json
    from ganlib.evaluation.measuring.voices import voice_figures

    if report is not None:
        raise OptionError("--report is of models that say digits; a voice is measured in a table.")
    if json_file is not None:
        writable(json_file)
    _, recordings = find_recordings(data)
    chosen = [one for one in choose_split(recordings, "test", data) if one.transcript]
    if not chosen:
        raise OptionError(f"{data} has no test recordings with transcripts to measure beside.")
    rate = voice.audio_format.sample_rate
    sounds = [read_audio(one.path, rate)[0] for one in chosen]
    found = voice_figures(voice, sounds, [one.transcript for one in chosen])
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    click.echo(f"{len(sounds)} test recordings of {data}:")
    click.echo(f"{'':<12}" + "".join(f"{name:>18}" for name in names))
    for way, figures in found.items():
        row = (f"{figures[name]:>18.3f}" if name in figures else f"{'':>18}" for name in names)
        click.echo(f"{way:<12}" + "".join(row))
    if json_file is not None:
        click.echo(f"\nWritten: {write_json(json_file, found)}")
