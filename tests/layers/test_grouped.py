"""Grouped convolution by ordinary ones, against the definition and Keras."""

import keras
import numpy as np
import pytest

from ganlib.backend import input_gradient, value_and_grad
from ganlib.layers import GroupedConv1D, grouped_convolution

# channels, filters, groups: narrow groups together, wide ones alone, as many groups as channels.
SIZES = [(6, 4, 2), (8, 8, 8), (80, 40, 20), (96, 4, 2)]


def grouped_by_definition(x, kernel, stride, groups):
    """Each output channel sees the channels of its group, in plain loops."""
    (batch, time, _), (size, own, filters) = x.shape, kernel.shape
    y = np.zeros((batch, (time - size) // stride + 1, filters))
    for channel in range(filters):
        group = channel // (filters // groups)
        seen = x[..., group * own : (group + 1) * own].astype("float64")
        for m in range(y.shape[1]):
            part = seen[:, stride * m : stride * m + size]
            y[:, m, channel] = (part * kernel[..., channel]).sum(axis=(1, 2))
    return y


def example(channels, filters, groups):
    rng = np.random.default_rng(channels)
    x = rng.normal(size=(2, 14, channels)).astype("float32")
    return x, rng.normal(size=(5, channels // groups, filters)).astype("float32")


@pytest.mark.parametrize("stride", [1, 3])
@pytest.mark.parametrize("channels, filters, groups", SIZES)
def test_it_follows_the_definition(channels, filters, groups, stride, array):
    x, kernel = example(channels, filters, groups)
    y = array(grouped_convolution(x, kernel, stride, groups))
    expected = grouped_by_definition(x, kernel, stride, groups)
    np.testing.assert_allclose(y, expected, atol=1e-4)


def test_it_is_the_engines_own_with_the_same_weights(array):
    x, _ = example(6, 4, 2)
    ours = GroupedConv1D(4, 5, 2, groups=2, bias_initializer="ones", activation="relu")
    native = GroupedConv1D(4, 5, 2, groups=2, method="native", activation="relu")
    for layer in (ours, native):
        layer.build(x.shape)
    native.set_weights(ours.get_weights())
    np.testing.assert_allclose(array(ours(x)), array(native(x)), atol=1e-5)


def test_gradients_by_differences_are_those_by_the_engine(compiled, array):
    x, _ = example(6, 4, 2)
    layer = GroupedConv1D(4, 5, 2, groups=2)
    layer.build(x.shape)

    def gradients(inputs):
        def loss():
            return keras.ops.sum(keras.ops.sin(layer(inputs))), 0.0

        _, by_weights = value_and_grad(loss, layer.trainable_variables)
        return by_weights[0], input_gradient(lambda u: keras.ops.sin(layer(u)), inputs)

    by_kernel, by_input = (array(part) for part in compiled(gradients, layer.variables)(x))
    kernel = array(layer.kernel)

    def total(x, kernel):
        return np.sin(grouped_by_definition(x, kernel, 2, 2)).sum()

    for place in [(0, 0, 0), (4, 2, 3), (2, 1, 1)]:
        moved = np.zeros(kernel.shape)
        moved[place] = 1e-4
        slope = (total(x, kernel + moved) - total(x, kernel - moved)) / 2e-4
        assert by_kernel[place] == pytest.approx(slope, rel=1e-3, abs=1e-4)
    for place in [(0, 0, 0), (1, 6, 5), (1, 12, 3)]:
        moved = np.zeros(x.shape)
        moved[place] = 1e-4
        slope = (total(x + moved, kernel) - total(x - moved, kernel)) / 2e-4
        assert by_input[place] == pytest.approx(slope, rel=1e-3, abs=1e-4)


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="one of ordinary, native, not 'fast'"):
        GroupedConv1D(4, 5, method="fast")
