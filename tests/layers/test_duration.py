"""Symbols become frames as numpy.repeat does it."""

import keras
import numpy as np

from ganlib import backend
from ganlib.layers.duration import ByDuration


def array(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def test_content_is_repeated_as_numpy_repeats_it():
    rng = np.random.default_rng(0)
    content = rng.normal(size=(2, 5, 3)).astype("float32")
    durations = rng.integers(1, 6, (2, 5))
    places = np.tile(np.arange(40, dtype="float32"), (2, 1))
    made = array(ByDuration()([content, durations.astype("float32"), places]))
    for row in range(2):
        repeated = np.repeat(content[row], durations[row], axis=0)
        np.testing.assert_allclose(made[row, : len(repeated), :3], repeated, rtol=1e-6)
        assert not made[row, len(repeated) :].any()
        within = np.concatenate([(np.arange(d) + 0.5) / d for d in durations[row]])
        np.testing.assert_allclose(made[row, : len(repeated), 3], within, rtol=1e-5)
        logs = np.repeat(np.log(durations[row]), durations[row])
        np.testing.assert_allclose(made[row, : len(repeated), 4], logs, rtol=1e-5, atol=1e-6)


def test_the_gradient_of_content_is_its_duration_and_durations_have_none():
    content = keras.Variable(np.ones((1, 3, 2), "float32"))
    durations = keras.Variable(np.array([[2.0, 1.0, 4.0]], "float32"))
    places = np.arange(7, dtype="float32")[None]
    layer = ByDuration()

    def total():
        return keras.ops.sum(layer([content, durations, places])[..., :2]), ()

    _, (of_content,) = backend.value_and_grad(total, [content])
    np.testing.assert_allclose(array(of_content)[0, :, 0], [2.0, 1.0, 4.0])


def test_it_is_saved_and_shapes_are_known():
    layer = ByDuration.from_config(ByDuration(name="d").get_config())
    assert layer.compute_output_shape([(2, 5, 3), (2, 5), (2, 9)]) == (2, 9, 6)
