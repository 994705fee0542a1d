"""MelGAN and HiFi-GAN as recipes: what the papers say, and runs that leave a vocoder behind."""

import numpy as np
import pytest

from ganlib.audio.signals import tone
from ganlib.data.clips import Clips
from ganlib.errors import OptionError
from ganlib.instruments.vocoder import Vocoder
from ganlib.training import runs
from ganlib.training.config import Config
from ganlib.training.engine.optimizers import optimizer_of
from ganlib.training.recipes import get_recipe
from ganlib.training.recipes.paper_vocoders import _distance

TINY = {
    "hifigan": {"version": "small", "judge_width": 32, "scales": 1},
    "melgan": {"width": 16, "judge_width": 4, "scales": 1},
}
SHORT = {"excerpt_frames": 8, "batch_size": 2, "discriminator_from": 1, "steps": 2}


def recordings(model: str) -> Clips:
    sound = get_recipe(model).audio_format(get_recipe(model).options())
    clips = np.zeros((2, sound.clip_samples, 1), "float32")
    for place, clip in enumerate(clips):
        clip[:16000, 0] = tone(300.0 + 200.0 * place, 1.0, 16000)
    return Clips(clips, np.zeros(2, int), ("voice",), audio_format=sound)


@pytest.mark.parametrize("model", TINY)
def test_a_run_leaves_a_vocoder_for_clips_of_any_length(model, tmp_path):
    options = {**TINY[model], **SHORT}
    runs.start(tmp_path / "run", model, recordings(model), options=options, seed=1, quiet=True)
    vocoder = Vocoder.load(tmp_path / "run" / "generator")
    assert vocoder.builder == f"{model}_generator" and not vocoder.follows_pitch
    for frames in (5, 40):
        assert vocoder(np.zeros((1, frames, 80), "float32")).shape == (1, frames * 256, 1)


def test_another_hop_is_refused_with_what_to_set(tmp_path):
    options = get_recipe("hifigan").options("quick", {"hop_length": 128})
    with pytest.raises(OptionError, match="--set hop_length=256"):
        runs.build(Config("hifigan", "", "", "quick", options, [], seed=0))


def test_the_presets_of_the_papers_stay_as_they_are():
    hifigan, melgan = (get_recipe(name).options("gpu") for name in ("hifigan", "melgan"))
    shared = {"batch_size": 16, "excerpt_frames": 32, "scales": 3, "discriminator_from": 0}
    for options in (hifigan, melgan):
        assert {name: options[name] for name in shared} == shared
        assert options["excerpt_frames"] * options["hop_length"] == 8192
    assert (hifigan["version"], hifigan["loss"], melgan["loss"]) == ("v1", "least_squares", "hinge")
    assert (hifigan["distance_weight"], hifigan["feature_weight"]) == (45.0, 2.0)
    assert (melgan["distance_weight"], melgan["feature_weight"]) == (0.0, 10.0)


def test_hifigans_optimizer_decays_weights_and_its_rate():
    options = get_recipe("hifigan").options("gpu")
    optimizer = optimizer_of("discriminator", options)
    assert type(optimizer).__name__ == "AdamW" and optimizer.weight_decay == 0.01
    assert (optimizer.beta_1, optimizer.beta_2) == (0.8, 0.99)
    rate = optimizer._learning_rate
    assert float(rate(0)) == pytest.approx(2e-4)
    assert float(rate(options["steps"])) == pytest.approx(1e-5, rel=1e-3)
    halfway = float(rate(options["steps"] // 2))
    assert halfway == pytest.approx(2e-4 * np.sqrt(0.05), rel=1e-3)


def test_an_unknown_decay_is_refused():
    options = get_recipe("hifigan").options("gpu") | {"learning_rate_decay": "linear"}
    with pytest.raises(OptionError, match='"none", "cosine" or "exponential", not \'linear\''):
        optimizer_of("generator", options)


def test_the_loss_hears_higher_than_the_frames_that_are_read():
    recipe = get_recipe("hifigan")
    options = recipe.options("gpu", {"sample_rate": 22050, "fmax_hz": 8000.0})
    assert recipe.audio_format(options).highest_hz == 8000.0
    assert _distance(options).keywords["audio_format"].highest_hz == 11025.0
    lower = recipe.options("gpu", {"loss_fmax_hz": 4000.0})
    assert _distance(lower).keywords["audio_format"].highest_hz == 4000.0
