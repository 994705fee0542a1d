"""DNSMOS ranks: speech above noise; it works offline, and says what is missing."""

import importlib
import sys

import numpy as np
import pytest

from ganlib.audio import AudioFormat
from ganlib.audio.signals import white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
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
    theirs = importlib.import_module("speechmos.dnsmos").run(repeated[0], 16000)
    for scores in (dnsmos(speech[:1], 16000), dnsmos(repeated, 16000)):
        assert scores["overall"] == pytest.approx(theirs["ovrl_mos"])
        assert scores["speech"] == pytest.approx(theirs["sig_mos"])
        assert scores["background"] == pytest.approx(theirs["bak_mos"])
        assert scores["p808"] == pytest.approx(theirs["p808_mos"])


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
