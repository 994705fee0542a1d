"""Recipes that paint: the paper's sizes, the units of a penalty, runs that end in sound."""

import keras
import numpy as np
import pytest

from ganlib.audio.files import read_audio
from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.errors import OptionError
from ganlib.training import runs
from ganlib.training.config import Config
from ganlib.training.hearing import averaged
from ganlib.training.recipes import get_recipe
from ganlib.training.recipes.adversarial import ADVERSARIAL, FAST, adversarial

SOUND = AudioFormat(8000, 8192, n_fft=512, hop_length=128, n_mels=64, fmin_hz=40, fmax_hz=3900)
TINY = {"dim": 1, "batch_size": 4, "latent_dim": 4, "steps": 2, "iterations": 2}
DIGITS = tuple("0123456789")


def noise() -> Clips:
    samples = np.random.default_rng(0).normal(size=(8, 8192, 1)).astype("float32") * 0.1
    return Clips(samples, np.arange(8) % 2, ("0", "1"), audio_format=SOUND)


def test_the_full_size_recipe_has_the_published_sizes():
    options = get_recipe("specgan").options("gpu")
    gan = get_recipe("specgan").build(options, ())
    assert gan.generator.count_params() == 19_065_345
    assert gan.discriminator.count_params() == 17_427_969
    assert gan.penalty.__name__ == "wgan_gradient_penalty"
    assert (gan.discriminator_steps, gan.penalty_weight) == (5, 10.0)


def test_dcgan_is_trained_as_its_paper_says():
    """Section 4: batches of 128, Adam with 2e-4 and momentum 0.5, cross-entropy, z uniform."""
    options = get_recipe("dcgan").options("gpu", {"dim": 1})
    gan = get_recipe("dcgan").build(options, ())
    assert options["batch_size"] == 128
    for optimizer in (gan.optimizer.generator, gan.optimizer.discriminator):
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)
    assert gan.discriminator_loss.__name__ == "minimax_discriminator_loss"
    assert gan.generator_loss.__name__ == "non_saturating_generator_loss"
    assert (gan.latent_distribution, gan.penalty) == ("uniform", None)
    assert gan.generator.inputs[0].shape == (None, 100)


@pytest.mark.parametrize("preset", ["quick", "cpu", "gpu"])
def test_digits_are_asked_for_and_specgan_alone_paints_without_labels(preset):
    digits = get_recipe("digits").options(preset, {"dim": 1})
    assert len(get_recipe("digits").build(digits, DIGITS).generator.inputs) == 2
    free = get_recipe("specgan").options(preset, {"dim": 1})
    wanted = 2 if preset == "quick" else 1
    assert len(get_recipe("specgan").build(free, DIGITS).generator.inputs) == wanted


def test_r1_is_measured_in_deviations_of_the_data():
    """A slope of 1 for each deviation costs gamma / 2 whatever the unit of the data is."""

    def penalty(scale: float) -> float:
        generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        slope = keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(1 / scale))
        discriminator = keras.Sequential([keras.Input((1,)), slope])
        options = ADVERSARIAL | FAST | {"signal_scale": scale, "penalty_interval": 1}
        gan = adversarial(generator, discriminator, options)
        clips = np.full((4, 1), scale, "float32")
        return gan.penalty_weight * float(gan.smoothness(clips, clips, None))

    assert penalty(1.0) == pytest.approx(0.5)
    assert penalty(1 / 3) == pytest.approx(0.5, rel=1e-5)
    assert penalty(0.05) == pytest.approx(0.5, rel=1e-4)


def test_digits_speak_truncated_and_are_trained_without(tmp_path):
    runs.start(tmp_path / "run", "digits", noise(), "noise", "cpu", TINY, quiet=True)
    speaker = runs.load_generator(tmp_path / "run")
    assert np.abs(speaker.draw(50, 0)).max() <= speaker.truncation == 1.25
    config = Config.read(tmp_path / "run")
    free = Config(**{**vars(config), "options": config.options | {"truncation": 0.0}})
    assert averaged(free, runs.build(free)).truncation is None


def test_a_truncation_that_leaves_nothing_is_refused_before_training(tmp_path):
    changes = TINY | {"truncation": 0.001}
    with pytest.raises(OptionError, match="truncation must be 0.01 or more, not 0.001"):
        runs.start(tmp_path / "run", "digits", noise(), "noise", "cpu", changes, quiet=True)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("model", "preset"), [("digits", "cpu"), ("dcgan", "quick")])
def test_a_short_run_ends_in_a_generator_that_speaks(tmp_path, model, preset):
    runs.start(tmp_path / "run", model, noise(), "noise", preset, TINY, quiet=True)
    synthesizer = runs.load_generator(tmp_path / "run")
    clips, _ = synthesizer.generate(2)
    assert clips.shape == (2, 8192, 1) and np.isfinite(clips).all()
    assert synthesizer.codec is not None and synthesizer.codec.iterations == 2
    [heard] = (tmp_path / "run" / "samples").glob("*.wav")
    samples, rate = read_audio(heard)
    assert (samples.size, rate) == (10 * 8192, 8000)
