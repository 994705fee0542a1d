"""Pulse trains against sums of cosines, and phases that go on as they must."""

import keras
import numpy as np
import pytest

from ganlib.audio.harmonics import (
    AroundPitch,
    KnownPitch,
    expected_pitch,
    pitch_grid,
    pulse_train,
)

RATE, HOP = 16000, 256


def array(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def test_the_closed_form_is_the_sum_of_all_cosines_below_half_the_rate():
    hz, frames = 150.0, 8
    made = array(pulse_train(np.full((1, frames), hz, "float32"), RATE, HOP))[0]
    phase = 2 * np.pi * hz * np.arange(1, frames * HOP + 1) / RATE
    count = int(0.5 * RATE / hz)
    summed = sum(np.cos(k * phase) for k in range(1, count + 1)) * np.sqrt(2 / count)
    np.testing.assert_allclose(made, summed, atol=2e-2 * np.abs(summed).max())


def test_its_power_is_that_of_the_noise():
    voiced = array(pulse_train(np.full((1, 200), 210.0, "float32"), RATE, HOP))
    voiceless = array(pulse_train(np.zeros((1, 200), "float32"), RATE, HOP))
    assert abs(voiced.var() - 1.0) < 0.02 and abs(voiceless.var() - 1.0) < 0.02


def test_a_long_clip_stays_in_tune():
    """The phase is summed in float32: after a minute the pitch must be what it was."""
    hz, frames = 300.0, 60 * RATE // HOP
    made = array(pulse_train(np.full((1, frames), hz, "float32"), RATE, HOP))[0]
    last = made[-RATE:]
    spectrum = np.abs(np.fft.rfft(last * np.hanning(RATE)))
    peaks = [int(np.argmax(spectrum[k * 300 - 50 : k * 300 + 50])) - 50 for k in range(1, 20)]
    assert peaks == [0] * 19


def test_noise_is_the_same_every_time():
    silence = np.zeros((1, 4), "float32")
    first, second = (array(pulse_train(silence, RATE, HOP)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_around_pitch_adds_phases_alone_and_those_of_the_pulse_train():
    pitch = np.full((1, 16), 160.0, "float32")
    layer = AroundPitch(RATE, 512, HOP, frames_per_hop=2)
    nothing = np.zeros((1, 16, 2 * 2 * 257), "float32")
    made = array(layer([nothing, pitch])).reshape(32, 2, 257)
    assert not made[:, 0].any()
    train = np.pad(array(pulse_train(pitch, RATE, HOP))[0], 256)
    window = np.hanning(513)[:-1]
    for frame in (5, 12, 20):
        spectrum = np.fft.rfft(train[frame * 128 : frame * 128 + 512] * window)
        strong = np.abs(spectrum) > 1.0
        turned = np.angle(np.exp(1j * made[frame, 1]) / (spectrum / np.abs(spectrum)))
        assert np.abs(turned[strong]).max() < 1e-2


def test_a_pitch_that_is_given_counts_and_one_that_is_unknown_is_found():
    grid = pitch_grid(100.0, 200.0, 3)
    scores = np.array([[[4.0, -90.0, 90.0, -90.0], [-4.0, 90.0, 0.0, 0.0]]], "float32")
    layer = KnownPitch(100.0, 200.0)
    unknown = np.full((1, 2, 1), -1.0, "float32")
    np.testing.assert_allclose(array(layer([unknown, scores])), [[grid[1], 0.0]], rtol=1e-5)
    given = np.array([[[0.0], [155.0]]], "float32")
    np.testing.assert_allclose(array(layer([given, scores])), [[0.0, 155.0]])
    taught = layer([given, scores], training=True)  # what is given is a lesson, not an answer
    np.testing.assert_allclose(array(taught), [[grid[1], 0.0]], rtol=1e-5)


def test_the_mean_of_a_grid_is_finer_than_its_steps():
    scores = np.log(np.array([[[1.0, 0.5, 0.5]]], "float32"))
    assert array(expected_pitch(scores, 100.0, 200.0))[0, 0] == pytest.approx(
        np.sqrt(2e4), rel=1e-5
    )
