"""The updates of a run, from the first or from a checkpoint, to whatever ends them."""

from pathlib import Path

import keras

from ganlib.backend import has_gpu
from ganlib.data.clips import Clips
from ganlib.training.config import Config, told_as_run_error
from ganlib.training.engine.callbacks import EverySteps, Progress, StopOnNaN, TimeBudget, steps_done
from ganlib.training.engine.feeding import as_seen, batches
from ganlib.training.engine.history import History
from ganlib.training.engine.state import checkpoints, forget_old, save_state
from ganlib.training.engine.stopping import (
    StopWhenAsked,
    Summary,
    concluded,
    not_finite,
    stop_gently,
)
from ganlib.training.hearing import export

SAVE_EVERY_SECONDS = 300.0


def train(
    folder: Path,
    config: Config,
    clips: Clips,
    model: keras.Model,
    minutes: float | None = None,
    quiet: bool = False,
    checkpoint_every: int = 500,
    callbacks: tuple = (),
) -> Summary:
    """Update until the run's number of steps, the time budget or a signal such as Ctrl-C.

    Checkpoints come every `checkpoint_every` updates, every five minutes, and at the end.

    Args:
        folder: of the run; `start` and `resume` hold it meanwhile.
        config: of the run.
        clips: the data.
        model: as `build` makes it, perhaps with a restored state.
        minutes: time budget of this call.
        quiet: no progress bar.
        checkpoint_every: updates between checkpoints.
        callbacks: further Keras callbacks. The `figures` of one are shown in the progress bar; one
            that stopped the training because of a `failure`, a sentence, makes it an error.

    Raises:
        RunError: if a loss or a weight is no longer finite; the last good checkpoint is kept. Or
            with the `failure` of a callback, after a checkpoint.
        Interrupted: a KeyboardInterrupt, after a checkpoint, if a signal asked to stop.

    Example:
        >>> import numpy as np
        >>> from ganlib.training.building import build
        >>> from ganlib.training.recipes import get_recipe
        >>> options = get_recipe("dense_gan").options("quick", {"signal_scale": 0.1, "steps": 2})
        >>> config = Config("dense_gan", "", "", "quick", options, [], seed=0)
        >>> clips = Clips(np.ones((2, 1024, 1)), [0, 0])
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     (Path(folder) / "checkpoints").mkdir()
        ...     (Path(folder) / "samples").mkdir()
        ...     train(Path(folder), config, clips, build(config), quiet=True).steps
        2
    """
    options, first = config.options, steps_done(model)
    total = options["steps"]
    if first >= total:
        export(folder, config, model, first, clips)  # a full disk or a kill may have prevented it
        return Summary(first, "done", folder)
    nan = StopOnNaN(every=10 if has_gpu() else 1)  # on a GPU each look waits for the step
    progress = Progress(first, total, minutes, quiet, callbacks)

    def checkpoint(step: int) -> None:
        save_state(folder / "checkpoints" / f"step-{step:08d}.h5", model)
        forget_old(folder)
        export(folder, config, model, step, clips)

    seen = batches(as_seen(clips, options, config.codec), options, config.seed, first, total)
    with stop_gently(model) as asked, told_as_run_error(folder):
        watchers = [
            StopWhenAsked(asked),
            nan,
            progress,
            History(folder / "history.csv", first),
            EverySteps(checkpoint, checkpoint_every, first, SAVE_EVERY_SECONDS),
            *callbacks,
            *([] if minutes is None else [TimeBudget(minutes)]),
        ]
        try:
            left = total - first
            model.fit(seen, steps_per_epoch=left, callbacks=watchers, shuffle=False, verbose=0)
        finally:  # an error gets a line of its own, below the bar
            if hasattr(progress, "bar"):
                progress.on_train_end()
        if nan.failed_at is not None:
            raise not_finite(nan.what, nan.failed_at, checkpoints(folder))
        step = steps_done(model)
        checkpoint(step)
    reason = "done" if step >= total else "interrupted" if asked else "time"
    return concluded(Summary(step, reason, folder), asked, callbacks)
