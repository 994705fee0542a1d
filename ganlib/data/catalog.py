"""The sets by name: origin, licence, citation, size, splits, and how a copy is verified."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganlib.data import layouts
from ganlib.data.folders import Recording, list_recordings
from ganlib.data.namesakes import tell_of_namesake
from ganlib.errors import DataError

MARKER = (
    ".ganlib.json"  # lies in every folder that was fetched, verified and moved into place whole
)


@dataclass(frozen=True)
class DataSet:
    """One entry of the catalogue.

    Args:
        name: what `load_clips` and the command line call it.
        title: its full name.
        licence: the licence of the recordings.
        citation: whom to cite.
        homepage: where people read about it.
        origin: address of the archive; empty for a set that ships with the repository.
        archive_bytes: size of the archive, in bytes.
        unpacked_bytes: size of what is kept of it, in bytes.
        clips: recordings in the complete official set.
        sample_rate: in Hz.
        splits: the rule that splits it, in words.
        verification: how a copy is verified and who vouches for the digest, in words.
        archive_sha256: digest of the archive, where its bytes never change.
        contents_sha256: digest of the recordings, see `layouts.contents_digest`.
        recordings: lists the recordings of an unpacked copy and refuses an incomplete one.
        keeps: which entries of the archive are unpacked, by name.

    Example:
        >>> DATASETS["fsdd"].sample_rate
        8000
    """

    name: str
    title: str
    licence: str
    citation: str
    homepage: str
    origin: str = ""
    archive_bytes: int = 0
    unpacked_bytes: int = 0
    clips: int = 0
    sample_rate: int = 16000
    splits: str = "column split of its metadata.csv"
    verification: str = "part of the repository; digests in its SHA256SUMS"
    archive_sha256: str | None = None
    contents_sha256: str | None = None
    recordings: Callable[[Path], list[Recording]] = list_recordings
    keeps: Callable[[str], bool] | None = None

    @property
    def bundled(self) -> bool:
        """Whether the set ships with the repository."""
        return not self.origin

    @property
    def folder(self) -> Path:
        """Where its recordings lie, or would lie once fetched."""
        base = Path(__file__).parents[2] / "datasets" if self.bundled else data_folder()
        return base / self.name

    @property
    def present(self) -> bool:
        """Whether it can be loaded now."""
        return (self.folder / ("metadata.csv" if self.bundled else MARKER)).is_file()

    def verify(self, folder: Path) -> list[Recording]:
        """The recordings of a folder that holds this set, complete and, as far as known, unaltered.

        Raises:
            DataError: naming what is missing or altered.
        """
        found = self.recordings(folder)
        if self.contents_sha256 is None:
            return found
        came = layouts.contents_digest(found)
        if came != self.contents_sha256:
            raise DataError(
                f"expected {self.clips:,} recordings with the digest {self.contents_sha256[:16]}, "
                f"got {len(found):,} with {came[:16]}: incomplete or altered"
            )
        return found

    def note(self) -> dict[str, Any]:
        """What fetching wrote down: source, how the copy was verified, number of recordings."""
        if self.bundled or not self.present:
            return {}
        return json.loads((self.folder / MARKER).read_text(encoding="utf-8"))

    def load(self) -> list[Recording]:
        """The recordings on this machine.

        Raises:
            DataError: if the set is not here, or files of it have disappeared.
        """
        tell_of_namesake(self.name, self.folder)
        if not self.present:
            raise DataError(
                f"{self.name} ships with the repository, but {self.folder} is not there; "
                "install ganlib from a clone of the repository (pip install -e .)"
                if self.bundled
                else f"{self.name} is not on this machine; get it with: ganlib data get {self.name}"
            )
        found = self.recordings(self.folder)
        expected = self.note().get("recordings", len(found))
        if len(found) != expected:
            raise DataError(
                f"{self.folder}: expected the {expected:,} recordings that were fetched, found "
                f"{len(found):,}; remove the folder and fetch {self.name} again"
            )
        return found


FSDD_COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1"

_ENTRIES = (
    DataSet(
        name="digits",
        title="Spoken digits by many voices, human and synthetic",
        licence="CC BY-SA 3.0 (human clips), CC0 1.0 (synthesised clips)",
        citation="Allison Smith, Asterisk core sounds; espeak-ng, flite and festival voices",
        homepage="datasets/digits/README.md",
    ),
    DataSet(
        name="voice",
        title="Allison Smith's telephone prompts",
        licence="CC BY-SA 3.0",
        citation="Allison Smith, Asterisk core sounds, Debian asterisk-core-sounds-en-g722",
        homepage="datasets/voice/README.md",
    ),
    DataSet(
        name="fsdd",
        title="Free Spoken Digit Dataset",
        licence="CC BY-SA 4.0",
        citation="Z. Jackson, C. Souza, J. Flaks, Y. Pan, H. Nicolas, A. Thite, "
        "Free Spoken Digit Dataset, 2018, doi:10.5281/zenodo.1342401",
        homepage="https://github.com/Jakobovski/free-spoken-digit-dataset",
        origin=f"https://github.com/Jakobovski/free-spoken-digit-dataset/archive/{FSDD_COMMIT}.zip",
        archive_bytes=16_620_507,
        unpacked_bytes=21_133_546,
        clips=3000,
        sample_rate=8000,
        splits="official: test is index 0-4 of each speaker and digit, training is 5-49",
        verification="digest over the names and digests of all 3,000 recordings, taken from the "
        "archive of the commit (the host may repack the archive, the recordings stay)",
        contents_sha256="710951a2589b3ada7d439d4478090cd83b6eed3c738ae7ae04a030fa0f61ed88",
        recordings=layouts.fsdd_recordings,
    ),
    DataSet(
        name="sc09",
        title="Speech Commands v0.02, the ten digits",
        licence="CC BY 4.0",
        citation="P. Warden, Speech Commands: A Dataset for Limited-Vocabulary Speech "
        "Recognition, 2018, arXiv:1804.03209",
        homepage="https://arxiv.org/abs/1804.03209",
        origin="http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
        archive_bytes=2_428_923_189,
        unpacked_bytes=1_300_000_000,
        clips=38_908,
        splits="official: validation_list.txt and testing_list.txt, by speaker",
        verification="SHA-256 of the archive as published by TensorFlow Datasets and torchaudio, "
        "not recomputed by us; another copy of the archive is checked by its structure only",
        archive_sha256="af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
        recordings=layouts.sc09_recordings,
        keeps=layouts.sc09_keeps,
    ),
    DataSet(
        name="ljspeech",
        title="The LJ Speech Dataset 1.1",
        licence="public domain",
        citation="K. Ito and L. Johnson, The LJ Speech Dataset, 2017",
        homepage="https://keithito.com/LJ-Speech-Dataset",
        origin="https://data.keithito.com/data/speech/LJSpeech-1.1.tar.bz2",
        archive_bytes=2_748_572_632,
        unpacked_bytes=3_801_111_440,
        clips=13_100,
        sample_rate=22050,
        splits="none official; ours by chapter: LJ001 test, LJ002 validation, the rest training",
        verification="SHA-256 of the archive as published by torchaudio, not recomputed by us; "
        "another copy of the archive is checked by its structure only",
        archive_sha256="be1a30453f28eb8dd26af4101ae40cbf2c50413b1bb21936cbcdc6fae3de8aa5",
        recordings=layouts.ljspeech_recordings,
    ),
)
DATASETS: dict[str, DataSet] = {entry.name: entry for entry in _ENTRIES}


def data_folder() -> Path:
    """Where fetched sets live: `$GANLIB_DATA`, or the user's cache folder.

    Example:
        >>> import os
        >>> os.environ["GANLIB_DATA"] = "/tmp/sound"
        >>> data_folder().as_posix()
        '/tmp/sound'
        >>> del os.environ["GANLIB_DATA"]
    """
    if os.environ.get("GANLIB_DATA"):
        return Path(os.environ["GANLIB_DATA"]).expanduser().absolute()
    import pooch

    return Path(pooch.os_cache("ganlib"))


def find(name: str) -> DataSet:
    """The entry of this name.

    Raises:
        DataError: if there is none; close names are suggested.

    Example:
        >>> find("fsdd").sample_rate
        8000
    """
    if name in DATASETS:
        return DATASETS[name]
    close = difflib.get_close_matches(str(name).lower(), DATASETS, n=2, cutoff=0.5)
    raise DataError(
        f"unknown data set '{name}'; "
        + (f"did you mean: {', '.join(close)}" if close else f"there are: {', '.join(DATASETS)}")
    )


def default_digits() -> str:
    """The set of spoken digits for the chapters: `fsdd` where it was fetched, else `digits`.

    Example:
        >>> default_digits() in ("fsdd", "digits")
        True
    """
    return "fsdd" if DATASETS["fsdd"].present else "digits"
