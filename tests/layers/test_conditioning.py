"""Label embedding and projection against NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.backend import value_and_grad
from ganlib.layers import ConditionalBatchNormalization, LabelEmbedding, Projection


def test_an_embedding_looks_up_rows_of_its_table(array):
    layer = LabelEmbedding(classes=5, dimension=3)
    labels = np.array([4, 0, 4, 2])
    found = array(layer(labels))
    np.testing.assert_array_equal(found, array(layer.embeddings)[labels])


def test_an_embedding_takes_labels_of_any_shape_and_integer_type(array):
    layer = LabelEmbedding(classes=5, dimension=3)
    labels = np.array([[1, 2, 3], [3, 4, 0]])
    for dtype in ("int32", "int64", "uint8"):
        found = array(layer(labels.astype(dtype)))
        np.testing.assert_array_equal(found, array(layer.embeddings)[labels])


def test_an_embedding_starts_with_unit_variance(array):
    layer = LabelEmbedding(classes=100, dimension=100)
    layer.build()
    assert abs(array(layer.embeddings).std() - 1.0) < 0.02


def test_the_gradient_of_an_embedding_counts_how_often_a_label_came(array):
    layer = LabelEmbedding(classes=4, dimension=2)
    labels = np.array([3, 1, 3, 3])
    layer.build()
    _, (gradient,) = value_and_grad(lambda: (ops.sum(layer(labels)), 0.0), [layer.embeddings])
    np.testing.assert_array_equal(array(gradient), [[0, 0], [1, 1], [0, 0], [3, 3]])


def test_a_projection_is_a_linear_logit_plus_the_match_with_the_label(array):
    layer = Projection(classes=3)
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(4, 6)).astype("float32"), np.array([0, 2, 1, 2])
    found = array(layer((features, labels)))
    weights = array(layer.unconditional.kernel), array(layer.unconditional.bias)
    table = array(layer.embedding.embeddings)
    match = np.sum(table[labels] * features, axis=1, keepdims=True) / np.sqrt(6)
    np.testing.assert_allclose(found, features @ weights[0] + weights[1] + match, atol=1e-5)


def test_a_projection_changes_its_mind_with_the_label(array):
    layer = Projection(classes=2)
    features = np.ones((2, 8), "float32")
    logits = array(layer((features, np.array([0, 1]))))
    assert logits[0] != logits[1]


@pytest.mark.parametrize("classes, dimension", [(0, 3), (3, 0), (-1, 3)])
def test_impossible_sizes_are_refused(classes, dimension):
    with pytest.raises(ValueError, match="at least 1"):
        LabelEmbedding(classes, dimension)


def normalised(x):
    """To mean 0 and variance 1 over all but the last axis, with NumPy."""
    axes = tuple(range(x.ndim - 1))
    return (x - x.mean(axes)) / np.sqrt(x.var(axes) + 1e-3)


@pytest.mark.parametrize("shape", [(6, 4), (6, 7, 4), (6, 5, 3, 4)])
def test_conditional_batch_normalisation_has_a_gain_and_a_bias_for_each_label(array, shape):
    layer = ConditionalBatchNormalization(classes=3)
    rng = np.random.default_rng(0)
    x, labels = rng.normal(2.0, 3.0, shape).astype("float32"), np.array([0, 2, 1, 2, 0, 0])
    np.testing.assert_allclose(array(layer((x, labels), training=True)), normalised(x), atol=1e-5)
    gains, biases = rng.normal(size=(2, 3, 4)).astype("float32")
    layer.gains.assign(gains)
    layer.biases.assign(biases)
    places = (6, *(1,) * (x.ndim - 2), 4)
    wanted = normalised(x) * gains[labels].reshape(places) + biases[labels].reshape(places)
    np.testing.assert_allclose(array(layer((x, labels), training=True)), wanted, atol=1e-5)


def test_conditional_batch_normalisation_of_one_label_is_that_of_keras(array):
    ours, theirs = ConditionalBatchNormalization(2), keras.layers.BatchNormalization(momentum=0.9)
    x = np.random.default_rng(0).normal(1.0, 2.0, (5, 8, 3)).astype("float32")
    labels = np.ones(5, "int32")
    for training in (True, True, False):
        found, wanted = ours((x, labels), training=training), theirs(x, training=training)
        np.testing.assert_allclose(array(found), array(wanted), atol=1e-5)
    np.testing.assert_allclose(array(ours.moving_mean), array(theirs.moving_mean), atol=1e-6)


def test_only_labels_that_came_move_their_gain(array):
    layer = ConditionalBatchNormalization(classes=3)
    x = np.random.default_rng(0).normal(size=(4, 2)).astype("float32")
    labels = np.array([0, 2, 2, 0])
    layer((x, labels))
    tables = [layer.gains, layer.biases]
    _, gradients = value_and_grad(
        lambda: (ops.sum(layer((x, labels), training=True) ** 2), 0.0), tables
    )
    for gradient in map(array, gradients):
        assert (gradient[1] == 0).all() and (gradient[[0, 2]] != 0).all()
