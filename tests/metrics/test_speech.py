"""The recogniser: what it cannot hear gets a sentence, and what says nothing gets -1."""

import numpy as np
import pytest

from ganlib.errors import OptionError
from ganlib.metrics.speech import DigitRecognizer, digit_accuracy

pytest.importorskip("pocketsphinx")


@pytest.fixture(scope="module")
def recognizer():
    return DigitRecognizer()


@pytest.mark.parametrize(
    ("clips", "rate", "sentence"),
    [
        (np.zeros((0, 8000)), 8000, r"of shape \(0, 8000\)"),
        (np.zeros((2, 0)), 8000, r"of shape \(2, 0\)"),
        (np.zeros(8000), 8000, r"of shape \(8000,\); write clip.None. for one"),
        (np.zeros((2, 800, 2)), 8000, r"of shape \(2, 800, 2\)"),
        (np.zeros((2, 8000), "int16"), 8000, "floating point"),
        (np.full((1, 8000), np.nan), 8000, "must be finite"),
        (np.full((1, 8000), np.inf), 8000, "must be finite"),
        (np.full((1, 8000), 1e200), 8000, "must be finite"),
        (np.zeros((1, 30 * 8000 + 1)), 8000, "one digit, in 30 s at most, not 30 s; cut"),
        (np.zeros((1, 8000)), 0, "sample_rate must be"),
        (np.zeros((1, 8000)), 2**40, "sample_rate must be"),
    ],
)
def test_what_it_cannot_hear_is_a_sentence(recognizer, clips, rate, sentence):
    with pytest.raises(OptionError, match=sentence):
        recognizer.recognize(clips, rate)


def test_silence_a_constant_and_a_single_sample_say_nothing(recognizer):
    for clips in (np.zeros((1, 8000)), np.full((1, 8000), 0.3), np.full((1, 1), 0.5)):
        assert recognizer.recognize(clips, 8000).tolist() == [-1]


def test_what_was_not_heard_is_not_right():
    assert digit_accuracy(np.array([3, -1, 5, 5]), np.array([3, 4, 5, 6])) == 0.5
