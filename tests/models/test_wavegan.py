"""WaveGAN to the letter of the paper: sizes, lengths, what a label and a scale do."""

import keras
import numpy as np
import pytest

from ganlib.errors import OptionError
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator


def test_the_published_parameter_counts_come_out():
    assert wavegan_generator().count_params() == 19_065_345
    assert wavegan_discriminator().count_params() == 17_427_969


@pytest.mark.parametrize("clip_samples", [8192, 16384, 32768, 65536])
def test_every_length_of_the_paper_and_the_short_one_can_be_built(clip_samples):
    generator = wavegan_generator(clip_samples, dim=1, channels=2, kernel_size=5)
    discriminator = wavegan_discriminator(clip_samples, dim=1, channels=2, kernel_size=5)
    assert generator.output_shape == (None, clip_samples, 2)
    clip = generator(np.zeros((1, 100), "float32"))
    assert discriminator(clip).shape == (1, 1)


def test_the_generators_strides_and_widths_are_those_of_table_4():
    shapes = [
        layer.output.shape[1:]
        for layer in wavegan_generator().layers
        if "transposed_conv1d" in layer.name
    ]
    assert shapes == [(64, 512), (256, 256), (1024, 128), (4096, 64), (16384, 1)]


def test_the_discriminator_shuffles_after_every_convolution_but_the_last():
    kinds = [type(layer).__name__ for layer in wavegan_discriminator(dim=1).layers]
    assert kinds.count("StridedConv1D") == 5
    assert kinds.count("PhaseShuffle") == 4
    assert kinds.index("Flatten") == len(kinds) - 2
    assert kinds[-4:] == ["StridedConv1D", "LeakyReLU", "Flatten", "Dense"]


def test_all_upsampling_methods_compute_the_same_kind_of_clip():
    for method in ("polyphase", "zero_insertion", "repeat"):
        generator = wavegan_generator(8192, dim=1, kernel_size=8, upsampling=method)
        assert generator(np.zeros((1, 100), "float32")).shape == (1, 8192, 1)


def test_polyphase_and_zero_insertion_generators_agree_on_the_same_weights():
    fast = wavegan_generator(8192, dim=1, kernel_size=25)
    slow = wavegan_generator(8192, dim=1, kernel_size=25, upsampling="zero_insertion")
    slow.set_weights(fast.get_weights())
    latent = np.random.default_rng(0).uniform(-1, 1, (2, 100)).astype("float32")
    np.testing.assert_allclose(np.array(fast(latent)), np.array(slow(latent)), atol=1e-5)


def test_the_label_changes_what_is_said_and_how_it_is_judged():
    keras.utils.set_random_seed(0)
    sizes = {"clip_samples": 8192, "dim": 1, "kernel_size": 8, "classes": 3}
    generator, discriminator = wavegan_generator(**sizes), wavegan_discriminator(**sizes)
    latent = np.ones((2, 100), "float32")
    clips = np.array(generator([latent, np.array([0, 1])]))
    assert not np.allclose(clips[0], clips[1])
    same = np.repeat(np.random.default_rng(0).normal(size=(1, 8192, 1)), 2, 0).astype("float32")
    logits = np.array(discriminator([same, np.array([0, 1])]))
    assert logits[0] != logits[1]


def test_the_signal_scale_only_changes_units():
    """With data s times as loud, a discriminator of scale s judges as one of scale 1 did."""
    plain = wavegan_discriminator(8192, dim=1, kernel_size=8, phase_shuffle=0)
    scaled = wavegan_discriminator(8192, dim=1, kernel_size=8, phase_shuffle=0, signal_scale=0.1)
    scaled.set_weights(plain.get_weights())
    clip = np.random.default_rng(0).normal(size=(1, 8192, 1)).astype("float32")
    np.testing.assert_allclose(
        np.array(plain(clip)), np.array(scaled(0.1 * clip)), rtol=1e-3, atol=1e-6
    )


def test_a_length_without_a_layout_is_refused_with_the_ones_there_are():
    with pytest.raises(OptionError, match="8192, 16384, 32768, 65536 samples, not 1000"):
        wavegan_generator(1000)


def test_the_post_filter_adds_one_linear_filter_of_512_taps():
    plain = wavegan_generator(8192, dim=1)
    filtered = wavegan_generator(8192, dim=1, post_filter=True)
    assert filtered.count_params() - plain.count_params() == 512


def test_an_envelope_turns_the_loudness_down_to_silence_and_leaves_the_rest():
    generator = wavegan_generator(8192, dim=1, kernel_size=8, latent_dim=4, envelope=True)
    plain = wavegan_generator(8192, dim=1, kernel_size=8, latent_dim=4)
    points = generator.get_layer("loudness")
    others = [v for v in generator.weights if all(v is not own for own in points.weights)]
    for variable, own in zip(plain.weights, others, strict=True):
        variable.assign(own)
    latent = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    points.kernel.assign(0.0 * points.kernel)
    points.bias.assign([0.0])  # half of the loudness everywhere
    np.testing.assert_allclose(
        np.array(generator(latent)), 0.5 * np.array(plain(latent)), rtol=1e-4
    )
    points.bias.assign([-20.0])
    assert np.abs(np.array(generator(latent))).max() < 1e-8


def test_the_loudness_changes_slowly():
    generator = wavegan_generator(8192, dim=1, kernel_size=8, latent_dim=4, envelope=True)
    drawn = keras.Model(generator.inputs[0], generator.layers[-1].input[1])
    latent = 30 * np.random.default_rng(0).normal(size=(4, 4)).astype("float32")
    loudness = np.array(drawn(latent))[..., 0]
    assert loudness.shape == (4, 8192) and loudness.min() >= 0 and loudness.max() <= 1
    assert loudness.std() > 1e-3
    assert np.abs(np.diff(loudness)).max() <= 1 / 32 + 1e-6  # 256 points of 32 samples each
