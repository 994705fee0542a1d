"""The rules, without a run: each illness by its figures, and none by those of a healthy run."""

import math

import pytest

from ganlib.clinic.diagnosis import judge
from ganlib.clinic.examination import Examination
from ganlib.clinic.illnesses import ILLNESSES
from ganlib.clinic.signs import Sign

HEALTHY = {
    "broken_weights": 0.0, "deaf": 0.0,
    "own_step": 0.01, "foreign_step": 0.0, "updates": 16000.0, "lead": 3.5, "fooled": 0.0,
    "pull": 0.8, "unrest": 0.15, "swing": 0.15, "discriminator_loss": 0.59, "level_db": -18.6,
    "tone_excess_db": 6.6, "spread": 0.95, "digits": 10.0, "few_digits": 3.0,
    "spread_within_labels": 0.7, "named_as_asked": 0.9, "by_chance": 0.22,
    "copies": 0.0, "copies_of_new": 0.02,
    "nearness": 1.02, "repainted": 0.04, "impatience": 1.1, "codec_differences": 0.0,
}  # fmt: skip
SICK = {
    "not_a_number": {"broken_weights": 3.0},
    "forgotten_stop_gradient": {"foreign_step": 0.01},
    "frozen_discriminator": {"own_step": 0.0},
    "mel_mismatch": {"codec_differences": 2.0, "repainted": 0.3},
    "silence": {"level_db": -78.0},
    "memoriser": {"copies": 0.8},
    "discriminator_wins": {"discriminator_loss": 1e-4, "lead": 24.0},
    "oscillation": {"unrest": 0.9},
    "mode_collapse": {"spread": 0.02},
    "ignored_labels": {"named_as_asked": 0.1},
    "metallic_phase": {"impatience": 4.0},
    "buzzing": {"tone_excess_db": 30.0},
}


def illness(figures: dict) -> str:
    return judge(Examination("run", "specgan", figures)).illness


def test_every_illness_has_a_case_here():
    assert sorted(SICK) == sorted(one.name for one in ILLNESSES)


def test_healthy_figures_are_called_healthy():
    assert illness(HEALTHY) == "healthy"


@pytest.mark.parametrize("name", SICK)
def test_one_sick_figure_among_healthy_ones_is_enough(name):
    diagnosis = judge(Examination("run", "specgan", HEALTHY | SICK[name]))
    assert [one.name for one, _ in diagnosis.found] == [name]
    assert diagnosis.evidence and diagnosis.advice


@pytest.mark.parametrize("name", SICK)
def test_a_figure_that_could_not_be_measured_is_no_symptom(name):
    figures = HEALTHY | SICK[name]
    for figure in SICK[name]:
        del figures[figure]
    assert illness(figures) == "healthy"


def test_nothing_measured_is_nothing_found():
    assert illness({}) == "healthy"


def test_a_frozen_discriminator_is_known_by_its_history_too():
    beaten = {"fooled": 1.0, "lead": -4.0, "real_travel": 0.04}
    assert illness(HEALTHY | beaten) == "frozen_discriminator"
    assert illness(HEALTHY | beaten | {"fooled": 0.5}) == "healthy"
    assert illness(HEALTHY | beaten | {"real_travel": 3.0}) == "healthy"


def test_a_deaf_discriminator_with_the_loss_of_a_perfect_game_is_a_nan():
    perfect = {"deaf": 1.0, "discriminator_loss": 1.386294, "lead": 0.0, "spread": 0.02}
    assert illness(HEALTHY | perfect) == "not_a_number"
    assert illness(HEALTHY | perfect | {"deaf": 0.5, "spread": 0.95}) == "healthy"


def test_a_slow_circle_is_an_oscillation_too():
    assert illness(HEALTHY | {"swing": 9.0}) == "oscillation"


def test_labels_with_one_sound_each_are_a_collapse_too():
    assert illness(HEALTHY | {"spread_within_labels": 0.05}) == "mode_collapse"
    assert illness(HEALTHY | {"spread_within_labels": 0.12}) == "mode_collapse"
    beginner = {"spread_within_labels": 0.18, "named_as_asked": 0.6}
    assert illness(HEALTHY | beginner) == "healthy"


def test_two_digits_are_few_of_ten_and_all_of_two():
    assert illness(HEALTHY | {"digits": 2.0}) == "mode_collapse"
    assert illness(HEALTHY | {"digits": 2.0, "few_digits": 0.6}) == "healthy"


def test_another_codec_that_paints_the_same_is_no_mismatch():
    assert illness(HEALTHY | {"codec_differences": 2.0}) == "healthy"


def test_the_bug_explains_the_noise_that_it_leaves():
    figures = HEALTHY | SICK["mode_collapse"] | SICK["forgotten_stop_gradient"]
    found = judge(Examination("run", "specgan", figures)).found
    assert [one.name for one, _ in found] == ["forgotten_stop_gradient", "mode_collapse"]


def test_the_bound_itself_is_still_healthy():
    sign = Sign("spread", "below", 0.2, "{value} {bound}")
    assert sign.told({"spread": 0.2}) is None
    assert sign.told({"spread": math.nextafter(0.2, 0)}) is not None


def test_the_evidence_names_the_figure_and_its_bound():
    (sentence,) = judge(Examination("run", "specgan", HEALTHY | SICK["mode_collapse"])).evidence
    assert "0.02" in sentence and "0.20" in sentence


def test_the_diagnosis_says_what_was_measured_and_what_was_not():
    told = judge(Examination("run", "specgan", {"updates": 40.0}, ("nothing was heard",))).lines()
    assert told[0] == "run (specgan): healthy"
    assert "  - nothing was heard" in told
    assert any("After 40 updates" in line for line in told)
