"""Clips cut to their sound and put in a row: lengths and samples that are known beforehand."""

import numpy as np
import pytest

from ganlib.audio.joining import join, trim
from ganlib.audio.signals import tone
from ganlib.errors import OptionError

RATE = 8000


def in_silence(sound: np.ndarray, before: int, after: int) -> np.ndarray:
    return np.concatenate([np.zeros(before), sound, np.zeros(after)])


def test_silence_at_both_ends_is_cut_and_the_margin_stays():
    clip = in_silence(tone(440.0, 0.2, RATE), 2400, 3200)
    assert len(trim(clip, RATE, margin_seconds=0.02)) == 1600 + 2 * 160


def test_sound_up_to_the_edge_keeps_every_sample():
    clip = tone(440.0, 0.2, RATE)
    assert len(trim(clip, RATE)) == len(clip)


def test_a_pause_inside_stays():
    word = tone(440.0, 0.1, RATE)
    clip = in_silence(np.concatenate([word, np.zeros(1600), word]), 800, 800)
    assert len(trim(clip, RATE, margin_seconds=0.0)) == 800 + 1600 + 800


def test_what_counts_as_silence_follows_the_loudest_part():
    loud, faint = tone(440.0, 0.1, RATE), 0.003 * tone(440.0, 0.1, RATE)  # 50 dB apart
    clip = np.concatenate([faint, loud, faint])
    assert len(trim(clip, RATE, below_db=45.0, margin_seconds=0.0)) == 800
    assert len(trim(clip, RATE, below_db=55.0, margin_seconds=0.0)) == 2400
    quiet = trim(0.001 * clip, RATE, below_db=45.0, margin_seconds=0.0)
    assert len(quiet) == 800


def test_the_new_ends_fade_and_the_middle_is_untouched():
    clip = in_silence(np.ones(1600), 80, 80)
    part = trim(clip, RATE, margin_seconds=0.0)
    assert part[0] == pytest.approx(1 / 41) and part[-1] == pytest.approx(1 / 41)
    assert (np.diff(part[:41]) > 0).all()
    np.testing.assert_array_equal(part[40:-40], 1.0)


def test_every_channel_keeps_its_own_sound():
    left, right = tone(440.0, 0.2, RATE), np.zeros(1600)
    clip = np.stack([in_silence(left, 800, 800), in_silence(right, 800, 800)], axis=1)
    part = trim(clip, RATE, margin_seconds=0.0)
    assert part.shape == (1600, 2)
    assert np.abs(part[:, 0]).max() > 0.4 and not part[:, 1].any()


def test_digital_silence_stays_as_it_is():
    assert len(trim(np.zeros(777), RATE)) == 777


def test_joined_clips_are_as_long_as_all_of_them_and_the_pauses():
    parts = [np.full((n, 1), value) for n, value in ((30, 0.5), (20, -0.5), (10, 0.25))]
    row = join(parts, RATE, pause_seconds=0.001)
    assert row.shape == (30 + 8 + 20 + 8 + 10, 1)
    assert not row[30:38].any() and not row[58:66].any()
    np.testing.assert_array_equal(row[38:58], -0.5)


@pytest.mark.parametrize("call", [lambda: join([], RATE), lambda: trim(np.ones(9), RATE, 0.0)])
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(OptionError):
        call()
