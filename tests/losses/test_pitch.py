"""The loss of a pitch tracker against NumPy."""

import keras
import numpy as np

from ganlib.losses import pitch_loss


def test_it_is_what_numpy_makes_of_its_formula():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(2, 5, 1 + 7)).astype("float32")
    pitch = np.where(rng.random((2, 5)) < 0.6, rng.uniform(80, 300, (2, 5)), 0.0)
    grid, voiced = np.geomspace(75.0, 400.0, 7), pitch > 0
    chance = 1 / (1 + np.exp(-scores[..., 0]))
    having = -np.mean(np.log(np.where(voiced, chance, 1 - chance)))
    shares = np.exp(scores[..., 1:]) / np.exp(scores[..., 1:]).sum(-1, keepdims=True)
    terms = []
    for row, hz in zip(shares[voiced], pitch[voiced], strict=True):
        bell = np.exp(-0.5 * ((np.log(hz) - np.log(grid)) / 0.0175) ** 2) + 1e-9
        bell /= bell.sum()
        error = abs((row * np.log(grid)).sum() - np.log(hz))
        terms.append(-(bell * np.log(row)).sum() + 5.0 * error)
    found = float(keras.ops.convert_to_numpy(pitch_loss(pitch, scores, 75.0, 400.0)))
    np.testing.assert_allclose(found, having + np.mean(terms), rtol=1e-4)


def test_frames_without_a_pitch_teach_no_pitch():
    scores = np.zeros((1, 3, 8), "float32")
    worse = scores.copy()
    worse[0, 1, 3:] = 9.0
    silent = np.zeros((1, 3))
    one, other = (float(pitch_loss(silent, each, 75.0, 400.0)) for each in (scores, worse))
    assert abs(one - np.log(2)) < 1e-5 and one == other
