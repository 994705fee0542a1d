"""Layers between sound and spectra: true spectra come back as sound, mel bands as magnitudes."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import stft
from ganlib.audio.mel import format_filterbank, log_mel
from ganlib.audio.spectra import AroundMel, ComplexSpectrogram, InverseSTFT, LogSpectrogram
from ganlib.backend import input_gradient

SOUND = AudioFormat(8000, 2048, n_fft=256, hop_length=128, n_mels=32, fmin_hz=40.0)


def noise(clips: int = 2, samples: int = 2048) -> np.ndarray:
    return np.random.default_rng(0).normal(0.0, 0.1, (clips, samples, 1)).astype("float32")


def test_the_inverse_of_a_true_stft_is_the_sound():
    real, imaginary = (np.asarray(ops.convert_to_numpy(p)) for p in stft(noise(), 256, 64))
    logs = np.log(np.sqrt(real**2 + imaginary**2) + 1e-12)
    spectra = np.concatenate([logs, np.arctan2(imaginary, real)], axis=-1)[:, :-1]
    sound = ops.convert_to_numpy(InverseSTFT(256, 64)(spectra))
    # The last frame of all is left out, so the last half window is quieter.
    np.testing.assert_allclose(sound[:, :-128], noise()[:, :-128], atol=2e-5)


def test_frames_written_side_by_side_come_one_after_the_other():
    """Two frames for each that was read are the same as twice as many frames."""
    spectra = np.random.default_rng(1).normal(size=(1, 8, 2 * 2 * 129)).astype("float32")
    together = InverseSTFT(256, 64)(spectra)
    apart = InverseSTFT(256, 64)(spectra.reshape(1, 16, 2 * 129))
    np.testing.assert_array_equal(ops.convert_to_numpy(together), ops.convert_to_numpy(apart))


def test_no_magnitude_is_louder_than_the_loudest():
    spectra = np.zeros((1, 8, 2 * 129), "float32")
    spectra[..., :129] = 50.0  # e^50
    limited = ops.convert_to_numpy(InverseSTFT(256, 64, loudest=1.0)(spectra))
    spectra[..., :129] = 0.0  # e^0
    one = ops.convert_to_numpy(InverseSTFT(256, 64)(spectra))
    np.testing.assert_allclose(limited, one)


def test_the_complex_spectrogram_is_real_and_imaginary_part():
    both = ops.convert_to_numpy(ComplexSpectrogram(128, 32)(noise()))
    windowed = noise()[0, 32 * 10 - 64 : 32 * 10 + 64, 0] * np.hanning(129)[:-1]
    expected = np.fft.rfft(windowed)
    np.testing.assert_allclose(both[0, 10, :, 0], expected.real, atol=1e-4)
    np.testing.assert_allclose(both[0, 10, :, 1], expected.imag, atol=1e-4)


def test_what_the_bands_say_stands_in_the_magnitudes_already():
    """Of silence from the network: magnitudes whose bands are those that came in."""
    mel = ops.convert_to_numpy(log_mel(noise(), SOUND))[:, :-1]
    nothing = np.zeros((2, mel.shape[1], 2 * 129), "float32")
    spectra = ops.convert_to_numpy(AroundMel(SOUND, 1)([nothing, mel]))
    bands = np.exp(spectra[..., :129]) @ format_filterbank(SOUND)
    assert np.abs(np.log(bands) - mel).mean() < 0.02
    assert not spectra[..., 129:].any()  # nothing is known of the phase


def test_frames_in_between_are_means_of_their_neighbours_and_the_last_stays():
    mel = np.random.default_rng(2).normal(-3.0, 1.0, (1, 5, 32)).astype("float32")
    nothing = np.zeros((1, 5, 2 * 2 * 129), "float32")
    spectra = ops.convert_to_numpy(AroundMel(SOUND, 2)([nothing, mel])).reshape(1, 5, 2, 258)
    own, between = spectra[:, :, 0, :129], spectra[:, :, 1, :129]
    np.testing.assert_allclose(between[:, :-1], (own[:, :-1] + own[:, 1:]) / 2, atol=1e-5)
    np.testing.assert_allclose(between[:, -1], own[:, -1], atol=1e-5)


@pytest.mark.parametrize(
    "layer", [ComplexSpectrogram(128, 32), InverseSTFT(128, 32, 10.0), AroundMel(SOUND, 2)]
)
def test_a_layer_comes_back_from_its_configuration(layer):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()


def test_a_log_spectrogram_is_0_in_silence_and_a_logarithm_in_sound():
    layer = LogSpectrogram(128, 64, hiss=1e-3)
    assert float(ops.max(ops.abs(layer(np.zeros((1, 2048, 1), "float32"))))) == 0.0
    loud, twice = (ops.convert_to_numpy(layer(gain * noise())) for gain in (1.0, 2.0))
    bins = slice(1, 63)
    assert np.mean(twice[:, :, bins] - loud[:, :, bins]) == pytest.approx(np.log(2), rel=0.01)
    hiss = ops.convert_to_numpy(layer(0.01 * noise(8)))  # deviation 1e-3
    power = np.expm1(2 * hiss[:, 2:-2, bins]).mean()
    assert power == pytest.approx(1.0, rel=0.1)


def test_a_gradient_leads_out_of_almost_silence():
    clips = 1e-6 * noise()
    gradient = input_gradient(lambda x: ops.sum(LogSpectrogram(128, 64)(x), axis=(1, 2, 3)), clips)
    gradient = ops.convert_to_numpy(gradient)
    assert np.isfinite(gradient).all() and np.abs(gradient).max() > 0
