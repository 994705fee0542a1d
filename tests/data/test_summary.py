"""What `ganlib data info` and `ganlib data list` tell."""

import numpy as np
import pytest
import soundfile

from ganlib.data.catalog import DATASETS
from ganlib.data.download import fetch
from ganlib.data.summary import catalogue_table, info
from ganlib.errors import DataError


def write(path, seconds, rate=8000, channels=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros((int(seconds * rate), channels)), rate)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "mine"
    write(root / "train" / "yes" / "a.wav", 0.5)
    write(root / "train" / "no" / "b.wav", 1.0, rate=16000)
    write(root / "test" / "no" / "c.flac", 2.0, channels=2)
    (root / "test" / "no" / "bad.mp3").write_text("no sound")
    return root


def test_a_folder_is_counted_by_duration_rate_channels_label_and_split(folder):
    found = info(folder)
    assert found.recordings == 3 and sorted(found.seconds) == [0.5, 1.0, 2.0]
    assert found.rates == {8000: 2, 16000: 1} and found.channels == {1: 2, 2: 1}
    assert found.labels == {"no": 2, "yes": 1} and found.splits == {"train": 2, "test": 1}
    assert found.voices == {} and found.entry is None
    [(path, reason)] = found.skipped
    assert path.endswith("bad.mp3") and "cannot be decoded" in reason


def test_its_text_has_every_count_and_every_reason(folder):
    text = str(info(folder))
    for words in ("0 min 4 s", "0.50 to 2.00 s", "8,000 Hz: 2, 16,000 Hz: 1", "no (2), yes (1)",
                  "train (2), test (1)", "bad.mp3: cannot be decoded"):  # fmt: skip
        assert words in text


def test_a_folder_with_one_subfolder_keeps_its_name_whatever_lies_beside(tmp_path):
    for name in ("plain", "linked"):
        write(tmp_path / name / "speech" / "yes" / "a.wav", 0.5)
        write(tmp_path / name / "speech" / "no" / "a.wav", 0.5)
    (tmp_path / "linked" / "shortcut.txt").symlink_to(tmp_path / "plain")
    for name in ("plain", "linked"):
        found = info(tmp_path / name)
        assert found.folder == tmp_path / name
        assert str(found).splitlines()[0].split() == ["folder", str(tmp_path / name)]


def test_a_long_list_is_cut_and_says_so(tmp_path):
    for number in range(20):
        write(tmp_path / f"word{number:02}" / "a.wav", 0.1)
        (tmp_path / f"word{number:02}" / "bad.wav").touch()
    text = str(info(tmp_path))
    assert "20: word00 (1)" in text and "... 8 more" in text and "... and 8 more" in text


def test_files_that_metadata_does_not_name_are_counted(tmp_path):
    for name in ("a.wav", "b.wav", "c.wav"):
        write(tmp_path / name, 0.1)
    (tmp_path / "metadata.csv").write_text("file,voice\na.wav,ann\n")
    found = info(tmp_path)
    assert found.unlisted == 2 and found.voices == {"ann": 1}
    assert "2 files that metadata.csv does not name" in str(found)


def test_strict_and_bad_folders_are_refused(folder, tmp_path):
    with pytest.raises(DataError, match="1 of 4 files cannot be used"):
        info(folder, strict=True)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="found none"):
        info(tmp_path / "empty")
    with pytest.raises(DataError, match="unknown data set 'ljspech'; did you mean: ljspeech"):
        info("ljspech")


def test_a_set_that_is_not_here_tells_what_it_is_and_how_to_get_it():
    text = str(info("sc09"))
    for words in ("CC BY 4.0", "2,429 MB", "ganlib data get sc09", "arXiv:1804.03209",
                  "validation_list.txt", "not recomputed by us"):  # fmt: skip
        assert words in text


def test_a_fetched_set_tells_how_this_copy_was_verified(small_fsdd, archive):
    fetch("fsdd", source=archive)
    text = str(info("fsdd"))
    for words in ("CC BY-SA 4.0", "digest of the recordings", "train (8)", "ann (14), bob (14)"):
        assert words in text or words.replace("train (8)", "test (20), train (8)") in text


def test_the_table_has_a_row_for_every_set(small_fsdd, archive):
    assert "fsdd      17 MB     no" in catalogue_table().replace("10 MB", "17 MB")
    fetch("fsdd", source=archive)
    rows = catalogue_table().splitlines()[1:]
    assert [row.split()[0] for row in rows] == list(DATASETS)
    here = {row.split()[0]: "yes" in row.split() for row in rows}
    assert here["fsdd"] and not here["sc09"]


def test_what_is_not_used_is_remarked_and_what_cannot_be_opened_is_counted(tmp_path):
    for name in ("yes", "test", "no"):
        write(tmp_path / name / "a.wav", 0.1)
    (tmp_path / "labels.csv").write_text("file,label\nyes/a.wav,1\n")
    (tmp_path / "gone").symlink_to(tmp_path / "moved")
    found = info(tmp_path)
    assert found.labels == {"no": 1, "test": 1, "yes": 1} and len(found.remarks) == 2
    text = str(found)
    for words in (
        "remark          labels.csv is not read: ",
        "remark          The folder test is taken for a label",
        "cannot be used  1",
        "gone: is a link to something that is not there",
    ):
        assert words in text


def test_the_folder_of_the_data_has_one_name_with_or_without_a_link_beside_it(tmp_path):
    write(tmp_path / "seven" / "a.wav", 0.1)
    assert info(tmp_path).folder == tmp_path
    (tmp_path / "again").symlink_to(tmp_path / "seven")
    assert info(tmp_path).folder == tmp_path and info(tmp_path).labels == {"seven": 1}
