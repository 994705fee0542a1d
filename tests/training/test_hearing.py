"""What a run exports is as loud as what its discriminator heard."""

import keras
import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.synthesizer import Synthesizer
from ganlib.training.building import build
from ganlib.training.config import Config
from ganlib.training.hearing import export, settle_statistics
from ganlib.training.recipes import get_recipe


def small_speaker() -> Synthesizer:
    keras.utils.set_random_seed(0)
    arguments = {"clip_samples": 8192, "dim": 1, "batch_normalization": True, "classes": 3}
    names = ("a", "b", "c")
    form = AudioFormat(8000, 8192)
    return Synthesizer.build("wavegan_generator", arguments, form, label_names=names)


def norms(speaker: Synthesizer) -> list:
    layers = speaker.generator.layers
    return [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]


def test_settled_statistics_make_clips_as_loud_as_in_training():
    speaker = small_speaker()
    latents = np.random.default_rng(7).normal(size=(96, 100)).astype("float32")
    labels = speaker.choose_labels(96)
    clips = speaker.generator([latents, labels], training=True)
    in_training = float(keras.ops.std(clips))
    for layer in norms(speaker):  # what an average of moving networks looks like
        layer.moving_variance.assign(1.5 * layer.moving_variance)
    quiet = float(keras.ops.std(speaker.generator([latents, labels], training=False)))
    settle_statistics(speaker)
    settled = float(keras.ops.std(speaker.generator([latents, labels], training=False)))
    assert abs(settled / in_training - 1.0) < 0.1 < abs(quiet / in_training - 1.0)


def test_settling_moves_statistics_alone_and_gives_the_same_ones_again():
    speaker = small_speaker()
    before = [keras.ops.copy(v.value) for v in speaker.generator.trainable_variables]
    settle_statistics(speaker)
    first = [np.asarray(keras.ops.copy(layer.moving_variance.value)) for layer in norms(speaker)]
    settle_statistics(speaker)
    for old, variable in zip(before, speaker.generator.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, variable.value)
    for old, layer in zip(first, norms(speaker), strict=True):
        np.testing.assert_allclose(old, layer.moving_variance.value, rtol=1e-5)
    assert all(layer.momentum == 0.9 for layer in norms(speaker))


def test_a_generator_without_batch_normalization_is_left_alone():
    speaker = Synthesizer.build(
        "wavegan_generator", {"clip_samples": 8192, "dim": 1}, AudioFormat(8000, 8192)
    )
    before = speaker.generator.get_weights()
    settle_statistics(speaker)
    for old, new in zip(before, speaker.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_samples_of_all_steps_come_from_the_same_noise(tmp_path):
    """So what changes from one file to the next is the generator alone."""
    changes = {"signal_scale": 0.1, "hidden": 4, "clip_samples": 64, "conditional": False}
    options = get_recipe("dense_gan").options("quick", changes)
    config = Config("dense_gan", "", "", "quick", options, [], seed=0)
    model, heard = build(config), tmp_path / "samples"
    heard.mkdir()
    export(tmp_path, config, model, step=1)
    export(tmp_path, config, model, step=2)
    first, second = (path.read_bytes() for path in sorted(heard.iterdir()))
    assert first == second
    for weight in model.average_generator.weights:
        weight.assign(2.0 * weight)
    export(tmp_path, config, model, step=3)
    assert (heard / "step-00000003.wav").read_bytes() != first
