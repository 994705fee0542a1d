"""A network that reads: shapes, what it is told, and stress."""

import keras
import numpy as np
import pytest

from ganlib.models.mel_judges import mel_judges
from ganlib.models.reader_network import reader_network

SYMBOLS = ["_", "sil", ".", "AH0", "AH1", "AH2", "T", "S"]


def array(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(0)
    return reader_network(SYMBOLS, 20, width=16, encoder_blocks=1, decoder_blocks=1)


def told(symbols, frames, octaves=0.0, size=12):
    count = len(symbols)
    prosody = np.zeros((1, count, 4), "float32")
    prosody[0, :, 0], prosody[0, :, 1] = frames, octaves
    return {
        "symbols": np.array([symbols], "int32"),
        "prosody": prosody,
        "places": np.arange(size, dtype="float32")[None],
    }


def test_it_makes_a_frame_for_each_place_and_a_guess_for_each_symbol(network):
    frames, guess = network(told([1, 6, 4, 2], 3))
    assert tuple(frames.shape) == (1, 12, 22) and tuple(guess.shape) == (1, 4, 3)
    assert -9 < array(frames)[..., :20].mean() < -1  # begins near the mean of speech


def test_the_guess_does_not_know_the_prosody_that_is_told(network):
    one, other = (array(network(told([1, 6, 4, 2], 3, octaves))[1]) for octaves in (0.0, 1.0))
    np.testing.assert_array_equal(one, other)


def test_a_pitch_that_is_told_moves_the_pitch_of_the_frames(network):
    low, high = (array(network(told([1, 6, 4, 2], 3, octaves))[0]) for octaves in (0.0, 1.0))
    assert (high - low)[..., 20].mean() > 0.5


def test_stresses_share_the_phone_and_differ_in_the_stress(network):
    """The table of phones has one row for AH; exchanging stresses alone changes the answer."""
    assert array(network.get_layer("phones").embeddings).shape[0] == 6
    one, other = (array(network(told([1, vowel, 6, 2], 3))[0]) for vowel in (3, 4))
    assert np.abs(one - other).max() > 1e-4


def test_judges_see_the_mel_bands_alone():
    judges = mel_judges(16, 22, 20, (4, 4))
    rng = np.random.default_rng(0)
    passage = rng.normal(size=(1, 16, 22)).astype("float32")
    other = passage.copy()
    other[..., 20:] = 9.0
    for one, two in zip(judges(passage), judges(other), strict=True):
        for mine, yours in zip(one, two, strict=True):
            np.testing.assert_array_equal(array(mine), array(yours))
