"""Transposed convolution in both forms, against the definition, Keras, and its own adjoint."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.backend import input_gradient
from ganlib.layers import (
    TransposedConv1D,
    UpsampleConv1D,
    polyphase_transposed_convolution,
    zero_insertion_transposed_convolution,
)

FORMS = [polyphase_transposed_convolution, zero_insertion_transposed_convolution]
# kernel size, stride: odd and even, divisible and not, shorter than the stride, WaveGAN's 25 / 4.
SIZES = [(1, 1), (3, 1), (4, 1), (4, 2), (5, 2), (7, 3), (24, 4), (25, 4), (3, 4), (2, 4), (1, 3)]


def transposed_by_definition(x, kernel, stride):
    """Lay one scaled copy of the kernel down for every input sample, in plain loops."""
    (batch, time, _), (size, filters, _) = x.shape, kernel.shape
    left = max(size - stride, 0) // 2
    y = np.zeros((batch, time * stride, filters), x.dtype)
    for i in range(time):
        for j in range(size):
            n = stride * i + j - left
            if 0 <= n < time * stride:
                y[:, n] += x[:, i] @ kernel[j].T
    return y


def example(size, time=6, channels=3, filters=4, dtype="float64"):
    rng = np.random.default_rng(size)
    x = rng.normal(size=(2, time, channels)).astype(dtype)
    return x, rng.normal(size=(size, filters, channels)).astype(dtype)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size, stride", SIZES)
def test_both_forms_follow_the_definition(form, size, stride, array):
    x, kernel = example(size, dtype="float32")
    y = array(form(x, kernel, stride))
    np.testing.assert_allclose(y, transposed_by_definition(x, kernel, stride), atol=1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("time", [1, 2, 3])
def test_both_forms_hold_for_signals_shorter_than_the_kernel(form, time, array):
    x, kernel = example(25, time=time, dtype="float32")
    y = array(form(x, kernel, 4))
    np.testing.assert_allclose(y, transposed_by_definition(x, kernel, 4), atol=1e-5)


@pytest.mark.parametrize("size, stride", [case for case in SIZES if case[0] >= case[1]])
def test_transposed_conv_agrees_with_keras(size, stride, array):
    x, _ = example(size, dtype="float32")
    theirs = keras.layers.Conv1DTranspose(4, size, stride, padding="same", bias_initializer="ones")
    expected = array(theirs(x))
    for method in ("polyphase", "zero_insertion"):
        ours = TransposedConv1D(4, size, stride, method=method)
        ours.build(x.shape)
        ours.set_weights(theirs.get_weights())  # the same layout: weights move over as they are
        np.testing.assert_allclose(array(ours(x)), expected, atol=1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size, stride", [(4, 2), (5, 2), (25, 4), (7, 3)])
def test_transposed_convolution_is_the_adjoint_of_the_strided_one(form, size, stride, array):
    """<conv(u), x> = <u, transposed(x)> for all u and x is what "transposed" means."""
    x, kernel = example(size)
    u = np.random.default_rng(9).normal(size=(2, 6 * stride, 4))
    down = array(ops.conv(u, ops.convert_to_tensor(kernel), strides=stride, padding="same"))
    up = array(form(x, kernel, stride))
    np.testing.assert_allclose(np.sum(down * x), np.sum(u * up), rtol=1e-5)


@pytest.mark.parametrize("size, stride", [(4, 2), (25, 4), (3, 4)])
def test_gradients_of_both_forms_agree(size, stride, array):
    x, kernel = example(size, dtype="float32")
    weights = np.random.default_rng(1).normal(size=(2, 6 * stride, 4)).astype("float32")
    by_input = [input_gradient(lambda v, f=f: f(v, kernel, stride) * weights, x) for f in FORMS]
    by_kernel = [input_gradient(lambda v, f=f: f(x, v, stride) * weights, kernel) for f in FORMS]
    for one, other in (by_input, by_kernel):
        np.testing.assert_allclose(array(one), array(other), atol=1e-4)


def test_polyphase_kernel_holds_every_weight_once_and_no_inserted_zero_is_multiplied(array):
    """With a kernel divisible by the stride, a one-sample input meets each weight exactly once."""
    kernel = np.arange(1.0, 9.0, dtype="float32").reshape(8, 1, 1)
    x = np.zeros((1, 9, 1), "float32")
    x[0, 4] = 1.0
    y = array(polyphase_transposed_convolution(x, kernel, 4)).ravel()
    np.testing.assert_array_equal(y[y != 0], kernel.ravel())


@pytest.mark.parametrize("size, stride", [case for case in SIZES if case[0] >= case[1]])
def test_polyphase_convolves_with_hardly_more_taps_than_there_are_weights(
    size, stride, monkeypatch
):
    """Less than one stride of zeros at either end of the kernel, and one convolution."""
    kernels, conv = [], ops.conv
    monkeypatch.setattr(ops, "conv", lambda x, k, **o: kernels.append(k.shape) or conv(x, k, **o))
    x, kernel = example(size, dtype="float32")
    polyphase_transposed_convolution(x, kernel, stride)
    (shape,) = kernels
    assert shape[1:] == (3, stride * 4) and shape[0] * stride < size + 2 * stride


def test_initial_weights_have_the_scale_of_the_zero_insertion_form_in_both_methods():
    spreads = []
    for method in ("polyphase", "zero_insertion"):
        layer = TransposedConv1D(32, 25, 4, method=method)
        layer.build((None, 16, 64))
        assert layer.kernel.shape == (25, 32, 64)
        spreads.append(float(ops.std(layer.kernel)))
    glorot = np.sqrt(2.0 / (25 * (32 + 64)))
    np.testing.assert_allclose(spreads, [glorot, glorot], rtol=0.02)


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_upsample_conv_repeats_then_convolves(stride, array):
    layer = UpsampleConv1D(3, kernel_size=5, strides=stride)
    x = np.random.default_rng(0).normal(size=(2, 6, 2)).astype("float32")
    y = array(layer(x))
    kernel, bias = (array(weight) for weight in layer.weights)
    padded = np.pad(np.repeat(x, stride, axis=1), [(0, 0), (2, 2), (0, 0)])
    taps = [padded[:, j : j + 6 * stride] @ kernel[j] for j in range(5)]
    np.testing.assert_allclose(y, sum(taps) + bias, atol=1e-5)


def ripple(layer, array):
    """Spread of the output for a constant input, away from the edges: a checkerboard, or none."""
    y = array(layer(np.ones((1, 16, 1), "float32")))[0]
    return float(np.ptp(y[16:-16], axis=0).max())


def test_only_the_transposed_convolution_whistles_on_a_constant_input(array):
    """25 is no multiple of 4: some phases add 7 taps, others 6. Repeat + convolution has none."""
    assert ripple(TransposedConv1D(1, 25, 4, kernel_initializer="ones"), array) == 1.0
    assert ripple(TransposedConv1D(1, 24, 4, kernel_initializer="ones"), array) == 0.0
    assert ripple(UpsampleConv1D(1, 25, 4), array) < 1e-6


@pytest.mark.parametrize("wrong", [{"method": "fft"}, {"filters": 0}, {"strides": 0}])
def test_transposed_conv_refuses_impossible_options(wrong):
    with pytest.raises(ValueError, match="must be"):
        TransposedConv1D(**{"filters": 1, "kernel_size": 3, "strides": 2, **wrong})
