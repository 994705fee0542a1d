"""Errors that a user can act on: each says what was expected, what came, and what to do."""

import difflib
import re
from collections.abc import Sequence


class GanlibError(ValueError):
    """The root of all errors raised on purpose; the command line prints its message alone."""


class GanlibWarning(UserWarning):
    """What a user should know though nothing went wrong; the command line prints it as a note.

    Example:
        >>> issubclass(GanlibWarning, UserWarning)
        True
    """


class AudioFileError(GanlibError):
    """A sound file that cannot be used, and why."""

    def __init__(self, path, reason: str):
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason

    def __reduce__(self):
        return type(self), (self.path, self.reason)


class DataError(GanlibError):
    """A data set or a folder that cannot be used."""


class OptionError(GanlibError):
    """An unknown option or an impossible value."""


class AlignmentError(GanlibError):
    """A recording and a text that do not fit together, and why."""


class RunError(GanlibError):
    """A run folder that cannot be created, resumed or read."""


class InUseError(RunError):
    """A folder that another process is working in."""


class WeightsError(GanlibError):
    """Weights that are missing, damaged or made for another model."""


def reason(error: Exception) -> str:
    """What an error says, in one line, without the frame that Keras puts around a layer's error.

    Example:
        >>> framed = ["Exception encountered when calling A.call().", "the shapes differ",
        ...           "Arguments received by A.call(): ..."]
        >>> reason(ValueError("\\n\\n".join(framed)))
        'the shapes differ'
    """
    text = re.sub(r"\x1b\[\d*m", "", str(error))
    text = re.sub(r"^Exception encountered when calling .*?\.\n\n", "", text)
    text = text.partition("\n\nArguments received by")[0].strip()
    return text.splitlines()[0] if text else type(error).__name__


def is_out_of_memory(error: Exception) -> bool:
    """Whether Python, TensorFlow or JAX could not get the memory that a model needs.

    Example:
        >>> is_out_of_memory(MemoryError())
        True
    """
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "ResourceExhaustedError"
        or "RESOURCE_EXHAUSTED" in str(error)
    )


def some_of(names: Sequence[str], near: str = "", most: int = 12) -> str:
    """The names for a message: all where they are few, else some, the nearest first.

    Args:
        names: what there is.
        near: what was asked for.
        most: how many a reader is shown, at least 1.

    Example:
        >>> some_of(("no", "yes"))
        'no, yes'
        >>> some_of([f"word{i}" for i in range(5000)], "wrd4711", most=3)
        'word4711, word711, word471 and 4,997 more'
    """
    if len(names) <= most:
        return ", ".join(names)
    shown = difflib.get_close_matches(near, names, n=most)
    shown += [name for name in names[: 2 * most] if name not in shown][: most - len(shown)]
    return f"{', '.join(shown)} and {len(names) - most:,} more"
