"""The auxiliary classifier's loss against NumPy."""

import numpy as np
import pytest
from keras import ops

from ganlib.backend import input_gradient
from ganlib.losses import classification_loss

LOGITS = np.random.default_rng(0).normal(size=(6, 4)).astype("float32") * 3
LABELS = np.array([0, 3, 1, 1, 2, 0])


def probabilities(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_it_is_the_mean_cross_entropy_of_the_label():
    expected = -np.log(probabilities(LOGITS)[np.arange(6), LABELS]).mean()
    assert float(classification_loss(LOGITS, LABELS)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("classes", [2, 10, 35])
def test_who_knows_nothing_pays_the_logarithm_of_the_number_of_classes(classes):
    loss = classification_loss(ops.zeros((3, classes)), np.arange(3) % classes)
    assert float(loss) == pytest.approx(np.log(classes), rel=1e-5)


def test_its_gradient_is_the_probability_less_the_truth():
    found = input_gradient(lambda x: classification_loss(x, LABELS), LOGITS)
    expected = (probabilities(LOGITS) - np.eye(4)[LABELS]) / 6
    np.testing.assert_allclose(ops.convert_to_numpy(found), expected, atol=1e-6)


def test_no_logit_is_large_enough_to_overflow():
    sure = np.array([[1e4, -1e4]], "float32")
    assert float(classification_loss(sure, np.array([0]))) == pytest.approx(0.0, abs=1e-6)
    assert float(classification_loss(sure, np.array([1]))) == pytest.approx(2e4, rel=1e-5)
