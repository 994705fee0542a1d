"""What is refused before training: a folder in use, a wrong option, another model, wrong clips."""

from pathlib import Path

import numpy as np

from ganlib.data.clips import Clips
from ganlib.errors import DataError, OptionError
from ganlib.locks import refuse_held
from ganlib.training.config import Config, refuse_used
from ganlib.training.engine.limits import check_names, check_options
from ganlib.training.recipes import get_recipe
from ganlib.training.recipes.adversarial import labels_decided


def planned(folder: Path, model: str, preset: str = "quick", options: dict | None = None) -> dict:
    """All options of a run that is to begin.

    Args:
        folder: where the run would go; must be new or empty.
        model: name of a recipe.
        preset: one of the recipe's.
        options: changes to the preset.

    Returns:
        Every option of the recipe with its value.

    Raises:
        OptionError: if the model, the preset, an option or its value is impossible.
        RunError: if the folder is in use.

    Example:
        >>> planned(Path("a_new_folder"), "wavegan", "quick")["sample_rate"]
        8000
    """
    complete = get_recipe(model).options(preset, options)
    check_options(complete)
    check_names(complete)
    refuse_used(Path(folder))
    return complete


def continued(
    folder: Path,
    model: str,
    preset: str | None = None,
    options: dict | None = None,
    seed: int | None = None,
) -> dict:
    """All options of a run that is to go on: those it began with, and perhaps other "steps".

    Args:
        folder: of the run.
        model: name of its recipe.
        preset, options, seed: None, or what the run began with; of `options` only "steps" may
            differ.

    Returns:
        Every option of the recipe with its value.

    Raises:
        RunError: if the folder holds no run or one of another model.
        InUseError: if another process works in it.
        OptionError: if anything would change in the middle of the run.

    Example:
        >>> continued(Path("no_such_run"), "wavegan")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: no_such_run holds no run ...
    """
    config = Config.read(Path(folder), model)
    refuse_held(folder)
    wanted = get_recipe(model).options(preset or config.preset, options)
    changed = [
        (key, config.options[key], wanted[key])
        for key in (options or {})
        if key != "steps" and wanted[key] not in (config.options[key], "auto")
    ]
    changed += [
        (key, was, now)
        for key, was, now in (("preset", config.preset, preset), ("seed", config.seed, seed))
        if now is not None and now != was
    ]
    for key, was, now in changed:
        raise OptionError(
            f"{folder} began with {key}={was} and cannot go on with {key}={now}: leave it out to "
            "resume, or start another run."
        )
    steps = wanted["steps"] if "steps" in (options or {}) else config.options["steps"]
    check_options({"steps": steps})
    return config.options | {"steps": steps}


def agreed(model: str, clips: Clips, preset: str, changes: dict | None = None) -> dict:
    """All options of a run that is to begin with these clips, as its `config.json` records them.

    Args:
        model: name of a recipe.
        clips: training data; they decide what `conditional` is where it is "auto".
        preset: one of the recipe's.
        changes: options that differ from the preset.

    Raises:
        OptionError, DataError: if the options are impossible or the clips do not fit them.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 1024)
        >>> clips = Clips(np.eye(1024)[:2, :, None], [0, 0], audio_format=sound)
        >>> agreed("dense_gan", clips, "quick", {"conditional": "auto"})["conditional"]
        False
    """
    options = get_recipe(model).options(preset, changes)
    check_options(options)
    refuse_unfit(model, clips, options)
    return labels_decided(options, clips.label_names, changes)


FAINTEST = 2**-14  # from the lowest to the highest sample: two steps of 16 bits


def refuse_unfit(model: str, clips: Clips, options: dict) -> None:
    """Refuse clips that no model can learn from, or that this one would hear wrongly.

    Args:
        model: name of a recipe.
        clips: training data.
        options: of the recipe, complete.

    Raises:
        DataError: if there are no clips or all of them are silent.
        OptionError: if their rate, length or channels are not those of the options.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 64)
        >>> clips = Clips(np.zeros((2, 64, 1)), [0, 0], audio_format=sound)
        >>> refuse_unfit("dense_gan", clips, {"sample_rate": 8000, "clip_samples": 64})
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: The clips are silent, so there is nothing to learn from them.
    """
    recipe = get_recipe(model)
    names = ("sample_rate", "clip_samples", "channels")
    here = clips.audio_format.to_dict()
    here["clip_samples"], here["channels"] = clips.samples.shape[1:]
    wanted = recipe.audio_format(options).to_dict()
    if any(here[name] != wanted[name] for name in names):
        raise OptionError(
            f"The clips have {_told(here, names)}, and {model} with these options takes "
            f"{_told(wanted, names)}: load them in its format, which is "
            f'get_recipe("{model}").audio_format(options), or change the options.'
        )
    if not len(clips):
        raise DataError("There are no clips, so there is nothing to learn from them.")
    if np.ptp(clips.samples, axis=1).max() < FAINTEST:
        raise DataError("The clips are silent, so there is nothing to learn from them.")


def _told(audio_format: dict, names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={audio_format[name]}" for name in names)
