"""Where the clips to be measured come from."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ganlib import pretrained
from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.files import write_audio
from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone
from ganlib.errors import OptionError
from ganlib.evaluation.measuring.sources import (
    Sample,
    of_folder,
    of_pretrained,
    spoken,
    through_pictures,
)
from ganlib.instruments.synthesizer import Synthesizer
from tests.evaluation.rigged import tiny_ear

EAR = tiny_ear()


def tiny_speaker(names: tuple[str, ...]) -> Synthesizer:
    arguments = {"output_shape": [64, 2], "hidden": [4], "classes": len(names)}
    return Synthesizer.build(
        "dense_generator", arguments, AudioFormat(8000, 64, channels=2), label_names=names
    )


def test_each_clip_is_that_of_its_own_seed_mixed_to_one_channel():
    speaker = tiny_speaker(("seven", "3"))
    sample = spoken(speaker, "tiny", EAR, 70, seed=5)
    assert sample.clips.shape == (70, 64, 1) and sample.note == "seeds 5 to 74"
    again, _ = speaker.generate(1, label="seven", seed=5 + 68)
    np.testing.assert_allclose(sample.clips[68], again[0].mean(axis=-1, keepdims=True), atol=1e-6)
    assert sample.labels[:4].tolist() == [7, 3, 7, 3]


def test_words_that_the_classifier_does_not_know_are_not_asked_for():
    assert spoken(tiny_speaker(("seven", "no")), "tiny", EAR, 3).labels is None
    assert spoken(tiny_speaker(()), "tiny", EAR, 3).labels is None


def test_shipped_weights_speak_with_their_seeds():
    name = pretrained.names()[0]
    sample = of_pretrained(name, EAR, 3, seed=11)
    expected, _ = pretrained.load(name).generate(3, seed=11)
    np.testing.assert_allclose(sample.clips, expected.mean(axis=-1, keepdims=True), atol=1e-6)
    assert sample.name == name
    near = of_pretrained(name, EAR, 3, seed=11, truncation=0.5)
    expected, _ = pretrained.load(name).truncated(0.5).generate(3, seed=11)
    np.testing.assert_allclose(near.clips, expected.mean(axis=-1, keepdims=True), atol=1e-6)
    assert near.note == "seeds 11 to 13, truncated at 0.5"


@pytest.fixture
def folder(tmp_path):
    for word, count in (("one", 6), ("7", 2)):
        (tmp_path / "digits" / word).mkdir(parents=True)
        for number in range(count):
            write_audio(tmp_path / "digits" / word / f"{number}.wav", np.full(160, 0.1), 8000)
    return tmp_path / "digits"


def test_recordings_of_a_folder_are_drawn_with_the_labels_in_turn(folder):
    sample = of_folder(folder, EAR, 4, seed=2)
    assert sorted(sample.labels.tolist()) == [1, 1, 7, 7] and sample.note == "4 of 8 clips"
    assert (sample.name, sample.clips.shape, sample.sample_rate) == ("digits", (4, 64, 1), 8000)
    assert len(of_folder(folder, EAR)) == 8


def test_more_recordings_than_there_are_are_refused(folder):
    with pytest.raises(OptionError, match="has 8 clips, and 9 were asked for"):
        of_folder(folder, EAR, 9)


def test_painters_that_paint_alike_share_a_row_of_real_clips_through_their_pictures(monkeypatch):
    real = Sample("real", spoken_tones(2), 8000, np.array([1, 2]))
    coarse, fine = (SpectrogramCodec.fit(real.clips, sound(n), iterations=3) for n in (16, 64))
    speakers = {"a": coarse, "raw": None, "b": fine, "c": replace(coarse)}
    monkeypatch.setattr(pretrained, "names", lambda: list(speakers))
    monkeypatch.setattr(pretrained, "load", lambda name: painter(speakers[name]))
    rows = through_pictures(real)
    assert [row.name for row in rows] == [
        "through the pictures of a and c",
        "through the pictures of b",
    ]
    at_full_level = real.clips / np.abs(real.clips).max(axis=(1, 2), keepdims=True)
    for row, codec in zip(rows, (coarse, fine), strict=True):
        np.testing.assert_array_equal(row.clips, codec.decode(codec.encode(at_full_level)))
        assert row.labels is real.labels and row.sample_rate == 8000
    assert [row.name for row in through_pictures(real, ["b"])] == ["through the pictures of b"]


def painter(codec: SpectrogramCodec | None) -> SimpleNamespace:
    decode = None if codec is None else codec.decode
    return SimpleNamespace(codec=codec, vocoder=None, sound_of=decode)


def sound(n_mels: int) -> AudioFormat:
    return AudioFormat(8000, 2048, n_fft=512, hop_length=128, n_mels=n_mels)


def spoken_tones(count: int) -> np.ndarray:
    return np.stack([tone(300.0 * (1 + place), 0.256, 8000) for place in range(count)])[..., None]
