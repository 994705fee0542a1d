"""The patients that ship: each is called by its name, from its folder alone."""

import json

import pytest

from ganlib.clinic import cases, get_case, load
from ganlib.clinic.patients import FOLDER
from ganlib.data import DATASETS
from ganlib.evaluation.measuring.ear import shipped_ear
from ganlib.training.config import Config

NAMES = [case.name for case in cases()]
SICK = [case.name for case in cases() if case.cured_by]


@pytest.fixture(scope="module")
def ear():
    return shipped_ear()


@pytest.fixture(scope="module")
def patients(ear):
    """All patients, each examined once."""
    return {name: load(name) for name in NAMES}


def test_there_are_eleven_illnesses_and_three_healthy_runs():
    assert len(SICK) == len(set(SICK)) == 11 and len(NAMES) == 14


@pytest.mark.parametrize("name", NAMES)
def test_each_patient_is_called_by_its_name_without_its_recordings(name, patients):
    assert not DATASETS["fsdd"].present
    diagnosis = patients[name].diagnosis
    assert diagnosis.illness == get_case(name).diagnosis, "\n".join(diagnosis.lines())


@pytest.mark.parametrize("name", SICK)
def test_the_cured_run_is_called_healthy(name, patients):
    case = get_case(name)
    cured = patients[case.cured_by]
    assert cured.diagnosis.healthy
    assert case.options() | case.cure() == cured.case.options()


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_how_its_run_was_made(name):
    case, config = get_case(name), Config.read(FOLDER / name)
    assert (config.model, config.seed, config.data) == (case.model, case.seed, case.data)
    wanted = case.options() | case.changes
    named = {*case.changes, "steps", "dim", "latent_dim", "kernel_size", "batch_size"}
    assert {name: config.options[name] for name in named} == {name: wanted[name] for name in named}


@pytest.mark.parametrize("name", NAMES)
def test_a_patient_has_a_card_with_origin_and_licence(name):
    card = json.loads((FOLDER / name / "card.json").read_text(encoding="utf-8"))
    assert card["diagnosis"] == get_case(name).diagnosis
    assert card["data"] == get_case(name).data
    assert ("CC BY-SA 4.0" if card["data"] == "fsdd" else "CC0 1.0") in card["licence"]


def test_all_patients_together_are_small():
    sizes = [path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(sizes) < 4e6 and max(sizes) < 4e5


@pytest.mark.parametrize("name", NAMES)
def test_a_patient_can_be_heard_and_its_curves_drawn(name, patients):
    patient = patients[name]
    assert patient.clips.shape == (60, 8192, 1) and patient.sample_rate == 8000
    assert len(patient.history) >= 6 and "fake_logit" in patient.history[0]
