"""From a set or a folder to fixed-length clips in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.data.catalog import DATASETS, find
from ganlib.data.clips import Clips
from ganlib.data.folders import data_root, list_folder
from ganlib.data.labels import (
    UNLABELLED,
    label_names,
    labels_with_sound,
    without_soundless_labels,
)
from ganlib.data.listing import Listing, Recording
from ganlib.data.pieces import Cut, cut, level_samples, pieces_for
from ganlib.data.playing import Playing
from ganlib.data.sifting import fits, refuse_faulty, refuse_short, refuse_unusable, sift
from ganlib.data.usage import Usage
from ganlib.errors import DataError, OptionError

Where = str | Path | Iterable[str | Path]
SPLITS = ("train", "validation", "test", "all")


def load_clips(
    name_or_folder: Where,
    split: str = "train",
    audio_format: AudioFormat | None = None,
    strict: bool = False,
    pieces: str = "auto",
    progress: bool = False,
    keep_silence: bool = False,
) -> Clips:
    """Load one split of a set, or of any folder of audio, as clips of one length.

    Every recording is resampled to the format's rate and mixed to its channels. It then starts at
    sample 0 of its clip; what is missing at the end is filled with zeros. Of a recording that is
    longer, `pieces` says what becomes: "first" keeps the first `clip_samples`; "all" cuts it into
    consecutive pieces that do not overlap (a last piece less than half full is dropped); "loudest"
    keeps the stretch with the most energy, which finds a word that begins late; "auto" is "first"
    for data with labels (a word begins at the start) and "all" for data without.

    Digital silence, and pieces almost without sound, are left out (see `levels.Levels` for what
    counts as sound) and told: `Clips.usage` says how much of the recordings was used, and
    `Clips.notes` what is wrong with a recording that could be read. For "first", the level of a
    recording is that of its first minute, and what follows is not read.

    Args:
        name_or_folder: a name of the catalogue, a folder (see `folders.list_recordings`), or a list
            of files, which have no labels.
        split: "train", "validation", "test" or "all". Data that name no splits are all "train".
        audio_format: sample rate, length and channels; None means `AudioFormat()`.
        strict: refuse the data if any file is unusable or has a fault, instead of listing it in
            `Clips.skipped` or `Clips.notes`.
        pieces: "auto", "first", "all" or "loudest".
        progress: show a progress bar.
        keep_silence: use digital silence and pieces almost without sound too.

    Returns:
        `Clips`; label numbers are the same for all splits of a set.

    Raises:
        DataError: if the set is unknown or not fetched, the folder missing or without audio, the
            split empty, no file usable, all of them silent, or, with `strict`, any file unusable or
            faulty.
        OptionError: if `split` or `pieces` is not one of the above.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.files import write_audio
        >>> root = Path(tempfile.mkdtemp())
        >>> for word in ("yes", "no"):
        ...     (root / word).mkdir()
        ...     _ = write_audio(root / word / "a.wav", np.full(300, 0.5), 8000)
        >>> clips = load_clips(root, audio_format=AudioFormat(sample_rate=8000, clip_samples=512))
        >>> clips.samples.shape, clips.label_names, clips.names
        ((2, 512, 1), ('no', 'yes'), ('no/a.wav', 'yes/a.wav'))
    """
    audio_format = audio_format or AudioFormat()
    if split not in SPLITS:
        raise OptionError(f"split: expected one of {', '.join(SPLITS)}, got '{split}'")
    pieces_for(pieces, labelled=True)  # refuse an unknown word before anything is read
    name, listing = shown(name_or_folder), find_listing(name_or_folder)
    chosen = choose_split(listing.recordings, split, name)
    pieces = pieces_for(pieces, bool(label_names(listing.recordings)))

    def read(item: Recording) -> Cut:
        return read_pieces(item, audio_format, pieces, keep_silence)

    sounds, skipped = sift(chosen, read, progress=progress)
    skipped = listing.refused + skipped
    refuse_unusable(name, skipped, len(sounds), strict)
    notes = [(str(item.path), one.note) for item, one in sounds if one.note]
    usage = Usage.of([one for _, one in sounds], audio_format, pieces, keep_silence)
    refuse_faulty(name, notes, len(sounds), usage.clips, strict)
    usable, others = [item for item, _ in sounds], set(listing.recordings) - set(chosen)
    labels = labels_with_sound(listing.recordings, usable, lambda i: i in others and fits(i, read))
    clips = _assemble(sounds, labels, audio_format, listing.root, skipped)
    return replace(clips, remarks=tuple(listing.remarks), notes=notes, usage=usage)


def find_recordings(name_or_folder: Where) -> tuple[Path, list[Recording]]:
    """The folder and the recordings of a set, of any folder, or of a list of files.

    Raises:
        DataError: as `find_listing`.
    """
    listing = find_listing(name_or_folder)
    return listing.root, listing.recordings


def find_listing(name_or_folder: Where) -> Listing:
    """The recordings of a set, of any folder, or of a list of files, and what is not used.

    Of a set of the catalogue, the catalogue says what belongs to it: nothing else is remarked.

    Raises:
        DataError: if there is neither such a set nor such a folder, or the set is not there yet.
    """
    if not isinstance(name_or_folder, str | Path):
        return Listing(Path("."), [Recording(Path(path)) for path in name_or_folder])
    name = str(name_or_folder)
    if not name:
        raise DataError(
            f"the data have no name; expected a folder, or one of {', '.join(DATASETS)}"
        )
    if name not in DATASETS:
        if not Path(name).expanduser().exists() and Path(name).name == name:
            try:
                find(name)
            except DataError as error:
                raise DataError(f"{error}; nor is there a folder of this name") from None
        return list_folder(name)
    entry = DATASETS[name]
    recordings = entry.load()  # first: it says what to do when the set is not here
    return Listing(data_root(entry.folder), recordings)


def recordings_to_read(
    where: Where, split: str, audio_format: AudioFormat
) -> tuple[tuple[str, ...], list[Recording], list[tuple[str, str]], tuple[str, ...]]:
    """What `load_clips` would use, for those who read it later.

    Returns:
        The names of the labels, the recordings of the split, (path, reason) of what is known to be
        unusable, and the remarks of `Clips`.

    Raises:
        DataError: as `find_listing` and `choose_split`.
    """
    listing = find_listing(where)
    chosen = choose_split(listing.recordings, split, shown(where))
    labels, kept, soundless = without_soundless_labels(
        listing.recordings, chosen, lambda item: read_pieces(item, audio_format, "first")
    )
    return labels, kept, listing.refused + soundless, tuple(listing.remarks)


def shown(where: Where) -> str:
    """What to call the data in a message."""
    return str(where) if isinstance(where, str | Path) else "the list of files"


def choose_split(recordings: Sequence[Recording], split: str, name: str) -> list[Recording]:
    """The recordings of a split; where no recording names one, all are training data.

    Raises:
        DataError: if the split has no recordings.
    """
    if split == "all" and recordings:
        return list(recordings)
    chosen = [item for item in recordings if (item.split or "train") == split]
    if not chosen:
        there = sorted({item.split or "train" for item in recordings}) or ["no recordings at all"]
        raise DataError(
            f"{name} has no split '{split}'; it has: {', '.join(there)}"
            " (a column split in metadata.csv, or folders train/ and test/, would name others)"
        )
    return chosen


def read_pieces(
    item: Recording, audio_format: AudioFormat, pieces: str, keep_silence: bool = False
) -> Cut:
    """One recording as clips of one length; the rule is that of `load_clips`.

    Args:
        item: what to read.
        audio_format: wanted rate, length and channels.
        pieces: "first", "all" or "loudest".
        keep_silence: use pieces that are almost without sound too.

    Raises:
        AudioFileError: if it cannot be read or lasts less than 10 ms.
    """
    playing = Playing(item.path, audio_format.sample_rate, audio_format.channels)
    samples = np.concatenate(list(playing.blocks(level_samples(audio_format, pieces))))
    refuse_short(item.path, len(samples), audio_format.sample_rate)
    found = cut(samples, audio_format, pieces, keep_silence)
    return replace(found, seconds=playing.seconds, note=playing.note(found.note))


def _assemble(
    sounds: list[tuple[Recording, Cut]],
    labels: tuple[str, ...],
    audio_format: AudioFormat,
    folder: Path,
    skipped: list[tuple[str, str]],
) -> Clips:
    columns: dict[str, Any] = {"labels": [], "voices": [], "names": [], "transcripts": []}
    for item, found in sounds:
        count = found.choice.count
        for piece in found.choice.kept:
            part = f" (part {piece + 1} of {count})" if count > 1 else ""
            columns["labels"].append(labels.index(item.label or UNLABELLED) if labels else 0)
            columns["voices"].append(item.voice)
            columns["names"].append(short_name(item.path, folder) + part)
            columns["transcripts"].append(item.transcript and item.transcript + part)
    return Clips(
        np.concatenate([found.samples for _, found in sounds]),
        label_names=labels,
        audio_format=audio_format,
        skipped=skipped,
        peaks=np.concatenate([np.full(len(found.samples), found.peak) for _, found in sounds]),
        **columns,
    )


def short_name(path: Path, folder: Path) -> str:
    """A path as the data's folder sees it; one that lies elsewhere stays whole.

    Example:
        >>> [short_name(Path(name), Path("data")) for name in ("data/yes/a.wav", "b.wav")]
        ['yes/a.wav', 'b.wav']
    """
    return path.relative_to(folder).as_posix() if folder in path.parents else str(path)
