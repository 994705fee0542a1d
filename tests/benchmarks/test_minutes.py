"""Minutes to a word: the command that is timed is the reader's; the table says what came out."""

import json

import pytest
from click.testing import CliRunner

from benchmarks import minutes
from ganlib.training.engine.history import read_history
from tests.command_line import invoke


def figure(value, low=None, high=None) -> dict:
    return {"value": value, "low": low, "high": high, "n": 200, "real": 0.76}


ROW = {"minutes": 2.01, "steps": 1500, "figures": {
    "recogniser_accuracy": figure(0.5, 0.43, 0.57), "coverage": figure(None)}}  # fmt: skip


def test_the_table_names_seed_updates_and_intervals_and_what_is_real():
    settings = {"count": 200, "seed": 0, "data": "fsdd", "machine": "an abacus"}
    lines = minutes.table({"settings": settings, "rows": {"digits-2-7": ROW}}).splitlines()
    assert "| digits | 2.0 | 7 | 1,500 | 0.50 | 0.50 (0.43 to 0.57) | - | - | - | - |" in lines
    assert any("names 0.76; chance" in line for line in lines)


@pytest.fixture
def bench(monkeypatch, tmp_path):
    """A call of the command whose rows cost nothing; returns the trainings that were asked for."""
    asked: list[list[str]] = []
    monkeypatch.setattr(minutes, "row_of", lambda words, *rest: asked.append(words) or ROW)
    for needed in ("shipped_ear", "reference_of"):
        monkeypatch.setattr(minutes, needed, lambda *args, **kwargs: None)

    def call(*words: str) -> list[list[str]]:
        del asked[:]
        found = CliRunner().invoke(minutes.main, ["--out", str(tmp_path), *words])
        assert found.exit_code == 0, found.output
        return list(asked)

    return call


def test_rows_that_are_there_are_not_trained_again(bench, tmp_path):
    assert len(bench()) == 6
    assert bench() == []
    [added] = bench("--only", "digits-2", "--seed", "0", "--seed", "5")
    assert added[added.index("--seed") + 1] == "5"
    assert list(json.loads((tmp_path / "minutes.json").read_bytes())["rows"])[-1] == "digits-2-5"


def test_a_row_is_what_the_command_line_makes(monkeypatch, tmp_path):
    words = minutes.command("digits-2", 3, "digits", tmp_path / "run")
    tiny = ["--steps", "10", "--set", "dim=1", "--set", "batch_size=10"]

    def typed(command, check):
        assert command[1:3] == ["-m", "ganlib"] and check
        assert invoke(*command[3:-2], *tiny, *command[-2:]).code == 0

    monkeypatch.setattr(minutes.subprocess, "run", typed)
    monkeypatch.setattr(minutes, "measured", lambda folder, *rest: {"folder": folder.name})
    row = minutes.row_of(words, {}, None, None)
    last = read_history(tmp_path / "run" / "history.csv")[-1]
    assert row == {"minutes": last["seconds"] / 60, "steps": 10, "figures": {"folder": "run"}}
