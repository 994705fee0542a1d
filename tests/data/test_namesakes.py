"""A folder that has the name of a set is not passed over silently."""

import pytest

from ganlib import pretrained
from ganlib.audio.format import AudioFormat
from ganlib.data import catalog, info, load_clips
from ganlib.errors import DataError, GanlibWarning, WeightsError
from ganlib.listening.stimuli import clips_of
from tests.command_line import invoke, write_folder

FORMAT = AudioFormat(sample_rate=8000, clip_samples=1024)
NOTE = "digits means the set of this name, and not the folder .*/digits: write ./digits for the"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder with a folder `digits` and a folder `fsdd`."""
    for name in ("digits", "fsdd"):
        write_folder(tmp_path / name, ("no", "yes"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_set_is_taken_and_the_way_to_the_folder_told(here):
    with pytest.warns(GanlibWarning, match=NOTE):
        assert load_clips("digits", audio_format=FORMAT).label_names[0] == "0"
    assert load_clips("./digits", audio_format=FORMAT).label_names == ("no", "yes")


def test_a_set_that_is_not_on_this_machine_is_told_of_too(here, own_data_folder):
    with pytest.warns(GanlibWarning, match="fsdd means the set"), pytest.raises(DataError):
        load_clips("fsdd", audio_format=FORMAT)
    with pytest.warns(GanlibWarning, match="fsdd means the set"):
        assert info("fsdd").recordings == 0


def test_the_set_s_own_folder_is_no_namesake(monkeypatch):
    monkeypatch.chdir(catalog.find("digits").folder.parent)
    assert len(load_clips("digits", audio_format=FORMAT)) > 0


def test_the_command_line_notes_it_in_one_line(here, own_data_folder):
    answer = invoke("data", "info", "fsdd")
    [line] = answer.err.splitlines()
    assert line.startswith("Note: fsdd means the set") and line.endswith(
        "write ./fsdd for the folder"
    )
    assert answer.code == 0 and "Free Spoken Digit Dataset" in answer.out
    answer = invoke("data", "info", "./fsdd")
    assert answer.err == "" and "no (2), yes (2)" in answer.out


def test_a_folder_with_the_name_of_shipped_weights_is_told_of(tmp_path, monkeypatch):
    def not_now(name):
        raise WeightsError("not in this test")

    (tmp_path / "digits-fsdd").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pretrained, "load", not_now)
    with (
        pytest.warns(GanlibWarning, match="digits-fsdd means the pretrained weights of this name"),
        pytest.raises(WeightsError),
    ):
        clips_of("digits-fsdd", "a model", count=1, seed=0)
