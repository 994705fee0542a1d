"""A keras.json that says "channels_first" changes no network of ganlib, and stays as it is."""

import keras
import numpy as np
import pytest

from ganlib.models.dcgan import dcgan_discriminator, dcgan_generator
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.models.digit_classifier import digit_classifier
from ganlib.models.hifigan import hifigan_generator
from ganlib.models.melgan import melgan_generator
from ganlib.models.specgan import specgan_discriminator, specgan_generator
from ganlib.models.spectrum_judge import spectrum_judge
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator

SHORT = {"clip_samples": 8192, "dim": 1}
NETWORKS = {
    "dense generator": lambda: dense_generator((64, 1), 4, (8,)),
    "dense discriminator": lambda: dense_discriminator((16, 4), (8,)),
    "dcgan generator": lambda: dcgan_generator(16, 16, dim=2),
    "dcgan discriminator": lambda: dcgan_discriminator(16, 16, dim=2),
    "specgan generator": lambda: specgan_generator(16, 16, dim=2, batch_normalization=True),
    "specgan discriminator": lambda: specgan_discriminator(16, 16, dim=2),
    "spectral normalisation": lambda: specgan_discriminator(16, 16, 2, normalization="spectral"),
    "wavegan generator": lambda: wavegan_generator(**SHORT, post_filter=True),
    "envelope": lambda: wavegan_generator(**SHORT, envelope=True),
    "spectrum judge": lambda: spectrum_judge(32, 16, (2, 2)),
    "repeat": lambda: wavegan_generator(**SHORT, upsampling="repeat"),
    "zero insertion": lambda: wavegan_generator(**SHORT, upsampling="zero_insertion"),
    "wavegan discriminator": lambda: wavegan_discriminator(**SHORT),
    "melgan generator": lambda: melgan_generator(4, 10, width=16),
    "hifigan generator": lambda: hifigan_generator(4, 8, version="small"),
    "classifier": lambda: digit_classifier(width=1),
}


@pytest.fixture(name="channels_first")
def _channels_first():
    before = keras.config.image_data_format()

    def switch():
        keras.config.set_image_data_format("channels_first")

    yield switch
    keras.config.set_image_data_format(before)


@pytest.mark.parametrize("build", NETWORKS.values(), ids=NETWORKS)
def test_a_network_computes_the_same_from_the_same_weights(channels_first, build):
    usual = build()
    shape = usual.inputs[0].shape[1:]
    inputs = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32") * 0.3
    wanted = np.asarray(keras.ops.convert_to_numpy(usual(inputs, training=False)))
    channels_first()
    other = build()
    other.set_weights(usual.get_weights())
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(other(inputs, training=False)), wanted, atol=1e-6
    )
    assert keras.config.image_data_format() == "channels_first"


def test_pretrained_weights_say_the_same(channels_first):
    from ganlib.pretrained import load

    wanted, _ = load("digits-fsdd").generate(2)
    channels_first()
    found, _ = load("digits-fsdd").generate(2)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
