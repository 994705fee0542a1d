"""`ganlib diagnose`: on runs of every kind, and on what is no run."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from ganlib.clinic import cases
from ganlib.clinic.patients import FOLDER
from ganlib.training.hearing import load_generator
from tests.command_line import invoke, train_tiny, write_folder

LONG_ENOUGH = {"clip_samples": 512, "steps": 60}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_folder(tmp_path_factory.mktemp("data") / "words", clips=6)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, data) -> Path:
    """A run of very short clips, without labels."""
    folder = tmp_path_factory.mktemp("runs") / "short"
    answer = train_tiny(data, folder, **LONG_ENOUGH)
    assert answer.code == 0, answer.err
    return folder


@pytest.fixture
def run(trained, tmp_path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(trained, tmp_path / "run"))


def test_it_names_the_illness_the_evidence_and_what_to_try(tmp_path):
    answer = invoke("diagnose", FOLDER / "silence", "--json", tmp_path / "new" / "silence.json")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == "silence (wavegan): silence"
    assert "below -60 counts as silence" in answer.out and "--set signal_scale=0" in answer.out
    written = json.loads((tmp_path / "new" / "silence.json").read_text(encoding="utf-8"))
    assert written["illness"] == "silence" and written["figures"]["level_db"] < -60
    assert written["found"][0]["evidence"] and written["found"][0]["advice"]


def test_a_run_of_very_short_clips_without_labels_is_examined_with_what_it_has(run):
    answer = invoke("diagnose", run, "--count", 24)
    assert answer.code == 0, answer.err
    assert "level_db" in answer.out and "spread" in answer.out
    assert "named_as_asked" not in answer.out
    assert "not as words; copies were not looked for" in answer.out.replace("\n    ", " ")


def test_without_its_recordings_it_says_what_was_not_looked_at(run):
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"data": "gone"}))
    answer = invoke("diagnose", run, "--count", 24)
    assert answer.code == 0, answer.err
    assert "gone is not at hand" in answer.out


def test_before_the_first_checkpoint_the_history_is_enough(run):
    (run / "generator.json").unlink()
    answer = invoke("diagnose", run)
    assert answer.code == 0, answer.err
    assert "no checkpoint yet, so nothing was heard" in answer.out and "lead" in answer.out


def test_without_a_history_the_sound_is_enough(run):
    (run / "history.csv").unlink()
    answer = invoke("diagnose", run, "--count", 24)
    assert answer.code == 0, answer.err
    assert "the history is too short" in answer.out and "level_db" in answer.out


def test_a_weight_that_is_no_number_is_no_diagnosis_of_the_sound(run, monkeypatch):
    from ganlib.clinic import examination

    silent = np.full((24, 512, 1), np.nan, "float32")
    monkeypatch.setattr(examination, "speak", lambda *_: (silent, None, np.zeros(24, "int32")))
    answer = invoke("diagnose", run, "--count", 24)
    assert answer.code == 0 and "a weight is no finite number" in answer.out


def test_a_run_with_weights_that_are_no_numbers_is_not_called_healthy(run):
    speaker = load_generator(run)
    first, *others = speaker.generator.get_weights()
    speaker.generator.set_weights([first * np.nan, *others])
    speaker.save(run / "generator")
    answer = invoke("diagnose", run, "--count", 24)
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[0].endswith(": not_a_number")
    assert "1 weights of the generator are no finite numbers" in answer.out


def test_neither_history_nor_checkpoint_is_refused(run):
    (run / "generator.json").unlink()
    (run / "history.csv").unlink()
    refused(invoke("diagnose", run), "neither a history nor a checkpoint")


def test_what_is_no_run_is_refused(tmp_path):
    refused(invoke("diagnose", tmp_path / "nothing"), "holds no run")
    (tmp_path / "config.json").write_text("{}")
    refused(invoke("diagnose", tmp_path), "damaged")


def test_a_run_that_makes_no_sound_is_refused(run):
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"model": "digit_classifier"}))
    refused(invoke("diagnose", run), "makes no sound")


def test_damaged_weights_and_records_are_refused(run):
    (run / "steps.json").write_text("{")
    refused(invoke("diagnose", run), "steps.json cannot be read")
    (run / "steps.json").unlink()
    (run / "generator.weights.h5").write_bytes(b"none")
    refused(invoke("diagnose", run), "does not fit the model")


def test_too_few_clips_are_refused(run):
    refused(invoke("diagnose", run, "--count", 3), "--count")


def test_every_model_that_speaks_is_among_the_cases_or_tried_here():
    assert {case.model for case in cases()} | {"dense_gan", "dcgan"} == {
        "dense_gan", "dcgan", "wavegan", "specgan", "digits",
    }  # fmt: skip


def refused(answer, words: str) -> None:
    assert answer.code == 2
    assert answer.err.startswith("Error: ") and words in answer.err
    assert len(answer.err.strip().splitlines()) == 1 and "Traceback" not in answer.err
