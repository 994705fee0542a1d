"""The inverse-STFT vocoder: its size on paper, and that it treats all times alike."""

import keras
import numpy as np
from keras import ops

from ganlib.models.istft_vocoder import istft_vocoder


def size_on_paper(n_mels: int, n_fft: int, width: int, blocks: int, kernel: int, per_hop: int):
    normalisation = 2 * width
    block = kernel * width + width + normalisation
    block += width * 3 * width + 3 * width + 3 * width * width + width
    first = kernel * n_mels * width + width
    last = (width + 1) * per_hop * 2 * (n_fft // 2 + 1)
    return first + normalisation + blocks * block + normalisation + last


def test_its_size_is_that_on_paper():
    for n_mels, n_fft, width, blocks, kernel, per_hop in (
        (64, 256, 160, 5, 7, 2),
        (20, 128, 16, 1, 3, 1),
    ):
        model = istft_vocoder(
            n_mels,
            n_fft=n_fft,
            hop_length=n_fft // 2,
            width=width,
            blocks=blocks,
            kernel_size=kernel,
            frames_per_hop=per_hop,
        )
        wanted = size_on_paper(n_mels, n_fft, width, blocks, kernel, per_hop)
        assert model.count_params() == wanted


def test_frames_that_come_later_are_heard_later():
    """Moved by one frame, the same sound comes one hop later, away from the ends."""
    keras.utils.set_random_seed(1)
    model = istft_vocoder(16, width=8, blocks=1, kernel_size=3)
    mel = np.random.default_rng(0).normal(-3.0, 1.0, (1, 24, 16)).astype("float32")
    first = ops.convert_to_numpy(model(mel[:, :-1]))[0, :, 0]
    later = ops.convert_to_numpy(model(mel[:, 1:]))[0, :, 0]
    inside = slice(128 * 6, 128 * 16)
    assert np.abs(first).max() > 0.01
    np.testing.assert_allclose(first[128:][inside], later[:-128][inside], atol=1e-4)


def test_a_frame_is_heard_near_itself_only():
    """Three convolutions of three frames see one frame to either side each, the window a hop."""
    keras.utils.set_random_seed(1)
    model = istft_vocoder(16, width=8, blocks=1, kernel_size=3)
    mel = np.full((1, 32, 16), -3.0, "float32")
    other = mel.copy()
    other[0, 16] += 1.0
    change = np.abs(ops.convert_to_numpy(model(other)) - ops.convert_to_numpy(model(mel)))[0, :, 0]
    frames = change.reshape(32, 128).max(axis=1)
    assert frames[16] > 1e-3
    assert frames[:12].max() < 1e-5 and frames[21:].max() < 1e-5
