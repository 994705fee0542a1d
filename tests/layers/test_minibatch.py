"""Minibatch standard deviation against NumPy: StyleGAN's groups, and what is left over."""

import numpy as np
import pytest
from keras import ops

from ganlib.backend import input_gradient
from ganlib.layers import LabelStandardDeviation, MinibatchStandardDeviation

RNG = np.random.default_rng(0)


def stylegan(x, group_size):
    """StyleGAN's own arithmetic, for a batch that the group size divides."""
    groups = x.reshape(group_size, -1, *x.shape[1:])
    deviation = np.sqrt(groups.var(axis=0) + 1e-8)
    value = deviation.reshape(len(deviation), -1).mean(axis=1)
    return np.tile(value, group_size)


def dealt(x, group_size):
    """The rule for any batch, in plain loops: example i belongs to group i mod m."""
    m = max(1, len(x) // group_size)
    values = [np.sqrt(x[i % m :: m].var(axis=0) + 1e-8).mean() for i in range(len(x))]
    return np.array(values)


def new_channel(x, group_size, array):
    y = array(MinibatchStandardDeviation(group_size)(x))
    np.testing.assert_array_equal(y[..., :-1], x)
    column = y[..., -1].reshape(len(x), -1)
    np.testing.assert_array_equal(column, np.tile(column[:, :1], column.shape[1]))
    return column[:, 0]


@pytest.mark.parametrize("batch, group_size", [(4, 4), (8, 4), (12, 4), (6, 2), (9, 3), (3, 1)])
def test_groups_are_those_of_stylegan_where_the_size_divides_the_batch(batch, group_size, array):
    x = RNG.normal(size=(batch, 5, 3)).astype("float32")
    np.testing.assert_allclose(
        new_channel(x, group_size, array), stylegan(x, group_size), rtol=1e-4
    )


@pytest.mark.parametrize("batch, group_size", [(7, 4), (5, 4), (3, 4), (1, 4), (11, 4), (13, 3)])
def test_examples_left_over_join_other_groups(batch, group_size, array):
    x = RNG.normal(size=(batch, 5, 3)).astype("float32")
    np.testing.assert_allclose(new_channel(x, group_size, array), dealt(x, group_size), rtol=1e-4)


def test_inputs_of_any_rank_are_taken(array):
    for shape in [(4, 3), (4, 5, 3), (4, 5, 6, 3)]:
        x = RNG.normal(size=shape).astype("float32")
        np.testing.assert_allclose(new_channel(x, 4, array), stylegan(x, 4), rtol=1e-4)


def test_collapse_is_visible(array):
    collapsed = np.tile(RNG.normal(size=(1, 5, 3)), (4, 1, 1)).astype("float32")
    diverse = RNG.normal(size=(4, 5, 3)).astype("float32")
    assert new_channel(collapsed, 4, array).max() < 1e-3
    assert new_channel(diverse, 4, array).min() > 0.5


def test_the_gradient_is_finite_where_all_examples_are_equal(array):
    layer = MinibatchStandardDeviation(4)
    gradient = array(input_gradient(lambda x: layer(x)[..., -1], np.ones((4, 5, 3), "float32")))
    assert np.isfinite(gradient).all()


def test_the_gradient_agrees_with_finite_differences(array):
    x = RNG.normal(size=(5, 2, 2)).astype("float32")
    layer, weights = MinibatchStandardDeviation(2), RNG.normal(size=5)
    found = input_gradient(
        lambda v: layer(v)[:, 0, -1] * ops.cast(weights, "float32"), ops.convert_to_tensor(x)
    )
    x = x.astype("float64")
    expected = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-5
        expected[index] = (dealt(x + step, 2) - dealt(x - step, 2)) @ weights / 2e-5
    np.testing.assert_allclose(array(found), expected, atol=1e-4)


def test_large_values_do_not_overflow_in_float16(array):
    x = np.array([[-3000.0], [3000.0]], "float16")
    y = array(MinibatchStandardDeviation(2, dtype="mixed_float16")(x))
    np.testing.assert_allclose(y[:, 1], 3000.0, rtol=1e-3)


def test_an_empty_group_is_refused():
    with pytest.raises(ValueError, match="group_size must be at least 1"):
        MinibatchStandardDeviation(0)


def of_each_label(x, labels):
    """The rule of LabelStandardDeviation, in plain loops."""
    values = []
    for label in labels:
        own = x[labels == label]
        variance = own.var(axis=0, ddof=1) if len(own) > 1 else np.zeros(x.shape[1:])
        values.append(np.sqrt(variance + 1e-8).mean())
    return np.array(values)


def test_the_spread_of_each_label_is_the_unbiased_deviation(array):
    x = RNG.normal(size=(9, 5, 3)).astype("float32")
    labels = np.array([3, 1, 3, 3, 0, 1, 7, 3, 0])
    y = array(LabelStandardDeviation()((x, labels)))
    np.testing.assert_array_equal(y[..., :-1], x)
    np.testing.assert_allclose(y[:, 2, -1], of_each_label(x, labels), rtol=1e-4)


def test_one_way_to_say_each_word_is_seen_by_label_and_not_by_group(array):
    words = RNG.normal(size=(4, 5, 3)).astype("float32")
    labels = np.arange(16) % 4
    said = words[labels]
    assert array(LabelStandardDeviation()((said, labels)))[..., -1].max() < 1e-3
    assert array(MinibatchStandardDeviation(16)(said))[..., -1].min() > 0.5


def test_the_gradient_by_label_is_finite_where_all_examples_are_equal(array):
    layer, labels = LabelStandardDeviation(), np.array([0, 0, 1, 2])
    equal = np.ones((4, 5, 3), "float32")
    gradient = array(input_gradient(lambda x: layer((x, labels))[..., -1], equal))
    assert np.isfinite(gradient).all()
