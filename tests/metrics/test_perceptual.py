"""PESQ and STOI through their packages: known ends, the order of arguments, the unanswerable."""

import sys

import numpy as np
import pytest

from ganlib.audio import AudioFormat
from ganlib.audio.files import resample
from ganlib.audio.signals import white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics import paired
from ganlib.metrics.paired import pesq_score, stoi_score


@pytest.fixture(scope="module")
def voice():
    """Three recorded phrases, (3, 16000, 1) at 8 kHz."""
    return load_clips("voice", "test", AudioFormat(8000, 16000), pieces="first").samples[:3]


def with_noise(clips, rms=0.02):
    noise = white_noise(clips.size / 8000, 8000, rms=rms).reshape(clips.shape)
    return clips + noise


@pytest.mark.parametrize(("rate", "best"), [(8000, 4.549), (16000, 4.644)])
def test_equal_clips_get_the_best_pesq_of_their_band(voice, rate, best):
    pytest.importorskip("pesq")
    assert pesq_score(voice, voice, rate) == pytest.approx([best] * 3, abs=1e-3)


def test_another_rate_is_judged_as_wide_band(voice):
    pytest.importorskip("pesq")
    assert pesq_score(voice, voice, 22050) == pytest.approx([4.644] * 3, abs=1e-3)
    noisy = with_noise(voice, rms=0.002)
    twice = [[resample(clip[:, 0], 16000, 32000) for clip in x] for x in (voice, noisy)]
    at_home = pesq_score(voice, noisy, 16000)
    assert pesq_score(*np.array(twice), 32000) == pytest.approx(at_home, rel=0.05)


def test_pesq_passes_reference_and_estimate_in_this_order(voice):
    package = pytest.importorskip("pesq")
    noisy = with_noise(voice)
    pairs = list(zip(voice[..., 0], noisy[..., 0], strict=True))
    expected = [package.pesq(8000, real, fake, "nb") for real, fake in pairs]
    swapped = [package.pesq(8000, fake, real, "nb") for real, fake in pairs]
    assert pesq_score(voice, noisy, 8000) == pytest.approx(expected, abs=1e-4)
    assert (np.abs(np.subtract(expected, swapped)) > 0.01).all()


def test_more_noise_is_a_lower_pesq(voice):
    pytest.importorskip("pesq")
    little, much = (pesq_score(voice, with_noise(voice, rms), 8000) for rms in (0.002, 0.05))
    assert (much < little).all()


@pytest.mark.parametrize("silent", ["reference", "estimate"])
def test_pesq_of_silence_is_no_number_and_the_other_clips_keep_theirs(voice, silent):
    pytest.importorskip("pesq")
    pair = {"reference": voice.copy(), "estimate": voice.copy()}
    pair[silent][1] = 0
    scores = pesq_score(pair["reference"], pair["estimate"], 8000)
    assert np.isnan(scores).tolist() == [False, True, False]


def test_equal_clips_have_a_stoi_of_1_and_noise_instead_of_speech_about_a_third(voice):
    pytest.importorskip("pystoi")
    assert stoi_score(voice, voice, 8000) == pytest.approx([1.0] * 3, abs=1e-6)
    noise = white_noise(6.0, 8000).reshape(3, 16000)
    assert stoi_score(voice, noise, 8000) == pytest.approx([0.3] * 3, abs=0.1)


def test_stoi_passes_reference_and_estimate_in_this_order(voice):
    package = pytest.importorskip("pystoi")
    noisy = with_noise(voice)
    pairs = list(zip(voice[..., 0], noisy[..., 0], strict=True))
    expected = [package.stoi(real, fake, 8000) for real, fake in pairs]
    swapped = [package.stoi(fake, real, 8000) for real, fake in pairs]
    assert stoi_score(voice, noisy, 8000) == pytest.approx(expected, abs=1e-4)
    assert (np.abs(np.subtract(expected, swapped)) > 0.01).all()


def test_too_little_speech_for_stoi_is_no_number_and_the_other_clips_keep_theirs(voice):
    pytest.importorskip("pystoi")
    reference = voice.copy()
    reference[0] = 0
    reference[2, 2000:] = 0  # a quarter of a second is left
    scores = stoi_score(reference, voice, 8000)
    assert np.isnan(scores).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("score", "package", "samples"), [(pesq_score, "pesq", 2000), (stoi_score, "pystoi", 3200)]
)
def test_a_clip_too_short_for_the_score_is_refused(voice, score, package, samples):
    pytest.importorskip(package)
    with pytest.raises(OptionError, match=f"at least {samples} samples"):
        score(voice[:, : samples - 1], voice[:, : samples - 1], 8000)


@pytest.mark.parametrize(("score", "package"), [(pesq_score, "pesq"), (stoi_score, "pystoi")])
def test_without_its_package_a_score_says_what_to_install(monkeypatch, score, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(OptionError, match=f"pip install {package}, or"):
        score(np.ones((1, 8000)), np.ones((1, 8000)), 8000)


def test_both_scores_are_offered_beside_the_other_paired_distances():
    assert {"pesq_score", "stoi_score"} < set(paired.__all__)
