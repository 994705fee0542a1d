"""SpecGAN to the letter of the paper: sizes, layers, what a label and a scale do."""

import keras
import numpy as np
import pytest

from ganlib.errors import OptionError
from ganlib.layers import ConditionalBatchNormalization
from ganlib.models.specgan import specgan_discriminator, specgan_generator

SMALL = {"frames": 16, "rows": 16, "dim": 2}


def test_the_published_parameter_counts_come_out():
    assert specgan_generator().count_params() == 19_065_345
    assert specgan_discriminator().count_params() == 17_427_969


def test_the_shapes_are_those_of_tables_6_and_7():
    def shapes(model, kind):
        return [layer.output.shape[1:] for layer in model.layers if isinstance(layer, kind)]

    assert shapes(specgan_generator(), keras.layers.Conv2DTranspose) == [
        (8, 8, 512), (16, 16, 256), (32, 32, 128), (64, 64, 64), (128, 128, 1),
    ]  # fmt: skip
    assert shapes(specgan_discriminator(), keras.layers.Conv2D) == [
        (64, 64, 64), (32, 32, 128), (16, 16, 256), (8, 8, 512), (4, 4, 1024),
    ]  # fmt: skip


def test_the_papers_networks_have_no_normalisation():
    for model in (specgan_generator(), specgan_discriminator()):
        assert not [layer for layer in model.layers if "norm" in type(layer).__name__.lower()]


def test_pictures_stay_within_black_and_white():
    generator = specgan_generator(**SMALL, latent_dim=3)
    pictures = np.array(generator(100.0 * np.ones((2, 3), "float32")))
    assert pictures.shape == (2, 16, 16, 1) and np.abs(pictures).max() <= 1.0


@pytest.mark.parametrize("side", [8, 16, 32, 64])
def test_every_square_of_4_times_a_power_of_2_can_be_painted_and_judged(side):
    generator = specgan_generator(side, side, dim=1, latent_dim=3)
    logits = specgan_discriminator(side, side, dim=1)(generator(np.zeros((2, 3), "float32")))
    assert logits.shape == (2, 1)


@pytest.mark.parametrize(("frames", "rows"), [(64, 32), (48, 48), (4, 4), (100, 100)])
def test_other_pictures_are_refused_with_what_to_choose(frames, rows):
    for build in (specgan_generator, specgan_discriminator):
        with pytest.raises(OptionError, match=f"not {frames} frames of {rows} rows"):
            build(frames, rows, dim=1)


def test_the_label_changes_what_is_painted_and_how_it_is_judged():
    keras.utils.set_random_seed(0)
    generator = specgan_generator(**SMALL, latent_dim=3, classes=3)
    discriminator = specgan_discriminator(**SMALL, classes=3)
    pictures = np.array(generator([np.ones((2, 3), "float32"), np.array([0, 1])]))
    assert not np.allclose(pictures[0], pictures[1])
    same = np.random.default_rng(0).normal(size=(1, 16, 16, 1)).repeat(2, 0).astype("float32")
    logits = np.array(discriminator([same, np.array([0, 1])]))
    assert logits[0] != logits[1]


def test_the_discriminators_signal_scale_only_changes_units():
    plain, scaled = specgan_discriminator(**SMALL), specgan_discriminator(**SMALL, signal_scale=0.2)
    scaled.set_weights(plain.get_weights())
    picture = np.random.default_rng(0).normal(size=(2, 16, 16, 1)).astype("float32")
    np.testing.assert_allclose(
        np.array(plain(picture)), np.array(scaled(0.2 * picture)), rtol=1e-4, atol=1e-6
    )


def test_the_generators_signal_scale_multiplies_what_tanh_bounds():
    plain, scaled = (
        specgan_generator(**SMALL, latent_dim=3, signal_scale=scale) for scale in (1.0, 0.25)
    )
    scaled.set_weights(plain.get_weights())
    latent = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    np.testing.assert_allclose(
        np.arctanh(np.array(scaled(latent))), 0.25 * np.arctanh(np.array(plain(latent))), atol=1e-5
    )


def test_the_label_reaches_every_layer_by_conditional_batch_normalisation():
    options = {**SMALL, "latent_dim": 3, "classes": 4, "conditional_batch_normalization": True}
    generator = specgan_generator(**options)
    kind = ConditionalBatchNormalization
    normal = [layer for layer in generator.layers if isinstance(layer, kind)]
    assert [layer.gains.shape for layer in normal] == [(4, 4), (4, 2)]
    latent, labels = np.ones((2, 3), "float32"), np.array([1, 2])
    before = np.array(generator([latent, labels]))
    gains = np.ones((4, 2), "float32")
    gains[2] = 3.0
    normal[-1].gains.assign(gains)
    after = np.array(generator([latent, labels]))
    np.testing.assert_allclose(after[0], before[0], atol=1e-6)
    assert np.abs(after[1] - before[1]).max() > 1e-4


def test_conditional_batch_normalisation_without_labels_is_refused():
    with pytest.raises(OptionError, match="needs labels: --set conditional=true"):
        specgan_generator(**SMALL, conditional_batch_normalization=True)
