"""Strategies that keep a GAN alive, each a keyword: what the update then does, in numbers."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.errors import OptionError
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.training import runs
from ganlib.training.engine.callbacks import steps_done
from ganlib.training.engine.gan import GAN
from ganlib.training.recipes import get_recipe
from ganlib.training.recipes.adversarial import ADVERSARIAL, FAST, adversarial
from ganlib.training.recipes.augmentation import augmentation_of

RNG = np.random.default_rng(0)
REAL = RNG.normal(size=(8, 3)).astype("float32")
RATES = (0.01, 0.04)


def small_gan(**options) -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(
        dense_generator(3, latent_dim=2, hidden=(4,)), dense_discriminator(3, hidden=(4,)), seed=1,
        **options,
    )  # fmt: skip
    gan.compile(*(keras.optimizers.SGD(rate) for rate in RATES))
    return gan


def values(model) -> list[np.ndarray]:
    return [np.array(weight) for weight in model.get_weights()]


def update(gan: GAN) -> dict:
    return {key: float(value) for key, value in gan.update(ops.convert_to_tensor(REAL)).items()}


# Weight clipping ---------------------------------------------------------------------------------


def test_a_clipped_step_is_the_free_one_brought_back_into_the_box():
    free = small_gan(loss="wasserstein")
    clipped = small_gan(loss="wasserstein", weight_clip=0.05)
    for gan in (free, clipped):
        gan.update_discriminator(ops.convert_to_tensor(REAL), None)
    moved = values(free.discriminator)
    assert max(np.abs(value).max() for value in moved) > 0.05
    for found, expected in zip(values(clipped.discriminator), moved, strict=True):
        np.testing.assert_allclose(found, np.clip(expected, -0.05, 0.05), rtol=1e-6)


def test_clipping_holds_for_every_step_of_fit_and_leaves_the_generator_alone():
    gan = small_gan(loss="wasserstein", weight_clip=0.01, discriminator_steps=2)
    gan.fit(np.concatenate([REAL] * 4), batch_size=16, verbose=0)
    assert max(np.abs(value).max() for value in values(gan.discriminator)) <= np.float32(0.01)
    assert max(np.abs(value).max() for value in values(gan.generator)) > 0.1


def test_a_clipped_critic_is_less_steep_than_its_weights_allow():
    """Two layers with |w| <= c: |D(x) - D(y)| <= 3 * 4 * c^2 * max |x - y|."""
    gan = small_gan(loss="wasserstein", weight_clip=0.1)
    update(gan)
    first, second = RNG.normal(size=(2, 50, 3)).astype("float32")
    rise = np.abs(np.array(gan.discriminator(first)) - np.array(gan.discriminator(second)))[:, 0]
    assert (rise <= 12 * 0.1**2 * np.abs(first - second).max(axis=1) + 1e-6).all()


# Two stages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("compiled", [False, True])
def test_at_first_the_discriminator_learns_alone_and_then_both(compiled):
    gan = small_gan(discriminator_first=2)
    moved = []
    for _ in range(4):
        before = values(gan.generator), values(gan.discriminator)
        if compiled:
            gan.fit(REAL, batch_size=8, verbose=0, shuffle=False)
        else:
            logs = update(gan)
            assert (logs["generator_loss"] == 0) == (len(moved) < 2)
        after = values(gan.generator), values(gan.discriminator)
        moved.append(tuple(
            not all(np.array_equal(a, b) for a, b in zip(old, new, strict=True))
            for old, new in zip(before, after, strict=True)
        ))  # fmt: skip
    assert moved == [(False, True), (False, True), (True, True), (True, True)]
    assert steps_done(gan) == 4
    assert int(gan.optimizer.generator.iterations) == 2
    assert int(gan.optimizer.discriminator.iterations) == 4


def test_the_second_stage_is_the_ordinary_update():
    staged, plain = small_gan(discriminator_first=1), small_gan()
    staged.updates.assign(1)
    assert update(staged) == pytest.approx(update(plain), rel=1e-5)
    for network in ("generator", "discriminator"):
        pairs = zip(*(values(getattr(gan, network)) for gan in (staged, plain)), strict=True)
        for found, expected in pairs:
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def short_clips() -> Clips:
    samples = np.random.default_rng(0).normal(size=(10, 64, 1)).astype("float32") * 0.1
    return Clips(samples, np.arange(10) % 2, ("no", "yes"), audio_format=AudioFormat(8000, 64))


def test_a_run_that_stopped_in_either_stage_resumes_with_the_same_bits(tmp_path):
    options = {"hidden": 4, "hidden_layers": 1, "clip_samples": 64, "batch_size": 4,
               "discriminator_first": 3, "learning_rate_decay": "none"}  # fmt: skip
    for name, steps in (("whole", 6), ("first", 4), ("second", 5)):
        runs.start(tmp_path / name, "dense_gan", short_clips(), "", "quick",
                   options | {"steps": steps}, seed=2, checkpoint_every=2, quiet=True)  # fmt: skip
    # As if killed before its last checkpoint: what is left is step 2, in the first stage.
    (tmp_path / "first" / "checkpoints" / "step-00000004.h5").unlink()
    ends = []
    for name in ("whole", "first", "second"):
        runs.resume(tmp_path / name, "dense_gan", short_clips(), steps=6, quiet=True)
        config = runs.Config.read(tmp_path / name)
        model = runs.build(config)
        runs.restore(tmp_path / name, model)
        ends.append([ops.convert_to_numpy(v.value) for v in model.variables])
        assert steps_done(model) == 6
        assert int(model.optimizer.generator.iterations) == 3
    for end in ends[1:]:
        for found, expected in zip(end, ends[0], strict=True):
            np.testing.assert_array_equal(found, expected)


# Optimizers --------------------------------------------------------------------------------------


def recipe_gan(**changes) -> GAN:
    keras.utils.set_random_seed(0)
    options = ADVERSARIAL | FAST | {"signal_scale": 1.0, "penalty": "none"} | changes
    networks = dense_generator(3, latent_dim=2, hidden=(4,)), dense_discriminator(3, hidden=(4,))
    return adversarial(*networks, options)


def test_each_network_has_its_own_time_scale():
    """With plain descent a step is rate times gradient, so four times the rate is four steps."""
    slow, fast = small_gan(), small_gan()
    fast.optimizer.discriminator.learning_rate = 4 * RATES[1]
    before = values(slow.discriminator)
    for gan in (slow, fast):
        gan.update_discriminator(ops.convert_to_tensor(REAL), None)
    for start, one, four in zip(before, values(slow.discriminator), values(fast.discriminator),
                                strict=True):  # fmt: skip
        np.testing.assert_allclose(four - start, 4 * (one - start), rtol=1e-3, atol=1e-6)
    gan = recipe_gan(generator_learning_rate=1e-4, discriminator_learning_rate=4e-4)
    rates = gan.optimizer.generator.learning_rate, gan.optimizer.discriminator.learning_rate
    assert [float(rate) for rate in rates] == pytest.approx([1e-4, 4e-4])


def test_rmsprop_divides_by_the_root_of_its_memory():
    gan = recipe_gan(optimizer="rmsprop", discriminator_learning_rate=0.01, beta_2=0.75)
    before = values(gan.discriminator)
    gan.update_discriminator(ops.convert_to_tensor(REAL), None)
    # After one step the memory is a quarter of the squared gradient: a step of 2 rates each.
    pairs = zip(before, values(gan.discriminator), strict=True)
    steps = np.concatenate([np.abs(new - old).ravel() for old, new in pairs])
    assert steps.max() <= 0.02001
    assert (steps > 0.0199).mean() > 0.7  # the others have next to no gradient


def test_the_cosine_of_the_generator_ends_with_the_run_though_it_began_later():
    options = {"learning_rate_decay": "cosine", "steps": 10, "discriminator_first": 4}
    gan = recipe_gan(discriminator_steps=3, **options)
    for optimizer, steps in ((gan.optimizer.generator, 6), (gan.optimizer.discriminator, 30)):
        optimizer.iterations.assign(steps // 2)
        assert float(optimizer.learning_rate) == pytest.approx(0.5e-3, rel=1e-3)
        optimizer.iterations.assign(steps)
        assert float(optimizer.learning_rate) == pytest.approx(0.0, abs=1e-9)


# Auxiliary classifier ----------------------------------------------------------------------------


def linear_auxiliary_gan(weight: float) -> GAN:
    clip = keras.Input((3,))
    answers = [keras.layers.Dense(1, use_bias=False)(clip), keras.layers.Dense(2)(clip)]
    generator = dense_generator(3, latent_dim=2, hidden=(4,), classes=2, embedding_dim=2)
    gan = GAN(generator, keras.Model(clip, answers), auxiliary_weight=weight, seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    return gan


def test_the_discriminator_learns_to_name_real_and_generated_clips():
    keras.utils.set_random_seed(0)
    gan, labels = linear_auxiliary_gan(0.5), np.array([0, 1] * 4)
    fake = RNG.normal(size=(8, 3)).astype("float32")
    gan.generate = lambda size, labels: ops.convert_to_tensor(fake)
    _, kernel, bias = values(gan.discriminator)
    gan.update_discriminator(ops.convert_to_tensor(REAL), ops.convert_to_tensor(labels))
    expected, expected_bias = kernel.copy(), bias.copy()
    for clips in (REAL, fake):
        logits = clips @ kernel + bias
        wrong = np.exp(logits) / np.exp(logits).sum(1, keepdims=True) - np.eye(2)[labels]
        expected -= 0.1 * 0.5 * clips.T @ wrong / 8
        expected_bias -= 0.1 * 0.5 * wrong.mean(axis=0)
    _, found, found_bias = values(gan.discriminator)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found_bias, expected_bias, rtol=1e-4, atol=1e-6)


def test_the_generator_learns_to_be_named_and_leaves_the_classifier_alone():
    labels = ops.convert_to_tensor([0, 1] * 4)
    moved = {}
    for weight in (0.0, 1.0):
        keras.utils.set_random_seed(0)
        gan = linear_auxiliary_gan(weight)
        before = values(gan.discriminator)
        gan.update_generator(8, labels)
        assert all(map(np.array_equal, before, values(gan.discriminator)))
        moved[weight] = values(gan.generator)
    assert not all(map(np.array_equal, moved[0.0], moved[1.0]))


def test_a_gradient_penalty_does_not_see_the_classifier():
    keras.utils.set_random_seed(0)
    gan = linear_auxiliary_gan(1.0)
    gan.penalty = lambda judge, real, fake, seed: ops.sum(judge(real))
    expected = (REAL @ values(gan.discriminator)[0]).sum()
    real = ops.convert_to_tensor(REAL)
    assert float(gan.smoothness(real, real, None)) == pytest.approx(expected, rel=1e-4)


# Augmentation ------------------------------------------------------------------------------------

PLAIN = {"augmentation": "none", "time_shift": 0, "instance_noise": 0.0, "signal_scale": 0.5}
CLIPS, PICTURES = (None, 64, 1), (None, 16, 16, 1)


def layers_of(shape: tuple, **options) -> list[str]:
    layer = augmentation_of(PLAIN | options, shape)
    parts = layer.layers if isinstance(layer, keras.Sequential) else [layer]
    return [type(part).__name__ for part in parts if part is not None]


def test_every_change_is_a_keyword_and_they_go_together():
    assert layers_of(CLIPS) == []
    assert layers_of(CLIPS, time_shift=3) == ["RandomTimeShift"]
    assert layers_of(PICTURES, time_shift=3) == ["PhaseShuffle"]
    assert layers_of(CLIPS, augmentation="gain") == ["RandomGain"]
    everything = "shift+gain+time_cutout+frequency_cutout"
    assert layers_of(PICTURES, augmentation=everything, instance_noise=0.1) == [
        "PhaseShuffle", "RandomBrightness", "Cutout", "Cutout", "GaussianNoise",
    ]  # fmt: skip


def test_a_shift_without_a_size_is_an_eighth_of_the_clip():
    assert augmentation_of(PLAIN | {"augmentation": "shift"}, CLIPS).radius == 8
    both = PLAIN | {"augmentation": "shift", "time_shift": 3}
    assert augmentation_of(both, CLIPS).radius == 3


def test_instance_noise_is_in_units_of_the_datas_deviation():
    layer = augmentation_of(PLAIN | {"instance_noise": 0.2}, CLIPS)
    noise = np.array(layer(np.zeros((50, 64, 1), "float32"), training=True))
    assert noise.std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    ("shape", "augmentation", "words"),
    [
        (CLIPS, "frequency_cutout", "a waveform has no frequency rows"),
        (CLIPS, "shift+mirror", "Unknown augmentation mirror"),
        (CLIPS, "", "Unknown augmentation"),
    ],
)
def test_what_cannot_be_changed_so_is_refused(shape, augmentation, words):
    with pytest.raises(OptionError, match=words):
        augmentation_of(PLAIN | {"augmentation": augmentation}, shape)


def test_real_and_generated_clips_go_through_the_same_change_with_gradients():
    """Half the gain, and the generator's first step is half as long: the gradient came through."""
    steps = {}
    for factor in (1.0, 0.5):
        keras.utils.set_random_seed(0)
        seen = []

        class Half(keras.layers.Layer):
            def call(self, inputs, training=False, factor=factor, seen=seen):
                seen.append(inputs)
                return inputs * factor

        discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        gan = GAN(dense_generator(3, latent_dim=2, hidden=(4,)), discriminator, seed=1,
                  loss="wasserstein", augmentation=Half())  # fmt: skip
        gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.0))
        before = values(gan.generator)
        del seen[:]
        update(gan)
        assert len(seen) == 3  # real, generated, and generated again for the generator
        np.testing.assert_array_equal(np.array(seen[0]), REAL)
        steps[factor] = [new - old for new, old in zip(values(gan.generator), before, strict=True)]
    for whole, half in zip(steps[1.0], steps[0.5], strict=True):
        np.testing.assert_allclose(half, 0.5 * whole, rtol=1e-3, atol=1e-7)


