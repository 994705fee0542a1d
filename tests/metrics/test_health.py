"""Signal health against closed forms: sines, noise of a known RMS, speech with a known tone."""

import numpy as np
import pytest
from scipy import signal

from ganlib.audio import AudioFormat
from ganlib.audio.signals import tone, white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics.health import (
    bandwidth,
    find_lines,
    line_excess,
    signal_health,
    upsampling_lines,
)

RATE = 8000


@pytest.fixture(scope="module")
def speech():
    """Sixty recorded digits, float32 (60, 8192, 1)."""
    return load_clips("digits", "test", AudioFormat(RATE, 8192)).samples[:240:4]


def test_a_sine_has_the_peak_and_the_level_of_a_sine():
    health = signal_health([tone(500, 1.0, RATE, amplitude=0.5)], RATE)
    assert health["peak"] == pytest.approx(0.5, abs=1e-6)
    assert health["level_db"] == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=1e-4)


def test_the_level_of_a_set_is_the_level_of_all_its_samples():
    loud, quiet = np.full(8000, 0.5), np.full(8000, 0.1)
    health = signal_health([loud, quiet], RATE)
    assert health["level_db"] == pytest.approx(10 * np.log10((0.25 + 0.01) / 2), abs=1e-9)


@pytest.mark.parametrize("overdrive", [1.0, 1.5, 2.0, 10.0])
def test_a_clipped_sine_has_the_clipped_share_of_the_arcus_sine(overdrive):
    # A frequency that meets every phase alike: no whole number of samples in a period.
    sine = np.clip(tone(123.4567, 40.0, RATE, amplitude=overdrive), -1, 1)
    expected = 1 - 2 / np.pi * np.arcsin(0.999 / overdrive)
    assert signal_health([sine], RATE)["clipped_share"] == pytest.approx(expected, abs=2e-3)


def test_clipping_counts_on_both_sides():
    assert signal_health(-np.ones((1, 8000)), RATE)["clipped_share"] == 1.0


def test_the_silent_share_is_the_share_of_padding():
    padded = np.pad(white_noise(1.0, RATE, rms=0.1), (0, 3 * RATE))
    assert signal_health([padded], RATE)["silent_share"] == 0.75


@pytest.mark.parametrize(("level_db", "share"), [(-59.9, 0.0), (-60.1, 1.0)])
def test_silence_begins_at_minus_60_db(level_db, share):
    steady = np.full((1, RATE), 10 ** (level_db / 20))
    assert signal_health(steady, RATE)["silent_share"] == share


def test_offsets_of_opposite_sign_do_not_cancel():
    sine = tone(500, 1.0, RATE)
    assert signal_health([sine + 0.2, sine - 0.1], RATE)["dc"] == pytest.approx(0.15, abs=1e-6)


@pytest.mark.parametrize("rate", [8000, 16000, 22050])
def test_white_noise_fills_99_percent_of_the_band(rate):
    assert bandwidth([white_noise(20.0, rate)], rate) == pytest.approx(0.495 * rate, rel=0.004)


def test_the_bandwidth_is_the_frequency_that_99_percent_of_the_energy_lies_below():
    low, high = tone(1000, 4.0, RATE, amplitude=1.0), tone(3000, 4.0, RATE, amplitude=1.0)
    assert bandwidth([low + 0.12 * high], RATE) == pytest.approx(3000, abs=10)  # 1.4 % above
    assert bandwidth([low + 0.08 * high], RATE) == pytest.approx(1000, abs=10)  # 0.6 % above


def test_the_bandwidth_agrees_with_scipy_on_speech_and_ignores_an_offset(speech):
    frequencies, power = signal.welch(
        speech[..., 0], RATE, window="hann", nperseg=1024, detrend=False, scaling="spectrum"
    )
    power = power.mean(axis=0)
    power[:2] = 0
    share = np.cumsum(power) / power.sum()
    expected = frequencies[np.searchsorted(share, 0.99)]
    assert bandwidth(speech, RATE) == pytest.approx(expected, abs=16)
    assert bandwidth(speech + 0.3, RATE) == pytest.approx(bandwidth(speech, RATE), abs=8)


@pytest.mark.parametrize(
    ("rate", "strides", "lines"),
    [
        (8000, (4, 2), [1000, 2000, 3000]),
        (8000, (4, 4, 2), list(range(250, 4000, 250))),
        (16000, (4, 4), list(range(1000, 8000, 1000))),
        (22050, (2, 2), [5512.5]),
        (9000, (3,), [3000]),
    ],
)
def test_upsampling_lines_are_the_multiples_of_the_rate_over_the_strides(rate, strides, lines):
    assert upsampling_lines(rate, strides).tolist() == lines


def test_a_transposed_convolution_leaves_its_tones_where_we_look_for_them():
    steps = 0.05 + 0.01 * np.random.default_rng(0).standard_normal((20, 1024))
    kernel = np.random.default_rng(1).standard_normal(8)  # the 8 phases differ, as a bias's do
    held = np.repeat(steps, 8, axis=1) * np.tile(kernel, 1024)
    lines = upsampling_lines(RATE, (4, 2))
    assert (line_excess(held, RATE, lines) > 10).all()
    assert np.abs(line_excess(held, RATE, lines + 500)[:2]).max() < 6
    assert signal_health(held, RATE)["tone_hz"] in lines
    found = [frequency for frequency, _, _ in find_lines(held, RATE, 10)]
    assert np.allclose(sorted(found), lines, atol=1)


