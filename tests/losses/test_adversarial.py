"""Adversarial losses against closed forms, SciPy, finite differences; what their values mean."""

import numpy as np
import pytest
from keras import ops
from scipy import special

from ganlib.backend import input_gradient
from ganlib.errors import OptionError
from ganlib.losses import (
    get_losses,
    hinge_discriminator_loss,
    least_squares_discriminator_loss,
    least_squares_generator_loss,
    minimax_discriminator_loss,
    minimax_generator_loss,
    non_saturating_discriminator_loss,
    non_saturating_generator_loss,
    wasserstein_discriminator_loss,
    wasserstein_generator_loss,
)

RNG = np.random.default_rng(0)
REAL = RNG.normal(1.0, 2.0, size=(7, 1)).astype("float32")
FAKE = RNG.normal(-0.5, 2.0, size=(7, 1)).astype("float32")
FAMILIES = ["minimax", "non_saturating", "least_squares", "hinge", "wasserstein"]
every_family = pytest.mark.parametrize("family", FAMILIES)


def cross_entropy(real, fake):
    return -np.mean(special.log_expit(real)) - np.mean(special.log_expit(-fake))


# From the papers, in NumPy and SciPy: (generator's loss, discriminator's loss).
PAPERS = {
    "minimax": (lambda f: np.mean(np.log(1 - special.expit(f))), cross_entropy),
    "non_saturating": (lambda f: -np.mean(np.log(special.expit(f))), cross_entropy),
    "least_squares": (
        lambda f: np.mean((f - 1) ** 2) / 2,
        lambda r, f: np.mean((r - 1) ** 2) / 2 + np.mean(f**2) / 2,
    ),
    "hinge": (
        lambda f: -np.mean(f),
        lambda r, f: -np.mean(np.minimum(0, -1 + r)) - np.mean(np.minimum(0, -1 - f)),
    ),
    "wasserstein": (lambda f: -np.mean(f), lambda r, f: np.mean(f) - np.mean(r)),
}


@every_family
def test_losses_agree_with_the_papers(family):
    ours, papers = get_losses(family), PAPERS[family]
    real, fake = REAL.astype("float64"), FAKE.astype("float64")
    np.testing.assert_allclose(float(ours[0](FAKE)), papers[0](fake), rtol=1e-5)
    np.testing.assert_allclose(float(ours[1](REAL, FAKE)), papers[1](real, fake), rtol=1e-5)


@every_family
def test_gradients_agree_with_finite_differences_in_float64(family):
    """The reference's differences in float64; steps stay clear of the hinge's corners."""
    generator_loss, discriminator_loss = get_losses(family)
    papers = PAPERS[family]
    cases = [
        (generator_loss, papers[0], FAKE),
        (lambda x: discriminator_loss(x, FAKE), lambda x: papers[1](x, FAKE), REAL),
        (lambda x: discriminator_loss(REAL, x), lambda x: papers[1](REAL, x), FAKE),
    ]
    for ours, reference, logits in cases:
        x = logits.astype("float64")
        expected = np.zeros_like(x)
        for index in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[index] = 1e-5
            expected[index] = (reference(x + step) - reference(x - step)) / 2e-5
        found = ops.convert_to_numpy(input_gradient(ours, logits))
        np.testing.assert_allclose(found, expected, atol=1e-6)


@every_family
def test_losses_are_scalars_whatever_the_shape_of_the_logits(family):
    generator_loss, discriminator_loss = get_losses(family)
    for shape in [(4,), (4, 1), (4, 5, 1)]:
        logits = RNG.normal(size=shape).astype("float32")
        assert generator_loss(logits).shape == discriminator_loss(logits, logits).shape == ()


@every_family
def test_losses_are_means_so_the_batch_size_does_not_scale_them(family):
    generator_loss, discriminator_loss = get_losses(family)
    twice = np.tile(FAKE, (2, 1))
    np.testing.assert_allclose(float(generator_loss(FAKE)), float(generator_loss(twice)), rtol=1e-5)
    np.testing.assert_allclose(
        float(discriminator_loss(REAL, FAKE)), float(discriminator_loss(REAL, twice)), rtol=1e-5
    )


# What the values mean ---------------------------------------------------------------------------


def test_an_undecided_discriminator_loses_two_ln_two():
    zeros = np.zeros((5, 1), "float32")
    for loss in (minimax_discriminator_loss, non_saturating_discriminator_loss):
        np.testing.assert_allclose(float(loss(zeros, zeros)), 2 * np.log(2), rtol=1e-6)
    np.testing.assert_allclose(float(minimax_generator_loss(zeros)), -np.log(2), rtol=1e-6)
    np.testing.assert_allclose(float(non_saturating_generator_loss(zeros)), np.log(2), rtol=1e-6)


def test_the_best_discriminator_measures_the_jensen_shannon_divergence():
    """Two words with probabilities p and q, D = p / (p + q): the loss is 2 ln 2 - 2 JSD(p, q)."""
    p, q = np.array([0.9, 0.1]), np.array([0.3, 0.7])
    counts_real, counts_fake = (1000 * p).astype(int), (1000 * q).astype(int)
    logits = np.log(p / q)
    loss = minimax_discriminator_loss(
        np.repeat(logits, counts_real), np.repeat(logits, counts_fake)
    )
    m = (p + q) / 2
    divergence = (np.sum(p * np.log(p / m)) + np.sum(q * np.log(q / m))) / 2
    np.testing.assert_allclose(float(loss), 2 * np.log(2) - 2 * divergence, rtol=1e-5)


