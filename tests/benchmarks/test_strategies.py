"""The comparison of strategies: its recipes exist, it goes on where it stopped, its table."""

import json

import keras
import pytest
from click.testing import CliRunner

from benchmarks import strategies
from ganlib.errors import RunError
from ganlib.training.engine.limits import check_options
from ganlib.training.recipes import get_recipe

SMALL = {"dim": 1, "latent_dim": 4, "n_mels": 16, "hop_length": 512}
SETTINGS = {"minutes": 5.0, "steps": None, "count": 300, "seed": 0, "data": "digits",
            "machine": "an abacus"}  # fmt: skip


def figure(value, low=None, high=None) -> dict:
    return {"value": value, "low": low, "high": high, "n": 300}


def row(accuracy) -> dict:
    figures = {"recogniser_accuracy": figure(accuracy, 0.1, 0.9), "coverage": figure(None)}
    return {"title": "a way", "minutes": 5.02, "steps": 1234, "figures": figures}


@pytest.mark.parametrize("name", strategies.STRATEGIES)
def test_every_strategy_can_be_built(name):
    strategy = strategies.STRATEGIES[name]
    recipe = get_recipe(strategy.model)
    options = recipe.options("cpu", SMALL | strategy.options)
    check_options(options)
    gan = recipe.build(options, ("0", "1"))
    assert isinstance(gan, keras.Model) and gan.generator.inputs[1].name == "label"


def test_no_two_strategies_are_the_same():
    made = [
        get_recipe(strategy.model).options("cpu", strategy.options)
        for strategy in strategies.STRATEGIES.values()
    ]
    assert all(first != second for i, first in enumerate(made) for second in made[:i])


def test_the_table_has_the_best_understood_first_and_says_what_failed():
    rows = {"a": row(0.25), "b": {"title": "another", "failed": "A loss is no number."},
            "c": row(0.5)}  # fmt: skip
    lines = strategies.table({"settings": SETTINGS, "rows": rows}).splitlines()
    found = [line for line in lines if line.startswith("| `")]
    assert found == [
        "| `c`: a way | 5.0 | 1,234 | 0.50 (0.10 to 0.90) | - | - | - |",
        "| `a`: a way | 5.0 | 1,234 | 0.25 (0.10 to 0.90) | - | - | - |",
        "| `b`: another | A loss is no number. | | | | | |",
    ]


@pytest.fixture
def bench(monkeypatch, tmp_path):
    """A call of the command whose rows cost nothing; returns the names of rows that were made."""
    made: list[str] = []

    def make(name, *rest):
        if len(made) == 2 and name not in made:
            made.append(name)
            raise KeyboardInterrupt
        made.append(name)
        return row(0.1 * len(made))

    monkeypatch.setattr(strategies, "row_of", make)
    for needed in ("load_clips", "shipped_ear", "reference_of"):
        monkeypatch.setattr(strategies, needed, lambda *args, **kwargs: None)

    def call(*words: str) -> list[str]:
        del made[:]
        CliRunner().invoke(strategies.main, ["--out", str(tmp_path), *words])
        return list(made)

    return call


def test_an_interrupted_comparison_goes_on_with_the_rows_that_are_missing(bench, tmp_path):
    names = list(strategies.STRATEGIES)
    assert bench() == names[:3]  # interrupted in the third
    content = json.loads((tmp_path / "strategies.json").read_text())
    assert list(content["rows"]) == names[:2]
    assert bench() == names[2:5]
    assert "| `digits`" in (tmp_path / "strategies.md").read_text()


def test_other_settings_begin_another_table(bench, tmp_path):
    bench("--only", "digits")
    assert bench("--only", "digits") == []
    assert bench("--only", "digits", "--minutes", "7") == ["digits"]
    assert json.loads((tmp_path / "strategies.json").read_text())["settings"]["minutes"] == 7.0


def test_the_minutes_of_earlier_calls_count(tmp_path):
    assert strategies._left(tmp_path, 5.0) == 5.0
    (tmp_path / "history.csv").write_text("step,seconds,loss\n10,60.0,1.0\n20,150.0,1.0\n")
    assert strategies._left(tmp_path, 5.0) == pytest.approx(2.5)


def test_a_run_that_fails_is_a_row(monkeypatch, tmp_path):
    def fail(*args):
        raise RunError("A loss is no longer a finite number at step 7.")

    monkeypatch.setattr(strategies, "train", fail)
    found = strategies.row_of("minimax", tmp_path, SETTINGS, None, None, None)
    assert found["failed"].startswith("A loss") and found["options"]["loss"] == "minimax"
    assert strategies._line("minimax", found).count("|") == 8
