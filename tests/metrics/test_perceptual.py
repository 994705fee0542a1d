"""PESQ and STOI through their packages: known ends, the order of arguments, the unanswerable."""

import os
import sys

import numpy as np
import pytest

from ganlib.audio import AudioFormat
from ganlib.audio.files import resample
from ganlib.audio.signals import white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics import paired, perceptual
from ganlib.metrics.paired import pesq_score, stoi_score
from ganlib.metrics.worker import WorkerLost


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


# Long clips, clips without sound, and the process in which PESQ runs ------------------------------


@pytest.fixture(scope="module")
def speech():
    """Phrases one after another, 44 s at 8 kHz, (1, 352000); and the same with noise."""
    clips = load_clips("voice", "test", AudioFormat(8000, 16000), pieces="first").samples[:22]
    long = clips.reshape(1, -1)
    return long, with_noise(long, rms=0.01)


def test_no_piece_is_longer_than_20_s_and_none_shorter_than_10():
    for seconds in (0.25, 19.99, 20.0, 20.01, 30.0, 61.0, 600.0):
        clip = np.arange(int(seconds * 1000))
        pieces = perceptual._pieces(clip, -clip, 1000)
        lengths = [len(real) / 1000 for real, _ in pieces]
        assert max(lengths) <= 20 and min(lengths) >= min(10, seconds - 1e-9)
        np.testing.assert_array_equal(np.concatenate([real for real, _ in pieces]), clip)
        np.testing.assert_array_equal(np.concatenate([fake for _, fake in pieces]), -clip)


def test_long_speech_gets_the_mean_pesq_of_its_pieces(speech):
    package = pytest.importorskip("pesq")
    pieces = [np.array_split(clips[0], 3) for clips in speech]
    expected = [package.pesq(8000, real, fake, "nb") for real, fake in zip(*pieces, strict=True)]
    assert pesq_score(*speech, 8000) == pytest.approx([np.mean(expected)], abs=1e-4)


def test_long_speech_gets_the_mean_stoi_of_its_pieces(speech):
    package = pytest.importorskip("pystoi")
    pieces = [np.array_split(clips[0], 3) for clips in speech]
    expected = [package.stoi(real, fake, 8000) for real, fake in zip(*pieces, strict=True)]
    assert stoi_score(*speech, 8000) == pytest.approx([np.mean(expected)], abs=1e-4)
    assert stoi_score(*speech, 8000) == pytest.approx([package.stoi(*np.concatenate(speech), 8000)],
                                                      abs=0.02)  # fmt: skip


@pytest.mark.parametrize(("score", "package"), [(pesq_score, "pesq"), (stoi_score, "pystoi")])
def test_a_long_pause_of_the_reference_is_left_out_and_one_of_the_estimate_is_not(
    speech, score, package
):
    pytest.importorskip(package)
    clip, noisy = (clips[:, : 22 * 8000] for clips in speech)
    paused = clip.copy()
    paused[:, : 11 * 8000] = 0
    second_half = score(clip[:, 11 * 8000 :], noisy[:, 11 * 8000 :], 8000)
    assert score(paused, noisy, 8000) == pytest.approx(second_half, abs=1e-6)
    [found] = score(noisy, paused, 8000)
    assert np.isnan(found) if package == "pesq" else found < 0.6


@pytest.mark.parametrize(("score", "package"), [(pesq_score, "pesq"), (stoi_score, "pystoi")])
def test_a_constant_is_silence(voice, score, package):
    pytest.importorskip(package)
    pair = {"reference": voice[:2].copy(), "estimate": voice[:2].copy()}
    pair["reference"][0] = pair["estimate"][1] = 0.3
    beside_a_constant = score(pair["reference"], pair["estimate"], 8000)
    assert np.isnan(beside_a_constant[0])
    assert np.isnan(beside_a_constant[1]) if package == "pesq" else beside_a_constant[1] == 0


@pytest.mark.parametrize(("score", "package"), [(pesq_score, "pesq"), (stoi_score, "pystoi")])
@pytest.mark.parametrize(
    ("clips", "rate", "sentence"),
    [
        (np.zeros((0, 8000)), 8000, r"of shape \(0, 8000\)"),
        (np.zeros((2, 0)), 8000, r"of shape \(2, 0\)"),
        (np.zeros(8000), 8000, r"of shape \(8000,\)"),
        (np.zeros((1, 8000), int), 8000, "floating point"),
        (np.full((1, 8000), np.nan), 8000, "must be finite"),
        (np.full((1, 8000), -np.inf), 8000, "must be finite"),
        (np.full((1, 8000), 1e200), 8000, "must be finite"),
        (np.zeros((1, 8000)), 0, "sample_rate must be"),
        (np.zeros((1, 8000)), 2**40, "sample_rate must be"),
    ],
)
def test_what_no_score_can_use_is_a_sentence(score, package, clips, rate, sentence):
    pytest.importorskip(package)
    with pytest.raises(OptionError, match=sentence):
        score(clips, clips, rate)


def test_pesq_runs_in_another_process_which_is_kept_and_replaced_when_it_was_killed(voice):
    pytest.importorskip("pesq")
    before = pesq_score(voice, with_noise(voice), 8000)
    process = perceptual._PESQ._process
    assert process.pid != os.getpid()
    pesq_score(voice[:1], voice[:1], 16000)
    assert perceptual._PESQ._process is process
    process.kill()
    process.wait()
    np.testing.assert_array_equal(pesq_score(voice, with_noise(voice), 8000), before)
    assert perceptual._PESQ.process_id != process.pid


class Lost:
    """Stands for a process that ends at the second question."""

    def __init__(self, answers):
        self.answers, self.stopped = list(answers), False

    def ask(self, question, data):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self):
        self.stopped = True


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (WorkerLost("ended with signal 11"), "own process ended with signal 11 at clip 1. Nothing"),
        ({"failed": "ImportError: no pesq"}, "failed .ImportError: no pesq. at clip 1"),
        ({"score": 4.9}, "answered 4.900, which is more than the scale has, at clip 1"),
    ],
)
def test_a_fault_of_pesq_is_a_sentence_with_the_clip(voice, monkeypatch, second, sentence):
    monkeypatch.setattr(perceptual, "optional_package", lambda package: None)
    lost = Lost([{"score": 3.0}, second])
    monkeypatch.setattr(perceptual, "_PESQ", lost)
    with pytest.raises(OptionError, match=sentence):
        pesq_score(voice, voice, 8000)
    assert lost.stopped == ("score" in second if isinstance(second, dict) else False)


def test_an_error_of_its_own_is_no_number(voice, monkeypatch):
    monkeypatch.setattr(perceptual, "optional_package", lambda package: None)
    monkeypatch.setattr(perceptual, "_PESQ", Lost([{"score": -7}, {"score": None}] * 3))
    assert np.isnan(pesq_score(voice, voice, 8000)).all()


def test_both_scores_are_offered_beside_the_other_paired_distances():
    assert {"pesq_score", "stoi_score"} < set(paired.__all__)
