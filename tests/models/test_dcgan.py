"""DCGAN as the paper describes it, on pictures of sound."""

import keras
import numpy as np
import pytest
from keras import layers

from ganlib.errors import OptionError
from ganlib.models.dcgan import dcgan_discriminator, dcgan_generator

SMALL = {"frames": 16, "rows": 16, "dim": 2}


def kinds(model: keras.Model) -> list[str]:
    return [type(layer).__name__ for layer in model.layers]


def test_the_sizes_are_those_of_figure_1():
    """dim 64 and 64 x 64 pictures: 512, 256, 128, 64 channels, and back."""
    widths = [x.filters for x in dcgan_generator().layers if isinstance(x, layers.Conv2DTranspose)]
    assert widths == [256, 128, 64, 1]
    widths = [x.filters for x in dcgan_discriminator().layers if isinstance(x, layers.Conv2D)]
    assert widths == [64, 128, 256, 512]


def test_the_parameters_are_those_counted_by_hand():
    width = [512, 256, 128, 64]
    normalised = sum(4 * w for w in width)  # gain, bias and two statistics
    kernels = 100 * 16 * 512 + sum(16 * a * b for a, b in zip(width, [*width[1:], 1], strict=True))
    assert dcgan_generator().count_params() == kernels + normalised + 1
    width = [64, 128, 256, 512]
    kernels = sum(16 * a * b for a, b in zip([1, *width], width, strict=False)) + 16 * 512
    normalised = sum(4 * w for w in width[1:])
    assert dcgan_discriminator().count_params() == kernels + normalised + 64 + 1


def test_batch_normalisation_is_everywhere_but_at_the_picture():
    generator, discriminator = dcgan_generator(**SMALL), dcgan_discriminator(**SMALL)
    assert kinds(generator)[-2:] == ["Conv2DTranspose", "Activation"]
    assert kinds(generator).count("BatchNormalization") == 2
    assert kinds(discriminator) == [
        "InputLayer", "Conv2D", "LeakyReLU", "Conv2D", "BatchNormalization", "LeakyReLU",
        "Flatten", "Dense",
    ]  # fmt: skip
    assert "Flatten" not in kinds(generator)  # no hidden dense layer
    slopes = [x.negative_slope for x in discriminator.layers if isinstance(x, layers.LeakyReLU)]
    assert slopes == [0.2, 0.2]


def test_every_kernel_is_drawn_with_a_deviation_of_0_02():
    keras.utils.set_random_seed(0)
    for model in (dcgan_generator(dim=16), dcgan_discriminator(dim=16)):
        for layer in model.layers:
            if hasattr(layer, "kernel"):
                kernel = keras.ops.convert_to_numpy(layer.kernel)
                assert kernel.std() == pytest.approx(0.02, rel=0.15)
                assert abs(kernel.mean()) < 0.005


def test_pictures_have_their_shape_and_range_and_depend_on_the_label():
    generator = dcgan_generator(**SMALL, latent_dim=3, classes=2)
    latent = 30 * np.ones((2, 3), "float32")
    pictures = keras.ops.convert_to_numpy(generator([latent, np.array([0, 1])]))
    assert pictures.shape == (2, 16, 16, 1) and np.abs(pictures).max() <= 1
    assert not np.allclose(pictures[0], pictures[1])


def test_pictures_that_are_not_square_are_refused():
    for build in (dcgan_generator, dcgan_discriminator):
        with pytest.raises(OptionError, match="not 64 frames of 32 rows"):
            build(64, 32, dim=1)
