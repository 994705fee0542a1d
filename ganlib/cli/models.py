"""`ganlib models`: what can be trained, how large it is, and every option."""

from __future__ import annotations

import click


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
    from ganlib.training.listing import listed

    if model is not None:
        click.echo(_options(model, listed(model)))
        return
    click.echo("\n\n".join(_sizes(name, recipe) for name, recipe in listed().items()))
    for name in (*pretrained.names(), *pretrained.vocoders()):
        click.echo(f"\npretrained {name}: {pretrained.card(name)['title']}")


def _sizes(name: str, recipe: dict) -> str:
    """Name, title and a row for each preset."""
    rows = [f"{name}: {recipe['title']}"]
    for preset, options in recipe["options"].items():
        rate, parameters = options["sample_rate"], recipe["parameters"][preset]
        counts = ", ".join(f"{part} {count:,}" for part, count in parameters.items())
        rows.append(
            f"  {preset:<6} {options['clip_samples'] / rate:.2f} s at {rate:,} Hz, "
            f"batch {options['batch_size']}, {options['steps']:,} steps; parameters: {counts}"
        )
    return "\n".join(rows)


def _options(name: str, recipe: dict) -> str:
    """Every option of `--set` with its value in each preset."""
    values = recipe["options"]
    rows = [("option", *values)]
    options = next(iter(values.values()))
    rows += [(option, *(str(own[option]) for own in values.values())) for option in options]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    lines += [f"{option}: {note}" for option, note in recipe["notes"].items()]
    return "\n".join([f"{name}: {recipe['title']}", "", *lines])
