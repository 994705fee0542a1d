"""Weight normalisation against the paper's formulas, and pixel normalisation against NumPy."""

import numpy as np
import pytest
from keras import layers, ops

from ganlib.backend import value_and_grad
from ganlib.layers import PixelNormalization, WeightNormalization

RNG = np.random.default_rng(0)


def as_matrix(kernel, axis):
    return np.moveaxis(kernel, axis, -1).reshape(-1, kernel.shape[axis])


def randomise(variable):
    variable.assign(RNG.normal(size=variable.shape))


def test_wrapping_does_not_change_what_a_layer_computes(kernel_name, array, built):
    layer, x, _ = built(WeightNormalization, kernel_name)
    np.testing.assert_allclose(array(layer(x)), array(layer.layer(x)), atol=1e-6)


def test_every_output_channel_has_the_length_g_and_the_direction_v(kernel_name, array, built):
    layer, _, axis = built(WeightNormalization, kernel_name)
    randomise(layer.length)
    v = as_matrix(array(layer.layer.kernel), axis)
    w = as_matrix(array(layer.effective_kernel()), axis)
    np.testing.assert_allclose(w, array(layer.length) * v / np.linalg.norm(v, axis=0), atol=1e-6)


def test_the_length_of_v_does_not_matter(array, built):
    layer, x, _ = built(WeightNormalization, "grouped")
    before = array(layer(x))
    layer.layer.kernel.assign(7.0 * layer.layer.kernel)
    np.testing.assert_allclose(array(layer(x)), before, atol=1e-5)


def test_gradients_of_length_and_direction_are_those_of_the_paper(kernel_name, array, built):
    """Equation 3: dg = dw . v / |v| and dv = g / |v| dw - g dg / |v|^2 v."""
    layer, _, axis = built(WeightNormalization, kernel_name)
    kernel, length = layer.layer.kernel, layer.length
    randomise(length)
    dw = RNG.normal(size=kernel.shape).astype("float32")
    loss = lambda: (ops.sum(layer.effective_kernel() * dw), 0.0)  # noqa: E731
    _, (by_length, by_kernel) = value_and_grad(loss, [length, kernel])
    v, g, dw = as_matrix(array(kernel), axis), array(length), as_matrix(dw, axis)
    size = np.linalg.norm(v, axis=0)
    dg = np.sum(dw * v, axis=0) / size
    np.testing.assert_allclose(array(by_length), dg, atol=1e-4)
    dv = g / size * dw - g * dg / size**2 * v
    np.testing.assert_allclose(as_matrix(array(by_kernel), axis), dv, atol=1e-3, rtol=1e-3)


def check_wrapped_transposed_convolution(wrap):
    """Fail unless a wrapped upsampler upsamples, as its own definition with g v / |v| would."""
    layer = wrap(layers.Conv1DTranspose(6, 5, strides=2, padding="same"))
    x = RNG.normal(size=(2, 9, 4)).astype("float32")
    y = ops.convert_to_numpy(layer(x))
    assert y.shape == (2, 18, 6), f"an upsampler by 2 made {y.shape} of {x.shape}"
    plain = layers.Conv1DTranspose(6, 5, strides=2, padding="same")
    plain.build(x.shape)
    plain.set_weights(layer.layer.get_weights())
    np.testing.assert_allclose(y, ops.convert_to_numpy(plain(x)), atol=1e-5)


def test_a_wrapped_transposed_convolution_upsamples():
    check_wrapped_transposed_convolution(WeightNormalization)


class ThroughAnOrdinaryConvolution(layers.Wrapper):
    """Mutant: normalises right, then sends every kernel through an ordinary convolution."""

    def call(self, inputs):
        kernel = ops.transpose(ops.convert_to_tensor(self.layer.kernel), (0, 2, 1))
        return ops.conv(inputs, kernel, padding="same") + self.layer.bias


def test_the_oracle_rejects_a_wrapper_whose_upsampler_does_not_upsample():
    with pytest.raises(AssertionError, match="an upsampler by 2 made"):
        check_wrapped_transposed_convolution(ThroughAnOrdinaryConvolution)


def test_an_axis_can_be_chosen_as_pytorch_does_for_transposed_convolutions(array, built):
    layer, _, _ = built(WeightNormalization, "our_transposed", axis=-1)
    assert layer.length.shape == (4,)  # one for each input channel
    expected = np.linalg.norm(array(layer.layer.kernel).reshape(-1, 4), axis=0)
    np.testing.assert_allclose(array(layer.length), expected, rtol=1e-6)


def test_a_zero_direction_stays_finite(array, built):
    layer, x, _ = built(WeightNormalization, "conv1d")
    layer.layer.kernel.assign(ops.zeros(layer.layer.kernel.shape))
    _, gradients = value_and_grad(lambda: (ops.sum(layer(x) ** 2), 0.0), layer.trainable_variables)
    assert all(np.isfinite(array(gradient)).all() for gradient in gradients)


def test_pixel_normalization_gives_every_position_a_mean_square_of_one(array):
    x = RNG.normal(size=(3, 5, 7)).astype("float32") * 10
    y = array(PixelNormalization()(x))
    np.testing.assert_allclose(np.mean(y**2, axis=-1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(y, x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True)), rtol=1e-5)


def test_pixel_normalization_of_silence_is_silence(array):
    np.testing.assert_array_equal(array(PixelNormalization()(np.zeros((1, 2, 3)))), 0)


def test_pixel_normalization_does_not_overflow_in_float16(array):
    y = PixelNormalization(dtype="mixed_float16")(np.full((1, 2, 8), 3000.0, "float16"))
    np.testing.assert_allclose(array(y), 1.0, rtol=1e-3)
