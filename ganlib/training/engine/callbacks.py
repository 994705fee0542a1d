"""What happens around the updates: progress, time budget, checkpoints, a stop on NaN."""

import contextlib
import math
import time
from collections.abc import Callable

import keras
from tqdm.auto import tqdm

from ganlib import backend
from ganlib.errors import OptionError


def steps_done(model: keras.Model) -> int:
    """Updates that a model has seen, as a GAN or any other model's optimizer counts them.

    Example:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> steps_done(model)
        0
    """
    backend.sync(model)
    counter = model.updates if hasattr(model, "updates") else model.optimizer.iterations
    return int(keras.ops.convert_to_numpy(counter))


def tell(line: str) -> None:
    """Print a line above the progress bar. A terminal that was closed stops no training.

    Example:
        >>> tell("Step 500: ...")
        Step 500: ...
    """
    with contextlib.suppress(OSError):
        tqdm.write(line)


class StopOnNaN(keras.callbacks.Callback):
    """Stop when a loss or a weight is no longer a finite number.

    Args:
        every: look at the losses of every n-th step.
        weights_every: look at the weights after every n-th step; a loss may look well all the same.

    After training `failed_at` is None, or the number of updates done when it was seen, and `what`
    is "loss" or "weight".

    Example:
        >>> watcher = StopOnNaN()
        >>> watcher.set_model(keras.Sequential())
        >>> watcher.on_train_batch_end(0, {"loss": 1.0})
        >>> watcher.failed_at is None
        True
    """

    def __init__(self, every: int = 1, weights_every: int = 50):
        super().__init__()
        self.every, self.weights_every, self.seen = every, weights_every, 0
        self.failed_at: int | None = None
        self.what = ""

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen % self.every == 0:
            values = (logs or {}).values()
            self._judge(batch, "loss", all(math.isfinite(float(value)) for value in values))
        if self.seen % self.weights_every == 0:
            self.look(batch)

    def on_epoch_end(self, epoch, logs=None):
        self.look(self.seen)

    def look(self, batch: int) -> None:
        """Look at the weights now."""
        self._judge(batch, "weight", backend.all_finite(self.model.weights))

    def _judge(self, batch: int, what: str, finite: bool) -> None:
        if not finite and self.failed_at is None:
            self.failed_at, self.what = steps_done(self.model), what
            self.fail(batch)

    def fail(self, batch: int) -> None:
        """Stop, at the end of the step."""
        self.model.stop_training = True


class TimeBudget(keras.callbacks.Callback):
    """Stop after a number of minutes, at the end of a step.

    Args:
        minutes: above 0.

    Raises:
        OptionError: if `minutes` is not above 0.

    Example:
        >>> TimeBudget(minutes=2).seconds
        120.0
    """

    def __init__(self, minutes: float):
        super().__init__()
        if not minutes > 0 or not math.isfinite(minutes):
            raise OptionError(f"minutes must be above 0, not {minutes}.")
        self.seconds = 60.0 * minutes

    def on_train_begin(self, logs=None):
        self.end = time.monotonic() + self.seconds

    def on_train_batch_end(self, batch, logs=None):
        if time.monotonic() >= self.end:
            self.model.stop_training = True


class Progress(keras.callbacks.Callback):
    """A bar with the rate, the time left and the losses.

    The first step reports the device. Since it also compiles, the fourth says how long it will be.

    Args:
        start: updates already done.
        total: updates to do in all.
        minutes: time budget, if there is one.
        quiet: no bar, no report.
        beside: callbacks whose `figures`, a dict of numbers, stand before the losses if they have
            any.

    Example:
        >>> "about 10.0 minutes" in Progress(0, 600).expectation(seconds_a_step=1.0)
        True
    """

    report_after = 4

    def __init__(
        self,
        start: int,
        total: int,
        minutes: float | None = None,
        quiet: bool = False,
        beside: tuple = (),
    ):
        super().__init__()
        self.start, self.total, self.minutes, self.quiet = start, total, minutes, quiet
        self.beside = beside

    def on_train_begin(self, logs=None):
        self.bar = tqdm(
            total=self.total, initial=self.start, unit="step", disable=self.quiet, mininterval=1.0
        )
        self.steps, self.began = 0, time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        if self.steps == 1:
            self.first = time.monotonic()
            if not self.quiet:
                tell(self.arrival(self.first - self.began))
        if self.steps == self.report_after and not self.quiet:
            pace = (time.monotonic() - self.first) / (self.report_after - 1)
            tell(self.expectation(pace))
        with contextlib.suppress(OSError):  # as in `tell`
            self.bar.update(1)
            if self.steps % 10 == 1:
                self.bar.set_postfix(self._shown(logs or {}))

    def _shown(self, logs: dict) -> dict[str, str]:
        figures = [getattr(callback, "figures", {}) for callback in self.beside]
        shown = {key: value for some in (*figures, logs) for key, value in some.items()}
        return {key: f"{float(value):.3f}" for key, value in shown.items()}

    def arrival(self, seconds: float) -> str:
        """One sentence about the device and the first step.

        Example:
            >>> Progress(0, 600).arrival(seconds=12.0).split(": ")[1]
            'the first of 600 steps took 12.0 s, compiling included.'
        """
        left = self.total - self.start
        return (
            f"{backend.device_name()}: the first of {left} steps took {seconds:.1f} s, "
            "compiling included."
        )

    def expectation(self, seconds_a_step: float) -> str:
        """One sentence about the device and how long the run will take."""
        left = (self.total - self.start) * seconds_a_step / 60
        limit = self.minutes is not None and self.minutes < left
        length = f"{self.minutes:g} minutes (the limit)" if limit else f"{left:.1f} minutes"
        return (
            f"{backend.device_name()}, {seconds_a_step:.3f} s a step: "
            f"about {length} for at most {self.total - self.start} steps."
        )

    def on_train_end(self, logs=None):
        with contextlib.suppress(OSError):
            self.bar.close()


class EverySteps(keras.callbacks.Callback):
    """Call a function with the number of updates done, every n-th update.

    Args:
        function: such as one that saves a checkpoint or writes samples.
        every: at least 1.
        start: updates already done.
        seconds: call it also when so much time has passed since the last call.

    Example:
        >>> heard = []
        >>> watcher = EverySteps(heard.append, every=2)
        >>> watcher.set_model(keras.Sequential())
        >>> watcher.model.stop_training = False
        >>> for batch in range(5):
        ...     watcher.on_train_batch_end(batch)
        >>> heard
        [2, 4]
    """

    def __init__(
        self,
        function: Callable[[int], None],
        every: int,
        start: int = 0,
        seconds: float = math.inf,
    ):
        super().__init__()
        self.function, self.every, self.step, self.seconds = function, every, start, seconds
        self.last = time.monotonic()

    def on_train_begin(self, logs=None):
        self.last = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        due = self.step % self.every == 0 or time.monotonic() - self.last >= self.seconds
        if due and not self.model.stop_training:
            self.function(self.step)
            self.last = time.monotonic()
