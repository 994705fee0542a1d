"""The run folder: configuration, history, checkpoints, samples; exact resume.

    RUN/config.json            what was asked for: enough to build the same model again
    RUN/history.csv            losses
    RUN/checkpoints/*.h5       the last states: weights, averages, optimizers, seeds
    RUN/generator.json, .weights.h5   the averaged generator of the last checkpoint, to be heard
    RUN/samples/*.wav          the same latent vectors, heard again and again
    RUN/measured.csv, best.*   figures, and the generator with the lowest distance; see
                               `ganlib.evaluation.watching.watcher`
    RUN/.lock                  who works in it now; a second training is refused
Data come in an order that (seed, step) decides, and random seeds are part of the state: a run that
was killed and resumed takes the same steps as one that was not.
"""

from pathlib import Path

import numpy as np

from ganlib.data.clips import Clips
from ganlib.errors import OptionError, RunError
from ganlib.locks import held
from ganlib.training.building import build
from ganlib.training.checks import agreed, refuse_unfit
from ganlib.training.config import Config, abandon, create, told_as_run_error
from ganlib.training.engine.callbacks import TimeBudget, steps_done, tell
from ganlib.training.engine.feeding import digest, measured, prepared
from ganlib.training.engine.limits import as_option_error, check_options, check_seed
from ganlib.training.engine.state import restore
from ganlib.training.engine.stopping import Interrupted, Summary
from ganlib.training.hearing import load_generator
from ganlib.training.labels import left_out
from ganlib.training.loop import train
from ganlib.training.recipes import get_recipe
from ganlib.training.vocoding import chosen_vocoder

__all__ = ["Config", "Interrupted", "Summary", "build", "digest", "load_generator", "resume"]
__all__ += ["start", "train"]


def start(
    folder: str | Path,
    model: str,
    clips: Clips,
    data: str = "",
    preset: str = "quick",
    options: dict | None = None,
    seed: int = 0,
    **kwargs,
) -> Summary:
    """Begin a run in a new or empty folder and train.

    Args:
        folder: where everything goes.
        model: name of a recipe.
        clips: training data in the recipe's format.
        data: name or folder of the data, for the record.
        preset: one of the recipe's.
        options: changes to the preset.
        seed: of the initial weights, the data's order and everything else that is drawn.
        kwargs: `minutes`, `quiet`, `callbacks`, see `train`.

    Returns:
        How it ended.

    Raises:
        RunError, OptionError, DataError: see `ganlib.training.checks` and `train`.
        InUseError: if another process has the folder.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> ramp = np.linspace(-1, 1, 128).reshape(2, 64, 1)
        >>> clips = Clips(ramp, [0, 0], audio_format=AudioFormat(8000, 64))
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     options = {"clip_samples": 64, "hidden": 4, "steps": 2}
        ...     start(folder, "dense_gan", clips, options=options, quiet=True).reason
        'done'
    """
    folder = Path(folder)
    if (remark := left_out(clips)) and not kwargs.get("quiet"):
        tell(remark)
    clips = clips.with_used_labels()
    check_seed(seed)
    options = agreed(model, clips, preset, options)
    if options.get("signal_scale") == 0.0:
        level = round(float(np.std(prepared(clips, options).samples)), 4)
        options["signal_scale"] = max(level, 1e-4)
    if kwargs.get("minutes") is not None:
        TimeBudget(kwargs["minutes"])  # refuse a bad value before anything is written
    codec = measured(clips, options).to_dict() if get_recipe(model).needs_codec(options) else None
    if options.get("vocoder", "none") != "none":
        found = chosen_vocoder(options, codec)  # refused here if it is not there or does not fit
        if options["vocoder"] == "auto":
            options["vocoder"] = "none" if found is None else found.name
    names = list(clips.label_names)
    how = () if clips.usage is None else (clips.usage.pieces, clips.usage.silence_kept)
    config = Config(model, data, digest(clips), preset, options, names, seed, codec, *how)
    built = build(config)  # a wrong option fails before the folder exists
    create(folder, config)
    try:
        with told_as_run_error(folder), held(folder):
            return train(folder, config, clips, built, **kwargs)
    except Exception as error:
        if steps_done(built) or isinstance(error, RunError):
            raise
        abandon(folder)  # not one step could be taken: the options do not fit the data
        raise as_option_error(config.model, error) from error


def resume(
    folder: str | Path, model: str, clips: Clips, steps: int | None = None, **kwargs
) -> Summary:
    """Continue a run exactly where its last checkpoint is.

    Args:
        folder: of the run.
        model: name of its recipe.
        clips: the same data as before.
        steps: a new total number of updates; None keeps the old one.
        kwargs: `minutes`, `quiet`, `callbacks`, see `train`.

    Raises:
        RunError: if the folder holds no run, or one of another model or other data.
        InUseError: if another process works in the folder.
        OptionError: if it has more steps already.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> ramp = np.linspace(-1, 1, 128).reshape(2, 64, 1)
        >>> clips = Clips(ramp, [0, 0], audio_format=AudioFormat(8000, 64))
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     options = {"clip_samples": 64, "hidden": 4, "steps": 2}
        ...     _ = start(folder, "dense_gan", clips, options=options, quiet=True)
        ...     resume(folder, "dense_gan", clips, steps=3, quiet=True).steps
        3
    """
    folder = Path(folder)
    config = Config.read(folder, model)
    if config.label_names != list(clips.label_names):
        clips = clips.with_used_labels()
    if config.data_digest != digest(clips):
        began = f"{config.data}, pieces={config.pieces}"
        raise RunError(f"{folder} was trained on other data ({began}): give the same again.")
    config.options["steps"] = config.options["steps"] if steps is None else steps
    check_options(config.options)
    refuse_unfit(model, clips, config.options)
    with told_as_run_error(folder), held(folder):
        built = build(config)
        if (remark := restore(folder, built)) and not kwargs.get("quiet"):
            tell(remark)
        if config.options["steps"] < (done := steps_done(built)):
            raise OptionError(
                f"{folder} has {done:,} steps already, more than {config.options['steps']:,}: "
                "give --steps a larger number, or start another run."
            )
        config.write(folder)
        return train(folder, config, clips, built, **kwargs)
