"""What can be trained, with options and sizes, for those who only want to read it.

Counting the parameters of a model takes the model, and that an engine. So `recipes.json` holds what
the recipes say and what their networks count, `ganlib models` prints it at once, and a test builds
every network again. After a change of a recipe:

    python -m ganlib.training.listing
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ganlib.errors import OptionError

if TYPE_CHECKING:
    from ganlib.training.recipes.recipe import Recipe

FILE = Path(__file__).with_name("recipes.json")
LABELS = tuple("0123456789")  # the networks are counted for ten


def listed(name: str | None = None) -> dict:
    """The recipes as they were written down, without an engine.

    Args:
        name: of one recipe; None means all of them, by name.

    Returns:
        Of a recipe: `title`, `notes` by option, and by preset the `options` and the `parameters`
        of each network for ten labels.

    Raises:
        OptionError: if there is no such recipe.

    Example:
        >>> listed("wavegan")["parameters"]["gpu"]["generator"]
        19065345
    """
    recipes = json.loads(FILE.read_text(encoding="utf-8"))
    if name is None:
        return recipes
    if name not in recipes:
        raise OptionError(f"Unknown model {name!r}: choose one of {', '.join(recipes)}.")
    return recipes[name]


def described(recipe: Recipe) -> dict:
    """A recipe as `listed` returns it, from the recipe itself; builds its networks to count them.

    Args:
        recipe: one of `ganlib.training.recipes.RECIPES`.

    Example:
        >>> from ganlib.training.recipes import get_recipe
        >>> described(get_recipe("digit_classifier"))["parameters"]["quick"]
        {'model': 109106}
    """
    options = {preset: recipe.options(preset) for preset in recipe.presets}
    return {
        "title": recipe.title,
        "notes": recipe.notes,
        "options": options,
        "parameters": {preset: parameters(recipe, own) for preset, own in options.items()},
    }


def parameters(recipe: Recipe, options: dict) -> dict[str, int]:
    """Network -> number of parameters, for ten labels.

    Args:
        recipe: whose networks.
        options: all of them.

    Example:
        >>> from ganlib.training.recipes import get_recipe
        >>> recipe = get_recipe("dense_gan")
        >>> parameters(recipe, recipe.options("quick", {"hidden": 2, "clip_samples": 16}))
        {'generator': 190, 'discriminator': 49}
    """
    if options.get("signal_scale") == 0.0:  # the level of data that are not here
        options = options | {"signal_scale": 1.0}
    if recipe.needs_codec(options):
        options = options | {"codec": recipe.unmeasured_codec(options)}
    model = recipe.build(options, LABELS)
    if not hasattr(model, "generator"):
        return {"model": model.count_params()}
    parts = ("generator", "discriminator")
    return {part: getattr(model, part).count_params() for part in parts}


def _write() -> Path:
    """Write `recipes.json` from the recipes."""
    from ganlib.training.recipes import RECIPES

    recipes = {name: described(recipe) for name, recipe in RECIPES.items()}
    FILE.write_text(json.dumps(recipes, indent=1) + "\n", encoding="utf-8")
    return FILE


if __name__ == "__main__":
    print(_write())
