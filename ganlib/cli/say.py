"""`ganlib say`: text in, speech out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganlib.errors import OptionError

if TYPE_CHECKING:
    from ganlib.text import Sentence

DEFAULT = "reader-voice"


@click.command(short_help="Read text aloud.")
@click.argument("text", required=False)
@click.option("--file", "lines", type=click.Path(path_type=Path), metavar="TEXT_FILE",
              help="Read a text file, each line into a file of its own; - is stdin.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="A .wav or .flac file; with --file a new or empty folder.")  # fmt: skip
@click.option("--reader", "name", default=DEFAULT, show_default=True, metavar="NAME_OR_RUN",
              help="Who reads: weights that ship, or the folder of a run.")  # fmt: skip
@click.option("--rate", type=float, default=1.0, show_default=True, help="2 is twice as fast.")
@click.option("--pitch", type=float, default=0.0, show_default=True, help="Semitones higher.")
@click.option("--energy", type=float, default=1.0, show_default=True, help="Factor of loudness.")
@click.option("--seed", type=click.IntRange(min=0), help="Another melody for every number.")
@click.option("--show", type=click.Choice(["phones"]), help="Print what is said.")
@click.option("--overwrite", is_flag=True, help="Replace the file of --out.")
def say(
    text: str | None,
    lines: Path | None,
    out: Path | None,
    name: str,
    rate: float,
    pitch: float,
    energy: float,
    seed: int | None,
    show: str | None,
    overwrite: bool,
) -> None:
    """Read TEXT aloud, in the voice that a reader was trained on.

    \b
    Examples:
      ganlib say "Please enter your number." --out hello.wav
      ganlib say "It is 3:45 pm." --out later.wav --rate 0.9 --pitch 2
      ganlib say --file lines.txt --out folder
      ganlib say "Dr. Smith lives at 5 Elm St." --show phones
    """
    if (text is None) == (lines is None):
        raise click.UsageError("Give either TEXT or --file, and not both.")
    if out is None and show is None:
        raise click.UsageError("Give --out, a file for the sound, or --show phones.")
    from ganlib.text import read

    written = [text] if text is not None else _lines(lines)
    sentences = [one for line in written if line and line.strip() for one in read(line)]
    if text is not None and not sentences:
        read(text)  # says why there is nothing to read
    _tell(sentences, show)
    if out is None:
        return
    if text is not None and out.exists() and not overwrite:
        raise OptionError(f"{out} is there already: choose another name, or give --overwrite.")
    manner = {"rate": rate, "pitch": pitch, "energy": energy}
    _speak(text, written, out, name, seed, manner)


def _speak(
    text: str | None, lines: list, out: Path, name: str, seed: int | None, manner: dict
) -> None:
    """Make the sound and write it."""
    from ganlib.audio.files import WRITABLE, write_audio
    from ganlib.instruments.reader import Reader
    from ganlib.pretrained.finding import find
    from ganlib.recording import record_reading

    if text is not None and out.suffix.lower() not in WRITABLE:
        raise OptionError(f"expected --out with a name that ends in .wav or .flac, got {out}")
    reader = find(name)
    if not isinstance(reader, Reader):
        raise OptionError(f"{name} reads no text: choose a reader, such as {DEFAULT}.")
    if text is None:
        paths = record_reading(reader, out, lines, seed, sys.stderr.isatty(), **manner)
        click.echo(f"{len(paths)} files are in {out}, listed in metadata.csv.")
        return
    sound, rate = reader.say(text, seed=seed, **manner), reader.audio_format.sample_rate
    write_audio(out, sound, rate)
    click.echo(f"{out}: {len(sound) / rate:.1f} s of speech by {reader.name}.")


def _lines(path: Path | None) -> list[str]:
    """The lines of a text file, or of stdin."""
    try:
        if str(path) == "-":
            return sys.stdin.read().splitlines()
        assert path is not None
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise OptionError(f"{path}: expected UTF-8 text; save the file in UTF-8.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise OptionError(f"{path} cannot be read: {why}.") from None


def _tell(sentences: list[Sentence], show: str | None) -> None:
    """What is said, if asked for, and which words were spelled by rules."""
    by_rule = list(dict.fromkeys(word.text for one in sentences for word in one.by_rule))
    if by_rule:
        some = ", ".join(by_rule[:8]) + (" ..." if len(by_rule) > 8 else "")
        click.echo(f"Note: in no dictionary, so said as rules have it: {some}", err=True)
    if show == "phones":
        for sentence in sentences:
            for word, mark in zip(sentence.words, sentence.marks, strict=True):
                click.echo(f"{word.text + mark:<20} {' '.join(word.phones)}")
