"""Errors that a user can act on: each says what was expected, what came, and what to do."""

import re


class GanlibError(ValueError):
    """The root of all errors raised on purpose; the command line prints its message alone."""


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
