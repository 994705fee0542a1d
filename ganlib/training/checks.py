"""What can be refused before the data are read: a folder in use, a wrong option, another model."""

from pathlib import Path

from ganlib.errors import OptionError
from ganlib.locks import refuse_held
from ganlib.training.config import Config, refuse_used
from ganlib.training.limits import check_options
from ganlib.training.recipes import get_recipe


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
        if key != "steps" and wanted[key] != config.options[key]
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
