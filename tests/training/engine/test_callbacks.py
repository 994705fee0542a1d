"""What a person sees while a model trains: the report, the budget, what is saved when."""

import keras
import numpy as np
import pytest

from ganlib.backend import ENGINE
from ganlib.errors import OptionError
from ganlib.training.engine import callbacks
from ganlib.training.engine.callbacks import EverySteps, Progress, StopOnNaN, TimeBudget, tell


def walk(callback, steps: int, logs: dict | None = None) -> keras.Model:
    """Send a callback through so many steps of a model that trains nothing."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.stop_training = False
    callback.set_model(model)
    callback.on_train_begin()
    for step in range(steps):
        callback.on_train_batch_end(step, logs or {"loss": 1.0})
    callback.on_train_end()
    return model


class Clock:
    """Two seconds pass between two looks at it."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 2.0
        return self.now


def report(monkeypatch, capsys, steps: int, *arguments, **options) -> list[str]:
    monkeypatch.setattr(callbacks, "time", Clock())
    progress = Progress(*arguments, **options)
    walk(progress, steps)
    return [line for line in capsys.readouterr().out.splitlines() if "a step" in line]


def test_the_first_steps_report_the_device_and_how_long_it_will_take(monkeypatch, capsys):
    """Two looks at the clock three steps apart: 2 s for 3 steps, and 900 steps are left."""
    [line] = report(monkeypatch, capsys, 20, 100, 1000)
    assert line.startswith(f"{ENGINE} on ") and "0.667 s a step" in line
    assert "about 10.0 minutes for at most 900 steps" in line


def test_the_very_first_step_names_the_device(monkeypatch, capsys):
    monkeypatch.setattr(callbacks, "time", Clock())  # from the beginning to the first step: 2 s
    walk(Progress(100, 1000), 1)
    [line] = [x for x in capsys.readouterr().out.splitlines() if "the first of" in x]
    assert line.startswith(f"{ENGINE} on ")
    assert line.endswith("the first of 900 steps took 2.0 s, compiling included.")


def test_a_time_budget_that_is_shorter_is_what_is_reported(monkeypatch, capsys):
    [line] = report(monkeypatch, capsys, 4, 100, 1000, minutes=3)
    assert "about 3 minutes (the limit)" in line
    [line] = report(monkeypatch, capsys, 4, 100, 1000, minutes=30)
    assert "about 10.0 minutes for" in line


def test_a_quiet_training_reports_nothing(monkeypatch, capsys):
    assert report(monkeypatch, capsys, 20, 100, 1000, quiet=True) == []


def test_the_budget_ends_the_training_after_the_step_in_which_it_is_spent(monkeypatch):
    monkeypatch.setattr(callbacks, "time", Clock())  # the budget ends at 2 + 6 s
    assert not walk(TimeBudget(0.1), 2).stop_training
    monkeypatch.setattr(callbacks, "time", Clock())
    assert walk(TimeBudget(0.1), 3).stop_training


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf")])
def test_a_budget_that_is_none_is_refused(minutes):
    with pytest.raises(OptionError, match="minutes must be above 0"):
        TimeBudget(minutes)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_loss_that_is_not_finite_stops_the_training(bad):
    watcher = StopOnNaN()
    assert walk(watcher, 3, {"a": 1.0, "b": bad}).stop_training
    assert watcher.failed_at is not None


def test_nothing_is_saved_once_the_training_is_to_stop():
    called = []
    every = EverySteps(called.append, every=2, start=3)
    model = walk(every, 4)
    assert called == [4, 6]
    model.stop_training = True
    every.on_train_batch_end(4)
    every.on_train_batch_end(5)
    assert called == [4, 6]


def test_a_save_by_the_clock_comes_when_the_last_save_is_so_long_ago(monkeypatch):
    """A look at the clock at each step and one after each save; two seconds between two looks."""
    monkeypatch.setattr(callbacks, "time", Clock())
    called = []
    walk(EverySteps(called.append, every=7, seconds=6.0), 12)
    assert called == [3, 6, 7, 10]


def test_a_closed_terminal_stops_no_training(monkeypatch):
    class Closed:
        encoding = "utf-8"

        def write(self, text):
            raise OSError(5, "Input/output error")

        def flush(self):
            raise OSError(5, "Input/output error")

    class Closing(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            monkeypatch.setattr("sys.stdout", Closed())
            progress.bar.fp = Closed()

    progress = Progress(0, 20)
    walk(keras.callbacks.CallbackList([Closing(), progress]), 20)
    assert progress.steps == 20
    tell("Step 500")
