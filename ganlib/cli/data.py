"""`ganlib data`: what there is, fetching it, looking into it."""

from __future__ import annotations

import sys

import click


@click.group(invoke_without_command=True)
@click.pass_context
def data(context: click.Context) -> None:
    """Sets of recordings: list, get, info.

    \b
    Examples:
      ganlib data list
      ganlib data get fsdd
      ganlib data info my_recordings
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@data.command("list")
def list_() -> None:
    """List the sets by name: size, licence, whether they are on this machine.

    \b
    Example:
      ganlib data list
    """
    from ganlib.data import catalogue_table, data_folder

    click.echo(catalogue_table())
    click.echo(f"\nFetched sets live in {data_folder()} (set GANLIB_DATA to change that).")


@data.command()
@click.argument("name")
@click.option("--from", "source", metavar="FILE_OR_URL", help="Another copy of the archive.")
def get(name: str, source: str | None) -> None:
    """Download, verify and unpack a set. An interrupted download goes on where it stopped.

    \b
    Examples:
      ganlib data get fsdd
      ganlib data get fsdd --from ~/Downloads/free-spoken-digit-dataset.zip
    """
    from ganlib.data import DATASETS, fetch

    known = DATASETS.get(name)
    was_here = known is not None and known.present
    folder = fetch(name, source, progress=sys.stderr.isatty())
    click.echo(f"{name} {'was here already' if was_here else 'is complete and verified'}: {folder}")


@data.command()
@click.argument("name_or_folder")
@click.option("--strict", is_flag=True, help="Refuse the data if any file is unusable or faulty.")
@click.option(
    "--pieces", type=click.Choice(["auto", "first", "all", "loudest"]), default="auto",
    help="What of a long recording would become clips.  [default: first if labelled, else all]",
)  # fmt: skip
def info(name_or_folder: str, strict: bool, pieces: str) -> None:
    """Read all files of a set or a folder: durations, rates, labels, voices, unusable files.

    A folder may be nested and of any rate; labels come from a metadata.csv or from folder names.
    Clips of about a second are counted, as `ganlib train` would make them.

    \b
    Examples:
      ganlib data info digits
      ganlib data info my_recordings --strict
      ganlib data info my_recordings --pieces loudest
    """
    from ganlib.data import info as look

    click.echo(look(name_or_folder, strict, sys.stderr.isatty(), pieces))
