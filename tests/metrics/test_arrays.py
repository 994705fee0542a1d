"""What is no set of features, posteriors or labels is refused with a sentence."""

import numpy as np
import pytest

from ganlib.errors import OptionError
from ganlib.metrics.arrays import (
    checked_features,
    checked_labels,
    checked_pair,
    checked_probabilities,
)


def test_spectra_become_one_row_of_float64_a_clip():
    spectra = np.arange(24, dtype="float32").reshape(2, 3, 4)
    rows = checked_features(spectra, "real")
    assert rows.dtype == "float64"
    np.testing.assert_array_equal(rows, np.arange(24.0).reshape(2, 12))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(5), "real must be an array of numbers"),
        (np.zeros((3, 2), complex), "not complex128"),
        ([["a"], ["b"]], "must be an array of numbers"),
        (np.zeros((0, 4)), "at least 2 clips"),
        (np.zeros((4, 0)), "at least 2 clips"),
        (np.zeros((1, 4)), "at least 2 clips"),
        ([[0.0], [np.nan], [np.inf]], "2 of 3 clips have a NaN or an infinity"),
    ],
)
def test_features_that_cannot_be_used_are_named(values, message):
    with pytest.raises(OptionError, match=message):
        checked_features(values, "real", at_least=2)


def test_two_sets_need_the_same_dimensions():
    with pytest.raises(OptionError, match="not 3 and 4; take both from the same network"):
        checked_pair(np.zeros((5, 3)), np.zeros((5, 4)))


@pytest.mark.parametrize(
    "values", [[[2.0, -1.0]], [[0.5, 0.4]], [[3.0, 1.0]], [0.5, 0.5], [[np.nan, 1.0]]]
)
def test_posteriors_are_shares_of_one(values):
    with pytest.raises(OptionError, match="probabilities must"):
        checked_probabilities(values)


def test_posteriors_rounded_to_float16_are_let_pass_with_a_sum_of_1():
    values = np.full((2, 7), 1 / 7, "float16")
    np.testing.assert_allclose(checked_probabilities(values).sum(axis=1), 1, rtol=1e-15)


@pytest.mark.parametrize("labels", [[0, 1], [[0], [1], [2]], [0.0, 1.0, 2.0]])
def test_there_is_one_whole_label_a_clip(labels):
    with pytest.raises(OptionError, match="labels must"):
        checked_labels(labels, 3)
