"""Spectral normalisation against the SVD, the paper's algorithm and finite differences."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.backend import value_and_grad
from ganlib.layers import SpectralNormalization

RNG = np.random.default_rng(0)


def as_matrix(kernel, axis):
    return np.moveaxis(kernel, axis, -1).reshape(-1, kernel.shape[axis])


def randomise(variable):
    variable.assign(RNG.normal(size=variable.shape))


def test_the_norm_becomes_the_largest_singular_value(kernel_name, array, built):
    layer, _, axis = built(SpectralNormalization, kernel_name, power_iterations=100)
    randomise(layer.layer.kernel)
    layer.power_iteration()
    largest = np.linalg.svd(as_matrix(array(layer.layer.kernel), axis), compute_uv=False)[0]
    np.testing.assert_allclose(float(layer.spectral_norm()), largest, rtol=1e-4)
    normalised = as_matrix(array(layer.effective_kernel()), axis)
    np.testing.assert_allclose(np.linalg.norm(normalised, ord=2), 1.0, rtol=1e-4)


def test_a_new_layer_starts_near_its_norm(kernel_name, array, built):
    layer, _, axis = built(SpectralNormalization, kernel_name)
    largest = np.linalg.norm(as_matrix(array(layer.layer.kernel), axis), ord=2)
    assert 0.9 * largest < float(layer.spectral_norm()) <= 1.0001 * largest


def test_one_power_iteration_is_the_algorithm_of_the_paper(array, built):
    layer, _, _ = built(SpectralNormalization, "dense")
    randomise(layer.layer.kernel)
    w, u = array(layer.layer.kernel).astype("float64"), array(layer.vector).astype("float64")
    layer.power_iteration()
    v = w @ u / np.linalg.norm(w @ u)
    u = w.T @ v / np.linalg.norm(w.T @ v)
    np.testing.assert_allclose(array(layer.vector), u, atol=1e-5)
    np.testing.assert_allclose(float(layer.spectral_norm()), np.linalg.norm(w @ u), rtol=1e-5)


def test_the_estimate_rises_with_every_iteration_and_never_passes_the_norm(array, built):
    layer, _, axis = built(SpectralNormalization, "conv1d")
    randomise(layer.layer.kernel)
    randomise(layer.vector)
    estimates = []
    for _ in range(30):
        layer.power_iteration()
        estimates.append(float(layer.spectral_norm()))
    largest = np.linalg.norm(as_matrix(array(layer.layer.kernel), axis), ord=2)
    assert np.all(np.diff(estimates) >= -1e-5) and estimates[-1] > estimates[0]
    assert estimates[-1] <= largest * (1 + 1e-5)


def test_a_dense_layer_is_one_lipschitz(array, built):
    layer, _, _ = built(SpectralNormalization, "dense", power_iterations=100)
    randomise(layer.layer.kernel)
    layer.power_iteration()
    a, b = RNG.normal(size=(2, 500, 7)).astype("float32")
    moved = np.linalg.norm(array(layer(a)) - array(layer(b)), axis=1)
    assert np.all(moved <= np.linalg.norm(a - b, axis=1) * (1 + 1e-4))


def test_the_gradient_agrees_with_finite_differences_at_a_constant_vector(array):
    """The derivative of <C, W / |W u|> by W; in float64, which JAX does not compute by default."""
    tensorflow = keras.backend.backend() == "tensorflow"
    dtype = "float64" if tensorflow else "float32"
    layer = SpectralNormalization(layers.Dense(4, use_bias=False, dtype=dtype))
    layer.build((None, 5))
    kernel, c = layer.layer.kernel, RNG.normal(size=(5, 4)).astype(dtype)
    w, u = array(kernel).astype("float64"), array(layer.vector).astype("float64")
    _, (found,) = value_and_grad(lambda: (ops.sum(layer.effective_kernel() * c), 0.0), [kernel])

    def objective(weights):
        return np.sum(weights * c) / np.linalg.norm(weights @ u)

    expected = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[index] = 1e-6
        expected[index] = (objective(w + step) - objective(w - step)) / 2e-6
    np.testing.assert_allclose(array(found), expected, atol=1e-8 if tensorflow else 1e-4)


def test_a_zero_kernel_gives_zeros_and_a_finite_gradient(array, built):
    layer, x, _ = built(SpectralNormalization, "conv1d")
    layer.layer.kernel.assign(ops.zeros(layer.layer.kernel.shape))
    layer.power_iteration()
    np.testing.assert_array_equal(array(layer(x)), 0)
    _, gradients = value_and_grad(
        lambda: (ops.sum(ops.square(layer(x) - 1.0)), 0.0), layer.trainable_variables
    )
    assert all(np.isfinite(array(gradient)).all() for gradient in gradients)


def test_a_power_iteration_runs_in_a_compiled_step(compiled, array, built):
    one, _, _ = built(SpectralNormalization, "conv1d")
    two, _, _ = built(SpectralNormalization, "conv1d")
    randomise(one.layer.kernel)
    two.set_weights(one.get_weights())
    one.power_iteration()
    compiled(lambda: two.power_iteration(), two.variables)()
    np.testing.assert_allclose(array(two.vector), array(one.vector), atol=1e-6)


def test_the_estimate_follows_a_kernel_that_training_moves(array, built):
    layer, _, axis = built(SpectralNormalization, "conv1d")
    for _ in range(50):
        layer.layer.kernel.assign_add(0.01 * RNG.normal(size=layer.layer.kernel.shape))
        layer.power_iteration()
    largest = np.linalg.norm(as_matrix(array(layer.layer.kernel), axis), ord=2)
    np.testing.assert_allclose(float(layer.spectral_norm()), largest, rtol=0.05)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_the_norm_is_computed_in_float32_under_mixed_precision(policy, array):
    layer = SpectralNormalization(layers.Dense(300, dtype=policy), power_iterations=50)
    layer.build((None, 300))
    layer.layer.kernel.assign(ops.full((300, 300), 10.0))  # its squares sum to 9e6, beyond float16
    layer.power_iteration()
    np.testing.assert_allclose(float(layer.spectral_norm()), 3000.0, rtol=1e-5)
    y = layer(np.ones((2, 300), "float32"))
    assert keras.backend.standardize_dtype(y.dtype) == policy.removeprefix("mixed_")
    np.testing.assert_allclose(array(ops.cast(y, "float32")), 1.0, rtol=0.01)


def test_less_than_one_power_iteration_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        SpectralNormalization(layers.Dense(1), power_iterations=0)
