"""How the sets of the catalogue lie on disk: file names and lists turned into recordings."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ganlib.data.folders import audio_files, data_root
from ganlib.data.listing import Recording
from ganlib.data.tables import from_metadata
from ganlib.errors import DataError

DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
FSDD_NAME = re.compile(r"(?P<digit>[0-9])_(?P<voice>[A-Za-z]+)_(?P<index>[0-9]+)\.wav")
SC09_LISTS = {"validation": "validation_list.txt", "test": "testing_list.txt"}


def fsdd_recordings(folder: Path) -> list[Recording]:
    """`recordings/{digit}_{speaker}_{index}.wav`; the official test split is index 0 to 4.

    Raises:
        DataError: if a recording has another name, or there are none.
    """
    found = []
    for path in _audio_in(data_root(folder) / "recordings"):
        match = FSDD_NAME.fullmatch(path.name)
        if match is None:
            raise DataError(f"{path.name}: expected a name such as 7_jackson_32.wav")
        digit, split = int(match["digit"]), "test" if int(match["index"]) < 5 else "train"
        found.append(Recording(path, str(digit), match["voice"], split, DIGIT_WORDS[digit]))
    return found


def sc09_recordings(folder: Path) -> list[Recording]:
    """`{word}/{speaker}_nohash_{n}.wav`; splits from the two official lists, the rest is training.

    The labels are 0 to 9, as in the other sets of digits; the transcript is the word.

    Raises:
        DataError: if a list is missing or names a file that is not there, a digit has no
            recordings, or a speaker is in two splits.
    """
    root = data_root(folder)
    splits = {name: split for split, file in SC09_LISTS.items() for name in _sc09_list(root / file)}
    found = []
    for digit, word in enumerate(DIGIT_WORDS):
        for path in _audio_in(root / word):
            voice = path.name.split("_nohash_")[0]
            split = splits.pop(f"{word}/{path.name}", "train")
            found.append(Recording(path, str(digit), voice, split, word))
    if splits:
        raise DataError(f"{next(iter(splits))}: named in an official list, but not in the archive")
    _check_speakers_disjoint(found)
    return found


def _sc09_list(path: Path) -> list[str]:
    if not path.is_file():
        raise DataError(
            f"{path.name}: expected the official list beside the recordings, found none"
        )
    names = path.read_text(encoding="utf-8").split()
    return [name for name in names if name.split("/")[0] in DIGIT_WORDS]


def _check_speakers_disjoint(recordings: list[Recording]) -> None:
    split_of: dict[str, str] = {}
    for recording in recordings:
        if split_of.setdefault(recording.voice, recording.split) != recording.split:
            raise DataError(
                f"speaker {recording.voice} is in two splits; the lists do not belong here"
            )


def sc09_keeps(name: str) -> bool:
    """Whether an entry of the Speech Commands archive belongs to the ten digits or the lists."""
    *folders, file = Path(name).parts
    if folders and folders[-1] in DIGIT_WORDS:
        return True
    wanted = (*SC09_LISTS.values(), "LICENSE", "README.md")
    return file in wanted and "_background_noise_" not in folders


def ljspeech_recordings(folder: Path) -> list[Recording]:
    """`metadata.csv` and `wavs/LJ{chapter}-{passage}.wav`; one voice, transcripts, no labels.

    LJSpeech names no official splits. Ours go by chapter, so that no text stands in two of them:
    LJ001 is the test split, LJ002 validation, all other chapters training.

    Raises:
        DataError: if `metadata.csv` is missing or names a file that is not there.
    """
    root = data_root(folder)
    if not (root / "metadata.csv").is_file():
        raise DataError("metadata.csv: expected LJSpeech's table of transcripts, found none")
    splits = {"LJ001": "test", "LJ002": "validation"}
    found = []
    for row in from_metadata(root / "metadata.csv"):
        if not row.path.is_file():
            raise DataError(f"{row.path.name}: named in metadata.csv, but not in the archive")
        split = splits.get(row.path.stem.split("-")[0], "train")
        found.append(
            Recording(row.path, voice="Linda Johnson", split=split, transcript=row.transcript)
        )
    return found


def _audio_in(folder: Path) -> list[Path]:
    files = list(audio_files(folder)) if folder.is_dir() else []
    if not files:
        raise DataError(f"{folder.name}/: expected recordings in this folder, found none")
    return files


def contents_digest(recordings: list[Recording]) -> str:
    """One digest for a whole set: SHA-256 over the sorted lines `{SHA-256 of a file}  {its name}`.

    The same as `sha256sum *.wav | LC_ALL=C sort | sha256sum`; it does not depend on how the files
    were packed.

    Args:
        recordings: the set, in any order.

    Returns:
        64 hexadecimal digits.
    """
    lines = sorted(
        f"{hashlib.sha256(item.path.read_bytes()).hexdigest()}  {item.path.name}\n"
        for item in recordings
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
