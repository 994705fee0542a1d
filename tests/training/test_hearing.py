"""What a run exports is as loud as what its discriminator heard."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training import runs
from ganlib.training.building import build
from ganlib.training.config import Config
from ganlib.training.engine.callbacks import EverySteps
from ganlib.training.hearing import averaged, export, settle_statistics
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


# All labels settle the statistics -----------------------------------------------------------------


@pytest.mark.parametrize(("labels", "heard"), [(3, 3), (200, 200), (512, 512), (5000, 512)])
def test_the_statistics_are_settled_with_all_labels_or_with_as_many_as_clips(
    labels, heard, monkeypatch
):
    network = labelled_network(labels)
    asked, call = [], type(network).__call__

    def note(self, inputs, **kwargs):
        asked.append(np.asarray(inputs[1]))
        return call(self, inputs, **kwargs)

    monkeypatch.setattr(type(network), "__call__", note)
    speaker = Synthesizer(network, AudioFormat(8000, 8), tuple(map(str, range(labels))))
    settle_statistics(speaker)
    numbers = np.unique(np.concatenate(asked))
    assert (len(numbers), len(asked)) == (heard, 8)
    assert numbers[0] == 0 and numbers[-1] >= labels - 1 - labels // 512


def test_statistics_of_two_hundred_labels_are_those_of_all_of_them():
    """Label n has the value n: the mean tells who was heard, and 31.5 would be the first 64."""
    network = labelled_network(200)
    network.get_layer("value").embeddings.assign(np.arange(200.0).reshape(200, 1))
    settle_statistics(Synthesizer(network, AudioFormat(8000, 8), tuple(map(str, range(200)))))
    mean = float(network.get_layer("norm").moving_mean[0])
    assert mean == pytest.approx(np.mean(np.arange(512) % 200), rel=1e-4)


def labelled_network(labels: int) -> keras.Model:
    latent, label = keras.Input((3,)), keras.Input((), dtype="int32")
    value = keras.layers.Embedding(labels, 1, name="value")(label)
    normal = keras.layers.BatchNormalization(name="norm")(value)
    joined = keras.layers.Concatenate()([latent, normal])
    return keras.Model([latent, label], keras.layers.Dense(8)(joined))


# The speaking model is built once -----------------------------------------------------------------


def normalised_config() -> Config:
    changes = {"dim": 1, "batch_size": 2, "conditional": True, "discriminator_steps": 1}
    options = get_recipe("wavegan").options("quick", changes | {"signal_scale": 0.1})
    return Config("wavegan", "", "", "quick", options, ["a", "b"], seed=0)


def test_every_look_is_that_of_a_model_built_anew():
    """Statistics and weights of the look before leave no trace."""
    config = normalised_config()
    model = build(config)
    for _ in range(2):
        for weight in model.average_generator.trainable_weights:
            weight.assign(1.1 * weight + 0.01)
        again, _ = averaged(config, model).generate(2)
        fresh = build(config)
        fresh.average_generator.set_weights(model.average_generator.get_weights())
        np.testing.assert_array_equal(again, averaged(config, fresh).generate(2)[0])


def test_another_configuration_of_the_same_model_speaks_in_its_own_way():
    config = normalised_config()
    model = build(config)
    assert averaged(config, model).noise_floor == 0.0
    louder = replace(config, options=config.options | {"noise_floor": 0.01})
    assert averaged(louder, model).noise_floor == 0.01


def test_a_run_builds_one_model_to_speak_whatever_listens(tmp_path, monkeypatch):
    built, build_one = [], Synthesizer.build.__func__

    def counted(cls, *args, **kwargs):
        built.append(args[0])
        return build_one(cls, *args, **kwargs)

    monkeypatch.setattr(Synthesizer, "build", classmethod(counted))
    samples = np.random.default_rng(0).normal(size=(4, 64, 1)) * 0.1
    clips = Clips(samples, [0, 1, 0, 1], ("a", "b"), audio_format=AudioFormat(8000, 64))
    options = {"clip_samples": 64, "hidden": 2, "hidden_layers": 1, "batch_size": 2, "steps": 6}

    def listen(step):
        averaged(Config.read(tmp_path / "run"), listener.model).generate(1)

    listener = EverySteps(listen, 1)
    runs.start(
        tmp_path / "run", "dense_gan", clips, options=options | {"penalty": "none"}, quiet=True,
        checkpoint_every=2, callbacks=(listener,),
    )  # fmt: skip
    assert len(list((tmp_path / "run/samples").iterdir())) == 3
    assert built == ["dense_generator"]
