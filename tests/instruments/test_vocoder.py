"""A vocoder keeps its format with its weights, and refuses frames that were made otherwise."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.errors import OptionError, WeightsError
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.instruments.vocoder import Vocoder

SOUND = AudioFormat(8000, 1024, n_fft=128, hop_length=64, n_mels=16, fmin_hz=40.0, fmax_hz=3900.0)
ARGUMENTS = {"n_mels": 16, "n_fft": 128, "hop_length": 64, "width": 8, "blocks": 1}
CODEC = SpectrogramCodec(SOUND, "mel", (-5.0,) * 16, (1.0,) * 16, floor=1e-3)


@pytest.fixture(scope="module")
def vocoder() -> Vocoder:
    return Vocoder.build("istft_vocoder", ARGUMENTS, SOUND, floor=1e-3, name="mine")


def frames(clips: int = 3) -> np.ndarray:
    return np.random.default_rng(0).normal(-4.0, 1.0, (clips, 16, 16)).astype("float32")


def test_it_comes_back_from_its_files_and_sounds_the_same(vocoder, tmp_path):
    vocoder.save(tmp_path / "mine")
    again = Vocoder.load(tmp_path / "mine")
    assert (again.audio_format, again.floor, again.name) == (SOUND, 1e-3, "mine")
    np.testing.assert_array_equal(again(frames()), vocoder(frames()))


def test_sound_has_a_hop_for_every_frame_and_stays_within_full_scale(vocoder):
    sound = vocoder(frames() + 20.0)
    assert sound.shape == (3, 16 * 64, 1) and sound.dtype == np.float32
    assert np.abs(sound).max() == 1.0


def test_the_answer_does_not_depend_on_what_is_in_the_batch(vocoder):
    np.testing.assert_allclose(vocoder(frames())[1:2], vocoder(frames()[1:2]), atol=1e-6)


def test_frames_of_recordings_are_those_of_the_codec(vocoder):
    """What a picture says and what the vocoder was trained on is one thing."""
    clips = np.random.default_rng(1).normal(0.0, 0.05, (2, 1024, 1)).astype("float32")
    read = CODEC.log_magnitudes(CODEC.encode(clips))
    assert np.abs(CODEC.encode(clips)).max() < 1.0  # nothing was cut off
    np.testing.assert_allclose(vocoder.frames(clips), read, atol=1e-4)


@pytest.mark.parametrize("shape", [(16, 16), (1, 16, 17), (0, 16, 16)])
def test_frames_of_another_shape_are_refused(vocoder, shape):
    with pytest.raises(OptionError, match=r"\(batch, frames, 16\)"):
        vocoder(np.zeros(shape))


@pytest.mark.parametrize(
    "change, mine, theirs",
    [
        ({"fmax_hz": 2000.0}, "highest_hz 3900.0", "highest_hz 2000.0"),
        ({"sample_rate": 16000}, "sample_rate 8000", "sample_rate 16000"),
    ],
)
def test_pictures_of_another_format_are_refused_with_both(vocoder, change, mine, theirs):
    other = replace(CODEC, audio_format=replace(SOUND, **change))
    with pytest.raises(WeightsError, match=f"{mine}.*{theirs}"):
        vocoder.must_read(other)
    with pytest.raises(WeightsError, match="floor 0.001.*floor 1e-05"):
        vocoder.must_read(replace(CODEC, floor=1e-5))


def synthesizer(vocoder: Vocoder | None) -> Synthesizer:
    arguments = {"frames": 16, "rows": 16, "dim": 2, "latent_dim": 4}
    return Synthesizer.build("specgan_generator", arguments, SOUND, codec=CODEC, vocoder=vocoder)


def test_a_synthesizer_speaks_by_its_vocoder_and_brings_it_along(vocoder, tmp_path):
    speaker = synthesizer(vocoder)
    speaker.check()
    speaker.save(tmp_path / "speaker")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["mine.json", "mine.weights.h5", "speaker.json", "speaker.weights.h5"]
    again = Synthesizer.load(tmp_path / "speaker")
    sound = speaker.generate(2)[0]
    np.testing.assert_array_equal(again.generate(2)[0], sound)
    without = replace(speaker, vocoder=None)
    assert np.abs(without.generate(2)[0] - sound).max() > 1e-3


def test_a_synthesizer_refuses_a_vocoder_of_other_frames(vocoder):
    other = replace(vocoder, floor=1e-5)
    with pytest.raises(WeightsError, match="floor"):
        synthesizer(other).check()


def test_a_generator_of_clips_takes_no_vocoder(vocoder):
    arguments = {"clip_samples": 8192, "dim": 1}
    speaker = Synthesizer.build(
        "wavegan_generator", arguments, AudioFormat(8000, 8192), vocoder=vocoder
    )
    with pytest.raises(WeightsError, match="makes clips"):
        speaker.check()


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "", 3])
def test_a_description_cannot_lead_to_another_folder(vocoder, tmp_path, name):
    synthesizer(vocoder).save(tmp_path / "speaker")
    card = json.loads((tmp_path / "speaker.json").read_text())
    (tmp_path / "speaker.json").write_text(json.dumps(card | {"vocoder": name}))
    with pytest.raises(WeightsError):
        Synthesizer.load(tmp_path / "speaker")


def test_what_is_no_vocoder_is_called_so(vocoder, tmp_path):
    synthesizer(None).save(tmp_path / "speaker")
    with pytest.raises(WeightsError, match="describes no vocoder"):
        Vocoder.load(tmp_path / "speaker")
    vocoder.save(tmp_path / "mine")
    card = json.loads((tmp_path / "mine.json").read_text())
    card["audio_format"]["n_mels"] = 15
    (tmp_path / "mine.json").write_text(json.dumps(card))
    with pytest.raises(WeightsError, match="reads 16 bands, and the format has 15"):
        Vocoder.load(tmp_path / "mine")
