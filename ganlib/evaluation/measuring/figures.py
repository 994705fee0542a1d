"""One figure: its value, its interval, the same of real recordings. And all figures of a model."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganlib.errors import DataError

HEADLINE_LIMIT = 5000  # clips, from which on the bias of the Fréchet distance hardly matters


class Kind(NamedTuple):
    """How a figure is called, which direction is better ("up", "down" or "real"), its decimals.

    Example:
        >>> KINDS["coverage"].better
        'up'
    """

    title: str
    better: str
    decimals: int = 2


KINDS = {
    "kernel_distance": Kind("Kernel distance", "down", 3),
    "frechet_distance": Kind("Fréchet distance", "down", 2),
    "class_frechet_distance": Kind("Fréchet distance within classes", "down", 2),
    "inception_score": Kind("Inception score", "up", 2),
    "modified_inception_score": Kind("Modified inception score", "up", 0),
    "am_score": Kind("AM score", "down", 3),
    "precision": Kind("Precision", "up", 3),
    "recall": Kind("Recall", "up", 3),
    "density": Kind("Density", "real", 3),
    "coverage": Kind("Coverage", "up", 3),
    "different_bins": Kind("Share of different bins", "down", 3),
    "bin_divergence": Kind("Divergence of the bins", "down", 3),
    "conditional_accuracy": Kind("Named as asked, by the classifier", "up", 3),
    "recogniser_accuracy": Kind("Named as asked, by PocketSphinx", "up", 3),
    "recogniser_ratio": Kind("PocketSphinx, relative to real clips", "up", 3),
    "whisper_accuracy": Kind("Named as asked, by Whisper", "up", 3),
    "whisper_ratio": Kind("Whisper, relative to real clips", "up", 3),
    "speakers": Kind("Speakers, effective number", "real", 2),
    "copies_in_features": Kind("Copies of training clips, by features", "down", 3),
    "copies_in_spectra": Kind("Copies of training clips, by spectra", "down", 3),
    "dnsmos": Kind("DNSMOS", "up", 2),
    "peak": Kind("Peak", "real", 3),
    "level_db": Kind("Level (dB)", "real", 1),
    "clipped_share": Kind("Share of clipped samples", "down", 4),
    "silent_share": Kind("Share of silent frames", "real", 3),
    "dc": Kind("Offset (DC)", "down", 4),
    "bandwidth_hz": Kind("Bandwidth (Hz)", "real", 0),
    "tone_excess_db": Kind("Upsampling tone above its surroundings (dB)", "down", 1),
}


@dataclass(frozen=True)
class Figure:
    """A number, where it lies with 95 % probability over other draws of clips, and how many clips.

    Args:
        value: None where it has no meaning for these clips.
        low, high: ends of the interval; None where there is none.
        n: clips that were measured.
        real: the same figure of real recordings; None where nobody measured it.

    Example:
        >>> Figure(0.5, 0.4, 0.6, 100).told(decimals=2)
        '0.50 (0.40 to 0.60)'
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    real: float | None = None

    def told(self, decimals: int) -> str:
        """Value and interval as words."""
        if self.value is None:
            return "-"
        if self.low is None or self.high is None:
            return f"{self.value:,.{decimals}f}"
        ends = f"{self.low:,.{decimals}f} to {self.high:,.{decimals}f}"
        return f"{self.value:,.{decimals}f} ({ends})"


@dataclass(frozen=True)
class Nearest:
    """The training recording that is nearest to each clip.

    Args:
        space: "spectra", or "features" where the recordings are not on this machine.
        indices: int64 (clips,), rows of the training split.
        distances: (clips,), divided by the median of the test recordings' distances.

    Example:
        >>> Nearest("spectra", np.array([7]), np.array([1.2])).space
        'spectra'
    """

    space: str
    indices: np.ndarray
    distances: np.ndarray


@dataclass(frozen=True)
class Evaluation:
    """Everything that was measured of one set of clips.

    Args:
        name: of the model or the folder.
        data: name of the real recordings.
        n: clips that were measured.
        seed: of the clips, the draws and the intervals.
        classifier: SHA-256 of the classifier's weights.
        figures: by the names of `KINDS`.
        details: by class, by speaker, about memory; plain numbers and words.
        nearest: for each clip the training recording that is nearest.

    Example:
        >>> done = Evaluation("noise", "fsdd", 10, 0, "ab" * 32, {"peak": Figure(1.0, n=10)})
        >>> done.to_dict()["figures"]["peak"]["classifier"]
        'abababababab'
    """

    name: str
    data: str
    n: int
    seed: int
    classifier: str
    figures: dict[str, Figure]
    details: dict[str, Any] = field(default_factory=dict)
    nearest: Nearest | None = None

    @property
    def headline(self) -> str:
        """The figure to compare by: the Fréchet distance is biased below 5,000 clips."""
        return "kernel_distance" if self.n < HEADLINE_LIMIT else "frechet_distance"

    @property
    def memorized(self) -> bool:
        """Whether any look at the nearest neighbours says that training clips are repeated."""
        return any(space["memorized"] for space in self.details.get("memory", {}).values())

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it: every figure names n, seed and the classifier."""
        shared = {"seed": self.seed, "classifier": self.classifier[:12]}
        return {
            "name": self.name,
            "data": self.data,
            "n": self.n,
            "seed": self.seed,
            "classifier": self.classifier,
            "headline": self.headline,
            "memorized": self.memorized,
            "figures": {
                name: _plain({"value": x.value, "low": x.low, "high": x.high, "real": x.real})
                | {"n": x.n}
                | shared
                for name, x in self.figures.items()
            },
            "details": _plain(self.details),
        }


def _plain(value: Any) -> Any:
    """Numbers and words that JSON knows, six digits each; None for what is no finite number."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def write_json(path: str | Path, content: Any) -> Path:
    """Write JSON without NaN, complete or not at all.

    Raises:
        DataError: if there is no space, no permission or no folder.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_json(f"{folder}/a.json", {"value": None}).read_text()
        '{\\n  "value": null\\n}\\n'
    """
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return write_whole(path, text.encode("utf-8"))


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file, complete or not at all.

    Raises:
        DataError: if there is no space, no permission or no folder.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(f"{folder}/a.txt", b"a").name
        'a.txt'
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True) if part.parent.is_dir() else None
        raise DataError(f"Could not write {path}: {error.strerror or error}.") from error
    return path


def writable(path: str | Path) -> None:
    """Make the folder of a file that will be written, and make sure that it can be.

    Raises:
        DataError: if there is no permission, or a file stands in the way.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     writable(f"{folder}/new/a.json")
        ...     [found.name for found in Path(folder).iterdir()]
        ['new']
    """
    folder = Path(path).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"Could not make the folder {folder}: {error.strerror}.") from None
    if not os.access(folder, os.W_OK):
        raise DataError(f"Could not write to the folder {folder}: permission denied.")
