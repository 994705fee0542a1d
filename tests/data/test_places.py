"""From names in tables to files: as other systems write them, and never a guess."""

import unicodedata
from pathlib import Path

import pytest

from ganlib.data.places import Places
from ganlib.errors import DataError

ACCENT = "caf\u00e9"


def places(*names: str) -> Places:
    return Places(Path("data"), [Path("data", name) for name in names])


@pytest.mark.parametrize(
    "written, on_disk",
    [
        ("wavs\\0.wav", "wavs/0.wav"), (".\\wavs\\0.wav", "wavs/0.wav"), ("./0.wav", "wavs/0.wav"),
        ("wavs/LJ1.WAV", "wavs/LJ1.wav"), ("Wavs/lj1.wav", "wavs/LJ1.wav"),
        ("LJ1", "wavs/LJ1.wav"), ("lj1", "wavs/LJ1.wav"), ("a.mp3", "clips/a.mp3"),
        (unicodedata.normalize("NFC", ACCENT), f"{unicodedata.normalize('NFD', ACCENT)}.wav"),
        (unicodedata.normalize("NFD", ACCENT), f"{unicodedata.normalize('NFC', ACCENT)}.wav"),
        ("/corpora/mine/wavs/0.wav", "wavs/0.wav"), ("D:\\mine\\wavs\\0.wav", "wavs/0.wav"),
        ("chapter.01", "chapter.01.flac"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_other_systems_write_it(written, on_disk):
    others = ("wavs/other.wav", "deep/er/0.wav")
    assert places(on_disk, *others).find(written) == Path("data", on_disk)


def test_the_name_as_it_is_on_disk_comes_before_all_that_look_like_it():
    both = places(
        "wavs/LJ1.WAV", "wavs/lj1.wav", "a.wav", "wavs/a.wav", "wavs\\0.wav", "wavs/0.wav"
    )
    for name in ("wavs/lj1.wav", "wavs/LJ1.WAV", "a.wav", "wavs\\0.wav"):
        assert both.find(name) == Path("data", name)


@pytest.mark.parametrize(
    "written, candidates",
    [
        ("wavs/Lj1.wav", "wavs/LJ1.WAV, wavs/lj1.wav"), ("x.wav", "wavs/x.wav, clips/x.wav"),
        ("y", "y.flac, y.wav"),
    ],
)  # fmt: skip
def test_a_name_that_could_be_several_files_is_refused_with_all_of_them(written, candidates):
    names = ("wavs/LJ1.WAV", "wavs/lj1.wav", "wavs/x.wav", "clips/x.wav", "y.flac", "y.wav")
    with pytest.raises(DataError, match=f"'{written}' could be {candidates}; write the name"):
        places(*names).find(written)


def test_a_file_of_the_same_name_in_another_folder_is_not_taken():
    assert places("test/a.wav").find("train/a.wav") == Path("data/train/a.wav")
    assert places("test/a.wav").find("/old/train/a.wav").as_posix() == "/old/train/a.wav"


def test_files_outside_the_folder_are_found_from_the_table_s_place(tmp_path):
    for name in ("data/audio/a.wav", "beside/b.wav"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    here = Places(tmp_path / "data", [tmp_path / "data" / "audio" / "a.wav"])
    assert here.find("../audio/a.wav", tmp_path / "data" / "meta") == tmp_path / "data/audio/a.wav"
    assert here.find("../beside/b.wav") == tmp_path / "beside/b.wav"
    assert here.find(str(tmp_path / "data" / "audio" / "a.wav")) == tmp_path / "data/audio/a.wav"
    assert here.find(str(tmp_path / "beside" / "b.wav")) == tmp_path / "beside/b.wav"


def test_a_name_that_no_system_takes_is_a_file_that_is_not_there(tmp_path):
    assert Places(tmp_path, []).find("x" * 5000) == tmp_path / ("x" * 5000)
