"""From one sample rate to another, at once or in blocks, and to an exact length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Real

import numpy as np

from ganlib.errors import OptionError


def resample(samples: np.ndarray, from_hz: int, to_hz: int) -> np.ndarray:
    """Change the sample rate with a steep linear-phase filter (soxr, high quality).

    Args:
        samples: floating point, shape `(time,)` or `(time, channels)`.
        from_hz: present sample rate, positive.
        to_hz: wanted sample rate, positive.

    Returns:
        float32, `time * to_hz / from_hz` samples, rounded, at least one; may overshoot full scale.

    Raises:
        OptionError: if a rate is not positive, the samples have another shape or are not finite, or
            the answer would be larger than the memory.

    Example:
        >>> resample(np.zeros((441, 2), "float32"), 44100, 16000).shape
        (160, 2)
    """
    import soxr

    _check_rates(from_hz, to_hz)
    samples = _checked_sound(samples)
    if from_hz == to_hz or len(samples) == 0:
        return samples
    try:
        output = soxr.resample(samples, from_hz, to_hz, quality="HQ")
        if len(output) == 0:  # a few samples, much slower: soxr rounds them away
            longer = _pad(samples, 0, int(from_hz // to_hz) + 1)
            output = soxr.resample(longer, from_hz, to_hz, quality="HQ")[:1]
    except (MemoryError, OverflowError, RuntimeError, ValueError) as error:
        raise OptionError(
            f"cannot resample {samples.shape} samples from {from_hz!r} to {to_hz!r} Hz ({error}); "
            "the rates of sound lie between 1,000 and 768,000 Hz"
        ) from None
    return output


def resample_blocks(blocks: Iterable[np.ndarray], from_hz: int, to_hz: int) -> Iterator[np.ndarray]:
    """What `resample` gives for all blocks together, sample for sample, in constant memory.

    Args:
        blocks: float32, shape `(time, channels)`, one after another without gaps.
        from_hz: present sample rate, positive.
        to_hz: wanted sample rate, positive.

    Returns:
        Blocks at the new rate; their lengths differ from one to the next.

    Raises:
        OptionError: if a rate is not positive.

    Example:
        >>> blocks = [np.zeros((400, 1), "float32"), np.zeros((41, 1), "float32")]
        >>> sum(len(block) for block in resample_blocks(blocks, 44100, 16000))
        160
    """
    import soxr

    _check_rates(from_hz, to_hz)
    if from_hz == to_hz:
        yield from blocks
        return
    converter, first, given = None, np.zeros((0, 1), np.float32), 0
    for block in blocks:
        if converter is None:
            converter = soxr.ResampleStream(from_hz, to_hz, block.shape[1], "float32", "HQ")
            first = block
        output = converter.resample_chunk(block)
        given += len(output)
        yield output
    if converter is not None:
        last = converter.resample_chunk(first[:0], last=True)
        yield last if given + len(last) else resample(first, from_hz, to_hz)


def fit_length(samples: np.ndarray, length: int, align: str = "start") -> np.ndarray:
    """Crop or zero-pad along axis 0 to an exact length.

    Args:
        samples: shape `(time,)` or `(time, channels)`.
        length: wanted number of samples, at least 1.
        align: "start" keeps the beginning, "center" the middle.

    Raises:
        OptionError: if `length` is below 1 or `align` unknown.

    Example:
        >>> fit_length(np.array([1.0, 2.0]), 5, align="center").tolist()
        [0.0, 1.0, 2.0, 0.0, 0.0]
    """
    if length < 1:
        raise OptionError(f"length must be at least 1 sample, got {length}")
    if align not in ("start", "center"):
        raise OptionError(f"align must be 'start' or 'center', got {align!r}")
    samples = np.asarray(samples)
    excess = len(samples) - length
    before = abs(excess) // 2 if align == "center" else 0
    return samples[before:][:length] if excess >= 0 else _pad(samples, before, -excess - before)


def _checked_sound(samples: np.ndarray) -> np.ndarray:
    """As float32, once it is known to be what soxr takes: it asks nothing, and spreads a NaN."""
    samples = np.asarray(samples)
    if samples.ndim not in (1, 2) or samples.dtype.kind not in "fiu" or samples.shape[1:] == (0,):
        raise OptionError(
            "expected samples of shape (time,) or (time, channels), got "
            f"{samples.dtype} of shape {samples.shape}"
        )
    with np.errstate(over="ignore"):
        samples = samples.astype(np.float32, copy=False)
    if not np.isfinite(samples).all():
        raise OptionError("samples must be finite, and some are NaN or infinite; leave those out")
    return samples


def _check_rates(from_hz: int, to_hz: int) -> None:
    if not (isinstance(from_hz, Real) and isinstance(to_hz, Real) and from_hz > 0 and to_hz > 0):
        raise OptionError(f"sample rates must be positive, got {from_hz!r} and {to_hz!r} Hz")


def _pad(samples: np.ndarray, before: int, after: int) -> np.ndarray:
    return np.pad(samples, [(before, after)] + [(0, 0)] * (samples.ndim - 1))
