"""A judge of spectrograms: it hears what, and where in frequency, and not when."""

import keras
import numpy as np

from ganlib.models.spectrum_judge import spectrum_judge

CHANNELS = (4, 4)
RNG = np.random.default_rng(0)


def answers(judge: keras.Model, spectra: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(judge(spectra))).ravel()


def test_a_sound_is_judged_alike_wherever_it_stands_in_time():
    judge = spectrum_judge(64, 16, CHANNELS)
    early, late, higher = np.zeros((3, 1, 64, 16, 1), "float32")
    sound = RNG.normal(size=(8, 4, 1)).astype("float32")
    early[0, 16:24, 4:8], late[0, 32:40, 4:8], higher[0, 16:24, 8:12] = sound, sound, sound
    first, second, third = (answers(judge, picture) for picture in (early, late, higher))
    np.testing.assert_allclose(first, second, atol=1e-6)
    assert abs(first - third) > 1e-4  # frequency has places


def test_the_label_changes_the_answer_and_a_channel_says_how_much_clips_of_it_differ():
    judge = spectrum_judge(16, 16, CHANNELS, classes=3, label_deviation=True)
    spectra = np.repeat(RNG.normal(size=(1, 16, 16, 1)), 2, 0).astype("float32")
    logits = keras.ops.convert_to_numpy(judge([spectra, np.array([0, 1])]))
    assert logits.shape == (2, 1) and logits[0] != logits[1]
    plain = spectrum_judge(16, 16, CHANNELS, classes=3)
    per_row = (1 + 3) * 4  # a weight and three labels' directions for each of the 4 rows
    assert judge.count_params() - plain.count_params() == per_row
