"""HiFi-GAN: its sizes on paper, and what its layers do to time."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.errors import OptionError
from ganlib.models.hifigan import hifigan_generator

PAPER = {  # first width, rates, kernels, convolutions of a block: table 5
    "v1": (512, (8, 8, 2, 2), (3, 7, 11), 6),
    "v2": (128, (8, 8, 2, 2), (3, 7, 11), 6),
    "v3": (256, (8, 8, 4), (3, 5, 7), 2),
}


def size_on_paper(n_mels: int, width: int, rates, kernels, convolutions: int) -> tuple[int, int]:
    """Kernels and biases, and what weight normalisation adds: a length a convolution's channel."""
    total, lengths = 7 * n_mels * width + width, width
    for rate in rates:
        narrow = width // 2
        total += 2 * rate * width * narrow + narrow
        total += sum(convolutions * (kernel * narrow**2 + narrow) for kernel in kernels)
        lengths += width + len(kernels) * convolutions * narrow  # of an upsampling: what it reads
        width = narrow
    return total + 7 * width + 1, lengths + 1


@pytest.mark.parametrize(("version", "millions"), [("v1", 13.92), ("v2", 0.92), ("v3", 1.46)])
def test_its_sizes_are_those_of_the_paper(version, millions):
    total, lengths = size_on_paper(80, *PAPER[version])
    assert int(total / 1e4) / 100 == millions
    plain = hifigan_generator(80, version=version, weight_normalization=False)
    assert plain.count_params() == total
    assert hifigan_generator(80, version=version).count_params() == total + lengths


def test_every_upsampling_lengthens_by_its_rate_under_weight_normalisation():
    for version, lengths in (("v2", (8, 64, 128, 256)), ("small", (8, 64, 256))):
        model = hifigan_generator(16, frames=6, version=version)
        found = [model.get_layer(f"up_{place}").output.shape[1] for place in range(len(lengths))]
        assert found == [6 * length for length in lengths]
        made = hifigan_generator(16, version=version)(np.zeros((2, 3, 16), "float32"))
        assert made.shape == (2, 3 * 256, 1)


def test_a_residual_block_sees_as_far_as_its_dilations_say():
    """Kernels of 3, 5 and 7 with dilations (1, 2), (2, 6), (3, 12): 3, 16 and 45 to either side."""
    keras.utils.set_random_seed(0)
    model = hifigan_generator(4, frames=20, version="small", weight_normalization=False)
    stage = keras.Model(model.get_layer("up_0").output, model.get_layer("up_1").input)
    x = np.random.default_rng(0).normal(size=(1, 160, 64)).astype("float32")
    other = x.copy()
    other[0, 80] += 1.0
    change = np.abs(ops.convert_to_numpy(stage(other)) - ops.convert_to_numpy(stage(x)))[0]
    seen = np.flatnonzero(change.max(axis=-1) > 1e-7)
    assert seen[0] == 80 - 45 and seen[-1] == 80 + 45


def test_the_last_slope_is_not_that_of_the_others():
    model = hifigan_generator(4, version="v1")
    slopes = [layer.negative_slope for layer in model.layers if hasattr(layer, "negative_slope")]
    assert slopes.count(0.01) == 1 and set(slopes) == {0.1, 0.01}
    assert [s for s in slopes if s == 0.01] and model.layers[-3].negative_slope == 0.01


def test_frames_that_come_later_are_heard_later():
    keras.utils.set_random_seed(0)
    model = hifigan_generator(8, version="small")
    mel = np.random.default_rng(0).normal(0.0, 2.0, (1, 40, 8)).astype("float32")
    first = ops.convert_to_numpy(model(mel[:, :-1]))[0, :, 0]
    later = ops.convert_to_numpy(model(mel[:, 1:]))[0, :, 0]
    inside = slice(256 * 15, 256 * 22)
    assert first[inside].std() > 1e-4
    np.testing.assert_allclose(first[256:][inside], later[:-256][inside], atol=1e-5)


def test_an_unknown_version_and_another_hop_are_refused():
    with pytest.raises(OptionError, match="one of v1, v2, v3, small, not 'v4'"):
        hifigan_generator(8, version="v4")
    with pytest.raises(OptionError, match="makes 256 samples of a frame, not 128: --set hop_len"):
        hifigan_generator(8, hop_length=128)
