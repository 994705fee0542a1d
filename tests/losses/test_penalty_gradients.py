"""Gradients of penalties by the weights, which training needs: closed, finite, in float32."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.backend import input_gradient, value_and_grad
from ganlib.losses import get_penalty, wgan_gradient_penalty

RNG = np.random.default_rng(0)
every_penalty = pytest.mark.parametrize("name", ["wgan_gp", "dragan", "r1", "r2"])


def weight(value):
    return keras.Variable(np.asarray(value, "float32"))


@every_penalty
def test_the_gradient_by_the_critics_weights_has_its_closed_form(name):
    """D = <w, x>: the gradient is 2 (|w| - 1) w / |w| for WGAN-GP and DRAGAN, 2 w for R1 and R2."""
    w, x = weight([3.0, 4.0]), RNG.normal(size=(6, 2)).astype("float32")

    def loss():
        return get_penalty(name)(lambda v: ops.matmul(v, w[:, None]), x, -x, seed=0), 0.0

    _, (found,) = value_and_grad(loss, [w])
    expected = [6.0, 8.0] if name in ("r1", "r2") else [2 * 4 * 0.6, 2 * 4 * 0.8]
    np.testing.assert_allclose(ops.convert_to_numpy(found), expected, rtol=1e-4)


def check_flat_critic(penalty):
    """Fail unless a critic that is flat everywhere gives a finite gradient."""
    w, x = weight([0.0, 0.0]), np.ones((3, 2), "float32")
    loss = lambda: (penalty(lambda v: ops.matmul(v, w[:, None]), x, x), 0.0)  # noqa: E731
    (value, _), (gradient,) = value_and_grad(loss, [w])
    assert np.isfinite(float(value)) and np.isfinite(ops.convert_to_numpy(gradient)).all(), "NaN"


@every_penalty
def test_a_flat_critic_gives_a_finite_gradient(name):
    check_flat_critic(get_penalty(name))


def test_the_oracle_rejects_a_root_without_epsilon():
    def mutant(discriminator, real, fake):
        gradient = input_gradient(discriminator, real)
        return ops.mean(ops.square(ops.sqrt(ops.sum(ops.square(gradient), axis=1)) - 1.0))

    with pytest.raises(AssertionError, match="NaN"):
        check_flat_critic(mutant)


def test_epsilon_does_not_move_the_value():
    x = np.ones((3, 2), "float32")
    flat = wgan_gradient_penalty(lambda v: 0.0 * v[:, :1], x, x, seed=0)
    np.testing.assert_allclose(float(flat), 1.0, atol=1e-5)


@every_penalty
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_penalties_are_summed_in_float32_when_the_network_computes_in_half(name, policy):
    """Slope 300: its square of 90,000 is beyond float16, and 299^2 beyond bfloat16's digits."""
    keras.config.set_dtype_policy(policy)
    critic = layers.Dense(1, use_bias=False, kernel_initializer=keras.initializers.Constant(150.0))
    half = policy.removeprefix("mixed_")
    x = ops.cast(RNG.normal(size=(3, 4)), half)
    value = get_penalty(name)(critic, x, x, seed=0)
    assert keras.backend.standardize_dtype(value.dtype) == "float32"
    expected = 90_000.0 if name in ("r1", "r2") else 299.0**2
    np.testing.assert_allclose(float(value), expected, rtol=1e-5)
