"""Gaussian noise: its distribution, when it is drawn, and what is learned."""

import numpy as np
import pytest
from keras import ops
from scipy import stats

from ganlib.backend import value_and_grad
from ganlib.layers import GaussianNoise

SILENCE = np.zeros((4, 500, 3), "float32")


def test_fixed_noise_is_normal_with_the_given_deviation_in_every_sample_and_channel(array):
    noise = array(GaussianNoise(std=0.3, seed=1)(SILENCE, training=True))
    assert stats.kstest(noise.ravel() / 0.3, "norm").pvalue > 1e-3
    between_channels = np.corrcoef(noise.reshape(-1, 3).T)[np.triu_indices(3, 1)]
    assert np.abs(between_channels).max() < 0.1


def test_noise_is_added_to_the_signal(array):
    x = np.random.default_rng(0).normal(size=(2, 9, 3)).astype("float32")
    with_signal = array(GaussianNoise(std=0.3, seed=1)(x, training=True))
    alone = array(GaussianNoise(std=0.3, seed=1)(np.zeros_like(x), training=True))
    np.testing.assert_allclose(with_signal, x + alone, atol=1e-6)


def test_instance_noise_is_there_in_training_only(array):
    layer = GaussianNoise(std=0.3)
    np.testing.assert_array_equal(array(layer(SILENCE, training=False)), 0)
    np.testing.assert_array_equal(array(layer(SILENCE)), 0)
    assert array(layer(SILENCE, training=True)).std() > 0.2
    assert array(GaussianNoise(std=0.3, always=True)(SILENCE, training=False)).std() > 0.2


def test_learned_noise_is_one_value_a_position_scaled_for_each_channel(array):
    layer = GaussianNoise(std=0.0, learned=True, seed=1)
    layer.build(SILENCE.shape)
    np.testing.assert_array_equal(array(layer(SILENCE)), 0)
    layer.strength.assign([1.0, -2.0, 0.5])
    noise = array(layer(SILENCE, training=False))  # learned noise stays on outside of training
    np.testing.assert_allclose(noise, noise[..., :1] * [1.0, -2.0, 0.5], atol=1e-5)
    assert stats.kstest(noise[..., 0].ravel(), "norm").pvalue > 1e-3


def test_the_strength_learns_from_the_noise_that_was_drawn(array):
    layer = GaussianNoise(std=1.0, learned=True, seed=1)
    layer.build(SILENCE.shape)
    noise = array(GaussianNoise(std=1.0, learned=True, seed=1)(SILENCE))
    w = np.random.default_rng(0).normal(size=SILENCE.shape).astype("float32")
    loss = lambda: (ops.sum(layer(SILENCE) * w), 0.0)  # noqa: E731
    _, (gradient,) = value_and_grad(loss, [layer.strength])
    np.testing.assert_allclose(array(gradient), np.sum(noise * w, axis=(0, 1)), rtol=1e-3)


@pytest.mark.parametrize("xla", [False, True])
def test_noise_is_redrawn_at_every_call_of_a_compiled_graph(compiled, xla, array):
    layer = GaussianNoise(std=1.0, seed=1)
    call = compiled(lambda x: layer(x, training=True), layer.variables, xla=xla)
    one, two = array(call(SILENCE)), array(call(SILENCE))
    assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.1


def test_the_same_seed_gives_the_same_noise(array):
    one, two = (array(GaussianNoise(1.0, seed=7)(SILENCE, training=True)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_negative_noise_is_refused():
    with pytest.raises(ValueError, match="std must be at least 0"):
        GaussianNoise(-0.1)
