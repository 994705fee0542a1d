"""Clips are equally loud by the international measure."""

import numpy as np
import pytest

from ganlib.audio.signals import tone
from ganlib.listening.loudness import PEAK, TARGET_LUFS, equally_loud, loudness


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_a_tone_of_997_hz_at_full_scale_measures_minus_3_at_every_rate(rate):
    """BS.1770-4, annex 1: the reading of this tone is -3.01 LKFS."""
    samples = np.sin(2 * np.pi * 997 * np.arange(rate) / rate)
    assert loudness(samples, rate) == pytest.approx(-3.01, abs=0.05)


def test_low_tones_count_less_and_high_tones_more():
    levels = [loudness(tone(hertz, 1.0, 16000), 16000) for hertz in (40.0, 1000.0, 4000.0)]
    assert levels[0] < levels[1] - 3
    assert levels[2] - levels[1] == pytest.approx(3.3, abs=0.5)  # the shelf gives 4 dB above 2 kHz


def test_silence_around_a_word_does_not_make_it_quieter():
    word = tone(500.0, 0.5, 8000)
    padded = np.concatenate([word, np.zeros(8000)])
    assert loudness(padded, 8000) == pytest.approx(loudness(word, 8000), abs=0.05)


def test_noise_and_a_quiet_tone_come_out_equally_loud():
    random = np.random.default_rng(0)
    clips = [0.3 * random.normal(size=8000), 0.001 * tone(300.0, 1.0, 8000)]
    scaled, levels = equally_loud(clips, 8000)
    assert levels == pytest.approx([TARGET_LUFS] * 2, abs=0.01)
    assert [loudness(clip, 8000) for clip in scaled] == pytest.approx([TARGET_LUFS] * 2, abs=0.1)


def test_a_single_click_is_not_scaled_beyond_full_scale_and_its_level_says_so():
    click = np.zeros(8000)
    click[4000] = 0.5
    [scaled], [level] = equally_loud([click], 8000)
    assert np.abs(scaled).max() == pytest.approx(PEAK)
    assert level < TARGET_LUFS - 1
    assert level == pytest.approx(loudness(scaled, 8000), abs=0.1)


def test_silence_stays_silence():
    [scaled], [level] = equally_loud([np.zeros(100)], 8000)
    assert not scaled.any() and level == float("-inf")