# Recipes -----------------------------------------------------------------------------------------

KEYWORDS = [
    {"loss": "wasserstein", "penalty": "none", "weight_clip": 0.01, "optimizer": "rmsprop"},
    {"discriminator_normalization": "layer", "penalty": "wgan_gp", "loss": "wasserstein"},
    {"discriminator_normalization": "batch", "penalty": "none", "label_smoothing": 0.1},
    {"discriminator_normalization": "spectral", "penalty": "none", "loss": "hinge"},
    {"minibatch_stddev": True, "instance_noise": 0.1, "augmentation": "shift+gain+time_cutout"},
    {"label_head": "auxiliary", "augmentation": "frequency_cutout"},
    {"label_head": "concat", "penalty": "dragan", "discriminator_first": 1},
]


@pytest.mark.parametrize("changes", KEYWORDS, ids=lambda changes: "+".join(changes))
def test_every_strategy_is_a_keyword_of_the_recipe_of_digits(changes):
    keras.utils.set_random_seed(0)
    small = {"dim": 1, "latent_dim": 4, "batch_size": 3, "n_mels": 16, "hop_length": 512}
    options = get_recipe("digits").options("quick", small | changes)
    gan = get_recipe("digits").build(options, ("0", "1"))
    pictures = RNG.uniform(-1, 1, (3 * options["discriminator_steps"], 16, 16, 1))
    labels = (np.arange(len(pictures)) % 2).astype("int32")
    logs = gan.update(tuple(map(ops.convert_to_tensor, (pictures.astype("float32"), labels))))
    assert np.isfinite([float(value) for value in logs.values()]).all()


