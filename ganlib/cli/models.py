"""`ganlib models`: what can be trained, how large it is, and every option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ganlib.training.recipes import Recipe


@click.command(short_help="List the models, their sizes and options.")
@click.argument("model", required=False)
def models(model: str | None) -> None:
    """List the models with the size of each preset, or all options of one MODEL.

    \b
    Examples:
      ganlib models
      ganlib models wavegan
    """
    from ganlib import pretrained
    from ganlib.training.recipes import RECIPES, get_recipe

    if model is not None:
        click.echo(_options(get_recipe(model)))
        return
    click.echo("\n\n".join(_sizes(recipe) for recipe in RECIPES.values()))
    for name in (*pretrained.names(), *pretrained.vocoders()):
        click.echo(f"\npretrained {name}: {pretrained.card(name)['title']}")


def _sizes(recipe: Recipe) -> str:
    """Name, title and a row for each preset."""
    rows = [f"{recipe.name}: {recipe.title}"]
    for preset in recipe.presets:
        options = recipe.options(preset)
        sound = recipe.audio_format(options)
        counts = ", ".join(f"{part} {n:,}" for part, n in _parameters(recipe, options).items())
        rows.append(
            f"  {preset:<6} {sound.duration_seconds:.2f} s at {sound.sample_rate:,} Hz, "
            f"batch {options['batch_size']}, {options['steps']:,} steps; parameters: {counts}"
        )
    return "\n".join(rows)


def _parameters(recipe: Recipe, options: dict) -> dict[str, int]:
    """Network -> number of parameters, for ten labels."""
    if options.get("signal_scale") == 0.0:  # the level of data that are not here
        options = options | {"signal_scale": 1.0}
    if recipe.needs_codec(options):
        options = options | {"codec": recipe.unmeasured_codec(options)}
    model = recipe.build(options, tuple("0123456789"))
    if not hasattr(model, "generator"):
        return {"model": model.count_params()}
    parts = ("generator", "discriminator")
    return {part: getattr(model, part).count_params() for part in parts}


def _options(recipe: Recipe) -> str:
    """Every option of `--set` with its value in each preset."""
    values = {preset: recipe.options(preset) for preset in recipe.presets}
    rows = [("option", *values)]
    rows += [
        (name, *(str(options[name]) for options in values.values())) for name in recipe.defaults
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    lines += [f"{name}: {note}" for name, note in recipe.notes.items()]
    return "\n".join([f"{recipe.name}: {recipe.title}", "", *lines])
