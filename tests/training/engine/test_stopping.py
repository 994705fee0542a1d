"""Whoever asks a training to stop gets a saved one: Ctrl-C, SIGTERM, a closed terminal, Jupyter."""

import os
import signal
import threading
from pathlib import Path

import keras
import pytest

from ganlib.training import loop, runs
from ganlib.training.engine.callbacks import EverySteps
from ganlib.training.engine.stopping import Interrupted, StopWhenAsked, Summary, stop_gently
from tests.training.test_runs import assert_same_state, begin, short_clips

POLITE = [number for number in ("SIGTERM", "SIGHUP") if hasattr(signal, number)]


def send(name: str) -> None:
    os.kill(os.getpid(), getattr(signal, name))


def test_the_first_ctrl_c_asks_the_second_ends_and_the_old_handler_comes_back():
    model, before = keras.Sequential(), signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), stop_gently(model) as asked:
        send("SIGINT")
        assert model.stop_training and len(asked) == 1
        send("SIGINT")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("name", POLITE)
def test_a_batch_system_may_ask_again_and_again(name):
    model, before = keras.Sequential(), signal.getsignal(getattr(signal, name))
    with stop_gently(model) as asked:
        for _ in range(3):
            send(name)
        assert model.stop_training and len(asked) == 3
    assert signal.getsignal(getattr(signal, name)) is before is signal.SIG_DFL


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there is no SIGHUP here")
def test_under_nohup_a_closed_terminal_stops_nothing():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_gently(keras.Sequential()) as asked:
            send("SIGHUP")
        assert asked == []
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_program_that_handles_sigterm_itself_goes_on_to_do_so():
    came = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    try:
        with stop_gently(keras.Sequential()) as asked:
            send("SIGTERM")
        assert (came, asked) == ([signal.SIGTERM], [])
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_training_in_another_thread_takes_no_signals():
    seen = []

    def work():
        with stop_gently(keras.Sequential()) as asked:
            seen.append(asked)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [[]]


def test_a_signal_that_came_while_fit_was_preparing_stops_after_the_first_step():
    model = keras.Sequential()
    with stop_gently(model) as asked:
        send("SIGINT")
        model.stop_training = False  # as `fit` says when it begins
        watcher = StopWhenAsked(asked)
        watcher.set_model(model)
        watcher.on_train_batch_end(0)
        assert model.stop_training


@pytest.fixture(name="undisturbed", scope="module")
def _undisturbed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    begin(folder)
    return folder


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_step_saves_and_the_run_can_be_resumed(undisturbed, tmp_path, name):
    press = EverySteps(lambda step: step == 5 and send(name), 1)
    with pytest.raises(Interrupted) as stopped:
        begin(tmp_path / "run", callbacks=(press,))
    assert stopped.value.summary == Summary(5, "interrupted", tmp_path / "run")
    assert stopped.value.signal_number == getattr(signal, name)
    runs.resume(tmp_path / "run", "dense_gan", short_clips(), quiet=True)
    assert_same_state(undisturbed, tmp_path / "run")


def test_stop_in_jupyter_ends_a_loop_of_four_runs_and_the_first_is_saved(tmp_path):
    press = EverySteps(lambda step: step == 1 and send("SIGINT"), 1)
    with pytest.raises(KeyboardInterrupt):
        for number in range(4):
            begin(tmp_path / str(number), steps=3, callbacks=(press,))
    assert [path.name for path in tmp_path.iterdir()] == ["0"]
    assert [path.name for path in (tmp_path / "0/checkpoints").iterdir()] == ["step-00000001.h5"]


def test_a_signal_while_the_last_checkpoint_is_written_does_not_spoil_it(
    undisturbed, tmp_path, monkeypatch
):
    replace = os.replace

    def interrupted(source, target):
        if Path(target).name == "step-00000012.h5":
            send("SIGTERM")
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(Interrupted) as stopped:
        begin(tmp_path / "run")
    assert stopped.value.summary.reason == "done"
    assert_same_state(undisturbed, tmp_path / "run")


def test_a_run_saves_by_the_clock_too_and_stays_the_same_bit_for_bit(
    undisturbed, tmp_path, monkeypatch
):
    """Every update takes longer than the pause between two saves."""
    found, samples = [], tmp_path / "run/samples"
    look = EverySteps(lambda step: found.append(len(list(samples.iterdir()))), 1)
    monkeypatch.setattr(loop, "SAVE_EVERY_SECONDS", 0.0)
    begin(tmp_path / "run", checkpoint_every=10**6, callbacks=(look,))
    assert found == list(range(1, 13))
    assert_same_state(undisturbed, tmp_path / "run")


def test_no_more_than_some_minutes_of_work_are_at_risk():
    assert 60 <= loop.SAVE_EVERY_SECONDS <= 600
