"""A run of a vocoder: excerpts, exact resume, and the pictures that speak by it."""

import h5py
import numpy as np
import pytest

from ganlib.audio.files import read_audio
from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import log_mel
from ganlib.audio.signals import tone
from ganlib.data.clips import Clips
from ganlib.errors import OptionError, RunError
from ganlib.instruments.vocoder import Vocoder
from ganlib.training import runs
from ganlib.training.engine.excerpts import Excerpts
from ganlib.training.hearing import load_generator
from ganlib.training.recipes import get_recipe

SMALL = {"width": 8, "blocks": 1, "excerpt_frames": 16, "batch_size": 2, "discriminator_from": 1}
SMALL["learning_rate_decay"] = "none"  # a decay depends on the number of updates in all


def recordings() -> Clips:
    recipe = get_recipe("vocoder")
    sound = recipe.audio_format(recipe.options())
    clips = np.zeros((4, sound.clip_samples, 1), "float32")
    for place, clip in enumerate(clips):
        clip[:4000, 0] = tone(300.0 + 200.0 * place, 0.5, 8000)
    return Clips(clips, np.arange(4) % 2, ("no", "yes"), audio_format=sound)


def begin(folder, steps: int):
    return runs.start(
        folder, "vocoder", recordings(), options=SMALL | {"steps": steps}, seed=3, quiet=True
    )


def newest_state(folder) -> list[np.ndarray]:
    with h5py.File(sorted((folder / "checkpoints").glob("*.h5"))[-1], "r") as file:
        return [file[name][()] for name in sorted(file)]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vocoder") / "run"
    begin(folder, steps=3)
    return folder


def test_a_resumed_run_ends_where_an_undisturbed_one_ends(run, tmp_path):
    begin(tmp_path / "other", steps=2)
    runs.resume(tmp_path / "other", "vocoder", recordings(), steps=3, quiet=True)
    for one, other in zip(newest_state(run), newest_state(tmp_path / "other"), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_leaves_a_vocoder_and_recordings_beside_what_it_makes_of_them(run):
    vocoder, clips = Vocoder.load(run / "generator"), recordings().samples
    heard, rate = read_audio(run / "samples" / "step-00000003.wav", 8000, 1)
    assert rate == 8000 and len(heard) == 2 * clips.size
    pairs = heard.reshape(len(clips), 2, -1, 1)
    peak = np.abs(clips).max()
    np.testing.assert_allclose(pairs[:, 0], clips / peak, atol=1e-3)
    made = vocoder(vocoder.frames(clips / peak))
    np.testing.assert_allclose(pairs[:, 1], made, atol=1e-3)


def test_a_vocoder_says_nothing_of_its_own(run):
    with pytest.raises(RunError, match="--set vocoder="):
        load_generator(run)


def test_a_model_of_pictures_speaks_by_the_vocoder_of_a_run(run, tmp_path):
    clips = recordings()
    options = {"dim": 2, "batch_size": 2, "steps": 1, "vocoder": str(run)}
    runs.start(tmp_path / "digits", "digits", clips, options=options, quiet=True)
    speaker = load_generator(tmp_path / "digits")
    own = Vocoder.load(run / "generator")
    assert speaker.vocoder is not None and speaker.vocoder.name == "vocoder"
    mel = np.full((1, 8, 64), -3.0, "float32")
    np.testing.assert_array_equal(speaker.vocoder(mel), own(mel))


def test_a_vocoder_that_is_not_there_is_refused_before_anything_is_written(tmp_path):
    options = {"dim": 2, "batch_size": 2, "steps": 1, "vocoder": "vocoder-of-nobody"}
    with pytest.raises(OptionError, match="vocoder-of-nobody is neither"):
        runs.start(tmp_path / "digits", "digits", recordings(), options=options, quiet=True)
    assert not (tmp_path / "digits").exists()


def test_frames_and_sound_of_an_excerpt_belong_together():
    sound = AudioFormat(8000, 2048, n_fft=256, hop_length=128, n_mels=16)
    clips = np.random.default_rng(0).normal(0.0, 0.1, (3, 2048, 1)).astype("float32")
    excerpts = Excerpts.of(clips, sound, 1e-3, size=4)
    frames, sounds = excerpts.batch(step=0, batch_size=8, seed=1)
    for mel, piece in zip(frames, sounds, strict=True):
        whole = next(clip for clip in clips if _inside(piece, clip))
        start = _inside(piece, whole) - 1
        expected = np.asarray(log_mel(whole[None], sound, 1e-3))[0, start // 128 :][:4]
        np.testing.assert_allclose(mel, expected, atol=1e-5)


def _inside(piece: np.ndarray, clip: np.ndarray) -> int:
    """Where a piece begins in a clip, from 1 on; 0 if it is not there."""
    places = range(0, len(clip) - len(piece) + 1, 128)
    found = [place for place in places if np.array_equal(clip[place:][: len(piece)], piece)]
    return found[0] + 1 if found else 0


def test_excerpts_are_a_function_of_seed_and_step_and_hold_sound():
    clips = recordings()
    excerpts = Excerpts.of(clips.samples, clips.audio_format, 1e-3, size=16)
    one, again, other = (excerpts.batch(step, 64, seed=0)[1] for step in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.1
    sounding = (np.abs(one[..., 0]) > 1e-3).mean(axis=1)
    assert sounding.min() > 0.4  # half a second of sound in each second: never only what follows


@pytest.mark.parametrize("size, samples", [(17, 2048), (0, 2048), (4, 2000)])
def test_excerpts_that_cannot_be_are_refused(size, samples):
    sound = AudioFormat(8000, 2048, n_fft=256, hop_length=128, n_mels=16)
    with pytest.raises(OptionError, match="whole hops"):
        Excerpts.of(np.zeros((1, samples, 1), "float32"), sound, 1e-3, size)
