"""Spectral normalisation inside the adversarial update: one iteration for each step, no more."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.layers import SpectralNormalization
from ganlib.training.engine.gan import GAN


def array(variable):
    return ops.convert_to_numpy(variable.value)


def numpy_weights(model):
    return [array(weight) for weight in model.weights]


@pytest.fixture
def gan():
    """Both networks have one spectrally normalised layer; nothing else is normalised."""
    latent, clip = keras.Input((3,)), keras.Input((4,))
    generator = keras.Model(latent, SpectralNormalization(layers.Dense(4))(latent))
    hidden = layers.LeakyReLU()(SpectralNormalization(layers.Dense(5))(clip))
    discriminator = keras.Model(clip, layers.Dense(1)(hidden))
    gan = GAN(generator, discriminator, seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    return gan


REAL = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")


def test_a_discriminator_step_iterates_the_discriminator_once(gan):
    layer = gan.discriminator.layers[1]
    w = array(layer.layer.kernel).astype("float64")
    layer.vector.assign(np.eye(5)[0])  # far from converged, so that a second iteration would show
    v = w @ np.eye(5)[0]
    u = w.T @ (v / np.linalg.norm(v))
    gan.update_discriminator(REAL, None)
    np.testing.assert_allclose(array(layer.vector), u / np.linalg.norm(u), atol=1e-5)


def test_each_step_leaves_the_other_network_and_its_estimates_as_they_were(gan):
    before = numpy_weights(gan.generator)
    gan.update_discriminator(REAL, None)
    for now, old in zip(numpy_weights(gan.generator), before, strict=True):
        np.testing.assert_array_equal(now, old)
    before = numpy_weights(gan.discriminator)
    gan.update_generator(8, None)
    for now, old in zip(numpy_weights(gan.discriminator), before, strict=True):
        np.testing.assert_array_equal(now, old)


def test_estimates_follow_the_weights_through_a_compiled_training(gan):
    gan.fit(np.tile(REAL, (40, 1)), batch_size=8, epochs=2, verbose=0)
    for model in (gan.generator, gan.discriminator):
        layer = next(x for x in model.layers if isinstance(x, SpectralNormalization))
        largest = np.linalg.norm(array(layer.layer.kernel), ord=2)
        np.testing.assert_allclose(float(layer.spectral_norm()), largest, rtol=0.01)
