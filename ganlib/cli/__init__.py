"""The command line: parses, calls the library, prints.

A refusal is one sentence on stderr and exit code 2; Ctrl-C is exit code 130. What a command needs
is imported inside it, so that `ganlib --help` and `ganlib data list` start without an engine.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Any, NoReturn

import click

from ganlib import __version__
from ganlib.cli.align import align
from ganlib.cli.data import data
from ganlib.cli.diagnose import diagnose
from ganlib.cli.evaluate import evaluate
from ganlib.cli.generate import generate
from ganlib.cli.listening import listening_test
from ganlib.cli.models import models
from ganlib.cli.say import say
from ganlib.cli.scoreboard import scoreboard
from ganlib.cli.terminal import warnings_as_notes, write_what_can_be_shown
from ganlib.cli.train import train
from ganlib.errors import GanlibError

REFUSED, INTERRUPTED = 2, 130
ENGINES = ("tensorflow", "jax")
OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS)


class CommandLine(click.Group):
    """A group that tells every error a user can act on in one sentence, without a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, print what went wrong, and leave with the exit code."""
        kwargs["standalone_mode"] = False
        write_what_can_be_shown()
        try:
            with warnings_as_notes():
                status = super().main(*args, **kwargs)
        except click.Abort:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)
        except click.UsageError as error:
            _refuse(_usage(error))
        except click.ClickException as error:
            _refuse(error.format_message())
        except GanlibError as error:
            _refuse(str(error))
        except ImportError as error:
            _refuse(_without_engine(error.name) if error.name in ENGINES else str(error))
        except OSError as error:
            if error.errno not in OF_THE_MACHINE:
                raise
            where = f": {error.filename}" if error.filename else ""
            _refuse(f"{error.strerror}{where}")
        sys.exit(status if isinstance(status, int) else 0)


def _usage(error: click.UsageError) -> str:
    hint = f" (see: {error.ctx.command_path} --help)" if error.ctx else ""
    return error.format_message().rstrip(".") + hint


def _without_engine(engine: str) -> str:
    other = ENGINES[1 - ENGINES.index(engine)]
    return (
        f"The engine {engine} is not installed here: install it (pip install {engine}), or use "
        f"{other} with the environment variable KERAS_BACKEND={other}."
    )


def _refuse(message: str) -> NoReturn:
    click.echo(f"Error: {' '.join(message.split())}", err=True)
    sys.exit(REFUSED)


@click.group("ganlib", cls=CommandLine, invoke_without_command=True)
@click.version_option(__version__, prog_name="ganlib")
@click.pass_context
def command_line(context: click.Context) -> None:
    """Generative adversarial networks that speak.

    \b
    Examples:
      ganlib data list
      ganlib data get fsdd
      ganlib train wavegan --data digits --out runs/first --minutes 5
      ganlib generate --run runs/first --out clips
      ganlib say "Please enter your number." --out hello.wav
    """
    # TensorFlow writes to stderr by itself; what goes wrong in Python is raised all the same.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if (engine := os.environ.get("KERAS_BACKEND")) and engine not in ENGINES:
        raise click.UsageError(
            f"The environment variable KERAS_BACKEND must be {' or '.join(ENGINES)}, not {engine!r}"
        )
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


COMMANDS = (align, data, diagnose, evaluate, generate, listening_test, models, say, scoreboard)
for command in (*COMMANDS, train):
    command_line.add_command(command)


def main() -> None:
    """Run the command line with the arguments of this process."""
    command_line(prog_name="ganlib")
