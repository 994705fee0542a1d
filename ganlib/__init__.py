"""Generative adversarial networks that speak, written to be read.

Reading order, from the sound to the trained network:

    ganlib.audio      sound itself: files, spectrograms, phase, test signals
    ganlib.data       where sound comes from: catalogue, download, clips, streams
    ganlib.layers     one idea a file: upsampling, phase shuffle, normalisation, conditioning
    ganlib.losses     pure functions: adversarial losses, penalties, distances of spectra
    ganlib.models     one paper a file: functions that return a keras.Model
    ganlib.training   the updates, recipes, run folders, exact resume
    ganlib.instruments  what a training leaves: a thing that makes sound, on disk and in memory
    ganlib.metrics    how good it is: NumPy in, NumPy out
    ganlib.evaluation a model against real recordings: a table with intervals, a page, a scoreboard
    ganlib.clinic     sick runs to hear, and the diagnosis of any run
    ganlib.listening  the listening test: a page for people, a table of what they said
    ganlib.pretrained the weights that ship with the library
    ganlib.plots      waveforms, spectrograms, training curves
    ganlib.listen     the audio player for notebooks
    ganlib.classroom  predictions, and the library's live source, for the chapters
    ganlib.cli        the command line: `ganlib --help`

A room is imported when it is first named, so that `import ganlib` alone costs next to nothing.
`ganlib.load` opens any trained instrument, by the name of weights that ship or by where it lies.

Example:
    >>> import ganlib
    >>> ganlib.errors.DataError.__name__
    'DataError'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from ganlib.instruments.loading import Instrument

__version__ = "0.1.0"

ROOMS = (
    "audio",
    "classroom",
    "cli",
    "clinic",
    "data",
    "errors",
    "evaluation",
    "instruments",
    "layers",
    "listen",
    "listening",
    "losses",
    "metrics",
    "models",
    "plots",
    "pretrained",
    "training",
)
__all__ = ["ROOMS", "__version__", "load"]


def load(name: str | Path) -> Instrument:
    """Any trained instrument, ready to make sound.

    Args:
        name: of weights that ship, such as "digits-fsdd"; or a path: `NAME.json`, the same without
            its ending, or the folder of a run.

    Returns:
        What the description there says, such as a `Synthesizer` or a `Vocoder`.

    Raises:
        WeightsError: if there is none, with the names that ship; or if its files are damaged.

    Example:
        >>> import ganlib
        >>> ganlib.load("digits-fsdd").generate(2, label="7")[0].shape
        (2, 8192, 1)
    """
    from ganlib.pretrained.finding import find

    return find(name)


def __getattr__(name: str) -> ModuleType:
    if name in ROOMS:
        return import_module(f"ganlib.{name}")
    rooms = ", ".join(ROOMS)
    raise AttributeError(f"module 'ganlib' has no attribute {name!r}; its rooms are {rooms}")


def __dir__() -> list[str]:
    return sorted({*globals(), *ROOMS})
