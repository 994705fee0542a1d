"""What a set or a folder holds, in numbers and in words."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ganlib.audio.format import AudioFormat
from ganlib.data import loading
from ganlib.data.catalog import DATASETS, DataSet
from ganlib.data.labels import UNLABELLED, label_names
from ganlib.data.listening import listen
from ganlib.data.namesakes import tell_of_namesake
from ganlib.data.pieces import Cutting, pieces_for
from ganlib.data.sifting import counted, refuse_faulty, refuse_unusable, sift
from ganlib.data.usage import Usage

SHOWN = 12  # how many labels, voices or skipped files a text lists


@dataclass(frozen=True)
class DataInfo:
    """What `info` found out; `print` it.

    Args:
        name: as asked for.
        folder: where the files lie; None for a set that is not on this machine.
        entry: the catalogue's entry, if it has one.
        seconds: duration of every usable recording.
        rates: sample rate in Hz -> recordings.
        channels: number of channels -> recordings.
        labels: label -> recordings, in the order of their numbers.
        voices: voice -> recordings.
        splits: split -> recordings.
        skipped: (path, reason) of every file that cannot be used.
        unlisted: audio files in the folder that its tables do not name.
        remarks: what else is not used, or could be read another way; see `Clips.remarks`.
        notes: (path, what is wrong) of files that could be read; see `Clips.notes`.
        usage: how much of the recordings would become clips.

    Example:
        >>> DataInfo("mine", seconds=(1.0, 2.0)).recordings
        2
    """

    name: str
    folder: Path | None = None
    entry: DataSet | None = None
    seconds: tuple[float, ...] = ()
    rates: dict[int, int] = field(default_factory=dict)
    channels: dict[int, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    voices: dict[str, int] = field(default_factory=dict)
    splits: dict[str, int] = field(default_factory=dict)
    skipped: tuple[tuple[str, str], ...] = ()
    unlisted: int = 0
    remarks: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    usage: Usage | None = None

    @property
    def recordings(self) -> int:
        """Number of usable recordings."""
        return len(self.seconds)

    def __str__(self) -> str:
        rows = [*self._origin(), *self._contents()]
        width = max(len(title) for title, _ in rows)
        lines = [f"{title:<{width}}  {text}" for title, text in rows]
        lines += _named(counted(self.skipped))
        if self.notes:
            lines += [f"{'to look at':<{width}}  {len(self.notes):,}", *_named(self.notes)]
        return "\n".join(lines)

    def _origin(self) -> list[tuple[str, str]]:
        if self.entry is None:
            return [("folder", str(self.folder))]
        here = f"not here; get it with: ganlib data get {self.name}"
        rows = [
            (self.name, self.entry.title),
            ("folder", here if self.folder is None else str(self.folder)),
            ("licence", self.entry.licence),
            ("cite", self.entry.citation),
            ("home", self.entry.homepage),
            ("split rule", self.entry.splits),
            ("verification", self.entry.verification),
        ]
        if self.entry.note():
            rows.append(("this copy", self.entry.note().get("verified", "unknown")))
        if not self.entry.bundled:
            rows.append(("download", f"{self.entry.archive_bytes / 1e6:,.0f} MB"))
        return rows

    def _contents(self) -> list[tuple[str, str]]:
        if self.folder is None:
            return []
        rows = [("recordings", f"{self.recordings:,}")]
        if self.seconds:
            middle = statistics.median(self.seconds)
            rows += [
                ("duration", _clock(sum(self.seconds))),
                ("each", f"{min(self.seconds):.2f} to {max(self.seconds):.2f} s, half of them "
                 f"below {middle:.2f} s"),
                ("rates", ", ".join(f"{rate:,} Hz: {n:,}" for rate, n in self.rates.items())),
                ("channels", ", ".join(f"{k}: {n:,}" for k, n in self.channels.items())),
            ]  # fmt: skip
        if self.usage is not None:
            rows.append(("as clips", str(self.usage)))
        for title, counts in (("splits", self.splits), ("labels", self.labels),
                              ("voices", self.voices)):  # fmt: skip
            rows.append((title, _counted(counts)))
        rows += [("remark", remark) for remark in self.remarks[:SHOWN]]
        return [*rows, ("cannot be used", f"{len(self.skipped):,}")]


def info(
    name_or_folder: str | Path,
    strict: bool = False,
    progress: bool = False,
    pieces: str = "auto",
    audio_format: AudioFormat | None = None,
) -> DataInfo:
    """Read all files of a set or a folder and count what is there.

    Args:
        name_or_folder: a name of the catalogue or a folder.
        strict: refuse the data if any file is unusable or has a fault.
        progress: show a progress bar.
        pieces: "auto", "first", "all" or "loudest": how recordings would become clips.
        audio_format: of these clips; None means `AudioFormat()`, about a second.

    Returns:
        `DataInfo`; without counts for a set of the catalogue that is not on this machine.

    Raises:
        DataError: if there is no such set or folder, it holds no audio, or, with `strict`, a file
            is unusable or has a fault.
        OptionError: if `pieces` is not one of the above.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.files import write_audio
        >>> from ganlib.audio.signals import tone
        >>> folder = tempfile.mkdtemp()
        >>> _ = write_audio(f"{folder}/a.wav", tone(440.0, 1.5, 8000), 8000)
        >>> found = info(folder)
        >>> found.recordings, found.seconds, found.rates
        (1, (1.5,), {8000: 1})
    """
    entry = DATASETS.get(str(name_or_folder))
    if entry is not None and not entry.present and not entry.bundled:
        tell_of_namesake(entry.name, entry.folder)
        return DataInfo(entry.name, entry=entry)
    listing = loading.find_listing(name_or_folder)
    pieces = pieces_for(pieces, bool(label_names(listing.recordings)))
    how = Cutting(audio_format or AudioFormat(), pieces)
    sounds, skipped = sift(listing.recordings, lambda item: listen(item.path, *how), progress)
    skipped = listing.refused + skipped
    refuse_unusable(str(name_or_folder), skipped, len(sounds), strict)
    items, found = [item for item, _ in sounds], [heard for _, heard in sounds]
    notes = [(str(item.path), heard.note) for item, heard in sounds if heard.note]
    if strict:
        refuse_faulty(str(name_or_folder), notes, len(sounds), len(sounds), strict)
    order = label_names(items)
    labels = Counter(item.label or UNLABELLED for item in items)
    return DataInfo(
        name=str(name_or_folder),
        folder=listing.root if entry else Path(name_or_folder).expanduser(),  # as its owner says
        entry=entry,
        seconds=tuple(heard.seconds for heard in found),
        rates=dict(Counter(heard.rate for heard in found).most_common()),
        channels=dict(Counter(heard.channels for heard in found).most_common()),
        labels={name: labels[name] for name in order},
        voices=dict(Counter(item.voice for item in items if item.voice).most_common()),
        splits=dict(Counter(item.split or "train" for item in items).most_common()),
        skipped=tuple(skipped),
        unlisted=listing.unlisted,
        remarks=tuple(listing.remarks),
        notes=tuple(notes),
        usage=Usage.of(found, *how),
    )


def catalogue_table() -> str:
    """The catalogue as a table: name, size, licence, whether it is here, title.

    Example:
        >>> print(catalogue_table().splitlines()[0])
        name      download  here  licence        title
    """
    rows = [("name", "download", "here", "licence", "title")]
    for entry in DATASETS.values():
        size = "bundled" if entry.bundled else f"{entry.archive_bytes / 1e6:,.0f} MB"
        here = "yes" if entry.present else "no"
        rows.append((entry.name, size, here, entry.licence, entry.title))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def _clock(seconds: float) -> str:
    """Always in minutes, unlike `usage.clock`: totals of data are compared with one another."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"


def _named(files: Sequence[tuple[str, str]]) -> list[str]:
    """A line for each of the first files, with what there is to say of it."""
    lines = [f"  {path}: {reason}" for path, reason in files[:SHOWN]]
    if len(files) > SHOWN:
        lines.append(f"  ... and {len(files) - SHOWN} more")
    return lines


def _counted(counts: dict[str, int]) -> str:
    if not counts:
        return "none"
    listed = ", ".join(f"{name} ({n:,})" for name, n in list(counts.items())[:SHOWN])
    more = f", ... {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
    return f"{len(counts)}: {listed}{more}"
