"""AudioFormat: the numbers that every part must share."""

import dataclasses
import json

import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.errors import OptionError


def test_the_default_is_16384_samples_at_16_khz():
    assert AudioFormat().duration_seconds == 1.024
    assert AudioFormat().bins == 513
    assert AudioFormat().frames == 65


def test_a_format_survives_json():
    audio_format = AudioFormat(sample_rate=8000, n_fft=256, hop_length=64, fmin_hz=20, fmax_hz=3800)
    assert AudioFormat.from_dict(json.loads(json.dumps(audio_format.to_dict()))) == audio_format


def test_numpy_integers_become_plain_ones_that_json_can_write():
    audio_format = AudioFormat(sample_rate=np.int64(8000))
    assert type(audio_format.sample_rate) is int
    assert json.dumps(audio_format.to_dict())


def test_a_format_cannot_be_changed_and_can_be_a_key():
    with pytest.raises(dataclasses.FrozenInstanceError):
        AudioFormat().sample_rate = 8000
    assert {AudioFormat(): 1}[AudioFormat()] == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sample_rate": 0}, "sample_rate must be a whole number of at least 1, got 0"),
        ({"sample_rate": 16000.0}, "sample_rate must be a whole number"),
        ({"sample_rate": "16000"}, "got '16000'"),
        ({"channels": True}, "channels must be a whole number"),
        ({"clip_samples": -1}, "clip_samples"),
        ({"n_fft": 1}, "n_fft must be a whole number of at least 2"),
        ({"n_mels": 0}, "n_mels"),
        ({"n_fft": 256, "hop_length": 257}, "hop_length must be at most n_fft"),
        ({"fmin_hz": -1.0}, "0 <= fmin_hz"),
        ({"fmin_hz": 5000.0, "fmax_hz": 4000.0}, "fmin_hz=5000 and fmax_hz=4000"),
        ({"fmax_hz": 9000.0}, "<= 8000 Hz"),
        ({"fmax_hz": float("nan")}, "fmax_hz=nan"),
        ({"fmin_hz": "low"}, "fmin_hz must be a frequency"),
        ({"fmin_hz": None}, "fmin_hz must be a frequency"),
    ],
)
def test_an_impossible_format_is_refused_with_the_value_named(fields, words):
    with pytest.raises(OptionError) as caught:
        AudioFormat(**fields)
    assert words in str(caught.value)


def test_an_unknown_field_is_refused_and_the_known_ones_are_listed():
    with pytest.raises(OptionError, match="unknown audio format field 'samplerate'.*sample_rate"):
        AudioFormat.from_dict({"samplerate": 16000})
