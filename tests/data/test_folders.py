"""Any folder of audio: which recordings it holds, and what is known about them."""

import os
from pathlib import Path

import pytest

from ganlib.data.folders import list_recordings
from ganlib.errors import DataError


def touch(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def rows(root: Path, *columns: str) -> list[tuple[str, ...]]:
    found = list_recordings(root)
    return [(item.path.relative_to(root).as_posix(), *(getattr(item, c) for c in columns))
            for item in found]  # fmt: skip


def test_the_first_folder_on_the_way_is_the_label_at_any_depth(tmp_path):
    touch(tmp_path, "yes/a.wav", "yes/2024/may/b.FLAC", "no/c.ogg", "d.mp3", "no/notes.txt")
    assert rows(tmp_path, "label") == [
        ("d.mp3", ""), ("no/c.ogg", "no"), ("yes/a.wav", "yes"), ("yes/2024/may/b.FLAC", "yes"),
    ]  # fmt: skip


def test_folders_named_after_splits_are_splits_and_not_labels(tmp_path):
    touch(tmp_path, "Train/yes/a.wav", "dev/yes/b.wav", "testing/no/c.wav")
    assert rows(tmp_path, "label", "split") == [
        ("Train/yes/a.wav", "yes", "train"),
        ("dev/yes/b.wav", "yes", "validation"),
        ("testing/no/c.wav", "no", "test"),
    ]


def test_hidden_files_and_what_a_mac_leaves_in_archives_are_left_out(tmp_path):
    touch(tmp_path, "yes/a.wav", "yes/._a.wav", ".git/b.wav", ".hidden.wav")
    assert rows(tmp_path) == [("yes/a.wav",)]


def test_an_unpacked_archive_is_looked_through(tmp_path):
    touch(tmp_path, "top/inner/yes/a.wav", "top/inner/no/b.wav")
    assert rows(tmp_path, "label") == [("top/inner/no/b.wav", "no"), ("top/inner/yes/a.wav", "yes")]


def test_one_folder_of_files_is_a_label_and_not_looked_through(tmp_path):
    touch(tmp_path, "seven/a.wav", "seven/b.wav")
    assert [item.label for item in list_recordings(tmp_path)] == ["seven", "seven"]


def test_a_link_that_leads_back_up_ends_the_search(tmp_path):
    touch(tmp_path / "data", "yes/a.wav")
    os.symlink(tmp_path / "data", tmp_path / "data" / "yes" / "again")
    lonely = tmp_path / "lonely"
    lonely.mkdir()
    os.symlink(lonely, lonely / "self")
    assert len(list_recordings(tmp_path / "data")) == 1
    with pytest.raises(DataError, match="found none"):
        list_recordings(lonely)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_metadata_names_the_files_and_what_is_known_about_them(tmp_path, delimiter):
    table = [
        ["file", "label", "voice", "split", "transcript"],
        ["a.wav", "7", "ann", "train", "seven"],
        ["sub/b.flac", "0", "bob", "TEST", "zero"],
    ]
    text = "\n".join(delimiter.join(row) for row in table) + "\n"
    touch(tmp_path, "a.wav", "sub/b.flac", "unnamed.wav")
    (tmp_path / "metadata.csv").write_text(text, encoding="utf-8-sig")
    assert rows(tmp_path, "label", "voice", "split", "transcript") == [
        ("a.wav", "7", "ann", "train", "seven"),
        ("sub/b.flac", "0", "bob", "test", "zero"),
    ]


def test_metadata_may_use_other_names_quotes_and_line_breaks(tmp_path):
    touch(tmp_path, "a.wav", "b.wav")
    (tmp_path / "metadata.csv").write_bytes(
        b'"Path","Speaker","Text"\r\na.wav,ann,"one, ""two""\nthree"\r\nb.wav,,\r\n'
    )
    assert rows(tmp_path, "voice", "transcript", "label") == [
        ("a.wav", "ann", 'one, "two"\nthree', ""), ("b.wav", "", "", ""),
    ]  # fmt: skip


def test_the_layout_of_ljspeech_needs_no_header(tmp_path):
    touch(tmp_path, "wavs/LJ001-0001.wav", "wavs/LJ001-0002.flac")
    (tmp_path / "metadata.csv").write_text(
        'LJ001-0001|He said "no|He said "no in 1 word\nLJ001-0002|Text|\n', encoding="utf-8"
    )
    assert rows(tmp_path, "transcript", "label") == [
        ("wavs/LJ001-0001.wav", 'He said "no in 1 word', ""),
        ("wavs/LJ001-0002.flac", "Text", ""),
    ]


def test_a_file_that_metadata_names_wrongly_is_kept_for_reading_to_complain_about(tmp_path):
    (tmp_path / "metadata.csv").write_text("file,label\nlost.wav,7\n")
    assert rows(tmp_path, "label") == [("lost.wav", "7")]


@pytest.mark.parametrize(
    "content, complaint",
    [
        (b"name,label\na.wav,7\n", "expected a header with a column 'file'"),
        (b"", "expected a header"),
        (b"file,split\na.wav,later\n", "row 2: expected the split .* got 'later'"),
        (b"file,label\n,7\n", "row 2: expected a file name"),
        (b"file,label\na.wav,\xff\xfe\n", "expected UTF-8"),
        (b"file,label\n", "found none"),
        (b"file,split\na.wav,train\na.wav,test\n", "row 3: .* twice"),
    ],
)
def test_malformed_metadata_is_refused_with_the_row(tmp_path, content, complaint):
    touch(tmp_path, "a.wav")
    (tmp_path / "metadata.csv").write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        list_recordings(tmp_path)


def test_no_folder_a_file_and_a_folder_without_audio_are_refused(tmp_path):
    with pytest.raises(DataError, match="expected a folder of audio, found nothing there"):
        list_recordings(tmp_path / "nowhere")
    touch(tmp_path, "a.wav", "empty/readme.txt")
    with pytest.raises(DataError, match="expected a folder of audio, found a file there"):
        list_recordings(tmp_path / "a.wav")
    with pytest.raises(DataError, match="WAV, FLAC, OGG, MP3"):
        list_recordings(tmp_path / "empty")
