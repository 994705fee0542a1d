"""The patients that ship: each is called by its name, from its folder alone."""

import json

import pytest

from ganlib.clinic import cases, get_case, load
from ganlib.clinic.patients import FOLDER
from ganlib.data import DATASETS
from ganlib.evaluation.ear import shipped_ear
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
    mended = case.options() | case.cure()
    assert mended == cured.case.options()
    measured = {"signal_scale"}  # 0 in the options, and measured when the run begins
    stands = Config.read(cured.folder).options
    assert {k: v for k, v in mended.items() if k not in measured} == {
        k: v for k, v in stands.items() if k not in measured
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_how_its_run_was_made(name):
    case, config = get_case(name), Config.read(FOLDER / name)
    assert (config.model, config.seed, config.data) == (case.model, case.seed, "fsdd")
    wanted = case.options()
    assert {k: v for k, v in config.options.items() if k != "signal_scale"} == {
        k: v for k, v in wanted.items() if k != "signal_scale"
    }
    if wanted["signal_scale"]:
        assert config.options["signal_scale"] == wanted["signal_scale"]


@pytest.mark.parametrize("name", NAMES)
def test_a_patient_has_a_card_with_origin_and_licence(name):
    card = json.loads((FOLDER / name / "card.json").read_text(encoding="utf-8"))
    assert card["diagnosis"] == get_case(name).diagnosis
    assert "CC BY-SA 4.0" in card["licence"] and card["data"] == "fsdd"


def test_all_patients_together_are_small():
    sizes = [path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(sizes) < 4e6 and max(sizes) < 4e5


@pytest.mark.parametrize("name", NAMES)
def test_a_patient_can_be_heard_and_its_curves_drawn(name, patients):
    patient = patients[name]
    assert patient.clips.shape == (60, 8192, 1) and patient.sample_rate == 8000
    assert len(patient.history) >= 6 and "fake_logit" in patient.history[0]
