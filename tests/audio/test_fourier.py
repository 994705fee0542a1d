"""The STFT and its inverse against librosa, closed forms and finite differences."""

import keras
import librosa
import numpy as np
import pytest
from keras import ops

from ganlib.audio.fourier import (
    amplitude_to_db,
    db_to_amplitude,
    inverse_stft,
    magnitude,
    overlap_add,
    stft,
)
from ganlib.errors import OptionError

SIZES = [(256, 64), (256, 128), (1024, 256), (400, 160), (256, 100), (255, 64)]


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(shape).astype("float32")


def complex_stft(audio, *args, **kwargs) -> np.ndarray:
    real, imaginary = stft(audio, *args, **kwargs)
    return ops.convert_to_numpy(real) + 1j * ops.convert_to_numpy(imaginary)


@pytest.mark.parametrize(("n_fft", "hop_length"), SIZES)
@pytest.mark.parametrize(
    ("center", "pad_mode"), [(True, "constant"), (True, "reflect"), (False, "constant")]
)
def test_the_stft_agrees_with_librosa(n_fft, hop_length, center, pad_mode):
    audio = noise(2, 5000)
    options = {"n_fft": n_fft, "hop_length": hop_length, "center": center, "pad_mode": pad_mode}
    expected = librosa.stft(audio.astype("float64"), **options).swapaxes(1, 2)
    found = complex_stft(audio, **options)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-4


def test_our_default_padding_is_the_default_of_librosa():
    audio = noise(1, 1000)
    expected = librosa.stft(audio, n_fft=256, hop_length=64).swapaxes(1, 2)
    assert np.abs(complex_stft(audio, 256, 64) - expected).max() < 1e-4


@pytest.mark.parametrize("window", ["hamming", "boxcar"])
def test_other_windows_agree_with_librosa(window):
    audio = noise(1, 1000)
    expected = librosa.stft(audio, n_fft=256, hop_length=64, window=window).swapaxes(1, 2)
    assert np.abs(complex_stft(audio, 256, 64, window) - expected).max() < 1e-4


def test_a_sine_on_a_bin_has_half_the_windows_sum_there_and_a_quarter_beside_it():
    sine = np.sin(2 * np.pi * 32 * np.arange(2048) / 256)[None]
    levels = np.abs(complex_stft(sine, 256, 64, center=False))[0, 3]
    np.testing.assert_allclose(levels[31:34], [32.0, 64.0, 32.0], rtol=1e-4)
    assert np.delete(levels, [31, 32, 33]).max() < 1e-3


def test_a_channel_axis_of_one_changes_nothing():
    audio = noise(2, 1000)
    np.testing.assert_array_equal(
        complex_stft(audio, 256, 64), complex_stft(audio[..., None], 256, 64)
    )


@pytest.mark.parametrize(("n_fft", "hop_length"), [size for size in SIZES if size[0] % 2 == 0])
@pytest.mark.parametrize("length", [4096, 5000, 5001, 100])
def test_the_inverse_returns_every_sample_to_the_very_ends(n_fft, hop_length, length):
    audio = noise(2, length)
    parts = stft(audio, n_fft, hop_length)
    again = ops.convert_to_numpy(inverse_stft(*parts, n_fft, hop_length, length=length))
    assert again.shape == audio.shape
    assert np.abs(again - audio).max() < 1e-4


def test_the_inverse_agrees_with_librosa_on_what_is_no_stft_of_anything():
    parts = noise(1, 30, 129), noise(1, 30, 129)
    for part in parts:
        part[..., [0, -1]] = 0.0
    expected = librosa.istft((parts[0] + 1j * parts[1])[0].T, hop_length=64, n_fft=256)
    found = ops.convert_to_numpy(inverse_stft(*parts, 256, 64))[0]
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-5


def test_without_centring_the_inverse_is_exact_but_for_the_ends():
    audio = noise(1, 256 + 64 * 20)
    parts = stft(audio, 256, 64, center=False)
    again = ops.convert_to_numpy(inverse_stft(*parts, 256, 64, center=False))
    assert again.shape == audio.shape
    assert np.abs(again - audio)[:, 5:-5].max() < 1e-3
    assert np.isfinite(again).all()


def test_a_length_beyond_the_frames_is_filled_with_zeros():
    parts = stft(noise(1, 512), 256, 64)
    again = ops.convert_to_numpy(inverse_stft(*parts, 256, 64, length=900))
    assert again.shape == (1, 900)
    assert np.abs(again[:, 640:]).max() == 0.0


