"""Signals: measured with NumPy and SciPy, they show what the formulas promise."""

import numpy as np
import pytest
import scipy.signal

from ganlib.audio.signals import (
    HIGHER_FORMANTS,
    VOWELS,
    chirp,
    click_train,
    tone,
    vocal_tract_response,
    vowel,
    white_noise,
)
from ganlib.errors import OptionError

RATE = 16000


def spectrum_of_one_second(samples: np.ndarray) -> np.ndarray:
    """Return amplitudes of sines at whole numbers of Hz."""
    assert len(samples) == RATE
    return 2 * np.abs(np.fft.rfft(samples)) / RATE


def test_a_tone_has_its_amplitude_at_its_frequency_and_nothing_elsewhere():
    spectrum = spectrum_of_one_second(tone(1234.0, 1.0, RATE, amplitude=0.3))
    assert spectrum.argmax() == 1234
    assert spectrum[1234] == pytest.approx(0.3, rel=1e-5)
    assert np.delete(spectrum, 1234).max() < 1e-6


def test_a_tone_over_whole_periods_has_the_rms_of_a_sine():
    assert np.sqrt(np.mean(tone(100.0, 0.5, RATE, 0.8) ** 2)) == pytest.approx(0.8 / np.sqrt(2))


def test_the_phase_of_a_tone_turns_sine_into_cosine():
    times = np.arange(160) / RATE
    cosine = tone(100.0, 0.01, RATE, 1.0, phase=np.pi / 2)
    np.testing.assert_allclose(cosine, np.cos(2 * np.pi * 100 * times), atol=1e-6)


def test_a_chirp_agrees_with_scipy():
    times = np.arange(RATE) / RATE
    scipys = scipy.signal.chirp(times, f0=200.0, t1=1.0, f1=5000.0, phi=-90)
    np.testing.assert_allclose(chirp(200.0, 5000.0, 1.0, RATE, 1.0), scipys, atol=1e-6)


def test_the_frequency_of_a_chirp_rises_in_a_straight_line():
    analytic = scipy.signal.hilbert(chirp(500.0, 4500.0, 1.0, RATE))
    measured_hz = np.diff(np.unwrap(np.angle(analytic))) * RATE / (2 * np.pi)
    expected_hz = np.linspace(500.0, 4500.0, RATE - 1)
    assert np.abs(measured_hz - expected_hz)[1000:-1000].max() < 20.0


def test_the_harmonics_of_a_vowel_are_the_voice_times_the_tract():
    samples = vowel(100.0, (500.0, 1500.0, 2500.0), 1.0, RATE)
    spectrum = spectrum_of_one_second(samples)
    orders = np.arange(1, 80)
    tract = np.abs(vocal_tract_response(orders * 100.0, (500.0, 1500.0, 2500.0), RATE))
    expected = spectrum[100] / tract[0] * tract / orders
    # Samples are float32: 3e-8 of rounding each, and much less in one line of the spectrum.
    np.testing.assert_allclose(spectrum[orders * 100], expected, rtol=1e-5, atol=1e-8)
    between = np.delete(spectrum, orders * 100)
    assert between.max() < 1e-5 * spectrum.max()


def test_the_tract_agrees_with_scipy_and_peaks_at_its_formants():
    formants = (600.0, 1700.0)
    numerator, denominator = np.ones(1), np.ones(1)
    for formant_hz, bandwidth_hz in zip(formants, (60.0, 90.0), strict=True):
        pole = np.exp((-np.pi * bandwidth_hz + 2j * np.pi * formant_hz) / RATE)
        section = np.poly([pole, pole.conj()]).real
        numerator, denominator = numerator * section.sum(), np.convolve(denominator, section)
    frequencies_hz = np.arange(0.0, 8000.0, 10.0)
    _, expected = scipy.signal.freqz(numerator, denominator, frequencies_hz, fs=RATE)
    response = vocal_tract_response(frequencies_hz, formants, RATE)
    np.testing.assert_allclose(response, expected, rtol=1e-9)
    peaks = scipy.signal.find_peaks(np.abs(response))[0] * 10.0
    np.testing.assert_allclose(peaks, formants, atol=10.0)


@pytest.mark.parametrize("word", VOWELS)
def test_a_named_vowel_carries_its_formants_and_the_higher_ones(word):
    expected = vowel(120.0, VOWELS[word] + HIGHER_FORMANTS, 0.1, RATE)
    np.testing.assert_array_equal(vowel(120.0, word, 0.1, RATE), expected)
    assert np.abs(expected).max() == pytest.approx(0.5)


def test_a_vowel_at_8_khz_leaves_out_formants_that_do_not_fit():
    with_all = vowel(120.0, (500.0, 1500.0, 4000.0), 0.1, 8000)
    np.testing.assert_array_equal(with_all, vowel(120.0, (500.0, 1500.0), 0.1, 8000))


def test_clicks_stand_at_their_times_and_nowhere_else():
    samples = click_train(30.0, 1.0, 8000, amplitude=0.7)
    positions = np.flatnonzero(samples)
    np.testing.assert_array_equal(positions, np.round(np.arange(30) * 8000 / 30))
    assert set(samples[positions]) == {np.float32(0.7)}


def test_a_click_train_has_a_flat_line_spectrum():
    spectrum = np.abs(np.fft.rfft(click_train(100.0, 1.0, RATE, 1.0)))
    np.testing.assert_allclose(spectrum[::100], 100.0, rtol=1e-5)
    assert spectrum.sum() == pytest.approx(spectrum[::100].sum(), rel=1e-5)


def test_noise_is_reproducible_flat_and_exactly_as_loud_as_asked():
    noise = white_noise(4.0, RATE, rms=0.2, seed=3)
    np.testing.assert_array_equal(noise, white_noise(4.0, RATE, rms=0.2, seed=3))
    assert not np.array_equal(noise, white_noise(4.0, RATE, rms=0.2, seed=4))
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(0.2, rel=1e-5)
    _, density = scipy.signal.welch(noise, RATE, nperseg=256)
    bands = density[1:121].reshape(6, 20)
    np.testing.assert_allclose(bands.mean(axis=1), 0.2**2 / (RATE / 2), rtol=0.1)


def test_all_signals_are_float32_and_one_dimensional():
    for samples in (
        tone(440.0, 0.01, RATE),
        chirp(100.0, 200.0, 0.01, RATE),
        vowel(100.0, "heed", 0.01, RATE),
        click_train(100.0, 0.01, RATE),
        white_noise(0.01, RATE),
    ):
        assert (samples.dtype, samples.shape) == (np.float32, (160,))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: tone(9000.0, 1.0, RATE), "between 0 and 8000 Hz"),
        (lambda: tone(440.0, 0.0, RATE), "hold no sample"),
        (lambda: chirp(100.0, 8001.0, 1.0, RATE), "end_hz"),
        (lambda: vowel(0.0, "heed"), "f0_hz must lie above 0"),
        (lambda: vowel(8000.0, "heed"), "below 8000 Hz"),
        (lambda: vowel(100.0, "hello"), "unknown vowel 'hello'.*heed"),
        (lambda: click_train(0.0, 1.0, RATE), "rate_hz"),
    ],
)
def test_impossible_signals_are_refused(make, words):
    with pytest.raises(OptionError, match=words):
        make()
