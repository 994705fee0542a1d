"""The losses of a reader against NumPy."""

import keras
import numpy as np

from ganlib.losses.reading import frame_distance, prosody_loss


def number(tensor) -> float:
    return float(keras.ops.convert_to_numpy(tensor))


def test_frames_are_as_far_apart_as_numpy_says():
    rng = np.random.default_rng(1)
    real, fake = rng.normal(size=(2, 2, 6, 5)).astype("float32")
    real[..., -1] = rng.random((2, 6)) < 0.5
    voiced = real[..., -1] > 0
    chance = 1 / (1 + np.exp(-fake[..., -1]))
    expected = (
        np.abs(real[..., :3] - fake[..., :3]).mean()
        + 2.0 * np.abs(real[..., 3] - fake[..., 3])[voiced].mean()
        - 0.2 * np.log(np.where(voiced, chance, 1 - chance)).mean()
    )
    np.testing.assert_allclose(number(frame_distance(real, fake)), expected, rtol=1e-4)


def test_a_wrong_pitch_does_not_matter_where_there_is_none():
    real = np.zeros((1, 4, 5), "float32")
    fake = real.copy()
    fake[..., 3] = 7.0
    assert number(frame_distance(real, fake)) == number(frame_distance(real, real))


def test_symbols_that_do_not_count_teach_nothing():
    rng = np.random.default_rng(2)
    told = np.abs(rng.normal(size=(2, 6, 4))).astype("float32")
    told[..., 3] = [[1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0]]
    guess = rng.normal(size=(2, 6, 3)).astype("float32")
    wanted = np.concatenate([np.log1p(told[..., :1]), told[..., 1:3]], -1)
    expected = np.abs(wanted - guess)[told[..., 3] > 0].sum() / 4
    np.testing.assert_allclose(number(prosody_loss(told, guess)), expected, rtol=1e-4)
    told[0, 3:] = 99.0 * np.array([1, 1, 1, 0])
    np.testing.assert_allclose(number(prosody_loss(told, guess)), expected, rtol=1e-4)
