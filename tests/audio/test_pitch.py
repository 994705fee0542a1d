"""The pitch tracker against tones whose pitch is known at every moment."""

import numpy as np
import pytest

from ganlib.audio.files import read_audio
from ganlib.audio.pitch import track_pitch
from ganlib.errors import OptionError

RATE, HOP = 16000, 256


def voice(pitch_hz: np.ndarray, first: int = 1, last: int = 8) -> np.ndarray:
    """Harmonics `first` to `last` of a pitch that is given for every sample."""
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE
    return sum(np.cos(k * phase) / k for k in range(first, last + 1)) * 0.2


@pytest.mark.parametrize("hz", [80.0, 123.4, 220.0, 390.0])
def test_a_steady_tone_has_its_pitch(hz):
    found = track_pitch(voice(np.full(RATE, hz)), RATE, HOP)[4:-4]
    np.testing.assert_allclose(found, hz, rtol=2e-3)


def test_a_glide_is_followed_without_delay():
    hz = 120.0 * 2.0 ** (np.arange(2 * RATE) / (2 * RATE))
    found = track_pitch(voice(hz), RATE, HOP)[6:-6]
    expected = hz[np.arange(len(found)) * HOP + 6 * HOP]
    np.testing.assert_allclose(found, expected, rtol=1e-3)  # a frame later would be 0.6 % higher


def test_a_missing_fundamental_is_found_all_the_same():
    found = track_pitch(voice(np.full(RATE, 200.0), first=3), RATE, HOP)[4:-4]
    np.testing.assert_allclose(found, 200.0, rtol=5e-3)


def test_silence_and_noise_have_no_pitch():
    assert not track_pitch(np.zeros(RATE), RATE, HOP).any()
    noise = np.random.default_rng(0).normal(0.0, 0.1, 4 * RATE)
    assert (track_pitch(noise, RATE, HOP) > 0).mean() < 0.05


def test_a_pause_between_two_tones_has_none():
    sound = voice(np.full(3 * RATE, 180.0))
    sound[RATE : 2 * RATE] = 0.0
    found = track_pitch(sound, RATE, HOP)
    middle = slice(RATE // HOP + 4, 2 * RATE // HOP - 4)
    assert not found[middle].any() and (found[6:50] > 0).all() and (found[-50:-6] > 0).all()


def test_it_agrees_with_librosa_on_a_real_voice():
    librosa = pytest.importorskip("librosa")
    sound, _ = read_audio("datasets/voice/wavs/conf-now-recording.flac", RATE)
    ours = track_pitch(sound, RATE, HOP)
    theirs, voiced, _ = librosa.pyin(
        sound, fmin=75, fmax=400, sr=RATE, frame_length=1024, hop_length=HOP
    )
    both = (ours > 0) & voiced[: len(ours)]
    apart = np.abs(ours[both] / theirs[: len(ours)][both] - 1.0)
    assert both.mean() > 0.5 and np.median(apart) < 0.02


def test_wrong_ranges_and_shapes_are_refused():
    with pytest.raises(OptionError, match="lowest first"):
        track_pitch(np.zeros(100), RATE, HOP, 400.0, 75.0)
    with pytest.raises(OptionError, match=r"\(time,\)"):
        track_pitch(np.zeros((2, 100)), RATE, HOP)
