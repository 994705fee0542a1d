"""Resampling against closed forms, SciPy and librosa; clips cut and filled to length."""

import librosa
import numpy as np
import pytest
import scipy.signal

from ganlib.audio.files import fit_length, resample
from ganlib.audio.signals import chirp, tone, white_noise
from ganlib.errors import OptionError

RATE = 16000


@pytest.mark.parametrize(("from_hz", "to_hz"), [(44100, 16000), (8000, 16000), (16000, 22050)])
def test_resampling_agrees_with_the_closed_form_and_with_scipy(from_hz, to_hz):
    ours = resample(chirp(100.0, 3000.0, 0.5, from_hz), from_hz, to_hz)
    closed_form = chirp(100.0, 3000.0, 0.5, to_hz)
    scipys = scipy.signal.resample(chirp(100.0, 3000.0, 0.5, from_hz), to_hz // 2)
    assert ours.shape == closed_form.shape == scipys.shape
    assert np.abs(ours - closed_form)[500:-500].max() < 1e-4
    assert np.abs(ours - scipys)[500:-500].max() < 1e-3  # SciPy's wraps round at the ends


def test_resampling_agrees_with_librosa_sample_for_sample():
    samples = white_noise(0.3, 44100)
    librosas = librosa.resample(samples, orig_sr=44100, target_sr=16000, res_type="soxr_hq")
    ours = resample(samples, 44100, 16000)
    np.testing.assert_array_equal(ours, librosas[: len(ours)])


def test_resampling_keeps_what_fits_and_removes_what_does_not():
    kept = resample(tone(1000.0, 0.5, 48000), 48000, 8000)
    removed = resample(tone(6000.0, 0.5, 48000), 48000, 8000)
    np.testing.assert_allclose(kept[200:-200], tone(1000.0, 0.5, 8000)[200:-200], atol=1e-4)
    assert np.abs(removed[200:-200]).max() < 1e-4


def test_resampling_there_and_back_returns_the_signal_in_every_channel():
    samples = np.stack([chirp(100.0, 3000.0, 0.5, RATE), tone(500.0, 0.5, RATE)], axis=1)
    back = resample(resample(samples, RATE, 44100), 44100, RATE)
    assert back.shape == samples.shape
    assert np.abs(back - samples)[200:-200].max() < 1e-4


def test_an_impossible_sample_rate_is_refused():
    with pytest.raises(OptionError, match="sample rates must be positive, got 16000 and 0 Hz"):
        resample(np.zeros(10), 16000, 0)


def test_lengths_are_fitted_at_the_start_or_in_the_middle():
    stereo = np.arange(12.0).reshape(6, 2)
    np.testing.assert_array_equal(fit_length(stereo, 4), stereo[:4])
    np.testing.assert_array_equal(fit_length(stereo, 4, "center"), stereo[1:5])
    np.testing.assert_array_equal(fit_length(stereo, 9)[:6], stereo)
    padded = fit_length(stereo, 9, "center")
    np.testing.assert_array_equal(padded[1:7], stereo)
    assert padded[0].sum() == padded[7:].sum() == 0.0
    np.testing.assert_array_equal(fit_length(stereo, 6, "center"), stereo)


def test_a_length_or_alignment_that_makes_no_sense_is_refused():
    with pytest.raises(OptionError, match="at least 1 sample, got 0"):
        fit_length(np.zeros(5), 0)
    with pytest.raises(OptionError, match="'start' or 'center', got 'end'"):
        fit_length(np.zeros(5), 5, "end")
