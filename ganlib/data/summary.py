"""What a set or a folder holds, in numbers and in words."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ganlib.audio.files import read_audio
from ganlib.data import loading
from ganlib.data.catalog import DATASETS, DataSet
from ganlib.data.folders import Recording, audio_files
from ganlib.data.namesakes import tell_of_namesake
from ganlib.data.sifting import refuse_short, refuse_unusable, sift

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
        unlisted: audio files in the folder that its metadata.csv does not name.

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

    @property
    def recordings(self) -> int:
        """Number of usable recordings."""
        return len(self.seconds)

    def __str__(self) -> str:
        rows = [*self._origin(), *self._contents()]
        width = max(len(title) for title, _ in rows)
        lines = [f"{title:<{width}}  {text}" for title, text in rows]
        lines += [f"  {path}: {reason}" for path, reason in self.skipped[:SHOWN]]
        if len(self.skipped) > SHOWN:
            lines.append(f"  ... and {len(self.skipped) - SHOWN} more")
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
        for title, counts in (("splits", self.splits), ("labels", self.labels),
                              ("voices", self.voices)):  # fmt: skip
            rows.append((title, _counted(counts)))
        if self.unlisted:
            rows.append(("left out", f"{self.unlisted:,} files that metadata.csv does not name"))
        return [*rows, ("cannot be used", f"{len(self.skipped):,}")]


def info(name_or_folder: str | Path, strict: bool = False, progress: bool = False) -> DataInfo:
    """Read all files of a set or a folder and count what is there.

    Args:
        name_or_folder: a name of the catalogue or a folder.
        strict: refuse the data if any file is unusable.
        progress: show a progress bar.

    Returns:
        `DataInfo`; without counts for a set of the catalogue that is not on this machine.

    Raises:
        DataError: if there is no such set or folder, it holds no audio, or, with `strict`, a file
            is unusable.

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
    folder, recordings = loading.find_recordings(name_or_folder)
    sounds, skipped = sift(recordings, _measure, progress)
    refuse_unusable(str(name_or_folder), skipped, len(sounds), strict)
    items = [item for item, _ in sounds]
    order = loading.label_names(items)
    labels = Counter(item.label or "unlabelled" for item in items)
    return DataInfo(
        name=str(name_or_folder),
        folder=folder if entry else Path(name_or_folder).expanduser(),  # as its owner calls it
        entry=entry,
        seconds=tuple(seconds for _, (seconds, _, _) in sounds),
        rates=dict(Counter(rate for _, (_, rate, _) in sounds).most_common()),
        channels=dict(Counter(channels for _, (_, _, channels) in sounds).most_common()),
        labels={name: labels[name] for name in order},
        voices=dict(Counter(item.voice for item in items if item.voice).most_common()),
        splits=dict(Counter(item.split or "train" for item in items).most_common()),
        skipped=tuple(skipped),
        unlisted=_unlisted(folder, recordings),
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


def _measure(item: Recording) -> tuple[float, int, int]:
    """Duration in seconds, rate in Hz and channels of a usable file."""
    samples, rate = read_audio(item.path, channels=None)
    refuse_short(item.path, len(samples), rate)
    return len(samples) / rate, rate, samples.shape[1]


def _unlisted(folder: Path, recordings: list[Recording]) -> int:
    if not (folder / "metadata.csv").is_file():
        return 0
    return len(set(audio_files(folder)) - {item.path for item in recordings})


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"


def _counted(counts: dict[str, int]) -> str:
    if not counts:
        return "none"
    listed = ", ".join(f"{name} ({n:,})" for name, n in list(counts.items())[:SHOWN])
    more = f", ... {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
    return f"{len(counts)}: {listed}{more}"
