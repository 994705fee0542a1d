"""Random changes: how much, to whom, and that gradients pass as they must."""

import numpy as np
import pytest

from ganlib.backend import input_gradient
from ganlib.layers import Cutout, RandomBrightness, RandomGain

PICTURES = (64, 16, 20, 1)


def ones(shape=PICTURES) -> np.ndarray:
    return np.ones(shape, "float32")


def test_a_gain_is_one_factor_for_each_clip_within_its_range(array):
    x = np.random.default_rng(0).normal(size=(500, 8, 2)).astype("float32")
    factors = array(RandomGain(6.0, seed=0)(x, training=True)) / x
    np.testing.assert_allclose(factors, factors[:, :1, :1] * np.ones_like(x), rtol=1e-5)
    decibels = 20 * np.log10(factors[:, 0, 0])
    assert -6.0 <= decibels.min() < -5.5 and 5.5 < decibels.max() <= 6.0
    assert abs(decibels.mean()) < 0.5 and decibels.std() == pytest.approx(6 / np.sqrt(3), rel=0.1)


def test_brightness_adds_one_number_to_each_picture_within_its_range(array):
    x = np.random.default_rng(0).normal(size=PICTURES).astype("float32")
    added = array(RandomBrightness(0.2, seed=0)(x, training=True)) - x
    np.testing.assert_allclose(added, added[:, :1, :1] * ones(), atol=1e-6)
    assert -0.2 <= added.min() < -0.15 and 0.15 < added.max() <= 0.2


@pytest.mark.parametrize("axis", [1, 2])
def test_a_cutout_erases_one_band_across_the_other_axes(axis, array):
    kept = array(Cutout(0.25, axis=axis, seed=0)(ones(), training=True))[..., 0]
    lines = kept if axis == 1 else kept.swapaxes(1, 2)
    assert set(np.unique(lines)) == {0.0, 1.0}
    np.testing.assert_array_equal(lines, lines[:, :, :1] * np.ones_like(lines))
    size = lines.shape[1]
    for line in lines[:, :, 0]:
        erased = np.flatnonzero(line == 0)
        assert size / 8 - 1 <= len(erased) <= size / 4  # half of it may lie outside
        np.testing.assert_array_equal(erased, np.arange(erased[0], erased[-1] + 1))


def test_a_cutout_comes_everywhere(array):
    kept = array(Cutout(0.25, seed=0)(ones((2000, 16, 1)), training=True))[..., 0]
    share = 1 - kept.mean(axis=0)
    np.testing.assert_allclose(share[3:-3], 0.25, atol=0.04)
    assert (share[[0, -1]] > 0.1).all()


@pytest.mark.parametrize("kind", [RandomGain, RandomBrightness, Cutout])
def test_each_example_and_each_call_gets_its_own_change(kind, array):
    layer = kind(0.9, seed=0)
    first, second = (array(layer(ones(), training=True)) for _ in range(2))
    assert not np.array_equal(first, second)
    assert len({example.tobytes() for example in first}) > 8  # a cutout has few places


@pytest.mark.parametrize("kind", [RandomGain, RandomBrightness, Cutout])
def test_nothing_changes_outside_of_training_or_with_an_extent_of_0(kind, array):
    x = np.random.default_rng(0).normal(size=PICTURES).astype("float32")
    np.testing.assert_array_equal(array(kind(0.5)(x)), x)
    np.testing.assert_array_equal(array(kind(0.0)(x, training=True)), x)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: RandomGain(6.0, seed=1), lambda changed, x: changed / x),
        (lambda: RandomBrightness(0.2, seed=1), lambda changed, x: np.ones_like(x)),
        (lambda: Cutout(0.3, seed=1), lambda changed, x: changed / x),
        (lambda: Cutout(0.3, axis=2, seed=1), lambda changed, x: changed / x),
    ],
)
def test_the_gradient_is_that_of_the_same_change(make, expected, array):
    """Of `sum y`: the factor that each value was multiplied by, 1 where something was added."""
    x = np.random.default_rng(0).uniform(0.5, 1.5, PICTURES).astype("float32")
    changed = array(make()(x, training=True))
    layer = make()  # the same seed draws the same change
    gradient = array(input_gradient(lambda clips: layer(clips, training=True), x))
    np.testing.assert_allclose(gradient, expected(changed, x), rtol=1e-4)
    assert np.ptp(changed / x) > 0


@pytest.mark.parametrize(
    "make",
    [lambda: RandomGain(-1.0), lambda: RandomBrightness(-0.1), lambda: Cutout(-0.1),
     lambda: Cutout(1.0)],
)  # fmt: skip
def test_impossible_extents_are_refused(make):
    with pytest.raises(ValueError, match="must be"):
        make()
