"""Figures of histories whose answers are known without a training."""

import numpy as np
import pytest
from keras import ops

from ganlib.clinic.curves import CAN_BE_RIGHT, curve_signs, pull
from ganlib.losses import get_losses


def history(real, fake, discriminator=1.0, generator=1.0) -> list[dict]:
    """Rows, ten updates apart, with these logits."""
    real, fake = np.broadcast_arrays(np.asarray(real, float), np.asarray(fake, float))
    return [
        {"step": 10 * (place + 1), "real_logit": r, "fake_logit": f,
         "discriminator_loss": discriminator, "generator_loss": generator}
        for place, (r, f) in enumerate(zip(real, fake, strict=True))
    ]  # fmt: skip


@pytest.mark.parametrize("loss", [*CAN_BE_RIGHT, "wasserstein"])
@pytest.mark.parametrize("logit", [-3.0, 0.0, 0.7])
def test_the_pull_is_the_slope_of_the_generators_loss(loss, logit):
    generator_loss, _ = get_losses(loss)
    above, below = (
        float(generator_loss(ops.convert_to_tensor(np.array([logit + shift], "float32"))))
        for shift in (1e-2, -1e-2)
    )
    slope = abs(above - below) / 2e-2
    assert pull(np.array([logit]), loss)[0] == pytest.approx(slope, abs=2e-3)


def test_a_sure_discriminator_leaves_the_minimax_loss_no_slope():
    signs = curve_signs(history(np.full(20, 9.0), -9.0, discriminator=1e-4), "minimax")
    assert signs["lead"] == 18.0
    assert signs["pull"] == pytest.approx(np.exp(-9.0), rel=1e-3)
    assert signs["discriminator_loss"] == pytest.approx(1e-4)


def test_generated_clips_that_always_lead_fool_it_all_the_time():
    assert curve_signs(history(np.zeros(20), 4.0), "non_saturating")["fooled"] == 1.0
    assert curve_signs(history(np.zeros(20), -4.0), "non_saturating")["fooled"] == 0.0


def test_a_circle_swings_and_a_constant_does_not():
    turn = 6 * np.sin(np.linspace(0, 12 * np.pi, 240))
    circle = curve_signs(history(turn + 1, turn - 1), "non_saturating")
    assert circle["swing"] == pytest.approx(6 * 2 * np.sin(0.45 * np.pi) / 2, rel=0.05)
    assert curve_signs(history(np.ones(240), -1.0), "non_saturating")["swing"] == 0.0


def test_a_loss_that_jumps_is_restless_and_a_steady_one_is_not():
    rows = history(np.ones(40), -1.0)
    for place, row in enumerate(rows):
        row["discriminator_loss"] = 1.8 if place % 2 else 0.2
    assert curve_signs(rows, "hinge")["unrest"] == pytest.approx(0.8)
    assert curve_signs(history(np.ones(40), -1.0), "hinge")["unrest"] == 0.0


def test_a_discriminator_whose_logits_are_one_number_is_deaf_at_the_end():
    real, fake = np.linspace(1, 2, 40), np.linspace(-1, 0, 40)
    assert curve_signs(history(real, fake), "hinge")["deaf"] == 0.0
    real[-3:], fake[-3:] = 0.025619, 0.025619
    assert curve_signs(history(real, fake), "hinge")["deaf"] == 1.0


def test_the_beginning_is_forgotten():
    real, fake = np.ones(100), np.full(100, -1.0)
    real[:40], fake[:40] = -50.0, 50.0
    assert curve_signs(history(real, fake), "hinge")["lead"] == 2.0


def test_a_wasserstein_loss_is_no_judgement_of_right_and_wrong():
    signs = curve_signs(history(np.ones(20), -1.0), "wasserstein")
    assert not {"discriminator_loss", "unrest", "swing"} & set(signs) and "lead" in signs


@pytest.mark.parametrize("rows", [[], history(np.ones(5), 0.0), [{"step": 10, "loss": 1.0}] * 20])
def test_a_history_that_says_nothing_gives_nothing(rows):
    assert curve_signs(rows, "hinge") == {}
