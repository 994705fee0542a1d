"""`ganlib listening-test`: a page on which people rate clips, and the table of their answers."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("listening-test", short_help="Let people rate models blindly.")
@click.option("--models", multiple=True, metavar="MODEL...",
              help="Pretrained weights, run folders or folders of audio.")  # fmt: skip
@click.option("--collect", multiple=True, metavar="CSV...",
              help="Files that listeners handed in, or folders of them.")  # fmt: skip
@click.argument("more", nargs=-1, metavar="")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the page and its key.")
@click.option("--data", metavar="NAME_OR_FOLDER",
              help="Real recordings.  [default: fsdd if fetched, otherwise digits]")  # fmt: skip
@click.option("--count", type=click.IntRange(min=3), help="Clips of each model.  [default: 10]")
@click.option("--seed", type=click.IntRange(min=0), help="Of all chance.  [default: 0]")
@click.option("--title", help="Heading of the page.  [default: Listening test]")
@click.option("--key", type=click.Path(path_type=Path),
              help="key.json of the test.  [default: looked for near the CSV files]")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the table as JSON too.")  # fmt: skip
@click.option(
    "--drop-inattentive", is_flag=True, help="Leave out whom the anchors show inattentive."
)
@click.pass_context
def listening_test(
    context: click.Context,
    models: tuple[str, ...],
    collect: tuple[str, ...],
    more: tuple[str, ...],
    **options,
) -> None:
    """Let people rate models blindly, beside hidden real recordings and a low anchor.

    --models writes listening-test.html, to be handed out (it works without a network and holds no
    name of a model), and key.json, which stays with you. --collect makes one table of what came
    back: mean opinion score and human accuracy of each model with 95 % intervals.

    \b
    Examples:
      ganlib listening-test --models wavegan-fsdd runs/mine --out listening
      ganlib listening-test --collect answers/*.csv --key listening/key.json
    """
    if bool(models) == bool(collect):
        raise click.UsageError("Give either --models or --collect, and not both.")
    given = {name for name, value in options.items() if value is not None and value is not False}
    belongs = ("out", "data", "count", "seed", "title") if models else (
        "key", "json_file", "drop_inattentive"
    )  # fmt: skip
    for name in sorted(given - set(belongs)):
        flag = "--" + name.removesuffix("_file").replace("_", "-")
        mode = "--collect" if models else "--models"
        raise click.UsageError(f"{flag} belongs to {mode}.")
    if models:
        _write(_separate((*models, *more)), options)
    else:
        _collect((*collect, *more), options)


def _separate(words: tuple[str, ...]) -> list[str]:
    """`A B C`, `A,B,C` and `--models A --models B` all name models."""
    found: list[str] = []
    for word in words:
        parts = [word] if Path(word).exists() else word.split(",")
        found += [part.strip() for part in parts if part.strip()]
    return found


def _write(models: list[str], options: dict) -> None:
    if options["out"] is None:
        raise click.UsageError("Missing option '--out': the folder for the page and its key.")
    from ganlib.data.catalog import default_digits
    from ganlib.listening.page import write_test
    from ganlib.listening.stimuli import REAL, gather

    data, seed = options["data"] or default_digits(), options["seed"] or 0
    sounds = gather(models, data, options["count"] or 10, seed)
    page, key = write_test(sounds, options["out"], seed, options["title"] or "Listening test")
    minutes = len(sounds) * 6 / 60
    click.echo(
        f"{page}: {len(sounds)} clips, about {minutes:.0f} minutes a listener. Hand out this file."
    )
    click.echo(f"{key}: which clip is which. Keep it; --collect needs it.")
    if data == "digits":
        click.echo(
            f"Note: most '{REAL}' of the bundled digits come from speech synthesisers; "
            "`ganlib data get fsdd` fetches real ones.",
            err=True,
        )


def _collect(paths: tuple[str, ...], options: dict) -> None:
    from ganlib.listening.ratings import collect, expand, find_key, read_key
    from ganlib.listening.report import evaluate

    tables = expand(paths)
    key = read_key(options["key"] or find_key(tables))
    report = evaluate(collect(tables, key), key, options["drop_inattentive"])
    for line in report.lines():
        click.echo(line)
    for sentence in report.warnings():
        click.echo(f"Warning: {sentence}", err=True)
    if options["json_file"]:
        click.echo(f"\nWritten: {report.save(options['json_file'])}")
