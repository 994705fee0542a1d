"""Distances of spectra and of features, beside NumPy and SciPy."""

import keras
import numpy as np
import pytest
import scipy.signal
from keras import ops

from ganlib import backend
from ganlib.losses import feature_distance, stft_distance


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


def test_the_distance_of_features_is_in_units_of_each_layer():
    real = [np.full((2, 3), 2.0, "float32"), np.full((2, 5), 200.0, "float32")]
    fake = [np.full((2, 3), 3.0, "float32"), np.full((2, 5), 100.0, "float32")]
    assert float(feature_distance(real, fake)) == pytest.approx(0.5, rel=1e-4)


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
