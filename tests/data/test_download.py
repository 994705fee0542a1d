"""Fetching a set from a file: verified, whole, one process at a time, or not at all."""

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data import catalog, download
from ganlib.data.catalog import default_digits
from ganlib.data.download import fetch, one_at_a_time
from ganlib.data.loading import load_clips
from ganlib.errors import DataError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=1024)


def test_a_set_is_fetched_from_a_file_and_loaded_by_its_name(parts, archive, own_data_folder):
    assert default_digits() == "digits"
    folder = fetch("fsdd", source=archive)
    assert folder == own_data_folder / "fsdd" and default_digits() == "fsdd"
    train, test = (load_clips("fsdd", split, FORMAT) for split in ("train", "test"))
    assert (len(train), len(test)) == (8, 20)  # of 7 recordings the indices 5 and 6 are training
    assert train.label_names == ("0", "7") and set(train.voices) == {"ann", "bob"}
    assert train.names[0] == "recordings/0_ann_5.wav" and train.transcripts[0] == "zero"
    assert not set(train.names) & set(test.names)
    assert parts(own_data_folder) == ["fsdd"]


def test_a_set_that_is_there_is_not_fetched_again(archive):
    folder = fetch("fsdd", source=archive)
    before = os.stat(folder / catalog.MARKER).st_mtime_ns
    assert fetch("fsdd", source="nowhere.zip") == folder
    assert os.stat(folder / catalog.MARKER).st_mtime_ns == before


def test_an_undamaged_archive_with_other_recordings_is_refused(
    parts, archive, fsdd_files, make_zip, make_sound, own_data_folder
):
    name = next(name for name in fsdd_files if name.endswith("7_bob_3.wav"))
    altered = make_zip(fsdd_files | {name: make_sound(seed=99)}, "altered.zip")
    missing = make_zip({k: v for k, v in fsdd_files.items() if k != name}, "missing.zip")
    for path in (altered, missing):
        with pytest.raises(DataError, match=f"{path.name} is refused: .*incomplete or altered"):
            fetch("fsdd", source=path)
        assert path.is_file()  # it is the user's own and stays
    assert parts(own_data_folder) == []


def test_two_recordings_that_changed_names_are_noticed(archive, fsdd_files, make_zip):
    zero, seven = (f"free-spoken-digit-dataset-0123abc/recordings/{d}_ann_0.wav" for d in "07")
    swapped = fsdd_files | {zero: fsdd_files[seven], seven: fsdd_files[zero]}
    with pytest.raises(DataError, match="incomplete or altered"):
        fetch("fsdd", source=make_zip(swapped, "swapped.zip"))


def test_how_the_archive_was_packed_does_not_matter(small_fsdd, fsdd_files, make_tar):
    fetch("fsdd", source=make_tar(fsdd_files, "again.tar.bz2"))
    assert len(load_clips("fsdd", "all", FORMAT)) == 28


def test_a_full_disk_is_foreseen(parts, archive, monkeypatch, own_data_folder):
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(DataError, match="fsdd needs 0.02 GB in .*only 0.00 GB are free"):
        fetch("fsdd", source=archive)
    assert parts(own_data_folder) == []


def test_a_disk_that_runs_full_all_the_same_leaves_no_half_set(
    parts, archive, monkeypatch, own_data_folder
):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download, "extract", full)
        with pytest.raises(DataError, match="cannot fetch fsdd into .*: No space left on device"):
            fetch("fsdd", source=archive)
    assert parts(own_data_folder) == []
    fetch("fsdd", source=archive)


def test_ctrl_c_while_unpacking_leaves_nothing(parts, archive, monkeypatch, own_data_folder):
    def interrupted(self, folder):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(catalog.DataSet, "verify", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetch("fsdd", source=archive)
    assert parts(own_data_folder) == []


def test_what_a_killed_process_left_is_swept_up(parts, archive, own_data_folder):
    left = own_data_folder / "downloads" / "fsdd" / ".unpacking-dead" / "all"
    left.mkdir(parents=True)
    (left / "half.wav").write_bytes(b"half")
    (own_data_folder / "downloads" / "fsdd" / "tmpabcdefgh").touch()
    fetch("fsdd", source=archive)
    assert parts(own_data_folder) == ["fsdd"]


def test_a_data_folder_that_cannot_be_written_is_told(archive, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match="cannot fetch fsdd into .*file"):
        fetch("fsdd", source=archive)


def test_a_folder_of_unknown_origin_in_the_way_is_told_and_left_alone(archive, own_data_folder):
    mine = own_data_folder / "fsdd" / "mine.wav"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    with pytest.raises(DataError, match="in the way and not a verified fsdd; move it"):
        fetch("fsdd", source=archive)
    assert mine.read_bytes() == b"mine"


def test_recordings_that_disappear_later_are_noticed(archive):
    folder = fetch("fsdd", source=archive)
    next(folder.rglob("7_bob_3.wav")).unlink()
    with pytest.raises(DataError, match="expected the 28 recordings that were fetched, found 27"):
        load_clips("fsdd", "train", FORMAT)


def test_unknown_sets_bundled_sets_and_missing_files_are_told(small_fsdd, tmp_path):
    with pytest.raises(DataError, match="unknown data set 'ljspeach'; did you mean: ljspeech"):
        fetch("ljspeach")
    with pytest.raises(DataError, match="there are: digits, voice, fsdd"):
        fetch("qqq")
    with pytest.raises(DataError, match="ships with the repository"):
        fetch("digits", source="a.zip")
    assert fetch("digits").name == "digits"
    with pytest.raises(DataError, match="a.zip: expected an archive or an address"):
        fetch("fsdd", source=tmp_path / "a.zip")
    with pytest.raises(DataError, match="ftp://.*: expected an archive or an address"):
        fetch("fsdd", source="ftp://example.org/a.zip")


def test_two_processes_do_not_work_in_one_folder_at_a_time(tmp_path):
    order = []
    inside, leave = threading.Event(), threading.Event()

    def first():
        with one_at_a_time(tmp_path / "work"):
            inside.set()
            leave.wait(10)
            order.append("first")

    def second():
        with one_at_a_time(tmp_path / "work"):
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    inside.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    assert order == []  # the second one waits
    leave.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]
    assert not (tmp_path / "work").exists()


FETCH = """
import dataclasses, sys
from ganlib.data import catalog
from ganlib.data.download import fetch
entry = dataclasses.replace(catalog.DATASETS["fsdd"], contents_sha256=sys.argv[2])
catalog.DATASETS["fsdd"] = entry
fetch("fsdd", source=sys.argv[1], progress=False)
"""


def test_processes_that_fetch_at_the_same_time_all_find_a_whole_set(
    parts, archive, small_fsdd, own_data_folder
):
    command = [sys.executable, "-c", FETCH, str(archive), small_fsdd.contents_sha256]
    root = Path(__file__).parents[2]
    workers = [subprocess.Popen(command, cwd=root) for _ in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert len(load_clips("fsdd", "all", FORMAT)) == 28
    assert parts(own_data_folder) == ["fsdd"]
