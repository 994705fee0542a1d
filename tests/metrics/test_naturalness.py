"""DNSMOS ranks: speech above noise; it works offline, and says what is missing."""

import importlib
import sys

import numpy as np
import pytest

from ganlib.audio import AudioFormat
from ganlib.audio.signals import white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics.levels import at_speech_level
from ganlib.metrics.naturalness import dnsmos

NAMES = {"overall", "speech", "background", "p808"}


@pytest.fixture(scope="module")
def speech():
    """Three recorded digits, (3, 16000, 1) at 16 kHz."""
    pytest.importorskip("speechmos.dnsmos", exc_type=ImportError)
    return load_clips("digits", "test", AudioFormat(16000, 16000)).samples[:30:10]


def test_speech_ranks_above_noise_of_its_own_level(speech):
    level = np.sqrt(np.mean(speech**2, axis=1, keepdims=True))
    noise = level * white_noise(3.0, 16000, rms=1.0).reshape(speech.shape)
    real, fake = dnsmos(speech, 16000), dnsmos(np.clip(noise, -1, 1), 16000)
    for name in ("overall", "speech", "background"):
        assert real[name].min() > fake[name].max(), name


def test_every_clip_has_four_scores_of_its_own(speech):
    scores, last = dnsmos(speech, 16000), dnsmos(speech[2:], 16000)
    assert set(scores) == NAMES
    for name, values in scores.items():
        assert values.shape == (3,) and ((values > 0.5) & (values < 5.5)).all()
        assert values[2] == pytest.approx(last[name][0], abs=1e-4)


def test_a_short_clip_scores_as_if_it_were_repeated(speech):
    repeated = np.resize(speech[0, :, 0], 144160)[None]
    heard = at_speech_level(repeated[0], 16000)
    theirs = importlib.import_module("speechmos.dnsmos").run(heard, 16000)
    for scores in (dnsmos(speech[:1], 16000), dnsmos(repeated, 16000)):
        assert scores["overall"] == pytest.approx(theirs["ovrl_mos"], abs=1e-3)
        assert scores["speech"] == pytest.approx(theirs["sig_mos"], abs=1e-3)
        assert scores["background"] == pytest.approx(theirs["bak_mos"], abs=1e-3)
        assert scores["p808"] == pytest.approx(theirs["p808_mos"], abs=1e-3)


@pytest.mark.parametrize("change", [lambda x: 0.1 * x, lambda x: -x, lambda x: 0.3 * x + 0.2])
def test_level_sign_and_offset_change_nothing(speech, change):
    as_it_is, altered = dnsmos(speech[:1], 16000), dnsmos(change(speech[:1]), 16000)
    for name in NAMES:
        assert altered[name] == pytest.approx(as_it_is[name], abs=2e-3), name


def test_silence_and_a_constant_score_alike_and_below_speech_and_faint_noise_as_noise(speech):
    silence = dnsmos(np.stack([np.zeros(16000), np.full(16000, 0.3)]), 16000)
    noise = white_noise(1.0, 16000)[None]
    for name in NAMES:
        assert silence[name][0] == silence[name][1], name
    assert silence["overall"][0] == pytest.approx(1.84, abs=0.01)
    assert silence["overall"][0] < dnsmos(speech, 16000)["overall"].min()
    faint, loud = (dnsmos(gain * noise, 16000)["overall"][0] for gain in (1e-4, 0.1))
    assert faint == pytest.approx(loud, abs=2e-3) and faint < 1.3


def test_what_lies_behind_9_seconds_is_not_heard(speech):
    long = np.tile(speech[0, :, 0], 12)[None]
    other = long.copy()
    other[:, 9 * 16000 + 200 :] = 0
    for name in NAMES:
        assert dnsmos(long, 16000)[name] == pytest.approx(dnsmos(other, 16000)[name], abs=2e-3)


@pytest.mark.parametrize(
    ("clips", "rate", "sentence"),
    [
        (np.zeros((0, 8000)), 8000, r"of shape \(0, 8000\)"),
        (np.zeros((2, 0)), 8000, r"of shape \(2, 0\)"),
        (np.zeros(8000), 8000, r"of shape \(8000,\)"),
        (np.zeros((1, 8000), int), 8000, "floating point"),
        (np.full((1, 8000), np.nan), 8000, "must be finite"),
        (np.full((1, 8000), 1e200), 8000, "must be finite"),
        (np.zeros((1, 8000)), 0, "sample_rate must be"),
    ],
)
def test_what_it_cannot_use_is_a_sentence(speech, clips, rate, sentence):
    with pytest.raises(OptionError, match=sentence):
        dnsmos(clips, rate)


def test_one_sample_is_a_clip_like_any_other(speech):
    assert np.isfinite(dnsmos(np.full((1, 1), 0.5), 8000)["overall"]).all()


def test_the_rate_is_heard(speech):
    right, wrong = dnsmos(speech, 16000), dnsmos(speech, 8000)
    assert (np.abs(right["overall"] - wrong["overall"]) > 0.01).all()


def test_overshoot_is_clipped_as_a_loudspeaker_would(speech):
    loud = 3 * speech / np.abs(speech).max()
    clipped = dnsmos(np.clip(loud, -1, 1), 16000)["overall"]
    assert dnsmos(loud, 16000)["overall"] == pytest.approx(clipped)


@pytest.mark.parametrize("package", ["speechmos", "onnxruntime"])
def test_without_its_packages_the_score_says_what_to_install(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, "speechmos.dnsmos", raising=False)
    with pytest.raises(OptionError, match="pip install speechmos onnxruntime librosa, or"):
        dnsmos(np.zeros((1, 8000)), 8000)
