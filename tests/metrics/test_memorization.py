"""A model that repeats its training set is named as one, and no other model is."""

import numpy as np
import pytest
from scipy import signal, spatial

from ganlib.audio import AudioFormat
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics.memorization import (
    Memorization,
    clip_spectra,
    memorization,
    nearest_neighbours,
)

RNG = np.random.default_rng(0)


def mixture(clips, seed, dims=16):
    """Clips of a smooth distribution with ten modes: what recordings and a good model draw from."""
    modes = np.random.default_rng(99).normal(0, 3, size=(10, dims))
    rng = np.random.default_rng(seed)
    return modes[rng.integers(10, size=clips)] + rng.normal(size=(clips, dims))


TRAIN, TEST = mixture(600, 1), mixture(200, 2)


def noisy(clips, deviation):
    return clips + deviation * RNG.normal(size=clips.shape)


# Nearest neighbours -----------------------------------------------------------------------------


@pytest.mark.parametrize("neighbours", [1, 2, 7])
def test_neighbours_are_those_of_a_search_tree(monkeypatch, neighbours):
    monkeypatch.setattr("ganlib.metrics.memorization._ROWS", 33)
    distances, indices = spatial.cKDTree(TRAIN).query(TEST, neighbours)
    got = nearest_neighbours(TEST, TRAIN, neighbours)
    np.testing.assert_array_equal(got[0], indices)
    np.testing.assert_allclose(got[1], distances, rtol=1e-9)


def test_distances_are_exact_far_from_zero_and_0_for_the_clip_itself():
    far = TRAIN + 1e6
    index, distance = nearest_neighbours(far, far)
    np.testing.assert_array_equal(index, np.arange(600))
    np.testing.assert_array_equal(distance, 0)


def test_spectra_are_compared_as_they_are():
    spectra = TRAIN.reshape(600, 4, 4)
    got = nearest_neighbours(spectra[:9] + 0.01, spectra)
    np.testing.assert_array_equal(got[0], np.arange(9))
    np.testing.assert_allclose(got[1], 0.04)


@pytest.mark.parametrize("neighbours", [0, 601])
def test_there_must_be_so_many_neighbours(neighbours):
    with pytest.raises(OptionError, match="from 1 to the number of references, 600"):
        nearest_neighbours(TEST, TRAIN, neighbours)


# The rule ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("deviation", [0.0, 0.01, 0.1, 0.3])
def test_training_clips_with_slight_noise_are_named(deviation):
    assert memorization(TRAIN, TEST, noisy(TRAIN[:200], deviation)).memorized


HEALTHY = {
    "the test set": TEST,
    "new clips of the distribution": mixture(200, 3),
    "few new clips": mixture(20, 4),
    "a blurred model": mixture(200, 5) * 0.5,
    "a model that misses modes": mixture(400, 6)[mixture(400, 6)[:, 0] > 0],
    "a collapsed model": np.tile(mixture(1, 7), (200, 1)),
    "noise": 10 * RNG.normal(size=(200, 16)),
}


@pytest.mark.parametrize("fake", HEALTHY.values(), ids=HEALTHY)
def test_a_model_that_repeats_nothing_is_not_named(fake):
    result = memorization(TRAIN, TEST, fake)
    assert not result.memorized
    assert "does not repeat" in result.verdict


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_in_few_dimensions_chance_is_not_taken_for_copying(dims):
    """There a first neighbour often is half as far away as the second: in one dimension, half
    of the time."""
    train, test, new = (mixture(n, seed, dims) for n, seed in ((500, 1), (300, 2), (300, 3)))
    result = memorization(train, test, new)
    assert result.share_copied_test == pytest.approx(0.5**dims, abs=0.1)
    assert not result.memorized
    assert memorization(train, test, train[:300]).memorized


def test_prototypes_of_the_training_modes_are_nearer_and_yet_no_copies():
    modes = np.random.default_rng(99).normal(0, 3, size=(10, 16))
    prototypes = np.repeat(modes, 20, axis=0) + 0.3 * RNG.normal(size=(200, 16))
    result = memorization(TRAIN, TEST, prototypes)
    assert result.share_nearer > 0.5  # ten times as many as chance
    assert result.ratio_of_medians < 0.8
    assert not result.memorized


def test_a_model_of_the_training_voices_is_not_named_when_the_test_has_other_voices():
    assert not memorization(TRAIN, TEST + 4, mixture(200, 8)).memorized


def test_a_third_of_copies_is_enough_and_a_tenth_is_not():
    new = mixture(200, 9)
    some = [np.concatenate([TRAIN[:n], new[n:]]) for n in (66, 20)]
    assert [memorization(TRAIN, TEST, fake).memorized for fake in some] == [True, False]


