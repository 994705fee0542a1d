"""The layers: log-mel frames inside a model, and a normalisation that travels with its weights."""

import keras
import numpy as np
import pytest
from keras import ops

import ganlib.audio
from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import inverse_stft, stft
from ganlib.audio.mel import log_mel
from ganlib.audio.signals import tone, vowel, white_noise
from ganlib.audio.spectrogram import LogMelSpectrogram, Normalization, full_scale_db
from ganlib.errors import OptionError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=1024, n_fft=256, hop_length=64, n_mels=16)


def frames_like_speech() -> np.ndarray:
    """Return frames whose bins differ in mean and spread, `(8, 50, 5)`."""
    levels = np.random.default_rng(2).standard_normal((8, 50, 5))
    return levels * np.array([0.1, 1.0, 2.0, 5.0, 10.0]) + np.array([-8.0, -4.0, 0.0, 4.0, 100.0])


@pytest.mark.parametrize("amplitude", [1.0, 0.5])
def test_a_full_scale_sine_reads_zero_decibels_and_half_of_it_six_less(amplitude):
    audio = tone(1000.0, 0.5, 8000, amplitude)[None]
    levels_db = ops.convert_to_numpy(full_scale_db(audio, 256, 64))[0, 5:-5]
    np.testing.assert_allclose(levels_db.max(axis=1), 20 * np.log10(amplitude), atol=1e-3)
    assert set(levels_db.argmax(axis=1)) == {32}
    assert float(ops.max(full_scale_db(0 * audio, 256, 64))) == pytest.approx(-120.0, abs=1e-3)


def test_the_layer_computes_log_mel_for_any_length():
    inputs = keras.Input((None, 1))
    model = keras.Model(inputs, LogMelSpectrogram(FORMAT)(inputs))
    assert model.output_shape == (None, None, 16)
    for length in (1024, 3000):
        audio = white_noise(1.0, length)[None, :, None]
        expected = ops.convert_to_numpy(log_mel(audio, FORMAT))
        np.testing.assert_allclose(model.predict(audio, verbose=0), expected, atol=1e-4)


def test_the_layer_knows_its_output_shape():
    layer = LogMelSpectrogram(FORMAT)
    shape = (2, FORMAT.clip_samples, 1)
    assert layer.compute_output_shape(shape) == (2, FORMAT.frames, 16)
    assert tuple(layer(np.zeros(shape, "float32")).shape) == (2, FORMAT.frames, 16)


def test_the_layer_computes_in_float32_under_mixed_precision():
    audio = (1e-3 * vowel(120.0, "hod", 0.2, 8000))[None]
    expected = ops.convert_to_numpy(LogMelSpectrogram(FORMAT)(audio))
    keras.config.set_dtype_policy("mixed_float16")  # the fixture puts the old one back
    found = LogMelSpectrogram(FORMAT)(audio)
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    np.testing.assert_array_equal(ops.convert_to_numpy(found), expected)


@pytest.mark.parametrize(
    "layer", [LogMelSpectrogram(FORMAT, floor=1e-4), Normalization(2.0), Normalization(None)]
)
def test_a_layer_survives_its_config(layer):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert type(again) is type(layer)


def test_normalised_bins_have_mean_zero_and_deviation_one():
    frames = frames_like_speech()
    normal = ops.convert_to_numpy(Normalization(clip_deviations=None).fit(frames)(frames))
    np.testing.assert_allclose(normal.mean(axis=(0, 1)), 0.0, atol=1e-4)
    np.testing.assert_allclose(normal.std(axis=(0, 1)), 1.0, rtol=1e-4)


def test_what_lies_within_the_deviations_returns_and_what_does_not_is_clipped():
    frames = frames_like_speech()
    mean, deviation = frames.mean(axis=(0, 1)), frames.std(axis=(0, 1))
    layer = Normalization(clip_deviations=1.5).fit(frames)
    normal = ops.convert_to_numpy(layer.normalize(frames))
    expected = np.clip((frames - mean) / deviation / 1.5, -1.0, 1.0)
    np.testing.assert_allclose(normal, expected, atol=1e-5)
    assert np.abs(normal).max() == 1.0
    again = ops.convert_to_numpy(layer.denormalize(normal))
    held = np.clip(frames, mean - 1.5 * deviation, mean + 1.5 * deviation)
    np.testing.assert_allclose(again, held, atol=1e-4)


