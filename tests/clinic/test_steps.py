"""The blood test on networks so small that one sees through them."""

import json

import keras
import numpy as np
import pytest

from ganlib.clinic import ForgottenStopGradient, FrozenDiscriminator, record_steps, who_moves
from ganlib.clinic.bugs import with_bug
from ganlib.clinic.steps import FILE, read_steps
from ganlib.errors import RunError
from ganlib.training.engine.gan import GAN
from ganlib.training.engine.state import state_variables

CLIPS = np.linspace(-1, 1, 8, dtype="float32")[:, None]


def small(bug: type[GAN] | None = None, **kwargs) -> GAN:
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    discriminator = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(3, "tanh"), keras.layers.Dense(1)]
    )
    gan = GAN(generator, discriminator, seed=0, **kwargs)
    gan.compile(keras.optimizers.Adam(1e-2), keras.optimizers.Adam(1e-2))
    return gan if bug is None else with_bug(gan, bug)


def test_in_a_healthy_loop_each_player_moves_itself_alone():
    moved = who_moves(small(penalty="r1"), CLIPS)
    assert moved["foreign_step"] == moved["backward_step"] == 0.0
    assert moved["own_step"] > 1e-3 and moved["generator_step"] > 1e-3


def test_a_frozen_discriminator_does_not_move_and_the_generator_does():
    moved = who_moves(small(FrozenDiscriminator), CLIPS)
    assert moved["own_step"] == moved["foreign_step"] == 0.0
    assert moved["generator_step"] > 1e-3


def test_without_the_stop_gradient_the_generator_moves_along():
    moved = who_moves(small(ForgottenStopGradient), CLIPS)
    assert moved["own_step"] > 1e-3 and moved["foreign_step"] > 1e-3


def test_the_sick_methods_train_like_the_healthy_one_in_all_else():
    healthy, frozen = small(), small(FrozenDiscriminator)
    frozen.set_weights(healthy.get_weights())
    logs = [gan.update_discriminator(CLIPS, None) for gan in (healthy, frozen)]
    assert set(logs[0]) == set(logs[1])
    assert float(logs[0]["real_logit"]) == pytest.approx(float(logs[1]["real_logit"]), abs=1e-6)


def test_the_examination_leaves_everything_as_it_was():
    gan = small(ForgottenStopGradient)
    before = [keras.ops.convert_to_numpy(v.value).copy() for v in state_variables(gan)]
    who_moves(gan, CLIPS)
    for variable, value in zip(state_variables(gan), before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable.value), value)


@pytest.mark.parametrize("bug", [FrozenDiscriminator, ForgottenStopGradient])
def test_a_sick_loop_runs_in_fit_as_nothing_complains(bug):
    gan = small(bug)
    before = gan.discriminator.get_weights()
    history = gan.fit(CLIPS, batch_size=4, epochs=2, verbose=0).history
    assert np.isfinite(history["discriminator_loss"]).all()
    same = all(
        np.array_equal(a, b) for a, b in zip(before, gan.discriminator.get_weights(), strict=True)
    )
    assert same == (bug is FrozenDiscriminator)


def test_what_is_recorded_is_read_back(tmp_path):
    moved = record_steps(tmp_path, small(), CLIPS)
    assert read_steps(tmp_path)["own_step"] == pytest.approx(moved["own_step"], rel=1e-5)


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"own_step": "much"})])
def test_a_damaged_record_is_refused_in_one_sentence(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(RunError, match="damaged"):
        read_steps(tmp_path)
