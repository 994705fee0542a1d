"""What both weight normalisations promise: no call assigns, and a folded layer stands alone."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.layers import SpectralNormalization, UpsampleConv1D, WeightNormalization

RNG = np.random.default_rng(0)
every_wrapper = pytest.mark.parametrize("wrapper", [SpectralNormalization, WeightNormalization])


def randomise(variable):
    variable.assign(RNG.normal(size=variable.shape))


def check_calls_assign_nothing(layer, x):
    """Fail unless calls, in training too, leave every weight as it was, to the bit."""
    layer(x)
    for weight in layer.trainable_weights:
        randomise(weight)
    before = [ops.convert_to_numpy(weight.value) for weight in layer.weights]
    outputs = [ops.convert_to_numpy(layer(x, training=True)) for _ in range(3)]
    for weight, old in zip(layer.weights, before, strict=True):
        changed = not np.array_equal(ops.convert_to_numpy(weight.value), old)
        assert not changed, f"a call rewrote {weight.path}"
    assert np.array_equal(outputs[0], outputs[2]), "the layer changed between two calls"


@every_wrapper
def test_calls_in_training_assign_nothing(wrapper, kernel_name, built):
    layer, x, _ = built(wrapper, kernel_name)
    check_calls_assign_nothing(layer, x)


def test_the_oracle_rejects_keras_spectral_normalization_which_rewrites_its_kernel():
    with pytest.raises(AssertionError, match="a call rewrote .*kernel"):
        check_calls_assign_nothing(
            layers.SpectralNormalization(layers.Dense(5)), np.ones((3, 7), "float32")
        )


@every_wrapper
def test_the_wrapped_layer_gets_its_variable_back_even_when_it_fails(wrapper, built):
    layer, x, _ = built(wrapper, "dense")
    kernel = layer.layer.kernel
    with pytest.raises(Exception):  # noqa: B017 each engine has an error of its own
        layer.call(x[:, :3])
    assert layer.layer.kernel is kernel and isinstance(kernel, keras.Variable)


@every_wrapper
def test_a_kernel_is_counted_and_saved_once(wrapper, built):
    layer, _, _ = built(wrapper, "dense")
    assert len(layer.weights) == len({id(weight) for weight in layer.weights}) == 3


@every_wrapper
@pytest.mark.parametrize(
    "inner",
    [
        lambda: layers.ReLU(),
        lambda: UpsampleConv1D(3, 3, 2),
        lambda: layers.SeparableConv1D(3, 3),
        lambda: layers.DepthwiseConv1D(3),
    ],
)
def test_layers_without_one_kernel_are_refused(wrapper, inner):
    with pytest.raises(TypeError, match="expects a layer with one kernel"):
        wrapper(inner()).build((2, 9, 4))


@every_wrapper
def test_a_mixed_precision_model_around_it_does_not_round_the_kernel_first(wrapper, array):
    """A model under a mixed policy casts the variables of its layers; here it must not."""
    seen = []

    class Watched(wrapper):
        def effective_kernel(self):
            seen.append(self._own_kernel())
            return super().effective_kernel()

    keras.config.set_dtype_policy("mixed_bfloat16")
    layer = Watched(layers.Dense(4))
    model = keras.Sequential([keras.Input((5,)), layer])
    randomise(layer.layer.kernel)
    seen.clear()
    model(np.ones((2, 5), "float32"))
    np.testing.assert_array_equal(array(seen[0]), array(layer.layer.kernel))


@every_wrapper
def test_a_folded_layer_computes_alone_what_it_computed_wrapped(wrapper, kernel_name, array, built):
    layer, x, _ = built(wrapper, kernel_name)
    for weight in layer.trainable_weights:
        randomise(weight)
    expected = array(layer(x))
    folded = layer.fold()
    assert not isinstance(folded, wrapper)
    np.testing.assert_allclose(array(folded(x)), expected, atol=1e-5)
    np.testing.assert_allclose(array(layer(x)), expected, atol=1e-5)
