"""Gradient penalties against closed forms, finite differences, and known wrong versions."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from ganlib.backend import input_gradient
from ganlib.errors import OptionError
from ganlib.losses import (
    dragan_penalty,
    get_penalty,
    r1_penalty,
    r2_penalty,
    wgan_gradient_penalty,
)

RNG = np.random.default_rng(0)
NAMES = ["wgan_gp", "dragan", "r1", "r2"]
every_penalty = pytest.mark.parametrize("name", NAMES)


def half_square(x):
    """D(x) = |x|^2 / 2, whose gradient is x itself."""
    x = ops.reshape(x, (ops.shape(x)[0], -1))
    return ops.sum(ops.square(x), axis=1, keepdims=True) / 2


def linear(w):
    """D(x) = <w, x>, whose gradient is w everywhere."""
    w = ops.convert_to_tensor(w)
    return lambda x: ops.sum(x * w, axis=tuple(range(1, len(x.shape))))[:, None]


def points_visited(penalty, real, fake, **options):
    """Where a penalty asks for the gradient."""
    seen = []

    def watched(function, inputs):
        seen.append(ops.convert_to_numpy(inputs))
        return input_gradient(function, inputs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganlib.backend.input_gradient", watched)
        penalty(half_square, real, fake, **options)
    return seen[0]


def clips(n, distance, shape=(5, 2)):
    """n clips, each at the given distance from zero."""
    x = RNG.normal(size=(n, *shape))
    norms = np.sqrt(np.sum(x**2, axis=tuple(range(1, x.ndim)), keepdims=True))
    return (distance * x / norms).astype("float32")


# Closed forms -----------------------------------------------------------------------------------


def check_interpolation(penalty):
    """With D = |x|^2 / 2, real 0 and |fake| = 3: E (3 a - 1)^2 over a ~ U(0, 1) is exactly 1."""
    fake = clips(20_000, 3.0)
    value = float(penalty(half_square, 0 * fake, fake, seed=1))
    # The standard deviation of (3 a - 1)^2 is 1.1; 0.04 is five times that of the mean.
    assert abs(value - 1.0) < 0.04, f"E (3 a - 1)^2 is 1, got {value}"


def test_wgan_gp_of_half_the_square_is_one():
    check_interpolation(wgan_gradient_penalty)


def penalty_with(alpha_of):
    """The penalty of the paper with interpolation weights of another kind."""

    def penalty(discriminator, real, fake, seed=None):
        alpha = alpha_of((real.shape[0], *[1] * (real.ndim - 1)))
        gradient = input_gradient(discriminator, alpha * real + (1 - alpha) * fake)
        norm = ops.sqrt(ops.sum(ops.square(gradient), axis=(1, 2)) + 1e-12)
        return ops.mean(ops.square(norm - 1))

    return penalty


def test_the_check_itself_accepts_uniform_weights():
    check_interpolation(penalty_with(lambda shape: RNG.uniform(size=shape).astype("float32")))


def test_the_oracle_rejects_normal_interpolation_weights():
    mutant = penalty_with(lambda shape: RNG.normal(size=shape).astype("float32"))
    with pytest.raises(AssertionError, match="is 1, got"):
        check_interpolation(mutant)


def test_a_linear_critic_cannot_see_the_interpolation_weights():
    """Why the check above is needed: here the wrong penalty gives the right value."""
    critic, x = linear(clips(1, 3.0)[0]), clips(8, 1.0)
    right = wgan_gradient_penalty(critic, x, -x, seed=0)
    wrong = penalty_with(lambda shape: RNG.normal(size=shape).astype("float32"))(critic, x, -x)
    np.testing.assert_allclose([float(right), float(wrong)], 4.0, rtol=1e-5)


def test_the_interpolation_weights_are_uniform_and_one_for_each_clip():
    real, fake = np.zeros((4000, 3, 2), "float32"), np.ones((4000, 3, 2), "float32")
    points = points_visited(wgan_gradient_penalty, real, fake, seed=1)
    assert np.ptp(points.reshape(4000, -1), axis=1).max() == 0  # the same along a whole clip
    assert stats.kstest(1 - points[:, 0, 0], "uniform").pvalue > 1e-3


def test_the_interpolation_weights_are_redrawn_from_a_seed_generator():
    real, fake = np.zeros((4, 3, 2), "float32"), np.ones((4, 3, 2), "float32")
    seed = keras.random.SeedGenerator(1)
    one, two = (points_visited(wgan_gradient_penalty, real, fake, seed=seed) for _ in range(2))
    assert (one != two).any()


@pytest.mark.parametrize("length", [0.25, 1.0, 3.0])
def test_penalties_of_a_linear_critic_depend_on_its_slope_alone(length):
    critic, real, fake = linear(clips(1, length)[0]), clips(6, 1.0), clips(6, 2.0)
    arguments = critic, real, fake
    two_sided, one_sided = (length - 1) ** 2, max(length - 1, 0) ** 2
    for penalty in (wgan_gradient_penalty, dragan_penalty):
        found = (
            float(penalty(*arguments, seed=0)),
            float(penalty(*arguments, seed=0, one_sided=True)),
        )
        np.testing.assert_allclose(found, (two_sided, one_sided), rtol=1e-4, atol=1e-9)
    for penalty in (r1_penalty, r2_penalty):
        np.testing.assert_allclose(float(penalty(*arguments)), length**2, rtol=1e-5)


def test_r1_looks_at_real_clips_and_r2_at_generated_ones():
    """With D = |x|^2 / 2 the squared gradient is |x|^2."""
    real, fake = clips(6, 2.0), clips(6, 5.0)
    np.testing.assert_allclose(float(r1_penalty(half_square, real, fake)), 4.0, rtol=1e-5)
    np.testing.assert_allclose(float(r2_penalty(half_square, real, fake)), 25.0, rtol=1e-5)


def check_every_axis(penalty):
    """The norm runs over all axes but the first; with two channels one axis is easily lost."""
    x = np.ones((3, 4, 2), "float32")
    value = float(penalty(half_square, x, x))
    assert abs(value - 8.0) < 1e-4, f"|x|^2 is 8, got {value}"


def test_norms_are_taken_over_time_and_channels():
    check_every_axis(r1_penalty)


def test_the_oracle_rejects_a_norm_that_forgets_the_channels():
    def mutant(discriminator, real, fake):
        return ops.mean(ops.sum(ops.square(input_gradient(discriminator, real)), axis=1))

    with pytest.raises(AssertionError, match="is 8, got 4"):
        check_every_axis(mutant)


def test_dragan_looks_in_a_cloud_of_half_a_standard_deviation_around_real_clips():
    real = (3.0 * RNG.normal(size=(500, 5, 2)) + 1.0).astype("float32")
    points = points_visited(dragan_penalty, real, None, seed=1)
    steps = (points - real) / (0.5 * real.std())
    assert stats.kstest(steps.ravel(), "uniform").pvalue > 1e-3
    norms = np.sqrt(np.sum(points.astype("float64") ** 2, axis=(1, 2)))
    value = float(dragan_penalty(half_square, real, seed=1))
    np.testing.assert_allclose(value, np.mean((norms - 1) ** 2), rtol=1e-4)


@every_penalty
def test_penalties_agree_with_finite_differences_of_a_small_network(name):
    """In float64 NumPy, by central differences, at the points that the penalty visits."""
    w, v = RNG.normal(size=(6, 4)), RNG.normal(size=(4, 1))

    def in_numpy(x):
        return np.tanh(x.reshape(len(x), -1) @ w) @ v

    def network(x):
        hidden = ops.tanh(ops.matmul(ops.reshape(x, (-1, 6)), w.astype("float32")))
        return ops.matmul(hidden, v.astype("float32"))

    penalty, (real, fake) = get_penalty(name), RNG.normal(size=(2, 5, 3, 2)).astype("float32")
    points = points_visited(penalty, real, fake, seed=3).astype("float64").reshape(5, -1)
    gradient = np.zeros_like(points)
    for i, step in enumerate(1e-5 * np.eye(6)):
        gradient[:, i] = (in_numpy(points + step) - in_numpy(points - step))[:, 0] / 2e-5
    norms = np.linalg.norm(gradient, axis=1)
    expected = np.mean(norms**2) if name in ("r1", "r2") else np.mean((norms - 1) ** 2)
    np.testing.assert_allclose(float(penalty(network, real, fake, seed=3)), expected, rtol=1e-4)


# Weights, compilation, names --------------------------------------------------------------------


def check_unweighted(penalty, expected):
    """A penalty is the bare expectation: lambda and gamma / 2 stand where terms are summed."""
    x = clips(6, 1.0)
    value = float(penalty(linear(clips(1, 3.0)[0]), x, -x, seed=0))
    assert abs(value - expected) < 1e-3, f"a weight is hidden inside: {value} for {expected}"


UNWEIGHTED = {"wgan_gp": 4.0, "dragan": 4.0, "r1": 9.0, "r2": 9.0}


@every_penalty
def test_no_weight_is_hidden_inside_a_penalty(name):
    check_unweighted(get_penalty(name), UNWEIGHTED[name])


@every_penalty
@pytest.mark.parametrize("hidden", [10.0, 0.5])
def test_the_oracle_rejects_a_weight_hidden_inside(name, hidden):
    def mutant(*arguments, **options):
        return hidden * get_penalty(name)(*arguments, **options)

    with pytest.raises(AssertionError, match="a weight is hidden inside"):
        check_unweighted(mutant, UNWEIGHTED[name])


@every_penalty
def test_penalties_compile_for_clips_of_any_rank(name):
    from ganlib.backend import compiled

    for shape in [(4,), (4, 2), (4, 3, 2)]:
        real, fake = RNG.normal(size=(2, 3, *shape)).astype("float32")
        run = compiled(lambda r, f: get_penalty(name)(half_square, r, f, seed=5))
        expected = float(get_penalty(name)(half_square, real, fake, seed=5))
        np.testing.assert_allclose(float(run(real, fake)), expected, rtol=1e-4)


def test_an_unknown_penalty_is_named_with_the_known_ones():
    with pytest.raises(OptionError, match="'r3'.*dragan, r1, r2, wgan_gp"):
        get_penalty("r3")
