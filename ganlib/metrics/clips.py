"""What every metric of sound checks before it computes: mono clips, finite, and in pairs."""

import importlib
from typing import Any

import numpy as np

from ganlib.errors import OptionError

LARGEST = 1e30  # of a sample; the packages compute with float32, and square


def checked_clips(clips: np.ndarray, name: str, at_least: int = 1) -> np.ndarray:
    """Mono clips as float64 (clips, time).

    Raises:
        OptionError: for another shape, clips too short, or values that are not finite.

    Example:
        >>> checked_clips(np.zeros((2, 100, 1), "float32"), "clips").shape
        (2, 100)
    """
    clips = np.asarray(clips)
    if clips.ndim == 3 and clips.shape[2] == 1:
        clips = clips[..., 0]
    if clips.ndim != 2 or clips.dtype.kind != "f" or not len(clips) or clips.shape[1] < at_least:
        raise OptionError(
            f"{name} must be floating point of shape (clips, time), with at least {at_least} "
            f"samples a clip, not {clips.dtype} of shape {clips.shape}; write clip[None] for one."
        )
    if wrong := int((~(np.abs(clips) < LARGEST)).any(axis=1).sum()):
        raise OptionError(
            f"{name} must be finite, but {wrong} of {len(clips)} hold a NaN, an infinity or a "
            f"number beyond {LARGEST:g}; leave those out, or mend the model that made them."
        )
    return clips.astype("float64")


def checked_rate(sample_rate: float) -> int:
    """A sample rate in Hz.

    Raises:
        OptionError: if it is no whole number from 1,000 to 768,000, where the rates of sound lie.

    Example:
        >>> checked_rate(16000.0)
        16000
    """
    try:
        rate = int(sample_rate)
    except (TypeError, ValueError, OverflowError):  # a word, NaN, an infinity
        rate = 0
    if not 1000 <= rate <= 768_000 or rate != float(sample_rate):
        raise OptionError(
            "sample_rate must be a whole number of Hz from 1,000 to 768,000, such as 16000, not "
            f"{sample_rate!r}."
        )
    return rate


def checked_clip_pair(
    reference: np.ndarray, estimate: np.ndarray, at_least: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of mono clips of one shape, see `checked_clips`.

    Raises:
        OptionError: if the shapes differ, or as for `checked_clips`.

    Example:
        >>> reference, estimate = checked_clip_pair(np.zeros((2, 9)), np.ones((2, 9, 1)))
        >>> estimate.shape
        (2, 9)
    """
    reference = checked_clips(reference, "reference", at_least)
    estimate = checked_clips(estimate, "estimate", at_least)
    if reference.shape != estimate.shape:
        raise OptionError(
            "reference and estimate must have the same shape (clips, time), not "
            f"{reference.shape} and {estimate.shape}; cut both to the shorter one."
        )
    return reference, estimate


def optional_package(package: str, also: str = "") -> Any:
    """A package of the extra `eval`, which not everybody has.

    Args:
        package: its name for `import`, with a dot for a module inside it.
        also: what pip must install beside it, where its wheel does not say so.

    Raises:
        OptionError: if it is not installed.

    Example:
        >>> optional_package("math").sqrt(4.0)
        2.0
    """
    name = package.partition(".")[0]
    try:
        return importlib.import_module(package)
    except ImportError:
        raise OptionError(
            f"This score needs the package {name}: pip install {f'{name} {also}'.strip()}, or pip "
            "install 'ganlib[eval]' for all of its kind (pesq compiles itself: have a C compiler)."
        ) from None
