"""The classifier hears words, not levels, and not what is far below them."""

import keras
import numpy as np
import pytest

from ganlib.audio.signals import tone
from ganlib.models.digit_classifier import FEATURES, digit_classifier


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return digit_classifier(width=2)


def spoken() -> np.ndarray:
    """Half a second of three tones, of peak 1 together, and silence: (1, 8192, 1)."""
    sound = sum(tone(hz, 0.5, 8000) for hz in (300.0, 1100.0, 2300.0))
    clip = np.zeros(8192, "float32")
    clip[: len(sound)] = sound / np.abs(sound).max()
    return clip[None, :, None]


def test_one_logit_a_class_and_the_features_that_stand_for_a_clip(model):
    clips = np.repeat(spoken(), 3, axis=0)
    assert np.array(model(clips)).shape == (3, 10)
    features = keras.Model(model.input, model.get_layer(FEATURES).output)
    assert np.array(features(clips)).shape == (3, 128)


def test_noise_60_db_below_the_word_changes_nothing_that_counts(model):
    noise = 1e-3 * np.random.default_rng(0).normal(size=(1, 8192, 1)).astype("float32")
    clean, noisy, other = (np.array(model(x)) for x in (spoken(), spoken() + noise, -noise * 100))
    assert np.abs(clean - noisy).max() < 0.1 * np.abs(clean - other).max()


def test_silence_gives_finite_logits(model):
    assert np.isfinite(np.array(model(np.zeros((1, 8192, 1), "float32")))).all()


def test_a_frame_lasts_as_long_at_twice_the_rate(model):
    twice = digit_classifier(16384, 16000, width=2, time_shift=1024)
    pictures = [m.get_layer(index=3).output.shape[1:] for m in (model, twice)]
    assert pictures == [(65, 64), (65, 64)]  # frames, mel bands
    assert [w.shape for w in twice.weights] == [w.shape for w in model.weights]


def test_shift_noise_and_dropout_are_for_training_alone(model):
    clip = spoken()
    np.testing.assert_array_equal(np.array(model(clip)), np.array(model(clip)))
    first, second = (np.array(model(clip, training=True)) for _ in range(2))
    assert np.abs(first - second).max() > 0
