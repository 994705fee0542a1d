"""Clips that a metric cannot use are refused with a sentence that says why."""

import numpy as np
import pytest

from ganlib.errors import OptionError
from ganlib.metrics.clips import (
    checked_clip_pair,
    checked_clips,
    checked_rate,
    optional_package,
)


def test_clips_come_back_as_they_are_in_double_precision():
    clips = np.random.default_rng(0).standard_normal((3, 50)).astype("float32")
    checked = checked_clips(clips[..., None], "clips")
    assert checked.dtype == "float64"
    np.testing.assert_array_equal(checked, clips)


def test_the_message_counts_the_broken_clips_and_names_the_array():
    clips = np.zeros((5, 100))
    clips[[1, 3], 7] = np.nan
    with pytest.raises(OptionError, match="estimate must be finite, but 2 of 5"):
        checked_clips(clips, "estimate")


@pytest.mark.parametrize("shape", [(3, 100), (2, 99)])
def test_a_pair_of_different_shapes_is_refused(shape):
    with pytest.raises(OptionError, match="same shape"):
        checked_clip_pair(np.zeros((2, 100)), np.zeros(shape))


def test_a_pair_keeps_its_order():
    reference, estimate = checked_clip_pair(np.zeros((2, 100)), np.ones((2, 100)))
    assert not reference.any() and estimate.all()


def test_a_missing_package_is_named_with_what_pip_must_install():
    with pytest.raises(OptionError, match=r"pip install no_such_mos onnxruntime, or"):
        optional_package("no_such_mos.model", also="onnxruntime")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e31, 1e300])
def test_what_float32_cannot_square_is_refused_like_an_infinity(value):
    clips = np.zeros((3, 100))
    clips[1, 5] = value
    with pytest.raises(OptionError, match="clips must be finite, but 1 of 3"):
        checked_clips(clips, "clips")
    assert checked_clips(np.full((1, 100), -1e29), "clips").min() == -1e29


@pytest.mark.parametrize("rate", [0, -8000, 999, 768_001, 8000.5, np.nan, np.inf, "a", None])
def test_a_rate_that_no_sound_has_is_refused(rate):
    with pytest.raises(OptionError, match=r"from 1,000 to 768,000, such as 16000, not"):
        checked_rate(rate)


@pytest.mark.parametrize("rate", [1000, 8000.0, np.int32(44100), 768_000])
def test_a_rate_of_sound_is_a_whole_number(rate):
    assert checked_rate(rate) == rate and isinstance(checked_rate(rate), int)
