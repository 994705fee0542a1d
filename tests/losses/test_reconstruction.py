"""Distances of spectra and of features, beside NumPy and SciPy."""

import keras
import numpy as np
import pytest
import scipy.signal
from keras import ops

from ganlib import backend
from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import mel_filterbank
from ganlib.losses import feature_distance, mel_distance, stft_distance


def clips(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 0.1, (2, 1500, 1)).astype("float32")


def magnitudes(audio: np.ndarray, n_fft: int) -> np.ndarray:
    window = scipy.signal.get_window("hann", n_fft)
    padded = np.pad(audio[..., 0].astype("float64"), [(0, 0), (n_fft // 2, n_fft // 2)])
    hop = n_fft // 4
    starts = range(0, padded.shape[1] - n_fft + 1, hop)
    frames = np.stack([padded[:, start : start + n_fft] for start in starts], axis=1)
    return np.abs(np.fft.rfft(frames * window))


@pytest.mark.parametrize("resolutions, floor", [((128,), 1e-3), ((128, 256), 0.5)])
def test_the_distance_of_spectra_is_the_equation(resolutions, floor):
    real, fake = clips(0), clips(1)
    expected = []
    for n_fft in resolutions:
        x, y = magnitudes(real, n_fft), magnitudes(fake, n_fft)
        convergence = np.linalg.norm(x - y) / np.linalg.norm(x)
        logs = np.abs(np.log(np.maximum(x, floor)) - np.log(np.maximum(y, floor))).mean()
        expected.append(convergence + logs)
    found = float(stft_distance(real, fake, resolutions, floor))
    assert found == pytest.approx(np.mean(expected), rel=1e-4)


def test_the_recording_and_not_the_estimate_is_the_unit():
    loud, quiet = clips(0), 0.1 * clips(0)
    assert float(stft_distance(quiet, loud)) > 2 * float(stft_distance(loud, quiet))


def test_silence_has_a_finite_gradient():
    silence = np.zeros((1, 1500, 1), "float32")
    gradient = backend.input_gradient(lambda fake: stft_distance(silence, fake), silence)
    assert np.isfinite(ops.convert_to_numpy(gradient)).all()


def test_the_distance_of_mel_frames_is_the_equation():
    sound = AudioFormat(8000, 1500, n_fft=256, hop_length=64, n_mels=20, fmax_hz=3000.0)
    bands = mel_filterbank(8000, 256, 20, 0.0, 3000.0)
    logs = [np.log(np.maximum(magnitudes(clips(seed), 256) @ bands, 0.5)) for seed in (0, 1)]
    found = float(mel_distance(clips(0), clips(1), sound, floor=0.5))
    assert found == pytest.approx(np.abs(logs[0] - logs[1]).mean(), rel=1e-3)


def test_a_distance_of_mel_frames_hears_as_high_as_its_format():
    high = np.sin(2 * np.pi * 3500 / 8000 * np.arange(2048)).reshape(1, 2048, 1).astype("float32")
    silence = np.zeros_like(high)
    to = {"n_fft": 256, "hop_length": 64, "n_mels": 20}
    deaf, hears = (
        float(mel_distance(high, silence, AudioFormat(8000, 2048, **to, fmax_hz=top), floor=0.1))
        for top in (3000.0, None)
    )
    assert deaf < 0.1 * hears


def test_the_distance_of_features_is_in_units_of_each_layer():
    real = [np.full((2, 3), 2.0, "float32"), np.full((2, 5), 200.0, "float32")]
    fake = [np.full((2, 3), 3.0, "float32"), np.full((2, 5), 100.0, "float32")]
    assert float(feature_distance(real, fake)) == pytest.approx(0.5, rel=1e-4)
    assert float(feature_distance(real, fake, relative=False)) == pytest.approx(1.0 + 100.0)


def test_the_features_of_a_recording_are_constants():
    """Else the distance would fall by pulling the recording's features towards the estimate's."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    layer.build((1, 1))
    kernel = layer.trainable_variables

    def loss():
        real, fake = layer(np.array([[2.0]])), layer(np.array([[3.0]]))
        return feature_distance([real], [fake]), ()

    _, (gradient,) = backend.value_and_grad(loss, kernel)
    # |2 w' - 3 w| / |2 w'| with w' held: the derivative by w is 3 / 2.
    assert float(ops.convert_to_numpy(gradient)[0, 0]) == pytest.approx(1.5, rel=1e-4)