@pytest.mark.parametrize("amplitude", [0.05, 0.2])
def test_a_tone_in_noise_stands_out_by_the_closed_form(amplitude):
    seconds, rms, frame = 60.0, 0.1, 1024
    noisy = white_noise(seconds, RATE, rms) + tone(2000, seconds, RATE, amplitude)
    expected = 10 * np.log10(amplitude**2 * frame / (6 * rms**2)) + 10 * np.euler_gamma / np.log(10)
    assert line_excess([noisy], RATE, [2000.0])[0] == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("frequency_hz", [1000.0, 1001.9, 1003.5, 1005.8])
def test_frequency_and_level_of_a_tone_between_two_bins_are_read_off_a_parabola(frequency_hz):
    steady = tone(frequency_hz, 4.0, RATE, amplitude=0.1) + white_noise(4.0, RATE, rms=1e-4)
    frequency, _, level = find_lines([steady], RATE)[0]
    assert frequency == pytest.approx(frequency_hz, abs=0.15)
    assert level == pytest.approx(20 * np.log10(0.1 / np.sqrt(2)), abs=0.3)


def test_silence_between_the_words_does_not_hide_a_tone():
    steady = tone(2000, 1.024, RATE, amplitude=0.1) + white_noise(1.024, RATE, rms=0.01)
    alone = find_lines([steady], RATE)[0]
    assert find_lines(np.stack([steady, *np.zeros((9, 8192))]), RATE)[0] == pytest.approx(alone)


@pytest.mark.parametrize(("level_db", "lines"), [(-60.5, 0), (-59.5, 1)])
def test_a_tone_too_weak_to_be_heard_is_silence(level_db, lines):
    alone = tone(2000, 1.0, RATE, amplitude=np.sqrt(2) * 10 ** (level_db / 20))
    assert len(find_lines([alone], RATE)) == lines


def test_noise_has_no_tones():
    noise = [white_noise(1.0, RATE, seed=seed) for seed in range(100)]
    health = signal_health(noise, RATE)
    assert health["tone_excess_db"] < 1 and health["line_excess_db"] < 2
    assert find_lines(noise, RATE) == []


@pytest.mark.parametrize("level_db", [-40.0, -50.0])
@pytest.mark.parametrize("frequency_hz", [2000.0, 1234.5])
def test_a_tone_added_to_speech_is_found_with_its_frequency_and_level(
    speech, level_db, frequency_hz
):
    added = tone(frequency_hz, 8192 / RATE, RATE, amplitude=np.sqrt(2) * 10 ** (level_db / 20))
    health = signal_health(speech[..., 0] + added, RATE)
    assert health["line_hz"] == pytest.approx(frequency_hz, abs=1)
    assert health["line_level_db"] == pytest.approx(level_db, abs=1)
    clean = signal_health(speech, RATE)
    if frequency_hz == 2000:
        assert health["tone_hz"] == 2000 and health["tone_excess_db"] > 25
    else:
        assert health["tone_excess_db"] < clean["tone_excess_db"] + 3


def test_recorded_speech_has_no_upsampling_tones(speech):
    assert signal_health(speech, RATE)["tone_excess_db"] < 3


def test_silence_has_a_defined_answer():
    assert signal_health(np.zeros((2, 8192)), RATE) == {
        "peak": 0.0,
        "level_db": -120.0,
        "clipped_share": 0.0,
        "silent_share": 1.0,
        "dc": 0.0,
        "bandwidth_hz": 0.0,
        "tone_hz": 0.0,
        "tone_excess_db": 0.0,
        "line_hz": 0.0,
        "line_excess_db": 0.0,
        "line_level_db": -120.0,
    }


def test_a_channel_axis_of_one_changes_nothing(speech):
    assert signal_health(speech, RATE) == signal_health(speech[..., 0], RATE)


def test_clips_shorter_than_a_frame_are_measured_too():
    health = signal_health([tone(2000, 100 / RATE, RATE)], RATE)
    assert health["line_hz"] == pytest.approx(2000, abs=30)


@pytest.mark.parametrize(
    "clips",
    [
        np.zeros(8000),
        np.zeros((0, 8000)),
        np.zeros((2, 8000, 2)),
        np.zeros((2, 63)),
        np.zeros((2, 8000), "int16"),
        np.array([np.zeros(8000), np.full(8000, np.nan)]),
        np.full((1, 8000), np.inf),
    ],
    ids=["one clip", "none", "stereo", "short", "integers", "NaN", "infinite"],
)
def test_clips_that_cannot_be_measured_are_refused(clips):
    with pytest.raises(OptionError, match="clips must be"):
        signal_health(clips, RATE)


@pytest.mark.parametrize("strides", [(), (2,), (1, 1), (4, -1), (2.5, 2)])
def test_strides_without_a_line_are_refused(strides):
    with pytest.raises(OptionError, match="strides must be"):
        upsampling_lines(RATE, strides)
