"""Label embedding and projection against NumPy."""

import numpy as np
import pytest
from keras import ops

from ganlib.backend import value_and_grad
from ganlib.layers import LabelEmbedding, Projection


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
