"""Word errors against sentences that were counted by hand."""

import math

import pytest

from ganlib.metrics.words import word_error_rate, word_errors


@pytest.mark.parametrize(
    "said, heard, errors",
    [
        ("", "", 0),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("a b c", "a b c", 0),
        ("a b c", "b c", 1),
        ("a b c", "a x b c", 1),
        ("a b c d", "b a d c", 3),
        ("one two", "two one", 2),
    ],
)
def test_errors_are_the_fewest_changes(said, heard, errors):
    assert word_errors(said.split(), heard.split()) == errors
    assert word_errors(heard.split(), said.split()) == errors


def test_a_rate_is_of_all_words_together():
    assert word_error_rate([["a"] * 9, ["b"]], [["a"] * 9, ["c"]]) == 0.1
    assert word_error_rate([["a"]], [["b", "c", "d"]]) == 3.0
    assert math.isnan(word_error_rate([[]], [["a"]]))