@pytest.mark.parametrize("penalty", ["wgan_gp", "r1", "r2", "dragan"])
@pytest.mark.parametrize("model", ["digits", "dcgan", "wavegan"])
def test_batch_normalisation_in_the_discriminator_refuses_a_gradient_penalty(model, penalty):
    changes = {"discriminator_normalization": "batch", "penalty": penalty, "judge": "wave"}
    if model != "wavegan":
        del changes["judge"]
    options = get_recipe(model).options("quick", {"dim": 1, "signal_scale": 1.0} | changes)
    with pytest.raises(OptionError, match="follows the whole batch"):
        get_recipe(model).build(options, ("0", "1"))


def test_a_first_stage_as_long_as_the_run_is_refused():
    with pytest.raises(OptionError, match="the generator would never learn"):
        recipe_gan(discriminator_first=10, steps=10)


def test_two_judges_and_an_auxiliary_classifier_are_refused_together():
    changes = {"label_head": "auxiliary", "judge": "both", "dim": 1, "signal_scale": 1.0}
    options = get_recipe("wavegan").options("quick", changes)
    with pytest.raises(OptionError, match="needs one judge"):
        get_recipe("wavegan").build(options, ("0", "1"))


def test_an_unknown_optimizer_is_refused():
    with pytest.raises(OptionError, match="not 'sgd'"):
        recipe_gan(optimizer="sgd")
