"""`ganlib.load` opens any instrument, by its name or by its place."""

import numpy as np
import pytest

import ganlib
from ganlib import pretrained
from ganlib.audio.format import AudioFormat
from ganlib.errors import WeightsError
from ganlib.instruments.loading import INSTRUMENTS
from ganlib.instruments.synthesizer import Synthesizer


@pytest.fixture
def speaker():
    arguments = {"clip_samples": 8192, "dim": 1}
    return Synthesizer.build("wavegan_generator", arguments, AudioFormat(8000, 8192))


def test_everything_that_ships_opens_as_its_kind():
    for name, kind in pretrained.instruments().items():
        assert type(ganlib.load(name)) is INSTRUMENTS[kind]


def test_what_ships_is_verified_before_it_is_read(tmp_path, monkeypatch, speaker):
    facts = dict.fromkeys(pretrained.FIELDS, "something")
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    pretrained.save("tiny", speaker, facts)
    assert isinstance(ganlib.load("tiny"), Synthesizer)
    with open(tmp_path / "tiny.weights.h5", "ab") as stream:
        stream.write(b"more")
    with pytest.raises(WeightsError, match="altered or incomplete"):
        ganlib.load("tiny")


@pytest.mark.parametrize("place", ["run", "run/generator", "run/generator.json"])
@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_a_run_a_stem_and_a_description_lead_to_the_same(tmp_path, speaker, place, kind):
    (tmp_path / "run").mkdir()
    speaker.save(tmp_path / "run" / "generator")
    clips, _ = ganlib.load(kind(tmp_path / place)).generate(2)
    np.testing.assert_array_equal(clips, speaker.generate(2)[0])


def test_a_dot_in_a_name_is_no_ending(tmp_path, speaker):
    speaker.save(tmp_path / "voice-1.5")
    assert isinstance(ganlib.load(tmp_path / "voice-1.5"), Synthesizer)


@pytest.mark.parametrize("name", ["digits-fsd", "", "../digits-fsdd", "x" * 5000, "a\0b"])
def test_what_is_not_there_is_refused_with_the_names_that_ship(name):
    with pytest.raises(WeightsError) as told:
        ganlib.load(name)
    assert all(known in str(told.value) for known in pretrained.instruments())


def test_a_run_without_a_checkpoint_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="the folder of a run that has a checkpoint"):
        ganlib.load(tmp_path)


def test_the_classifier_makes_no_sound():
    with pytest.raises(WeightsError, match="digit-classifier makes no sound: expected one that"):
        ganlib.load(pretrained.CLASSIFIER)
