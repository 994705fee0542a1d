"""Generative adversarial networks that speak, written to be read.

Reading order, from the sound to the trained network:

    ganlib.audio      sound itself: files, spectrograms, phase, test signals
    ganlib.text       text to what is spoken: words, phones, pauses
    ganlib.alignment  when each phone of a recording is said
    ganlib.data       where sound comes from: catalogue, download, clips, streams
    ganlib.layers     one idea a file: upsampling, phase shuffle, normalisation, conditioning
    ganlib.losses     pure functions: adversarial losses, penalties, distances of spectra
    ganlib.models     one paper a file: functions that return a keras.Model
    ganlib.training   the adversarial update, recipes, run folders, exact resume
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

Example:
    >>> import ganlib
    >>> ganlib.errors.DataError.__name__
    'DataError'
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

ROOMS = (
    "alignment",
    "audio",
    "classroom",
    "cli",
    "clinic",
    "data",
    "errors",
    "evaluation",
    "layers",
    "listen",
    "listening",
    "losses",
    "metrics",
    "models",
    "plots",
    "pretrained",
    "text",
    "training",
)
__all__ = ["ROOMS", "__version__"]


def __getattr__(name: str) -> ModuleType:
    if name in ROOMS:
        return import_module(f"ganlib.{name}")
    rooms = ", ".join(ROOMS)
    raise AttributeError(f"module 'ganlib' has no attribute {name!r}; its rooms are {rooms}")


def __dir__() -> list[str]:
    return sorted({*globals(), *ROOMS})
