"""The trainings of the clinic, two steps each, on the recordings that come along."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from benchmarks import clinic as bench
from ganlib.clinic import Diagnosis, get_case, load
from ganlib.clinic.examination import Examination
from ganlib.clinic.steps import read_steps
from ganlib.training.config import Config
from ganlib.training.engine.history import read_history
from ganlib.training.hearing import load_generator


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """Make one case with few steps; returns a function from its name to its folder."""

    def short(name: str):
        return replace(get_case(name), steps=20)

    monkeypatch.setattr(bench, "get_case", short)

    def make(name: str):
        words = ["--only", name, "--data", "digits", "--runs", str(tmp_path / "runs"),
                 "--out", str(tmp_path / "kept")]  # fmt: skip
        answer = CliRunner().invoke(bench.main, words, catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return tmp_path / "kept" / name

    return make


def test_a_case_is_trained_examined_and_kept(kept):
    folder = kept("forgotten_stop_gradient")
    assert read_steps(folder)["foreign_step"] > 1e-4
    assert [row["step"] for row in read_history(folder / "history.csv")] == [10, 20]
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert card["bug"] == "ForgottenStopGradient" and card["data"] == "digits"
    assert load_generator(folder).generate(2)[0].shape == (2, 8192, 1)


def test_a_case_that_is_only_heard_in_another_way_shares_its_training(kept, tmp_path):
    folder = kept("mel_mismatch")
    assert [path.name for path in (tmp_path / "runs" / "digits-0").iterdir()] == ["healthy_specgan"]
    trained = Config.read(folder).codec["audio_format"]["fmax_hz"]
    assert (trained, load_generator(folder).audio_format.fmax_hz) == (3900.0, 3900.0)
    assert load_generator(folder).codec.audio_format.fmax_hz == 2000.0


def test_few_recordings_are_the_same_number_of_each_digit():
    clips = bench.recordings(get_case("memoriser"), "digits")
    assert sorted(clips.labels.tolist()) == list(range(10)) * get_case("memoriser").recordings


def test_the_patients_that_ship_say_how_to_make_them_again():
    card = json.loads((load("silence").folder / "card.json").read_text(encoding="utf-8"))
    assert card["command"] == "python -m benchmarks.clinic --only silence"


def test_the_table_puts_each_bound_beside_the_sick_and_the_healthy():
    def of(name, **figures):
        return Diagnosis(Examination(name, "wavegan", figures), ())

    found = {
        "silence": of("silence", level_db=-77.0),
        "healthy_wavegan": of("well", level_db=-18.0),
    }
    rows = [line for line in bench.table(found).splitlines() if "`silence`" in line]
    assert rows == ["| `silence` | 1 | level_db | below -60 | -77 | -18 |"]
