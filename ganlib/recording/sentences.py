"""Sentences read aloud as a folder of files: one a line, and a `metadata.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from ganlib.audio.files import write_audio
from ganlib.errors import OptionError
from ganlib.instruments.reader import Reader
from ganlib.recording.filling import filled_at_once, write_table
from ganlib.text import read

COLUMNS = ("file", "transcript")


def record_reading(
    reader: Reader,
    folder: str | Path,
    lines: Sequence[str],
    seed: int | None = None,
    progress: bool = False,
    **manner: float,
) -> list[Path]:
    """Read lines aloud, each into a WAV file of its own, with a `metadata.csv`.

    The files appear when all are complete, or not at all. The folder can serve as data again.

    Args:
        reader: who reads.
        folder: new or empty.
        lines: what to read; empty ones are left out.
        seed: as for `Reader.say`; each line takes the next one.
        progress: show a progress bar.
        manner: `rate`, `pitch` and `energy`, as for `Reader.say`.

    Returns:
        The WAV files, in the order of the lines.

    Raises:
        OptionError: if there is nothing to read, a line cannot be read (it says which), or the
            folder is not empty.
        InUseError: if another process is filling it.
        DataError: if the folder cannot be written.

    Example:
        >>> record_reading(None, "clips", ["", "  "])
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: There are no lines to read.
    """
    folder, spoken = Path(folder), [(n, text) for n, text in enumerate(lines, 1) if text.strip()]
    if not spoken:
        raise OptionError("There are no lines to read.")
    for number, text in spoken:  # what cannot be read is refused before anything is written
        try:
            read(text)
        except OptionError as error:
            raise OptionError(f"Line {number}: {error}") from None
    digits = max(4, len(str(len(lines))))
    rows = [{"file": f"{number:0{digits}d}.wav", "transcript": text} for number, text in spoken]
    with filled_at_once(folder) as part:
        for place, row in enumerate(tqdm(rows, "reading", disable=not progress)):
            own = None if seed is None else seed + place
            sound = reader.say(row["transcript"], seed=own, **manner)
            write_audio(part / row["file"], sound, reader.audio_format.sample_rate)
        write_table(part / "metadata.csv", COLUMNS, rows)
    return [folder / row["file"] for row in rows]
