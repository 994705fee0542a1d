"""What comes out of a normalisation behind dropout is as strong in use as in training."""

import keras
import numpy as np
import pytest

from ganlib.layers.after_dropout import NormalizationAfterDropout


def array(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("rate", [0.2, 0.4])
def test_it_is_as_strong_as_in_training_where_the_ordinary_one_is_stronger(rate):
    x = np.random.default_rng(0).normal(size=(64, 512)).astype("float32")
    weights = [np.full(512, 1.5, "float32"), np.full(512, 0.3, "float32")]
    strength = {}
    for name, layer in (
        ("plain", keras.layers.LayerNormalization()),
        ("ours", NormalizationAfterDropout(rate)),
    ):
        layer.build(x.shape)
        layer.set_weights(weights)
        # what a linear layer that reads it was trained on: the mean over many dropouts
        trained = [
            array(layer(keras.layers.Dropout(rate, seed=seed)(x, training=True), training=True))
            for seed in range(60)
        ]
        used = array(layer(x, training=False)) - 0.3
        mean = np.mean(trained, axis=0) - 0.3
        strength[name] = float((used * mean).sum() / np.square(mean).sum())
    assert abs(strength["ours"] - 1.0) < 0.02
    assert strength["plain"] == pytest.approx(1 / np.sqrt(1 - rate), rel=0.02)


def test_without_dropout_it_is_a_layer_normalisation():
    x = np.random.default_rng(1).normal(size=(3, 8)).astype("float32")
    plain, ours = keras.layers.LayerNormalization(), NormalizationAfterDropout(0.0)
    np.testing.assert_array_equal(array(plain(x)), array(ours(x)))


def test_it_comes_back_from_its_configuration():
    layer = NormalizationAfterDropout(0.3, epsilon=1e-6)
    again = NormalizationAfterDropout.from_config(layer.get_config())
    assert again.rate == 0.3 and again.epsilon == 1e-6
