"""MelGAN: its sizes on paper, and that each layer does what the paper's does to time."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.errors import OptionError
from ganlib.models.melgan import melgan_generator, melgan_judges


def generator_on_paper(n_mels: int, width: int) -> int:
    total = 7 * n_mels * width + width
    for rate in (8, 8, 2, 2):
        narrow = width // 2
        total += 2 * rate * width * narrow + narrow
        total += 3 * (3 * narrow**2 + 2 * narrow**2 + 3 * narrow)
        width = narrow
    return total + 7 * width + 1


def judge_on_paper(width: int) -> int:
    total, channels = 15 * width + width, width
    for wider in (4 * width, 16 * width, 64 * width, 64 * width):
        total += 41 * 4 * wider + wider  # groups of four channels
        channels = wider
    return total + 5 * channels**2 + channels + 3 * channels + 1


def test_its_sizes_are_those_on_paper():
    assert round(generator_on_paper(80, 512) / 1e6, 2) == 4.26
    for n_mels, width in ((80, 512), (20, 32)):
        model = melgan_generator(n_mels, width=width, weight_normalization=False)
        assert model.count_params() == generator_on_paper(n_mels, width)
    kernels = [w for w in melgan_judges(8192).weights if w.name != "length"]
    assert sum(int(np.prod(w.shape)) for w in kernels) == 3 * judge_on_paper(16)


def test_every_upsampling_lengthens_by_its_rate_under_weight_normalisation():
    model = melgan_generator(16, frames=12, width=16)
    lengths = [model.get_layer(f"up_{stage}").output.shape[1] for stage in range(4)]
    assert lengths == [12 * 8, 12 * 64, 12 * 128, 12 * 256]
    made = melgan_generator(16, width=16)(np.zeros((2, 9, 16), "float32"))
    assert made.shape == (2, 9 * 256, 1)


def test_a_frame_that_comes_later_is_heard_later():
    keras.utils.set_random_seed(0)
    model = melgan_generator(8, width=16)
    mel = np.random.default_rng(0).normal(0.0, 2.0, (1, 24, 8)).astype("float32")
    first = ops.convert_to_numpy(model(mel[:, :-1]))[0, :, 0]
    later = ops.convert_to_numpy(model(mel[:, 1:]))[0, :, 0]
    inside = slice(256 * 9, 256 * 14)
    assert first[inside].std() > 1e-4
    np.testing.assert_allclose(first[256:][inside], later[:-256][inside], atol=1e-5)


def test_rates_that_do_not_make_the_hop_are_refused():
    with pytest.raises(OptionError, match="8 x 8 x 2 x 2 makes 256 samples of a frame, not 128"):
        melgan_generator(8, hop_length=128)


def test_each_judge_hears_half_as_many_samples_as_the_one_before():
    judges = melgan_judges(4096, width=4)
    answers = judges(np.zeros((2, 4096, 1), "float32"))
    assert [len(each) for each in answers] == [7, 7, 7]
    assert [each[0].shape[1] for each in answers] == [4096, 2048, 1024]
    assert [each[-1].shape for each in answers] == [(2, 16, 1), (2, 8, 1), (2, 4, 1)]


def test_a_blurred_clip_is_the_mean_of_four_samples_and_at_the_ends_of_three():
    judges = melgan_judges(64, width=4, scales=2)
    blur = next(layer for layer in judges.layers if "pooling" in layer.name)
    found = ops.convert_to_numpy(blur(np.arange(64.0, dtype="float32").reshape(1, 64, 1)))[0, :, 0]
    assert found[:2].tolist() == [1.0, 2.5] and found[-1] == 62.0 and len(found) == 32
