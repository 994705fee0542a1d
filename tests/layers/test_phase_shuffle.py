"""Phase shuffle: the right mirror, a shift of its own for each example, redrawn at every call."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from ganlib.backend import input_gradient
from ganlib.layers import PhaseShuffle, RandomTimeShift, shift_in_time

TIME, RADIUS = 16, 3
ENGINE = keras.backend.backend()


def shifted_by_numpy(x, shifts, padding):
    """The definition: pad by NumPy, cut out a window that starts `shift` samples later."""
    mode = {"reflect": "reflect", "zeros": "constant"}[padding]
    most = int(np.abs(shifts).max())
    padded = np.pad(x, [(0, 0), (most, most), (0, 0)], mode=mode)
    rows = [row[most + s : most + s + x.shape[1]] for row, s in zip(padded, shifts, strict=True)]
    return np.stack(rows)


def ramps(batch):
    """Every example counts 0, 1, 2, ...: the value in the middle tells the shift."""
    return np.tile(np.arange(TIME, dtype="float32")[None, :, None], (batch, 1, 1))


def shifts_of(y):
    return np.asarray(y)[:, TIME // 2, 0].astype(int) - TIME // 2


@pytest.mark.parametrize("padding", ["reflect", "zeros"])
def test_shifts_agree_with_numpy_padding_for_every_shift(padding, array):
    shifts = np.arange(-(TIME - 1), TIME)
    x = np.random.default_rng(0).normal(size=(len(shifts), TIME, 2)).astype("float32")
    y = array(shift_in_time(x, shifts, padding))
    np.testing.assert_array_equal(y, shifted_by_numpy(x, shifts, padding))


def test_zeros_padding_may_shift_a_clip_out_of_sight(array):
    y = array(shift_in_time(ramps(2) + 1, np.array([TIME, -2 * TIME]), "zeros"))
    np.testing.assert_array_equal(y, 0)


def test_unknown_padding_is_refused():
    with pytest.raises(ValueError, match="padding must be"):
        shift_in_time(ramps(1), np.array([1]), "wrap")


@pytest.mark.parametrize("layer_class", [PhaseShuffle, RandomTimeShift])
def test_shifts_are_uniform_over_the_whole_range_and_nothing_else(layer_class, array):
    shifts = shifts_of(array(layer_class(RADIUS, seed=1)(ramps(7000), training=True)))
    values, counts = np.unique(shifts, return_counts=True)
    np.testing.assert_array_equal(values, np.arange(-RADIUS, RADIUS + 1))
    assert stats.chisquare(counts).pvalue > 1e-3


def test_shifts_of_neighbours_in_a_batch_are_independent(array):
    shifts = shifts_of(array(PhaseShuffle(RADIUS, seed=1)(ramps(4000), training=True)))
    assert abs(np.corrcoef(shifts[:-1], shifts[1:])[0, 1]) < 0.06


def check_redraws(layer, compile_function):
    """Fail unless a compiled layer gives every call shifts of its own."""
    call = compile_function(lambda x: layer(x, training=True), layer.variables)
    draws = [tuple(shifts_of(call(ramps(8)))) for _ in range(5)]
    assert len(set(draws)) == 5, f"the same shifts came back: {draws}"


@pytest.mark.parametrize("xla", [False, True])
def test_phase_shuffle_draws_a_new_shift_at_every_call_of_a_compiled_graph(compiled, xla):
    check_redraws(PhaseShuffle(RADIUS, seed=1), lambda f, v: compiled(f, v, xla=xla))


class ShiftDrawnOnce(keras.layers.Layer):
    """Mutant: the shift is drawn in Python, that is once, while the graph is built."""

    def call(self, inputs, training=True):
        shifts = np.random.randint(-RADIUS, RADIUS + 1, size=inputs.shape[0])
        return shift_in_time(inputs, shifts)


def test_the_oracle_rejects_a_shift_drawn_when_the_graph_is_built(compiled):
    with pytest.raises(AssertionError, match="the same shifts came back"):
        check_redraws(ShiftDrawnOnce(), compiled)


class OneShiftForAll(keras.layers.Layer):
    """Mutant: WaveGAN's original code draws one shift for the whole batch."""

    def call(self, inputs, training=True):
        shift = keras.random.randint((1,), -RADIUS, RADIUS + 1)
        return shift_in_time(inputs, ops.repeat(shift, inputs.shape[0]))


def check_each_its_own(layer):
    """Fail unless one call shifts 64 equal examples by more than one amount."""
    shifts = set(shifts_of(ops.convert_to_numpy(layer(ramps(64), training=True))))
    assert len(shifts) > 1, f"all examples moved by {shifts}"


def test_each_example_has_a_shift_of_its_own():
    check_each_its_own(PhaseShuffle(RADIUS, seed=1))


def test_the_oracle_rejects_one_shift_for_the_whole_batch():
    with pytest.raises(AssertionError, match="all examples moved"):
        check_each_its_own(OneShiftForAll())


@pytest.mark.parametrize("xla", [False, True])
@pytest.mark.parametrize("padding", ["reflect", "zeros"])
def test_the_gradient_is_the_adjoint_of_the_shift_also_when_compiled(compiled, padding, xla):
    """A shift is linear, so the gradient of <w, shift(x)> by x is the transposed matrix times w."""
    shifts = np.array([-3, -1, 0, 2, 3])
    w = np.random.default_rng(0).normal(size=(5, TIME, 2)).astype("float32")
    matrices = shifted_by_numpy(np.tile(np.eye(TIME, dtype="float32"), (5, 1, 1)), shifts, padding)

    def gradient(x):
        return input_gradient(lambda v: shift_in_time(v, shifts, padding) * w, x)

    found = compiled(gradient, xla=xla)(ops.zeros((5, TIME, 2)))
    expected = np.einsum("bts,btc->bsc", matrices, w)
    np.testing.assert_allclose(ops.convert_to_numpy(found), expected, atol=1e-6)


def test_the_same_seed_gives_the_same_shifts_and_the_state_moves_on(array):
    one, two = PhaseShuffle(RADIUS, seed=5), PhaseShuffle(RADIUS, seed=5)
    first = [shifts_of(array(layer(ramps(32), training=True))) for layer in (one, two)]
    np.testing.assert_array_equal(*first)
    two.seed_generator.state.assign(one.seed_generator.state)  # as a resumed run does
    second = [shifts_of(array(layer(ramps(32), training=True))) for layer in (one, two)]
    np.testing.assert_array_equal(*second)
    assert (first[0] != second[0]).any()


@pytest.mark.parametrize("layer_class", [PhaseShuffle, RandomTimeShift])
def test_nothing_moves_outside_of_training_or_with_radius_zero(layer_class, array):
    x = np.random.default_rng(0).normal(size=(4, TIME, 2)).astype("float32")
    np.testing.assert_array_equal(array(layer_class(RADIUS)(x, training=False)), x)
    np.testing.assert_array_equal(array(layer_class(0)(x, training=True)), x)


def test_a_negative_radius_is_refused():
    with pytest.raises(ValueError, match="radius must be 0 or more"):
        PhaseShuffle(-1)


def test_a_mirror_that_would_need_more_samples_than_there_are_is_refused():
    with pytest.raises(ValueError, match="radius"):
        PhaseShuffle(4)(ramps(2)[:, :4], training=True)
