"""What the columns of a table may be called, in the corpora that people have."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

COLUMNS = {
    "file": (
        "file", "filename", "file_name", "path", "filepath", "file_path", "audio_file",
        "audio_filepath", "audio_path", "audio", "wav", "wav_file", "wav_path", "wav_filename",
        "slice_file_name", "fname",
    ),
    "label": ("label", "labels", "class", "category", "command"),
    "voice": ("voice", "speaker", "speaker_name", "speaker_id", "client_id"),
    "split": ("split", "subset", "set"),
    "transcript": (
        "transcript", "transcription", "text", "sentence", "normalized_text", "raw_transcription",
    ),
    "offset": ("offset",),
}  # fmt: skip


def column_name(cell: object) -> str:
    """How a column is called: in small letters, words joined by `_`.

    Example:
        >>> column_name(" File-Name ")
        'file_name'
    """
    return str(cell).strip().strip('"').strip().lower().replace(" ", "_").replace("-", "_")


def has_column(header: tuple[str, ...], kind: str) -> bool:
    """Whether one of the names is that of a column of this kind.

    Example:
        >>> has_column(("audio_file", "text"), "file")
        True
    """
    return bool(set(header) & set(COLUMNS[kind]))


def cell_of(row: Mapping[str, str], kind: str) -> str:
    """What a row says, under the first of the column's names that says anything.

    Example:
        >>> cell_of({"text": "", "sentence": "Hello."}, "transcript")
        'Hello.'
    """
    values = (row.get(name, "").strip() for name in COLUMNS[kind])
    return next((value for value in values if value), "")


def composed(name: str) -> str:
    """A name with its accents composed (Unicode NFC): two that look alike are alike.

    Example:
        >>> composed("e" + chr(0x301)) == chr(0xE9)
        True
    """
    return unicodedata.normalize("NFC", name)
