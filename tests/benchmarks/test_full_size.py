"""What the full-size presets need: the table, and where its numbers come from."""

import keras
import pytest
from click.testing import CliRunner

from benchmarks import full_size
from benchmarks.full_size import Row, measure, table
from ganlib import backend

ON_JAX = pytest.mark.skipif(backend.ENGINE != "jax", reason="JAX's compiler says what it reserves")


def row(**changes) -> Row:
    plain = {
        "recipe": "wavegan",
        "precision": "float32",
        "batch_size": 64,
        "clips": 320,
        "generator_weights": 19_065_345,
        "discriminator_weights": 17_427_969,
        "operations": int(6e12),
        "state_bytes": 2**29,
        "working_bytes": 3 * 2**30,
        "step_seconds": 0.5,
    }
    return Row(**plain | changes)


def test_the_table_says_memory_speed_and_the_days_of_a_long_run():
    last = table([row()]).splitlines()[-1]
    assert last == (
        "| wavegan | float32 | 64 | 320 | 19.07 + 17.43 million | 6,000 | 0.50 | 3.00 | 0.5 | "
        "12,000 | 1.2 days |"
    )


def test_what_was_not_run_has_no_time():
    assert table([row(step_seconds=None)]).splitlines()[-1].endswith("| 3.00 |  |  |  |")


def test_the_page_of_the_benchmarks_has_a_place_for_the_table():
    text = full_size.PAGE.read_text(encoding="utf-8")
    assert [text.count(mark) for mark in full_size.MARKS] == [1, 1]


@pytest.mark.skipif(backend.ENGINE == "jax", reason="there it runs")
def test_without_jax_it_says_what_to_set():
    result = CliRunner().invoke(full_size.main, ["--recipe", "digits"])
    assert result.exit_code == 1
    assert "set KERAS_BACKEND=jax" in result.output


@ON_JAX
def test_the_state_is_all_that_an_update_keeps(few_clips):
    found = measure("dense_gan", "quick", "float32", few_clips, repetitions=1)
    model, clips, config = full_size.ready("dense_gan", "quick", few_clips)
    kept = [
        *model.generator.weights,
        *model.average_generator.weights,
        *model.discriminator.weights,
        *model.optimizer.variables,
    ]
    weights = sum(keras.ops.convert_to_numpy(variable).nbytes for variable in kept)
    batch = config.options["batch_size"] * clips.samples[0].nbytes
    assert weights < found.state_bytes < weights + 4 * batch
    assert found.clips == config.options["batch_size"]
    assert found.working_bytes > 0 and found.step_seconds > 0


@ON_JAX
def test_the_command_writes_its_table(tmp_path, monkeypatch, few_clips):
    page = tmp_path / "README.md"
    page.write_text("\n".join(full_size.MARKS))
    monkeypatch.setattr(full_size, "PAGE", page)
    asked = "--recipe digits --preset quick --repetitions 0 --write --data"
    result = CliRunner().invoke(full_size.main, [*asked.split(), few_clips])
    assert result.exit_code == 0, result.output
    assert "| digits | float32 | " in page.read_text()
