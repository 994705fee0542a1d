"""Layouts of real corpora: which tables are read, and what is said of the others."""

from pathlib import Path

import pytest

from ganlib.data.folders import list_folder
from ganlib.data.tables import from_metadata
from ganlib.errors import DataError


def lay(root: Path, sounds: str, **tables: str) -> Path:
    """Empty sound files, and tables by name; `__` in a name stands for a slash."""
    for name in sounds.split():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    for name, text in tables.items():
        path = root / name.replace("__", "/").replace("_csv", ".csv").replace("_jsonl", ".jsonl")
        path = path.with_name(path.name.replace("_tsv", ".tsv").replace("_json", ".json"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def rows(root: Path, *columns: str) -> list[tuple[str, ...]]:
    return [
        (item.path.relative_to(root).as_posix(), *(getattr(item, name) for name in columns))
        for item in list_folder(root).recordings
    ]


def test_without_a_column_split_the_folders_that_a_root_table_names_are_the_splits(tmp_path):
    lay(tmp_path, "train/a.wav test/a.wav clips/dev/b.wav",
        metadata_csv="file,label\ntrain/a.wav,yes\ntest/a.wav,no\ndev/b.wav,yes\n")  # fmt: skip
    assert rows(tmp_path, "label", "split") == [
        ("train/a.wav", "yes", "train"), ("test/a.wav", "no", "test"),
        ("clips/dev/b.wav", "yes", "validation"),
    ]  # fmt: skip
    assert list_folder(tmp_path).remarks == []


def test_a_column_split_says_more_than_the_folders(tmp_path):
    lay(tmp_path, "train/a.wav train/b.wav test/c.wav",
        metadata_csv="file,split\ntrain/a.wav,test\ntrain/b.wav,\ntest/c.wav,\n")  # fmt: skip
    assert [split for _, split in rows(tmp_path, "split")] == ["test", "train", "test"]


@pytest.mark.parametrize("table", ["metadata_csv", "metadata_tsv", "metadata_jsonl"])
def test_a_table_in_each_split_s_folder_is_read_as_hugging_face_does(tmp_path, table):
    lines = {
        "metadata_csv": "file_name,transcription,label\n{0}.wav,{0} said,{1}\n",
        "metadata_tsv": "file_name\ttranscription\tlabel\n{0}.wav\t{0} said\t{1}\n",
        "metadata_jsonl": '{{"file_name": "{0}.wav", "transcription": "{0} said", "label": "{1}"}}',
    }[table]
    texts = {f"data__train__{table}": lines.format("a", "yes"),
             f"data__test__{table}": lines.format("b", "no"), "README.md": "# mine"}  # fmt: skip
    lay(tmp_path, "data/train/a.wav data/train/extra.wav data/test/b.wav", **texts)
    assert sorted(rows(tmp_path, "label", "split", "transcript")) == [
        ("data/test/b.wav", "no", "test", "b said"),
        ("data/train/a.wav", "yes", "train", "a said"),
    ]
    found = list_folder(tmp_path)
    assert found.unlisted == 1 and len(found.remarks) == 1
    assert found.remarks[0].startswith("1 file that metadata.") and "extra.wav" in found.remarks[0]


def test_tables_inside_the_folders_of_labels_leave_them_their_labels(tmp_path):
    lay(
        tmp_path,
        "train/yes/a.wav train/no/b.wav",
        train__yes__metadata_csv="file,text\na.wav,Yes\n",
    )
    assert sorted(rows(tmp_path, "label", "split", "transcript")) == [
        ("train/no/b.wav", "no", "train", ""), ("train/yes/a.wav", "yes", "train", "Yes"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Metadata.CSV", "METADATA.csv", "metadata.TSV", "Metadata.JsonL"])
def test_the_name_of_a_table_may_have_capitals(tmp_path, name):
    text = '{"file": "a.wav", "label": "7"}' if "J" in name else "file\tlabel\na.wav\t7\n"
    (tmp_path / name).write_text(text)
    assert rows(lay(tmp_path, "a.wav b.wav"), "label") == [("a.wav", "7")]


def test_bars_below_a_header_go_by_its_names(tmp_path):
    lay(tmp_path, "wavs/a.wav wavs/b.wav",
        metadata_csv='text|speaker_name|audio_file\n"Hi," he said|ann|wavs/a.wav\nYes|bob|b\n',
    )  # fmt: skip
    assert rows(tmp_path, "voice", "transcript", "label") == [
        ("wavs/a.wav", "ann", '"Hi," he said', ""), ("wavs/b.wav", "bob", "Yes", ""),
    ]  # fmt: skip


def test_bars_below_a_header_without_a_column_of_files_are_refused(tmp_path):
    lay(tmp_path, "wavs/a.wav", metadata_csv="id|text|speaker\na|Hi|ann\n")
    with pytest.raises(DataError, match="expected a header with a column 'file'.*got 'id.text"):
        list_folder(tmp_path)


def test_common_voice(tmp_path):
    head = "client_id\tpath\tsentence\n"
    lay(tmp_path, "en/clips/a.mp3 en/clips/b.mp3 en/clips/c.mp3 en/clips/d.mp3",
        en__train_tsv=f'{head}u1\ta.mp3\t"Hello," she said, "you\n',
        en__test_tsv=f"{head}u2\tb.mp3\tHo\n",
        en__dev_tsv=f"{head}u3\tc.mp3\tHe\n", en__validated_tsv=f"{head}u2\tb.mp3\tHo\n",
        en__clip_durations_tsv="clip\tduration[ms]\n")  # fmt: skip
    assert sorted(rows(tmp_path, "voice", "split", "transcript", "label")) == [
        ("en/clips/a.mp3", "u1", "train", '"Hello," she said, "you', ""),
        ("en/clips/b.mp3", "u2", "test", "Ho", ""),
        ("en/clips/c.mp3", "u3", "validation", "He", ""),
    ]  # fmt: skip
    unread, unlisted = list_folder(tmp_path).remarks
    assert "en/clip_durations.tsv, en/validated.tsv are not read: a table is read when" in unread
    assert unlisted.startswith("1 file that dev.tsv, test.tsv, train.tsv do not name is left out")


def test_manifests_of_nemo(tmp_path):
    lay(tmp_path, "wav/a.wav wav/b.wav",
        train_manifest_json='{"audio_filepath": "/an4/wav/a.wav", "text": "hi", "offset": 0.0}\n',
        test_manifest_json='{"audio_filepath": "wav/b.wav", "duration": 1.5, "speaker": "ann"}\n',
    )  # fmt: skip
    assert sorted(rows(tmp_path, "voice", "split", "transcript")) == [
        ("wav/a.wav", "", "train", "hi"), ("wav/b.wav", "ann", "test", ""),
    ]  # fmt: skip


def test_a_manifest_that_cuts_files_into_parts_is_refused_with_the_row(tmp_path):
    lay(tmp_path, "a.wav", manifest_jsonl='{"audio_filepath": "a.wav", "offset": 3.2}\n')
    with pytest.raises(DataError, match="manifest.jsonl, row 1: begins 3.2 s inside its file"):
        list_folder(tmp_path)


def test_librispeech_and_libritts(tmp_path):
    top = "LibriSpeech/train-clean-100/19/198"
    lay(tmp_path, f"{top}/19-198-0000.flac LibriSpeech/dev-other/7/1/7_1_0.wav")
    (tmp_path / top / "19-198.trans.txt").write_text("19-198-0000 NORTHANGER ABBEY\n")
    other = tmp_path / "LibriSpeech/dev-other/7/1/7_1.trans.tsv"
    other.write_text("7_1_0\tIt's 3.\tIt's three.\n")
    assert sorted(rows(tmp_path, "label", "voice", "split", "transcript")) == [
        ("LibriSpeech/dev-other/7/1/7_1_0.wav", "", "7", "validation", "It's three."),
        (f"{top}/19-198-0000.flac", "", "19", "train", "NORTHANGER ABBEY"),
    ]


def test_a_table_in_a_folder_without_sound_speaks_for_the_folder_around_it(tmp_path):
    lay(tmp_path, "audio/1-a.wav audio/2-b.wav",
        meta__metadata_csv="filename,fold,category\n1-a.wav,1,dog\n../audio/2-b.wav,2,cat\n",
    )  # fmt: skip
    assert rows(tmp_path, "label") == [("audio/1-a.wav", "dog"), ("audio/2-b.wav", "cat")]


def test_tables_that_are_not_read_are_named_with_the_reason(tmp_path):
    table = "file,label\na.wav,7\n"
    lay(tmp_path, "a.wav deep/b.wav", metadata_csv=table, metadata_tsv=table, labels_csv=table,
        train_csv=table, deep__metadata_csv=table, metadata_json="{}")  # fmt: skip
    for name in ("speech.xlsx", "testing_list.txt", "notes.txt"):
        (tmp_path / name).touch()
    said = " ".join(list_folder(tmp_path).remarks)
    for words in (
        "labels.csv is not read: a table is read when it is called metadata",
        "speech.xlsx is not read: .xlsx is not read; save it as metadata.csv",
        "metadata.tsv, train.csv, deep/metadata.csv are not read: metadata.csv is read instead",
        "testing_list.txt is not read: it is a text",
    ):
        assert words in said
    assert "notes.txt" not in said and rows(tmp_path, "label") == [("a.wav", "7")]


def test_a_table_named_after_a_split_that_names_no_files_leaves_the_labels_to_the_folders(tmp_path):
    lay(tmp_path, "yes/a.wav no/b.wav", train_csv="id,target\n1,2\n", docs__metadata_csv="a,b\n")
    assert rows(tmp_path, "label") == [("no/b.wav", "no"), ("yes/a.wav", "yes")]
    said = " ".join(list_folder(tmp_path).remarks)
    assert "train.csv is not read: it has no column 'file'" in said
    assert "docs/metadata.csv is not read: expected a header with a column 'file'" in said


def test_labels_that_folders_name_and_the_table_does_not_are_not_taken_in_silence(tmp_path):
    lay(tmp_path, "yes/a.wav no/b.wav", metadata_csv="file,text\nyes/a.wav,Yes\nno/b.wav,No\n")
    assert rows(tmp_path, "label") == [("yes/a.wav", ""), ("no/b.wav", "")]
    [remark] = list_folder(tmp_path).remarks
    assert "metadata.csv has no column 'label': the folders no, yes are not taken" in remark


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("file,label\na.wav,yes\nA.WAV,no\n", "row 3: a.wav is named twice"),
        ('file,text,label\na.wav,"x,yes\nb.wav,y,no\n', "row 2: a quotation mark is not closed"),
        ("file,text,label\na.wav,hello, world,yes\n", "row 2: 4 cells where the header has 3"),
        ("file,label,label\na.wav,1,2\n", "row 1: the column 'label' is there twice"),
        ("name|text\nLJ2|a|b|c\n", "expected a header"),
        ("LJ1|text one\nLJ2|a|b|c\n", "row 2: expected name.text or name.text.normalised text"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_read_are_refused_by_number(tmp_path, text, complaint):
    lay(tmp_path, "a.wav b.wav", metadata_csv=text)
    with pytest.raises(DataError, match=complaint):
        list_folder(tmp_path)


def test_a_file_that_two_tables_name_is_refused(tmp_path):
    table = "file,label\na.wav,7\n"
    lay(tmp_path, "a.wav", train_csv=table, test_csv=table)
    with pytest.raises(DataError, match="train.csv, row 2: a.wav is named here and in .*test.csv"):
        list_folder(tmp_path)


def test_accents_in_labels_are_one_label_however_they_are_composed(tmp_path):
    lay(tmp_path, "a.wav b.wav", metadata_csv="file,label\na.wav,s\u00ed\nb.wav,si\u0301\n")
    assert {label for _, label in rows(tmp_path, "label")} == {"s\u00ed"}
    lay(tmp_path / "folders", "train/si\u0301/a.wav test/s\u00ed/b.wav")
    assert {item.label for item in list_folder(tmp_path / "folders").recordings} == {"s\u00ed"}


def test_one_table_alone_is_read_with_from_metadata(tmp_path):
    lay(tmp_path, "wavs/a.wav", metadata_csv="a|One|two\n", other_csv="a,b\n")
    assert [item.transcript for item in from_metadata(tmp_path / "metadata.csv")] == ["two"]
    with pytest.raises(DataError, match="other.csv: expected a header"):
        from_metadata(tmp_path / "other.csv")
