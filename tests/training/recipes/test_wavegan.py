"""WaveGAN's recipe: who judges, in which units, and that a judge of both can be trained."""

import numpy as np
import pytest
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.backend import input_gradient
from ganlib.data.clips import Clips
from ganlib.errors import OptionError
from ganlib.training import runs
from ganlib.training.config import Config
from ganlib.training.engine.feeding import as_seen, measured
from ganlib.training.hearing import averaged
from ganlib.training.recipes import get_recipe

TINY = {"dim": 1, "judge_dim": 1, "batch_size": 4, "latent_dim": 4, "steps": 9}
WAVEGAN = get_recipe("wavegan")


@pytest.fixture(scope="module")
def clips() -> Clips:
    samples = 0.1 * np.random.default_rng(0).normal(size=(8, 8192, 1)).astype("float32")
    sound = WAVEGAN.audio_format(WAVEGAN.options("cpu"))
    assert isinstance(sound, AudioFormat)
    return Clips(samples, np.arange(8) % 2, ("0", "1"), audio_format=sound)


def built(clips: Clips, judge: str, **changes):
    options = WAVEGAN.options("cpu", TINY | {"judge": judge, "signal_scale": 0.1} | changes)
    codec = measured(clips, options).to_dict() if WAVEGAN.needs_codec(options) else None
    return WAVEGAN.build(options | {"codec": codec}, clips.label_names), options, codec


@pytest.mark.parametrize(("judge", "logits"), [("wave", 1), ("picture", 1), ("both", 2)])
def test_each_judge_gives_its_logits_for_what_it_is_fed(clips, judge, logits):
    gan, options, codec = built(clips, judge)
    real, labels = map(ops.convert_to_tensor, as_seen(clips, options, codec).batch(0, 4, seed=0))
    found, _ = gan.judge(real, labels)
    assert found.shape == (4, logits)
    assert gan.generate(4, labels).shape == real.shape


def test_the_penalty_of_two_judges_is_the_sum_of_both_gradients(clips):
    """Its square by the whole that is shown is that by the sound and that by the picture."""
    gan, options, codec = built(clips, "both")
    real, labels = map(ops.convert_to_tensor, as_seen(clips, options, codec).batch(0, 4, seed=0))
    shown = gan.augmentation.layers[-1](real)
    gradient = ops.convert_to_numpy(input_gradient(lambda seen: gan.logits(seen, labels)[0], shown))
    sound, picture = gradient[:, :8192], gradient[:, 8192:]
    assert np.square(sound).sum() > 0 and np.square(picture).sum() > 0
    gan.augmentation = gan.augmentation.layers[-1]  # no random shift
    gan.penalty_interval = 1
    value = float(gan.smoothness(real, real, labels))
    expected = np.square(gradient).sum(axis=(1, 2)).mean()
    shuffled = 0.2  # phase shuffle draws anew
    assert value == pytest.approx(expected, rel=shuffled)


def test_each_further_resolution_is_one_more_judge(clips):
    gan, options, codec = built(clips, "both", resolutions="128+512")
    real, labels = map(ops.convert_to_tensor, as_seen(clips, options, codec).batch(0, 4, seed=0))
    assert gan.judge(real, labels)[0].shape == (4, 4)
    shown = gan.seen(real)
    gradient = ops.convert_to_numpy(input_gradient(lambda seen: gan.logits(seen, labels)[0], shown))
    sizes = np.cumsum([8192, 64 * 64, 128 * 64, 32 * 256])
    assert shown.shape == (4, sizes[-1], 1)
    for part in np.split(gradient, sizes[:-1], axis=1):
        assert np.square(part).sum() > 0


@pytest.mark.parametrize("given", ["128,512", "high", "63", "127", "9000"])
def test_resolutions_that_are_none_are_refused(clips, given):
    with pytest.raises(OptionError, match="joined by \\+, such as 128\\+512"):
        built(clips, "both", resolutions=given)


def test_a_run_with_both_judges_ends_in_a_generator_of_sound_and_resumes(clips, tmp_path):
    run = tmp_path / "run"
    runs.start(run, "wavegan", clips, "noise", "cpu", TINY | {"steps": 1}, quiet=True)
    assert runs.resume(run, "wavegan", clips, steps=2, quiet=True).steps == 2
    synthesizer = runs.load_generator(run)
    assert synthesizer.codec is None
    assert np.abs(synthesizer.draw(50, 0)).max() <= synthesizer.truncation == 1.5
    assert synthesizer.generate(3)[0].shape == (3, 8192, 1)


@pytest.mark.parametrize("judge", ["wave", "both"])
def test_the_noise_floor_lies_under_what_is_judged_and_under_what_is_heard_later(clips, judge):
    changes = TINY | {"judge": judge, "signal_scale": 1.0, "time_shift": 0, "noise_floor": 0.01}
    options = WAVEGAN.options("cpu", changes)
    codec = measured(clips, WAVEGAN.options("cpu")).to_dict()
    gan = WAVEGAN.build(options | {"codec": codec}, clips.label_names)
    shown = ops.convert_to_numpy(gan.seen(ops.zeros((4, 8192, 1))))[:, :8192]
    assert shown.std() == pytest.approx(0.01, rel=0.05)
    config = Config("wavegan", "", "", "cpu", options, ["0", "1"], seed=0, codec=codec)
    assert averaged(config, gan).noise_floor == 0.01


def test_a_truncation_that_leaves_nothing_is_refused():
    options = WAVEGAN.options("cpu", TINY | {"truncation": 0.001, "judge": "wave"})
    with pytest.raises(OptionError, match="truncation must be 0.01 or more, not 0.001"):
        WAVEGAN.build(options, ("0", "1"))


def test_an_unknown_judge_is_refused_with_those_there_are():
    options = WAVEGAN.options("cpu", TINY | {"judge": "jury"})
    with pytest.raises(OptionError, match='"wave", "picture", "both", not \'jury\''):
        WAVEGAN.build(options, ("0", "1"))


def test_the_full_size_is_the_papers():
    options = WAVEGAN.options("gpu")
    assert (options["judge"], options["label_deviation"]) == ("wave", False)
