"""The strided convolution in polyphase form, against the definition and Keras."""

import keras
import numpy as np
import pytest

from ganlib.backend import input_gradient
from ganlib.layers import StridedConv1D, polyphase_convolution

# kernel size, stride: odd and even, divisible and not, WaveGAN's 25 / 4.
SIZES = [(1, 1), (3, 1), (4, 1), (4, 2), (5, 2), (7, 3), (24, 4), (25, 4), (4, 4), (5, 4)]


def strided_by_definition(x, kernel, stride):
    """Multiply the kernel with every stretch of the padded signal, in plain loops."""
    (batch, time, _), (size, _, filters) = x.shape, kernel.shape
    left = (size - stride) // 2
    padded = np.pad(x, [(0, 0), (left, size), (0, 0)])
    y = np.zeros((batch, time // stride, filters), x.dtype)
    for m in range(time // stride):
        for k in range(size):
            y[:, m] += padded[:, stride * m + k] @ kernel[k]
    return y


def example(size, stride):
    rng = np.random.default_rng(size)
    x = rng.normal(size=(2, 6 * stride, 3)).astype("float32")
    return x, rng.normal(size=(size, 3, 4)).astype("float32")


@pytest.mark.parametrize("size, stride", SIZES)
def test_it_follows_the_definition(size, stride, array):
    x, kernel = example(size, stride)
    y = array(polyphase_convolution(x, kernel, stride))
    np.testing.assert_allclose(y, strided_by_definition(x, kernel, stride), atol=1e-5)


@pytest.mark.parametrize("size, stride", SIZES)
def test_it_is_keras_convolution_with_the_same_weights(size, stride, array):
    x, _ = example(size, stride)
    theirs = keras.layers.Conv1D(4, size, stride, padding="same", bias_initializer="ones")
    expected = array(theirs(x))
    ours = StridedConv1D(4, size, stride, activation="relu")
    ours.build(x.shape)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(array(ours(x)), np.maximum(expected, 0.0), atol=1e-5)


@pytest.mark.parametrize("size, stride", [(4, 2), (24, 4), (25, 4)])
def test_its_gradient_is_keras_gradient(size, stride, array):
    x, kernel = example(size, stride)

    def plain(inputs):
        return keras.ops.conv(inputs, kernel, strides=stride, padding="same") ** 2

    expected = array(input_gradient(plain, x))
    found = array(input_gradient(lambda u: polyphase_convolution(u, kernel, stride) ** 2, x))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_a_kernel_shorter_than_the_stride_is_refused():
    with pytest.raises(ValueError, match="at least strides, not 3 below 4"):
        StridedConv1D(4, 3, 4)


@pytest.mark.parametrize("length", [13, None])
def test_a_length_that_the_stride_does_not_divide_is_refused(length):
    with pytest.raises(ValueError, match="multiple of 4"):
        StridedConv1D(4, 5, 4)(keras.Input((length, 3)))
