"""Recordings with what is said in them and when: what a reader learns from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ganlib.alignment import Aligned, align_all, read_alignments
from ganlib.audio.files import read_audio
from ganlib.audio.format import AudioFormat
from ganlib.data.listing import Recording
from ganlib.data.loading import choose_split, find_listing, shown
from ganlib.data.sifting import counted
from ganlib.data.walking import told
from ganlib.errors import DataError, GanlibError

TABLE = "alignment.csv"  # beside the recordings: made once, by `ganlib align`
ENOUGH_SECONDS = 120.0  # of aligned speech, below which nothing is learned
ADVISED_MINUTES = 20


@dataclass(frozen=True)
class Readings:
    """Recordings of one voice, each with its symbols and their times.

    Args:
        sounds: float32 (time,), one for each recording.
        aligned: what is said in it, and when.
        names: where it comes from.
        transcripts: what is said, as it was written.
        audio_format: its sample rate is that of all sounds.
        skipped: (path, reason) of what could not be used.
        remarks: sentences about the data.

    Example:
        >>> said = Aligned(("sil", "AH0", "."), np.array([0, 0.1, 0.2, 0.5]))
        >>> Readings((np.zeros(8000),), (said,), ("a.wav",), ("a",), AudioFormat()).seconds
        0.5
    """

    sounds: tuple[np.ndarray, ...]
    aligned: tuple[Aligned, ...]
    names: tuple[str, ...]
    transcripts: tuple[str, ...]
    audio_format: AudioFormat
    skipped: list[tuple[str, str]] = field(default_factory=list)
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sounds)

    @property
    def seconds(self) -> float:
        """Duration of all."""
        return sum(len(sound) for sound in self.sounds) / self.audio_format.sample_rate

    @property
    def label_names(self) -> tuple[str, ...]:
        """None: what is said is in the symbols."""
        return ()

    @property
    def usage(self) -> None:
        """None: recordings are used whole."""
        return None

    def with_used_labels(self) -> Readings:
        """Itself, as there are no labels."""
        return self

    def digest(self) -> str:
        """A fingerprint: SHA-256 over sounds, symbols and times."""
        total = hashlib.sha256()
        for sound, one in zip(self.sounds, self.aligned, strict=True):
            total.update(np.ascontiguousarray(sound, "float32").tobytes())
            total.update(" ".join(one.symbols).encode())
            total.update(np.round(one.boundaries, 4).tobytes())
        return total.hexdigest()


def load_readings(
    name_or_folder: str | Path,
    split: str = "train",
    audio_format: AudioFormat | None = None,
    strict: bool = False,
    progress: bool = False,
    fresh: bool = False,
) -> Readings:
    """Load recordings with transcripts, and when each phone is said.

    The times come from `alignment.csv` in the folder of the data, where there is one; else
    PocketSphinx finds them. A recording whose transcript is not heard in it is left out.

    Args:
        name_or_folder: a name of the catalogue, or a folder with a table of transcripts.
        split: "train", "validation", "test" or "all".
        audio_format: sample rate; None means `AudioFormat()`.
        strict: refuse the data if any recording is left out.
        progress: show a progress bar while phones are looked for.
        fresh: look for them even where there is a table.

    Raises:
        DataError: if the data are missing, have no transcripts or several voices, if too little of
            them can be used, or, with `strict`, if any recording cannot.

    Example:
        >>> readings = load_readings("voice", "test", AudioFormat(16000))
        >>> len(readings) > 40, readings.aligned[0].symbols[:3]
        (True, ('sil', 'AE1', 'K'))
    """
    audio_format = audio_format or AudioFormat()
    name, listing = shown(name_or_folder), find_listing(name_or_folder)
    chosen = choose_split(listing.recordings, split, name)
    _refuse_unfit(name, chosen)
    sounds, usable, skipped = _read(chosen, audio_format.sample_rate)
    skipped = listing.refused + skipped
    names = [item.path.relative_to(listing.root).as_posix() for item in usable]
    table = listing.root / TABLE
    if table.is_file() and not fresh:
        known = read_alignments(table)
        found = [known.get(one) for one in names]
        reasons = {place: f"not in {TABLE}" for place, one in enumerate(found) if one is None}
    else:
        found, reasons = _aligned(sounds, usable, audio_format.sample_rate, progress)
    skipped += [(str(usable[place].path), reason) for place, reason in reasons.items()]
    if strict and skipped:
        raise DataError(f"{name}: {skipped[0][0]}: {skipped[0][1]} ({len(skipped)} in all)")
    kept = [place for place, one in enumerate(found) if one is not None]
    if not kept:
        _, reason = skipped[0]
        raise DataError(f"{name}: nothing of {len(chosen)} recordings can be used ({reason})")
    return Readings(
        tuple(sounds[place] for place in kept),
        tuple(one for one in found if one is not None),
        tuple(names[place] for place in kept),
        tuple(usable[place].transcript for place in kept),
        audio_format,
        skipped,
        tuple(listing.remarks),
    )


def refuse_too_little(readings: Readings, name: str) -> None:
    """Make sure that there is enough to learn a voice from.

    Raises:
        DataError: saying how much there is and how much it takes.

    Example:
        >>> said = Aligned(("sil", "AH0", "."), np.array([0, 0.1, 0.2, 0.5]))
        >>> one = Readings((np.zeros(8000),), (said,), ("a.wav",), ("a",), AudioFormat())
        >>> refuse_too_little(one, "mine")
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: mine: 0.5 s of speech with its words are too little to learn a
        voice from: it takes 2 minutes at the least, and 20 to be understood well.
    """
    if readings.seconds < ENOUGH_SECONDS:
        raise DataError(
            f"{name}: {readings.seconds:.1f} s of speech with its words are too little to learn a "
            f"voice from: it takes {ENOUGH_SECONDS / 60:g} minutes at the least, and "
            f"{ADVISED_MINUTES} to be understood well."
            + (f" Left out: {counted(readings.skipped)[0][1]}." if readings.skipped else "")
        )


def _refuse_unfit(name: str, recordings: Sequence[Recording]) -> None:
    voices = sorted({item.voice for item in recordings if item.voice})
    if len(voices) > 1:
        raise DataError(
            f"{name} has {len(voices)} voices ({told(voices)}), and a reader learns one: give the "
            "recordings of one of them in a folder of their own"
        )
    if not any(item.transcript for item in recordings):
        raise DataError(
            f"{name} has no transcripts, and a reader learns from recordings with their words: add "
            "a metadata.csv with the columns file and transcript"
        )


def _read(
    recordings: Sequence[Recording], sample_rate: int
) -> tuple[list[np.ndarray], list[Recording], list[tuple[str, str]]]:
    """The sounds that can be read and have words, their recordings, and the others."""
    sounds, usable, skipped = [], [], []
    for item in recordings:
        try:
            if not item.transcript:
                raise DataError("no transcript")
            sound, _ = read_audio(item.path, sample_rate)
            sounds.append(sound)
            usable.append(item)
        except GanlibError as error:
            skipped.append((str(item.path), str(error)))
    return sounds, usable, skipped


def _aligned(
    sounds: list[np.ndarray], recordings: list[Recording], sample_rate: int, progress: bool
) -> tuple[list[Aligned | None], dict[int, str]]:
    from tqdm import tqdm

    with tqdm(total=len(sounds), unit="clip", disable=not progress, desc="When?") as bar:
        texts = [item.transcript for item in recordings]
        return align_all(sounds, sample_rate, texts, lambda *_: bar.update())