def test_a_hop_that_leaves_samples_unseen_cannot_be_inverted():
    parts = stft(noise(1, 1000), 256, 256)
    with pytest.raises(OptionError, match="hop_length=256 is too long.*at most 128"):
        inverse_stft(*parts, 256, 256)


@pytest.mark.parametrize(("frame_length", "hop_length"), [(8, 2), (8, 8), (7, 3), (5, 1)])
def test_overlap_add_agrees_with_a_loop(frame_length, hop_length):
    frames = noise(2, 6, frame_length)
    expected = np.zeros((2, 5 * hop_length + frame_length), "float32")
    for number in range(6):
        start = number * hop_length
        expected[:, start : start + frame_length] += frames[:, number]
    found = ops.convert_to_numpy(overlap_add(frames, hop_length))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(1000,), (2, 1000, 2), (1, 2, 3, 4)])
def test_audio_of_another_shape_is_refused_with_advice(shape):
    with pytest.raises(
        OptionError, match=r"expected audio of shape \(batch, time\).*audio\[None\]"
    ):
        stft(np.zeros(shape, "float32"), 256, 64)


@pytest.mark.parametrize(
    ("options", "needed"), [({"center": False}, 256), ({"pad_mode": "reflect"}, 129)]
)
def test_audio_too_short_for_a_frame_is_refused(options, needed):
    assert stft(np.zeros((1, needed), "float32"), 256, 64, **options)[0].shape[1] >= 1
    with pytest.raises(OptionError, match=f"at least {needed} samples for n_fft=256, got"):
        stft(np.zeros((1, needed - 1), "float32"), 256, 64, **options)


def test_an_unknown_window_is_refused():
    with pytest.raises(OptionError, match="unknown window 'round'"):
        stft(np.zeros((1, 1000), "float32"), 256, 64, window="round")


class Spectrogram(keras.layers.Layer):
    """The magnitude as a layer, to reach it through a compiled model."""

    def call(self, audio):
        return magnitude(*stft(audio, 64, 16))

    def compute_output_shape(self, input_shape):  # JAX cannot trace a length that is not known
        time = input_shape[1]
        return (input_shape[0], None if time is None else 1 + time // 16, 33)


def test_a_compiled_model_computes_the_same_for_any_length():
    inputs = keras.Input((None,))
    model = keras.Model(inputs, Spectrogram()(inputs))
    for length in (100, 300):
        audio = noise(3, length)
        expected = np.abs(complex_stft(audio, 64, 16))
        np.testing.assert_allclose(model.predict(audio, verbose=0), expected, atol=1e-4)


class Gain(keras.layers.Layer):
    """Multiply by one weight per sample, so that training shows the gradient of the audio."""

    def build(self, input_shape):
        self.gain = self.add_weight(shape=input_shape[1:], initializer="zeros", name="gain")

    def call(self, audio):
        return magnitude(*stft(audio * self.gain, 64, 16))


def test_the_gradient_in_silence_is_finite():
    layer = Gain()
    model = keras.Sequential([keras.Input((200,)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    model.train_on_batch(np.ones((1, 200), "float32"), np.ones((1, 13, 33), "float32"))
    assert np.isfinite(ops.convert_to_numpy(layer.gain)).all()


def test_the_smallest_magnitude_is_the_root_of_epsilon():
    assert float(magnitude(np.zeros(1, "float32"), np.zeros(1, "float32"))[0]) == pytest.approx(
        1e-7
    )


@pytest.mark.parametrize("reference", [1.0, 0.5, 1e-7])
@pytest.mark.parametrize("top_db", [None, 40.0])
def test_decibels_agree_with_librosa(reference, top_db):
    amplitude = np.abs(noise(4, 50)) * 10.0 ** np.linspace(-8, 1, 50, dtype="float32")
    expected = librosa.amplitude_to_db(amplitude, ref=reference, top_db=top_db)
    found = ops.convert_to_numpy(amplitude_to_db(amplitude, reference, top_db=top_db))
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_decibels_become_amplitudes_again():
    amplitude = np.geomspace(1e-4, 100.0, 50).astype("float32")
    level_db = amplitude_to_db(amplitude, reference=0.3)
    again = ops.convert_to_numpy(db_to_amplitude(level_db, reference=0.3))
    np.testing.assert_allclose(again, amplitude, rtol=1e-4)
    np.testing.assert_allclose(again, librosa.db_to_amplitude(np.asarray(level_db), ref=0.3), 1e-4)