def test_only_the_non_saturating_generator_learns_where_it_is_worst():
    """At D(G(z)) = sigmoid(-20) the slopes by the logit are -2e-9 and -1."""
    lost = np.full((1, 1), -20.0, "float32")
    slopes = [
        float(input_gradient(loss, lost)[0, 0])
        for loss in (minimax_generator_loss, non_saturating_generator_loss)
    ]
    np.testing.assert_allclose(slopes, [-special.expit(-20.0), -special.expit(20.0)], rtol=1e-4)


@pytest.mark.parametrize("logit", [-1e4, -100.0, 100.0, 1e4])
@every_family
def test_huge_logits_give_finite_losses_and_gradients(family, logit):
    generator_loss, discriminator_loss = get_losses(family)
    x = np.full((2, 1), logit, "float32")
    values = float(generator_loss(x)), float(discriminator_loss(x, x))
    exact = x.astype("float64")
    np.testing.assert_allclose(values[1], PAPERS[family][1](exact, exact), rtol=1e-5)
    assert np.isfinite(values).all()
    for loss in (generator_loss, lambda v: discriminator_loss(v, v)):
        assert np.isfinite(ops.convert_to_numpy(input_gradient(loss, x))).all()


def test_a_huge_wrong_logit_costs_its_own_size():
    wrong = np.full((1, 1), 1e4, "float32")
    assert float(minimax_discriminator_loss(-wrong, wrong)) == 2e4
    assert float(non_saturating_generator_loss(-wrong)) == 1e4
    assert float(minimax_generator_loss(wrong)) == -1e4


def test_the_hinge_does_not_reward_going_beyond_one():
    sure = np.full((3, 1), 1.5, "float32")
    assert float(hinge_discriminator_loss(sure, -sure)) == 0.0
    assert float(hinge_discriminator_loss(100 * sure, -100 * sure)) == 0.0
    assert float(hinge_discriminator_loss(-sure, sure)) == 5.0


# Label smoothing --------------------------------------------------------------------------------

SMOOTHING = [minimax_discriminator_loss, least_squares_discriminator_loss]


@pytest.mark.parametrize("two_sided", [False, True])
def test_smoothing_moves_the_best_probability_to_one_minus_e(two_sided):
    """At sigmoid(logit) = 1 - e the slope by the real logit is zero; two-sided e for the fake."""
    best = np.full((1, 1), special.logit(0.9), "float32")

    def loss(real, fake):
        return minimax_discriminator_loss(real, fake, label_smoothing=0.1, two_sided=two_sided)

    by_real = float(input_gradient(lambda x: loss(x, -best), best)[0, 0])
    by_fake = float(input_gradient(lambda x: loss(best, x), -best)[0, 0])
    assert abs(by_real) < 1e-6
    assert abs(by_fake - (0.0 if two_sided else 0.1)) < 1e-6


@pytest.mark.parametrize("two_sided", [False, True])
def test_least_squares_smoothing_moves_the_targets(two_sided):
    real, fake = np.full((2, 1), 0.9, "float32"), np.full((2, 1), 0.1, "float32")
    loss = least_squares_discriminator_loss(real, fake, 0.1, two_sided)
    np.testing.assert_allclose(float(loss), 0.0 if two_sided else 0.005, atol=1e-7)


@pytest.mark.parametrize("loss", SMOOTHING)
def test_smoothing_is_off_by_default_and_one_sided_when_on(loss):
    assert float(loss(REAL, FAKE)) == float(loss(REAL, FAKE, label_smoothing=0.0))
    one, two = loss(REAL, FAKE, 0.2), loss(REAL, FAKE, 0.2, two_sided=True)
    only_real = float(loss(REAL, FAKE, 0.2)) - float(loss(REAL, FAKE))
    shifted = float(loss(REAL, 2 * FAKE, 0.2)) - float(loss(REAL, 2 * FAKE))
    np.testing.assert_allclose(only_real, shifted, atol=1e-5)  # whatever the generated logits
    assert float(one) != float(two)


@pytest.mark.parametrize("loss", SMOOTHING)
@pytest.mark.parametrize("amount", [-0.1, 1.0, 1.5])
def test_impossible_smoothing_is_refused(loss, amount):
    with pytest.raises(OptionError, match="label_smoothing must be"):
        loss(REAL, FAKE, label_smoothing=amount)


def test_wasserstein_losses_are_negatives_of_each_other_on_generated_clips():
    zeros = np.zeros_like(FAKE)
    critic, generator = (
        wasserstein_discriminator_loss(zeros, FAKE),
        wasserstein_generator_loss(FAKE),
    )
    np.testing.assert_allclose(float(critic), -float(generator), rtol=1e-6)


def test_least_squares_generator_wants_one():
    assert float(least_squares_generator_loss(np.ones((2, 1), "float32"))) == 0.0


# Looking losses up ------------------------------------------------------------------------------


@every_family
def test_a_family_is_found_by_its_name(family):
    generator_loss, discriminator_loss = get_losses(family)
    assert generator_loss.__name__ == f"{family}_generator_loss"
    shared = "minimax" if family == "non_saturating" else family
    assert discriminator_loss.__name__ == f"{shared}_discriminator_loss"


def test_an_unknown_family_is_named_with_the_known_ones():
    with pytest.raises(OptionError, match="'hinged'.*hinge, least_squares, minimax"):
        get_losses("hinged")
