"""One way to open any instrument: its description says which kind it is."""

import json

import pytest

from ganlib.audio.format import AudioFormat
from ganlib.errors import WeightsError
from ganlib.instruments import loading
from ganlib.instruments.reader import Reader
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.instruments.vocoder import Vocoder
from ganlib.text import SYMBOLS


def small_reader() -> Reader:
    """A reader with a vocoder that follows its pitch."""
    sound = AudioFormat(16000, 8192, n_fft=1024, hop_length=256, n_mels=80)
    small = {"n_mels": 80, "width": 8, "blocks": 1, "pitch_width": 8, "pitch_blocks": 1}
    vocoder = Vocoder.build("harmonic_vocoder", small, sound, name="of-the-reader")
    network = {"symbols": list(SYMBOLS), "width": 8, "encoder_blocks": 1, "decoder_blocks": 1}
    return Reader.build("reader_network", network, vocoder, 180.0, name="reader")


@pytest.fixture
def instruments(tmp_path):
    """A small one of each kind that is known, saved under the name of its kind."""
    frames = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
    made = {
        "synthesizer": Synthesizer.build(
            "wavegan_generator", {"clip_samples": 8192, "dim": 1}, AudioFormat(8000, 8192)
        ),
        "vocoder": Vocoder.build(
            "istft_vocoder", {"n_mels": 32, "width": 8, "blocks": 1}, frames, name="vocoder"
        ),
        "reader": small_reader(),
    }
    for kind, instrument in made.items():
        instrument.save(tmp_path / kind)
    return made


def test_every_kind_that_is_known_is_tested_here(instruments):
    assert set(instruments) == set(loading.INSTRUMENTS)


@pytest.mark.parametrize("kind", loading.INSTRUMENTS)
def test_each_kind_comes_back_as_what_it_was(instruments, tmp_path, kind):
    again = loading.load(tmp_path / kind)
    assert type(again) is type(instruments[kind]) is loading.INSTRUMENTS[kind]
    assert again.describe() == instruments[kind].describe()


def test_a_description_without_a_kind_is_a_synthesizer_s(instruments, tmp_path):
    assert "kind" not in json.loads((tmp_path / "synthesizer.json").read_text())
    assert isinstance(loading.load(tmp_path / "synthesizer"), Synthesizer)


@pytest.mark.parametrize("kind", ["theremin", ["vocoder"], 3, None])
def test_an_unknown_kind_is_refused_with_those_that_are_known(instruments, tmp_path, kind):
    path = tmp_path / "vocoder.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"kind": kind}))
    with pytest.raises(WeightsError, match="kind .* ganlib knows synthesizer, vocoder"):
        loading.load(tmp_path / "vocoder")


def test_a_class_refuses_the_description_of_another(instruments, tmp_path):
    with pytest.raises(WeightsError, match="describes no synthesizer, but a vocoder"):
        Synthesizer.load(tmp_path / "vocoder")
    with pytest.raises(WeightsError, match="describes no vocoder"):
        Vocoder.load(tmp_path / "synthesizer")


def test_a_missing_or_damaged_description_is_told_as_everywhere(tmp_path):
    with pytest.raises(WeightsError, match="none.json does not exist"):
        loading.load(tmp_path / "none")
    (tmp_path / "torn.json").write_text("{")
    with pytest.raises(WeightsError, match="torn.json does not describe a model"):
        loading.load(tmp_path / "torn")