def test_without_clipping_everything_returns():
    frames = frames_like_speech()
    layer = Normalization(clip_deviations=None).fit(frames)
    again = ops.convert_to_numpy(layer.denormalize(layer.normalize(frames)))
    np.testing.assert_allclose(again, frames, atol=1e-4)


def test_fitting_in_parts_equals_fitting_at_once():
    frames = frames_like_speech()
    at_once = Normalization().fit(frames)
    parts = [frames[:1], frames[1:1], frames[1:6], frames[6:]]
    in_parts = Normalization().fit(part for part in parts)
    for one, other in zip(at_once.weights, in_parts.weights, strict=True):
        np.testing.assert_allclose(ops.convert_to_numpy(one), ops.convert_to_numpy(other), 1e-6)


def test_fitting_stays_exact_where_the_mean_is_far_larger_than_the_spread():
    frames = 1e4 + 0.01 * np.random.default_rng(0).standard_normal((4, 100, 2))
    layer = Normalization().fit(frames)
    deviation = ops.convert_to_numpy(layer.deviation)
    np.testing.assert_allclose(deviation, frames.std(axis=(0, 1)), rtol=1e-5)


def test_a_constant_bin_becomes_zero():
    frames = np.full((2, 10, 3), 7.0)
    assert float(ops.max(ops.abs(Normalization().fit(frames)(frames)))) == 0.0


def test_the_measured_values_travel_in_the_weight_file_and_do_not_train(tmp_path):
    frames = frames_like_speech()
    inputs = keras.Input((None, 5))
    fitted, fresh = Normalization().fit(frames), Normalization()
    keras.Model(inputs, fitted(inputs)).save_weights(tmp_path / "a.weights.h5")
    model = keras.Model(inputs, fresh(inputs))
    model.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(np.asarray(fresh(frames)), np.asarray(fitted(frames)))
    assert len(model.weights) == 2
    assert model.trainable_weights == []


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (np.zeros((0, 10, 3)), "at least one frame"),
        ([], "at least one frame"),
        (np.full((1, 10, 3), np.nan), "finite"),
        ([np.zeros((1, 10, 3)), np.zeros((1, 10, 4))], "expected 3 bins as before, got 4"),
    ],
)
def test_what_cannot_be_measured_is_refused(frames, words):
    with pytest.raises(OptionError, match=words):
        Normalization().fit(frames)


def test_normalising_back_before_measuring_is_refused():
    with pytest.raises(OptionError, match="call fit or load weights first"):
        Normalization().denormalize(np.zeros((1, 2, 3), "float32"))


def test_deviations_must_be_positive():
    with pytest.raises(OptionError, match="positive or None, got 0"):
        Normalization(clip_deviations=0)


def test_the_way_of_specgan_leads_back_to_sound():
    """Log magnitude, normalise, denormalise, exponential, original phase: the same sound."""
    audio = vowel(120.0, "hod", 0.5, 8000)[None]
    real, imaginary = map(np.asarray, stft(audio, 256, 128))
    level = np.sqrt(real**2 + imaginary**2)
    layer = Normalization(clip_deviations=None).fit(np.log(level + 1e-6))
    normal = layer.normalize(np.log(level + 1e-6))
    ratio = (np.exp(ops.convert_to_numpy(layer.denormalize(normal))) - 1e-6) / (level + 1e-12)
    again = inverse_stft(real * ratio, imaginary * ratio, 256, 128, length=4000)
    assert np.abs(ops.convert_to_numpy(again) - audio).max() < 1e-4


def test_every_name_of_the_room_can_be_imported_from_its_door():
    for name in ganlib.audio.__all__ + list(ganlib.audio.FILES):
        assert getattr(ganlib.audio, name) is not None
        assert name in dir(ganlib.audio)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ganlib.audio.nothing
