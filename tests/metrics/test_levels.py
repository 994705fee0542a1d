"""The level of what sounds: known tones, pauses, offsets; and clips brought to it."""

import numpy as np
import pytest

from ganlib.audio.signals import tone, white_noise
from ganlib.metrics.levels import SPEECH_DBFS, active_level_db, at_speech_level

RATE = 8000


@pytest.mark.parametrize(("amplitude", "level"), [(1.0, -3.0103), (0.1, -23.0103)])
def test_a_sine_has_the_level_of_its_amplitude(amplitude, level):
    assert active_level_db(tone(1000, 1.0, RATE, amplitude), RATE) == pytest.approx(level, abs=1e-4)


def test_pauses_and_an_offset_do_not_count():
    sine = tone(1000, 1.0, RATE, 1.0)
    with_pause = np.concatenate([np.zeros(RATE), sine, np.zeros(3 * RATE)])
    faint = 0.001 * white_noise(5.0, RATE)
    assert active_level_db(with_pause, RATE) == pytest.approx(-3.0103, abs=1e-4)
    assert active_level_db(with_pause + faint, RATE) == pytest.approx(-3.01, abs=0.01)
    assert active_level_db(sine / 10 + 0.5, RATE) == pytest.approx(-23.0103, abs=1e-4)


def test_what_lies_less_than_40_db_below_counts():
    loud, quiet = tone(1000, 1.0, RATE, 1.0), tone(1000, 1.0, RATE, 0.02)
    mean_power = (0.5 + 0.5 * 0.02**2) / 2
    found = active_level_db(np.concatenate([loud, quiet]), RATE)
    assert found == pytest.approx(10 * np.log10(mean_power), abs=1e-3)


@pytest.mark.parametrize("gain", [1.0, 0.01, 1e-5, -0.3])
def test_a_clip_of_any_level_sign_apart_comes_out_the_same(gain):
    noise = white_noise(1.0, RATE)
    here = at_speech_level(gain * noise + 0.1, RATE)
    assert here == pytest.approx(np.sign(gain) * at_speech_level(noise, RATE), abs=1e-3)
    assert active_level_db(here, RATE) == pytest.approx(SPEECH_DBFS, abs=0.01)


def test_a_peak_is_never_clipped():
    click = np.zeros(48000)
    click[4000] = 0.01  # 30 dB above the RMS of its 20 ms
    found = at_speech_level(click, 48000)
    assert np.abs(found).max() == pytest.approx(1.0)
    assert active_level_db(found, 48000) < SPEECH_DBFS - 3


@pytest.mark.parametrize("samples", [np.zeros(800), np.full(800, 0.3), np.full(1, 0.5), []])
def test_what_does_not_move_has_no_level_and_becomes_silence(samples):
    assert active_level_db(samples, RATE) == -np.inf
    assert not at_speech_level(samples, RATE).any() and len(at_speech_level(samples, RATE)) == len(
        samples
    )
