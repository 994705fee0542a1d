"""Known wrong versions of adversarial losses, and the oracles that reject them."""

import numpy as np
import pytest
from keras import ops
from scipy.special import log_expit

from ganlib.losses import get_losses, hinge_generator_loss

REAL, FAKE = np.full((2, 1), 0.5, "float32"), np.full((2, 1), -2.0, "float32")
# The papers' formulas at D(x) = 0.5 and D(G(z)) = -2: (generator's loss, discriminator's loss).
BY_HAND = {
    "minimax": (log_expit(2.0), -log_expit(0.5) - log_expit(2.0)),
    "non_saturating": (-log_expit(-2.0), -log_expit(0.5) - log_expit(2.0)),
    "least_squares": (4.5, 0.125 + 2.0),
    "hinge": (2.0, 0.5 + 0.0),
    "wasserstein": (2.0, -2.5),
}
every_family = pytest.mark.parametrize("family", BY_HAND)


def check_hinge_generator(loss):
    """The generator's side of the hinge loss of the paper has no hinge: -E D(G(z))."""
    logits = np.array([[-2.0], [0.5], [3.0]], "float32")
    value = float(loss(logits))
    assert abs(value - -0.5) < 1e-6, f"-E D(G(z)) is -0.5, got {value}"


def test_the_hinge_generator_loss_has_no_hinge():
    check_hinge_generator(hinge_generator_loss)


def test_the_oracle_rejects_the_other_formula_that_is_called_hinge():
    with pytest.raises(AssertionError, match="is -0.5, got 1.1"):
        check_hinge_generator(lambda fake: ops.mean(ops.relu(1.0 - fake)))


def check_unweighted(generator_loss, discriminator_loss, family):
    """A loss is the bare formula: its weight stands where the terms are summed."""
    found = float(generator_loss(FAKE)), float(discriminator_loss(REAL, FAKE))
    expected = BY_HAND[family]
    np.testing.assert_allclose(found, expected, rtol=1e-5, err_msg="weight hidden inside")


@every_family
def test_no_weight_is_hidden_inside_a_loss(family):
    check_unweighted(*get_losses(family), family)


@every_family
def test_the_oracle_rejects_a_weight_hidden_inside(family):
    generator_loss, discriminator_loss = get_losses(family)
    with pytest.raises(AssertionError, match="weight hidden inside"):
        check_unweighted(lambda fake: 2.5 * generator_loss(fake), discriminator_loss, family)
    with pytest.raises(AssertionError, match="weight hidden inside"):
        check_unweighted(generator_loss, lambda r, f: 0.5 * discriminator_loss(r, f), family)


def check_order(discriminator_loss):
    """(real, fake): a discriminator that is right must lose less than one that is wrong."""
    high, low = np.full((3, 1), 0.8, "float32"), np.full((3, 1), -0.3, "float32")
    right, wrong = float(discriminator_loss(high, low)), float(discriminator_loss(low, high))
    assert right < wrong, "real and fake are swapped"


@every_family
def test_real_comes_before_fake(family):
    check_order(get_losses(family)[1])


@every_family
def test_the_oracle_rejects_swapped_arguments(family):
    with pytest.raises(AssertionError, match="swapped"):
        check_order(lambda real, fake: get_losses(family)[1](fake, real))
