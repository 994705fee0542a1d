"""What lies below a folder: links followed without going round, and nothing dropped in silence."""

import os
from pathlib import Path

import pytest

from ganlib.data.walking import look_through
from ganlib.errors import DataError


def touch(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def names(below) -> list[str]:
    return [path.relative_to(below.folder).as_posix() for path in below.sounds]


def test_a_link_to_a_folder_elsewhere_is_followed(tmp_path):
    touch(tmp_path, "data/yes/a.wav", "elsewhere/b.wav", "elsewhere/deep/c.wav")
    os.symlink(tmp_path / "elsewhere", tmp_path / "data" / "no")
    below = look_through(tmp_path / "data")
    assert names(below) == ["no/b.wav", "no/deep/c.wav", "yes/a.wav"] and not below.remarks


def test_links_that_go_round_or_up_or_twice_are_told_and_each_folder_is_read_once(tmp_path):
    data = touch(tmp_path / "data", "yes/a.wav", "no/deep/b.wav")
    touch(tmp_path, "beside/c.wav")
    os.symlink(data, data / "yes" / "back")
    os.symlink(tmp_path, data / "up")
    os.symlink(data / "yes", data / "aaa")  # comes first, but the real folder keeps its name
    below = look_through(data)
    assert names(below) == ["no/deep/b.wav", "yes/a.wav"]
    assert [remark.partition(" is a link to ")[0] for remark in below.remarks] == [
        str(data / "aaa"), str(data / "up"), str(data / "yes" / "back"),
    ]  # fmt: skip


def test_two_links_that_lead_to_each_other_end(tmp_path):
    touch(tmp_path, "data/yes/a.wav", "x/b.wav", "y/c.wav")
    os.symlink(tmp_path / "y", tmp_path / "x" / "to_y")
    os.symlink(tmp_path / "x", tmp_path / "y" / "to_x")
    os.symlink(tmp_path / "x", tmp_path / "data" / "no")
    below = look_through(tmp_path / "data")
    assert names(below) == ["no/b.wav", "no/to_y/c.wav", "yes/a.wav"]
    assert len(below.remarks) == 1 and "to_x" in below.remarks[0]


def test_a_folder_that_cannot_be_opened_is_named(tmp_path, monkeypatch):
    touch(tmp_path, "yes/a.wav", "no/b.wav")
    scandir = os.scandir

    def locked(folder):
        if Path(folder).name == "no":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("ganlib.data.walking.os.scandir", locked)
    below = look_through(tmp_path)
    assert names(below) == ["yes/a.wav"]
    assert below.refused == [
        (str(tmp_path / "no"), "cannot be opened (Permission denied); check who may read it")
    ]
    with pytest.raises(DataError, match="no: cannot be opened .Permission denied."):
        look_through(tmp_path / "no")


def test_a_class_folder_that_is_a_link_to_nothing_and_a_pipe_are_named(tmp_path):
    touch(tmp_path, "yes/a.wav")
    os.symlink(tmp_path / "moved_away", tmp_path / "no")
    os.mkfifo(tmp_path / "pipe.wav")  # opening it would wait for ever
    below = look_through(tmp_path)
    assert names(below) == ["yes/a.wav"]
    assert dict(below.refused) == {
        str(tmp_path / "no"): "is a link to something that is not there",
        str(tmp_path / "pipe.wav"): "is no file but a pipe or a device",
    }


def test_a_folder_s_own_files_come_before_its_subfolders_by_name(tmp_path):
    touch(tmp_path, "b/z.wav", "b/a/y.wav", "a.d/x.wav", "a/w.wav", "c.wav", "b.wav")
    assert names(look_through(tmp_path)) == [
        "b.wav", "c.wav", "a/w.wav", "a.d/x.wav", "b/z.wav", "b/a/y.wav",
    ]  # fmt: skip
