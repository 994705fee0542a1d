"""What a discriminator of sound and picture is shown."""

import numpy as np
import pytest
from keras import ops

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.audio.painting import SoundAndPictures
from ganlib.audio.spectra import LogSpectrogram
from ganlib.backend import input_gradient

SOUND = AudioFormat(8000, 512, n_fft=128, hop_length=64, n_mels=8)


@pytest.fixture
def clips():
    return 0.1 * np.random.default_rng(0).normal(size=(3, 512, 1)).astype("float32")


@pytest.fixture
def codec(clips):
    return SpectrogramCodec.fit(clips, SOUND, "mel")


def test_sound_and_picture_stand_one_after_the_other_in_units_of_their_deviation(clips, codec):
    shown = ops.convert_to_numpy(SoundAndPictures(codec, 0.1)(clips))
    np.testing.assert_allclose(shown[:, :512], clips / 0.1, rtol=1e-5)
    picture = shown[:, 512:].reshape(3, 8, 8, 1)
    np.testing.assert_allclose(picture / 3, codec.encode(clips), atol=1e-5)
    assert shown[:, :512].std() == pytest.approx(1.0, abs=0.05)
    assert picture.std() == pytest.approx(1.0, abs=0.1)


def test_a_gradient_reaches_the_clip_from_both(clips, codec):
    layer = SoundAndPictures(codec, 0.1)
    for part in (slice(0, 512), slice(512, None)):
        found = input_gradient(lambda x, part=part: ops.square(layer(x)[:, part]), clips)
        assert float(ops.max(ops.abs(found))) > 0


def test_the_layer_survives_being_written_down(clips, codec):
    layer = SoundAndPictures(codec, 0.1)
    again = SoundAndPictures.from_config(layer.get_config())
    np.testing.assert_array_equal(
        ops.convert_to_numpy(again(clips)), ops.convert_to_numpy(layer(clips))
    )
    assert layer.compute_output_shape((3, 512, 1)) == layer(clips).shape


def test_further_spectra_follow_in_units_of_two_nats(clips, codec):
    layer = SoundAndPictures(codec, 0.1, (64, 128))
    shown = ops.convert_to_numpy(layer(clips))
    assert layer.shapes(512) == [(16, 32), (8, 64)]
    assert shown.shape == layer.compute_output_shape((3, 512, 1)) == (3, 512 + 64 + 512 + 512, 1)
    first = ops.convert_to_numpy(LogSpectrogram(64, 32)(clips))
    np.testing.assert_allclose(2 * shown[:, 576:1088].reshape(first.shape), first, rtol=1e-5)
    again = SoundAndPictures.from_config(layer.get_config())
    np.testing.assert_array_equal(ops.convert_to_numpy(again(clips)), shown)
