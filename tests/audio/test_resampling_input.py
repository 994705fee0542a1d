"""What soxr cannot use is a sentence: it would spread a NaN, or ask for more than there is."""

import numpy as np
import pytest

from ganlib.audio.files import resample
from ganlib.errors import OptionError


@pytest.mark.parametrize(
    ("samples", "rates", "sentence"),
    [
        (np.full(100, np.nan), (8000, 16000), "samples must be finite"),
        (np.full(100, np.inf), (8000, 8000), "samples must be finite"),
        (np.full(100, 1e300), (8000, 16000), "samples must be finite"),
        (np.zeros((4, 5, 2)), (8000, 16000), r"got float64 of shape \(4, 5, 2\)"),
        (np.float64(3), (8000, 16000), r"got float64 of shape \(\)"),
        (np.zeros((10, 0)), (8000, 16000), r"got float64 of shape \(10, 0\)"),
        (np.array(["a"]), (8000, 16000), "got <U1"),
        (np.ones(10) * 1j, (8000, 16000), "got complex128"),
        (np.zeros(100), (8000, "a"), "sample rates must be positive, got 8000 and 'a' Hz"),
        (np.zeros(100), (8000, None), "sample rates must be positive"),
        (np.zeros(100), (np.nan, 8000), "sample rates must be positive"),
        (np.zeros(100), (8000, np.inf), "between 1,000 and 768,000 Hz"),
        (np.zeros(100), (8000, 2**60), "between 1,000 and 768,000 Hz"),
    ],
)
def test_what_cannot_be_resampled_is_a_sentence(samples, rates, sentence):
    with pytest.raises(OptionError, match=sentence):
        resample(samples, *rates)


def test_integers_nothing_and_a_constant_are_resampled():
    assert resample(np.arange(100), 8000, 16000).shape == (200,)
    assert resample(np.zeros(0), 8000, 16000).shape == (0,)
    assert resample(np.full(4000, 0.3), 8000, 16000)[2000:6000] == pytest.approx(0.3, abs=1e-4)
