"""The adversarial update: who moves in which step, how often, and by how much."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib import backend
from ganlib.errors import OptionError
from ganlib.layers import RandomTimeShift
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator
from ganlib.training.engine.gan import GAN


def small_gan(rate: float = 0.01, **options) -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(
        dense_generator(3, latent_dim=2, hidden=(4,)),
        dense_discriminator(3, hidden=(4,)),
        seed=1,
        **options,
    )
    gan.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(rate))
    return gan


def values(model) -> list[np.ndarray]:
    return [np.array(weight) for weight in model.get_weights()]


def same(first, second) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def clips(count: int = 8) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 3)).astype("float32")


def test_a_discriminator_step_leaves_the_generator_untouched():
    gan = small_gan(penalty="wgan_gp")
    generator, discriminator = values(gan.generator), values(gan.discriminator)
    gan.update_discriminator(ops.convert_to_tensor(clips()), None)
    assert same(generator, values(gan.generator))
    assert not same(discriminator, values(gan.discriminator))


def test_a_generator_step_leaves_the_discriminator_untouched():
    gan = small_gan()
    generator, discriminator = values(gan.generator), values(gan.discriminator)
    gan.update_generator(8, None)
    assert same(discriminator, values(gan.discriminator))
    assert not same(generator, values(gan.generator))


def test_a_discriminator_step_leaves_the_generators_batch_statistics_untouched():
    keras.utils.set_random_seed(0)
    generator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3), keras.layers.BatchNormalization()]
    )
    gan = GAN(generator, dense_discriminator(3, hidden=(4,)), seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    before = values(gan.generator)
    gan.update_discriminator(ops.convert_to_tensor(clips()), None)
    assert same(before, values(gan.generator))
    gan.update_generator(8, None)
    assert not same(before[-2:], values(gan.generator)[-2:])


def test_a_generator_step_leaves_the_discriminators_batch_statistics_untouched():
    keras.utils.set_random_seed(0)
    discriminator = keras.Sequential(
        [keras.Input((3,)), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )
    gan = GAN(dense_generator(3, latent_dim=2, hidden=(4,)), discriminator, seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    before = values(discriminator)
    gan.update_generator(8, None)
    assert same(before, values(discriminator))
    gan.update_discriminator(ops.convert_to_tensor(clips()), None)
    assert not same(before[2:4], values(discriminator)[2:4])


def test_every_discriminator_step_sees_its_own_part_of_the_batch():
    gan = small_gan(discriminator_steps=3)
    seen = []
    gan.update_discriminator = lambda real, labels: seen.append(np.array(real)) or {}
    gan.update(ops.convert_to_tensor(clips(12)))
    assert np.array_equal(np.concatenate(seen), clips(12))
    assert [len(part) for part in seen] == [4, 4, 4]


def test_the_optimizers_count_one_generator_step_to_n_discriminator_steps():
    gan = small_gan(discriminator_steps=3)
    gan.fit(clips(24), batch_size=12, verbose=0, shuffle=False)
    assert int(gan.optimizer.generator.iterations) == 2
    assert int(gan.optimizer.discriminator.iterations) == 6


def test_a_lazy_penalty_comes_every_nth_step_with_n_times_the_weight():
    gan = small_gan(penalty="r1", penalty_interval=4, rate=0.0)
    every = small_gan(penalty="r1", rate=0.0)
    real = ops.convert_to_tensor(clips())
    lazy = [float(gan.update_discriminator(real, None)["penalty"]) for _ in range(5)]
    full = float(every.update_discriminator(real, None)["penalty"])
    assert lazy[1:4] == [0.0, 0.0, 0.0]
    assert lazy[0] == pytest.approx(4 * full, rel=1e-5)
    assert lazy[4] == pytest.approx(4 * full, rel=1e-5)


def test_the_first_discriminator_step_is_the_one_done_by_hand():
    """One linear layer each, least squares, plain gradient descent: all in NumPy."""
    keras.utils.set_random_seed(3)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    gan = GAN(generator, discriminator, loss="least_squares", seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    fake = clips()[:, :1]
    gan.generate = lambda size, labels: ops.convert_to_tensor(fake)
    weight, bias = (value.copy() for value in values(discriminator))
    real = clips()[:, 1:2]
    gan.update_discriminator(ops.convert_to_tensor(real), None)
    real_error, fake_error = real @ weight + bias - 1.0, fake @ weight + bias
    weight_gradient = (real * real_error).mean() + (fake * fake_error).mean()
    bias_gradient = real_error.mean() + fake_error.mean()
    new_weight, new_bias = values(discriminator)
    np.testing.assert_allclose(new_weight, weight - 0.1 * weight_gradient, rtol=1e-5)
    np.testing.assert_allclose(new_bias, bias - 0.1 * bias_gradient, rtol=1e-5, atol=1e-7)


def test_the_moving_average_follows_its_recursion():
    gan = small_gan(rate=0.5, average_decay=0.9)
    average = values(gan.average_generator)
    for step in range(3):
        gan.update(ops.convert_to_tensor(clips()))
        decay = min(0.9, (1 + step) / (10 + step))
        pairs = zip(average, values(gan.generator), strict=True)
        average = [decay * old + (1 - decay) * new for old, new in pairs]
    for expected, found in zip(average, values(gan.average_generator), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_fit_and_a_loop_over_update_take_the_same_steps():
    fitted, looped = small_gan(penalty="wgan_gp"), small_gan(penalty="wgan_gp")
    fitted.fit(clips(24), batch_size=8, shuffle=False, verbose=0)
    for start in range(0, 24, 8):
        looped.update(ops.convert_to_tensor(clips(24)[start : start + 8]))
    for a, b in zip(values(fitted), values(looped), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-6)


def test_random_layers_draw_anew_at_every_step_of_fit():
    """A seed that a compiled step failed to hand back would repeat itself."""
    gan = small_gan()
    before = np.array(gan.seed_generator.state.value)
    gan.fit(clips(16), batch_size=8, verbose=0)
    assert not np.array_equal(before, np.array(gan.seed_generator.state.value))
    shuffled = wavegan_discriminator(8192, dim=1, kernel_size=5, seed=0)
    state = shuffled.layers[3].seed_generator.state
    first = np.array(state.value)
    backend.input_gradient(lambda x: shuffled(x, training=True), np.ones((1, 8192, 1), "float32"))
    assert not np.array_equal(first, np.array(state.value))


def test_a_conditional_wavegan_with_everything_switched_on_takes_finite_steps():
    keras.utils.set_random_seed(0)
    sizes = {"clip_samples": 8192, "dim": 1, "kernel_size": 8, "classes": 3, "signal_scale": 0.1}
    gan = GAN(
        wavegan_generator(latent_dim=4, batch_normalization=True, **sizes),
        wavegan_discriminator(**sizes, seed=0),
        loss_options={"label_smoothing": 0.1},
        penalty="r1",
        penalty_interval=2,
        augmentation=RandomTimeShift(8),
    )
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    noise = np.random.default_rng(0).normal(size=(6, 8192, 1)).astype("float32") * 0.1
    history = gan.fit(noise, np.array([0, 1, 2, 0, 1, 2]), batch_size=2, verbose=0)
    assert np.isfinite([value for row in history.history.values() for value in row]).all()


def test_xla_is_not_chosen_on_a_cpu():
    gan = small_gan()
    if backend.ENGINE == "tensorflow" and not backend.has_gpu():
        assert gan.jit_compile is False
    else:
        assert gan.jit_compile is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"loss": "hingee"}, "hingee"),
        ({"penalty": "r3"}, "r3"),
        ({"discriminator_steps": 0}, "at least 1"),
        ({"latent_distribution": "cauchy"}, "cauchy"),
        ({"average_decay": 1.0}, r"\[0, 1\)"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_by_name(options, words):
    with pytest.raises(OptionError, match=words):
        small_gan(**options)


def test_a_gan_learns_where_the_data_are():
    """Trained effect: generated points move to the data's mean and spread."""
    keras.utils.set_random_seed(0)
    real = np.random.default_rng(0).normal([2.0, -1.0], [0.5, 0.2], (512, 2)).astype("float32")
    gan = GAN(
        dense_generator(2, latent_dim=4, hidden=(16,)),
        dense_discriminator(2, hidden=(16,)),
        penalty="r1",
        penalty_weight=0.05,
        average_decay=0.95,
        seed=0,
    )
    adam = {"learning_rate": 5e-3, "beta_1": 0.0, "beta_2": 0.99}
    gan.compile(keras.optimizers.Adam(**adam), keras.optimizers.Adam(**adam))
    gan.fit(real, batch_size=64, epochs=50, verbose=0)
    latents = np.random.default_rng(1).normal(size=(512, 4)).astype("float32")
    made = np.array(gan.average_generator(latents))
    assert np.abs(made.mean(0) - [2.0, -1.0]).max() < 0.4
    assert (made.std(0) < 1.0).all()
