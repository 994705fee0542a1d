"""A reader says what it is told, as it is told to, and keeps itself in two files."""

import json

import keras
import numpy as np
import pytest

import ganlib
from ganlib.audio.format import AudioFormat
from ganlib.errors import OptionError, WeightsError
from ganlib.instruments.prosody import Prosody
from ganlib.instruments.reader import Reader
from ganlib.instruments.vocoder import Vocoder
from ganlib.text import SYMBOLS, read

SOUND = AudioFormat(16000, 32768, 1, 1024, 256, 80, 0.0, 8000.0)
TEXT = "The weather is fine, isn't it? Call 911."


@pytest.fixture(scope="module")
def reader() -> Reader:
    keras.utils.set_random_seed(1)
    small = {"n_mels": 80, "width": 8, "blocks": 1, "pitch_width": 8, "pitch_blocks": 1}
    vocoder = Vocoder.build("harmonic_vocoder", small, SOUND, name="voice-of-test")
    network = {"symbols": list(SYMBOLS), "width": 8, "encoder_blocks": 1, "decoder_blocks": 1}
    return Reader.build("reader_network", network, vocoder, 180.0, name="test")


def test_it_says_every_sentence_for_as_long_as_it_told(reader):
    sentences = read(TEXT)
    told = [reader.prosody(one) for one in sentences]
    assert [one.symbols for one in told] == [one.symbols for one in sentences]
    sound = reader.say(TEXT)
    whole = sum(np.maximum(one.frames, 1.0).sum() for one in told)
    assert sound.dtype == np.float32 and sound.ndim == 1 and np.abs(sound).max() <= 1.0
    assert abs(len(sound) / 256 - whole) <= len(told) * 2


def test_a_rate_of_two_is_twice_as_fast(reader):
    told = reader.prosody(["sil", "AH1", "T", "."])
    told = Prosody(told.symbols, np.array([4.0, 10.0, 6.0, 4.0]), told.octaves, told.nepers)
    slow, fast = (len(reader.speak(told.changed(rate=rate))) for rate in (1.0, 2.0))
    assert slow == 24 * 256 and fast == 12 * 256


def test_the_pitch_that_is_told_is_that_of_the_frames(reader):
    told = reader.prosody(["sil", "AH1", "T", "."])
    _, low = reader.frames(told)
    _, high = reader.frames(told.changed(semitones=12))
    both = (low > 0) & (high > 0)
    if both.any():  # an untrained network may find no voiced frame
        assert np.median(high[both] / low[both]) > 1.5


def test_a_seed_gives_a_melody_of_its_own_again_and_again(reader):
    plain, one, again, other = (reader.prosody(["sil", "AH1", "."], s) for s in (None, 1, 1, 2))
    np.testing.assert_array_equal(one.octaves, again.octaves)
    assert np.abs(one.octaves - other.octaves).max() > 1e-3
    assert np.abs(one.octaves - plain.octaves).max() > 1e-3


@pytest.mark.parametrize(
    "manner, name",
    [({"rate": 0.1}, "rate"), ({"pitch": 13.0}, "pitch"), ({"energy": 0.0}, "energy")],
)
def test_what_no_voice_can_do_is_refused(reader, manner, name):
    with pytest.raises(OptionError, match=f"expected {name} from"):
        reader.say("Hello.", **manner)


@pytest.mark.parametrize("text", ["", "   ", "?!...", "Привет, мир"])
def test_what_cannot_be_read_is_refused_in_a_sentence(reader, text):
    with pytest.raises(OptionError):
        reader.say(text)


def test_unknown_symbols_are_refused(reader):
    with pytest.raises(OptionError, match="was given XX"):
        reader.prosody(["sil", "XX"])


def test_it_comes_back_from_its_files_as_it_was(reader, tmp_path):
    reader.save(tmp_path / "mine")
    names = {path.name for path in tmp_path.iterdir()}
    assert {
        "mine.json",
        "mine.weights.h5",
        "voice-of-test.json",
        "voice-of-test.weights.h5",
    } == names
    again = ganlib.load(tmp_path / "mine")
    assert isinstance(again, Reader) and again.vocoder.name == "voice-of-test"
    np.testing.assert_allclose(again.say("Hello."), reader.say("Hello."), atol=1e-5)


def test_a_vocoder_of_other_frames_is_refused(reader, tmp_path):
    reader.save(tmp_path / "mine")
    card = json.loads((tmp_path / "mine.json").read_text())
    card["arguments"]["n_mels"] = 40
    (tmp_path / "mine.json").write_text(json.dumps(card))
    with pytest.raises(WeightsError, match="makes 40 bands, and its vocoder"):
        Reader.load(tmp_path / "mine")


def test_ten_thousand_words_are_read_sentence_after_sentence(reader):
    sentences = read("one two three four five " * 2000)
    assert sum(len(one.words) for one in sentences) == 10_000
    assert max(len(one.symbols) for one in sentences) < 250
