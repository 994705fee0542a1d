"""The fully connected pair against a forward pass in NumPy."""

import keras
import numpy as np
import pytest

from ganlib.models.dense_gan import dense_discriminator, dense_generator

RNG = np.random.default_rng(0)


def bend(x):
    """Leaky ReLU with slope 0.2."""
    return np.where(x > 0, x, 0.2 * x)


def randomised(model: keras.Model) -> list[np.ndarray]:
    """New random weights, biases included, which start at zero."""
    values = [RNG.normal(size=weight.shape).astype("float32") for weight in model.weights]
    model.set_weights(values)
    return values


@pytest.mark.parametrize("output_scale", [1.0, 0.3])
@pytest.mark.parametrize("activation", ["linear", "tanh"])
def test_the_generator_is_affine_maps_with_bends_between_them(activation, output_scale):
    options = {"output_activation": activation, "output_scale": output_scale}
    model = dense_generator((6, 1), latent_dim=3, hidden=(5, 4), **options)
    w1, b1, w2, b2, w3, b3 = randomised(model)
    latent = RNG.normal(size=(7, 3)).astype("float32")
    out = output_scale * (bend(bend(latent @ w1 + b1) @ w2 + b2) @ w3 + b3)
    expected = {"linear": out, "tanh": np.tanh(out)}[activation][..., None]
    np.testing.assert_allclose(np.array(model(latent)), expected, rtol=1e-4, atol=1e-5)


def test_the_discriminator_divides_by_the_scale_and_bends_but_not_at_the_end():
    model = dense_discriminator((6, 1), hidden=(5,), input_scale=0.1)
    w1, b1, w2, b2 = randomised(model)
    example = RNG.normal(size=(7, 6, 1)).astype("float32")
    expected = bend(example[..., 0] / 0.1 @ w1 + b1) @ w2 + b2
    np.testing.assert_allclose(np.array(model(example)), expected, rtol=1e-4, atol=1e-4)
    assert (expected < 0).any() and (expected > 1).any()  # logits, not probabilities


def test_the_label_is_joined_to_the_latent_vector_and_judged_by_projection():
    generator = dense_generator(2, latent_dim=3, hidden=(5,), classes=4, embedding_dim=2)
    table, w1, b1, w2, b2 = randomised(generator)
    latent, labels = RNG.normal(size=(7, 3)).astype("float32"), np.arange(7) % 4
    joined = np.concatenate([latent, table[labels]], axis=1)
    expected = bend(joined @ w1 + b1) @ w2 + b2
    np.testing.assert_allclose(np.array(generator([latent, labels])), expected, rtol=1e-4)
    discriminator = dense_discriminator(2, hidden=(5,), classes=4)
    randomised(discriminator)
    same = np.repeat(latent[:1, :2], 4, axis=0)
    logits = np.array(discriminator([same, np.arange(4)]))
    assert logits.shape == (4, 1) and len(np.unique(logits)) == 4