def test_a_training_set_that_holds_each_clip_twice_hides_no_copies():
    twice = np.concatenate([TRAIN, noisy(TRAIN, 1e-3)])
    result = memorization(twice, TEST, noisy(TRAIN[:200], 0.01))
    assert result.share_copied < 0.2
    assert result.memorized


def test_the_figures_are_those_of_their_definitions():
    fake = noisy(TRAIN[:100], 0.5)
    one, two = (np.sort(spatial.distance.cdist(x, TRAIN), axis=1)[:, :2] for x in (fake, TEST))
    result = memorization(TRAIN, TEST, fake)
    expected = Memorization(
        share_nearer=np.mean(one[:, 0] < np.quantile(two[:, 0], 0.05)),
        ratio_of_medians=np.median(one[:, 0]) / np.median(two[:, 0]),
        share_copied=np.mean(one[:, 0] < one[:, 1] / 2),
        share_copied_test=np.mean(two[:, 0] < two[:, 1] / 2),
    )
    for name in Memorization.__dataclass_fields__:
        assert getattr(result, name) == pytest.approx(getattr(expected, name)), name


def test_the_test_set_stands_beside_itself():
    result = memorization(TRAIN, TEST, TEST)
    assert (result.share_nearer, result.ratio_of_medians) == (pytest.approx(0.05), 1.0)


@pytest.mark.parametrize(
    ("train", "test", "fake", "message"),
    [
        (TRAIN, TRAIN, TEST, "held out from training"),
        (TRAIN[:1], TEST, TEST, "train must have at least 2 clips"),
        (TRAIN, TEST[:0], TEST, "test must have at least 1 clips"),
        (TRAIN, TEST, TEST[:, :3], "same number of dimensions"),
        (TRAIN, TEST, TEST * np.nan, "fake must be finite"),
    ],
)
def test_sets_that_show_nothing_are_refused(train, test, fake, message):
    with pytest.raises(OptionError, match=message):
        memorization(train, test, fake)


# Spectra ----------------------------------------------------------------------------------------


def test_the_spectra_are_those_of_scipy():
    clip = RNG.normal(size=(1, 1024)).astype("float32")
    window = np.hanning(256)
    scipys = signal.ShortTimeFFT(window, hop=128, fs=1)
    first = scipys.stft(clip[0].astype("float64"), p0=1, p1=8)  # frames that lie inside the clip
    power = np.abs(first) ** 2
    edges = np.linspace(0, 129, 33).astype(int)
    bands = [power[a:b].sum(axis=0) for a, b in zip(edges, edges[1:], strict=False)]
    expected = 10 * np.log10(np.array(bands).T)
    got = clip_spectra(clip)[0]
    np.testing.assert_allclose(got, np.maximum(expected - expected.max(), -40), atol=1e-3)


def test_loudness_does_not_matter_and_silence_has_spectra():
    clips = RNG.normal(size=(2, 2048, 1))
    np.testing.assert_allclose(clip_spectra(clips), clip_spectra(0.01 * clips), atol=1e-3)
    assert clip_spectra(np.zeros((1, 2048))).tolist() == np.zeros((1, 15, 32)).tolist()


@pytest.mark.parametrize("window", [32, 2049])
def test_a_window_must_fit(window):
    with pytest.raises(OptionError, match="window must be from 64 to the clips' 2048"):
        clip_spectra(np.zeros((1, 2048)), window)


@pytest.fixture(scope="module")
def digits():
    """Training and test clips, of other voices, of the set that comes with the repository."""
    clips = [load_clips("digits", split, AudioFormat(8000, 8192)) for split in ("train", "test")]
    train, test = (np.asarray(some.samples).reshape(len(some), -1) for some in clips)
    return train[::2], clip_spectra(train[::2]), clip_spectra(train[1::2]), clip_spectra(test)


@pytest.mark.parametrize("below_db", [20, 30, 40])
def test_recordings_with_slight_noise_are_named_by_their_spectra(digits, below_db):
    clips, train, _, test = digits
    level = np.sqrt(np.mean(clips**2, axis=1, keepdims=True)) * 10 ** (-below_db / 20)
    fake = (clips + level * RNG.normal(size=clips.shape))[::5]
    assert memorization(train, test, clip_spectra(fake)).memorized


def test_recordings_that_nobody_trained_on_are_not_named_by_their_spectra(digits):
    _, train, others, test = digits
    assert not memorization(train, test[::2], test[1::2]).memorized
    assert not memorization(train, test, others).memorized  # new clips of the training voices
