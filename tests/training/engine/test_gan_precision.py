"""Mixed precision inside the update: penalties in full, weights in full, averages of everything."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.training.engine.gan import GAN

POLICIES = ("mixed_float16", "mixed_bfloat16")
RNG = np.random.default_rng(0)
SLOPE = (1 / 3, -2 / 3, 0.1)  # no digit of which bfloat16 holds to the end


def linear_gan(policy: str, penalty: str) -> GAN:
    """D(x) = <SLOPE, x>, computed in half."""
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(3, dtype=policy)])
    judge = layers.Dense(1, dtype=policy, kernel_initializer="zeros")
    discriminator = keras.Sequential([keras.Input((3,)), judge])
    judge.kernel.assign(np.array(SLOPE)[:, None])
    gan = GAN(generator, discriminator, penalty=penalty, penalty_weight=0.5, seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    return gan


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("penalty", ["r1", "wgan_gp"])
def test_the_penalty_of_a_network_in_half_precision_is_that_of_full_precision(policy, penalty):
    gan, real = linear_gan(policy, penalty), RNG.normal(size=(4, 3)).astype("float32")
    square = np.sum(np.square(SLOPE))
    expected = square if penalty == "r1" else (np.sqrt(square) - 1) ** 2
    found = gan.smoothness(ops.convert_to_tensor(real), ops.convert_to_tensor(-real), None)
    np.testing.assert_allclose(float(found), expected, rtol=1e-5)


@pytest.mark.parametrize("policy", POLICIES)
def test_only_the_penalty_is_computed_in_full(policy):
    gan = linear_gan(policy, "r1")
    gan.update(ops.convert_to_tensor(RNG.normal(size=(4, 3)).astype("float32")))
    for network in (gan.generator, gan.discriminator):
        assert [x.compute_dtype for x in network.layers] == [policy.removeprefix("mixed_")]
        assert {weight.dtype for weight in network.weights} == {"float32"}


def test_batch_norm_statistics_are_averaged_with_the_weights():
    keras.utils.set_random_seed(0)
    shape = [keras.Input((2,)), layers.Dense(3), layers.BatchNormalization()]
    discriminator = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    gan = GAN(keras.Sequential(shape), discriminator, average_decay=0.9, seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    average = np.zeros(3), np.ones(3)  # as a new layer has them
    for step in range(3):
        gan.update(ops.convert_to_tensor(RNG.normal(size=(8, 3)).astype("float32")))
        decay = min(0.9, (1 + step) / (10 + step))
        present = gan.generator.get_weights()[-2:]
        pairs = zip(average, present, strict=True)
        average = [decay * old + (1 - decay) * new for old, new in pairs]
        assert np.abs(present[0]).max() > 0
    found = gan.average_generator.get_weights()[-2:]
    np.testing.assert_allclose(found, average, rtol=1e-5, atol=1e-6)
