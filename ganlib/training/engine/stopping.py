"""How a training is asked to stop: Ctrl-C, a batch system's SIGTERM, a terminal that closes."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras

from ganlib.errors import RunError

# The last two are a closed terminal on Linux and macOS, and a closed console on Windows.
ASKING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@dataclass(frozen=True)
class Summary:
    """How a training ended: updates done and why ("done", "time" or "interrupted").

    Example:
        >>> Summary(steps=500, reason="time", folder=Path("run")).reason
        'time'
    """

    steps: int
    reason: str
    folder: Path


class Interrupted(KeyboardInterrupt):
    """A training was asked to stop, and has saved. It ends a loop of several runs as Ctrl-C would.

    Args:
        summary: of the run that was saved.
        signal_number: that asked, such as `signal.SIGINT`.

    Example:
        >>> print(Interrupted(Summary(500, "interrupted", Path("run")), signal.SIGINT))
        Interrupted after 500 steps, saved in run.
    """

    def __init__(self, summary: Summary, signal_number: int):
        super().__init__(f"Interrupted after {summary.steps:,} steps, saved in {summary.folder}.")
        self.summary, self.signal_number = summary, signal_number


@contextlib.contextmanager
def stop_gently(model: keras.Model) -> Iterator[list[int]]:
    """Let what asks to stop end the running step first, so that the state can be saved.

    A second Ctrl-C ends at once. Other signals may come as often as they like: batch systems repeat
    themselves. A signal that the program around handles in its own way, or ignores as under
    `nohup`, is left to it.

    Args:
        model: whose `fit` runs inside the `with` block; see also `StopWhenAsked`.

    Yields:
        The numbers of the signals that came: a list that is empty until then.

    Example:
        >>> with stop_gently(keras.Sequential()) as asked:
        ...     asked
        []
    """
    asked: list[int] = []

    def stop(number, frame):
        again = bool(asked)
        asked.append(number)
        model.stop_training = True
        if again and number == signal.SIGINT:
            raise KeyboardInterrupt

    before: dict[int, object] = {}
    try:
        with contextlib.suppress(ValueError):  # not in the main thread: no signal comes here
            for number in _ours():
                before[number] = signal.signal(number, stop)
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]


def _ours() -> list[int]:
    """Ctrl-C, and those of the others that would end the process here and now."""
    known = [getattr(signal, name) for name in ASKING if hasattr(signal, name)]
    deadly = [number for number in known if signal.getsignal(number) is signal.SIG_DFL]
    return [signal.SIGINT, *(number for number in deadly if number != signal.SIGINT)]


class StopWhenAsked(keras.callbacks.Callback):
    """Stop at the end of a step if a signal came, also one that came while `fit` was preparing.

    Args:
        asked: the list of `stop_gently`.

    Example:
        >>> watcher = StopWhenAsked([signal.SIGINT])
        >>> watcher.set_model(keras.Sequential())
        >>> watcher.on_train_batch_end(0)
        >>> watcher.model.stop_training
        True
    """

    def __init__(self, asked: list[int]):
        super().__init__()
        self.asked = asked

    def on_train_batch_end(self, batch, logs=None):
        if self.asked:
            self.model.stop_training = True


def concluded(summary: Summary, asked: list[int], callbacks: tuple = ()) -> Summary:
    """The summary of a run that was saved, or what it has to raise instead.

    Args:
        summary: of the run.
        asked: the list of `stop_gently`.
        callbacks: of the run; one with a `failure` had stopped it.

    Raises:
        RunError: with the `failure` of a callback.
        Interrupted: if a signal had asked to stop.

    Example:
        >>> concluded(Summary(500, "done", Path("run")), []).steps
        500
    """
    for failure in filter(None, (getattr(callback, "failure", None) for callback in callbacks)):
        raise RunError(failure)
    if asked:
        raise Interrupted(summary, asked[0])
    return summary


def not_finite(what: str, step: int, kept: list[Path]) -> RunError:
    """What to say when something is no longer a finite number.

    Args:
        what: "loss" or "weight".
        step: at which it was seen.
        kept: the checkpoints of the run, oldest first.

    Example:
        >>> not_finite("loss", 7, []).args[0].split("; ")[1]
        'no checkpoint yet. Lower the learning rates or choose a stronger penalty.'
    """
    where = f"the last good checkpoint is {kept[-1].name}" if kept else "no checkpoint yet"
    return RunError(
        f"A {what} is no longer a finite number at step {step}; {where}. "
        "Lower the learning rates or choose a stronger penalty."
    )
