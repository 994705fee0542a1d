"""From samples to frequencies and back, on keras.ops, with gradients on every engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal
from keras import ops

from ganlib.errors import OptionError

Tensor = Any  # a tensor of the engine in use, or a NumPy array


def stft(
    audio: Tensor,
    n_fft: int,
    hop_length: int,
    window: str = "hann",
    center: bool = True,
    pad_mode: str = "constant",
) -> tuple[Tensor, Tensor]:
    """Return the short-time Fourier transform: the spectrum of one windowed frame after another.

    $X_{m,k} = \\sum_{n=0}^{N-1} w_n\\,x_{mH+n}\\,e^{-2\\pi jkn/N}$ with $N$ = `n_fft` and
    $H$ = `hop_length`.

    Args:
        audio: shape `(batch, time)` or `(batch, time, 1)`.
        n_fft: frame length in samples.
        hop_length: samples from one frame to the next.
        window: a window that SciPy knows by name; its periodic form is used.
        center: True puts frame m around sample m * hop_length, which takes n_fft // 2 extra samples
            at either end; False drops what does not fill a last frame.
        pad_mode: the extra samples: "constant" (zeros, as librosa since 0.10) or "reflect".

    Returns:
        Real and imaginary part, float32, each `(batch, frames, n_fft // 2 + 1)`, with frames =
        1 + time // hop_length if centred (even `n_fft`), or 1 + (time - n_fft) // hop_length.

    Raises:
        OptionError: if the audio has another shape or is too short.

    Example:
        >>> real, imaginary = stft(np.ones((2, 1000), "float32"), n_fft=256, hop_length=100)
        >>> tuple(real.shape), round(float(real[0, 5, 0]), 3)  # the sum of the window
        ((2, 11, 129), 128.0)

    Reference: J. Allen & L. Rabiner (1977), A unified approach to short-time Fourier analysis and
        synthesis, Proc. IEEE 65(11).
    """
    audio = as_batch_of_mono(audio)
    half = n_fft // 2
    time, needed = audio.shape[1], n_fft
    if center:
        needed = half + 1 if pad_mode == "reflect" else 1
    if time is not None and time < needed:
        raise OptionError(f"expected at least {needed} samples for n_fft={n_fft}, got {time}")
    if center:
        audio = ops.pad(audio, [(0, 0), (half, half)], mode=pad_mode)
    return ops.stft(audio, n_fft, hop_length, n_fft, window=_window(window, n_fft), center=False)


def inverse_stft(
    real: Tensor,
    imaginary: Tensor,
    n_fft: int,
    hop_length: int,
    window: str = "hann",
    center: bool = True,
    length: int | None = None,
) -> Tensor:
    """Return the audio whose STFT is nearest to the given one; of a true STFT, the exact inverse.

    $x_n = \\sum_m w_{n-mH}\\,y_{m,n-mH} / \\sum_m w_{n-mH}^2$ with $y_m$ the inverse transform of
    frame m: the least-squares answer, which is why the window appears twice.

    Args:
        real: shape `(batch, frames, n_fft // 2 + 1)`.
        imaginary: same shape.
        n_fft: frame length in samples.
        hop_length: samples from one frame to the next.
        window: the window of the STFT.
        center: as in the STFT.
        length: wanted number of samples; None gives what whole hops give, up to hop_length - 1
            fewer than went in.

    Returns:
        float32, shape `(batch, time)`. With `center=False` the outermost samples, which the
        window multiplied by almost nothing, are zero.

    Raises:
        OptionError: if the hop is so long that some samples lie under no part of a window.

    Example:
        >>> audio = np.sin(np.arange(1000, dtype="float32"))[None]
        >>> again = inverse_stft(*stft(audio, 256, 64), 256, 64, length=1000)
        >>> bool(np.abs(np.asarray(again) - audio).max() < 1e-5)
        True

    Reference: D. Griffin & J. Lim (1984), Signal estimation from modified short-time Fourier
        transform, IEEE Trans. ASSP 32(2), equation 6.

    Differs: keras.ops.istft divides by the sum of *all* windows, also near the ends where some are
    missing, and loses up to half a frame there.
    """
    shape = _window(window, n_fft)
    _check_every_sample_is_seen(shape, hop_length)
    frames = ops.irfft((real, imaginary), n_fft) * shape
    weights = ops.ones_like(frames[:1, :, :1]) * shape**2
    total = overlap_add(weights, hop_length)
    audio = overlap_add(frames, hop_length) / ops.maximum(total, 1e-8)
    audio = ops.where(total > 1e-8, audio, 0.0)
    half = n_fft // 2 if center else 0
    if length is None:
        return audio[:, half : ops.shape(audio)[1] - half]
    known = audio.shape[1]  # None inside a graph that knows no length
    missing = length if known is None else max(0, length - (known - half))
    return ops.pad(audio, [(0, 0), (0, missing)])[:, half : half + length]


def overlap_add(frames: Tensor, hop_length: int) -> Tensor:
    """Add frames into one signal, each `hop_length` samples after the one before.

    Blocks of one hop are summed by shifting, so that no scatter is needed on any engine.

    Args:
        frames: shape `(batch, frames, frame_length)`.
        hop_length: in samples.

    Returns:
        Shape `(batch, hop_length * (frames - 1) + frame_length)`.

    Example:
        >>> np.asarray(overlap_add(np.ones((1, 3, 4), "float32"), 2)).tolist()
        [[1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0]]
    """
    _, count, frame_length = ops.shape(frames)
    blocks = -(-frame_length // hop_length)
    frames = ops.pad(frames, [(0, 0), (0, 0), (0, blocks * hop_length - frame_length)])
    total = 0.0
    for block in range(blocks):
        part = frames[:, :, block * hop_length : (block + 1) * hop_length]
        total = total + ops.pad(part, [(0, 0), (block, blocks - 1 - block), (0, 0)])
    audio = ops.reshape(total, (-1, (count + blocks - 1) * hop_length))
    return audio[:, : hop_length * (count - 1) + frame_length]


def magnitude(real: Tensor, imaginary: Tensor, epsilon: float = 1e-14) -> Tensor:
    """Return $\\sqrt{a^2 + b^2 + \\epsilon}$; epsilon keeps the gradient finite in silence.

    Args:
        real: $a$, any shape.
        imaginary: $b$, same shape.
        epsilon: positive; its root, 1e-7 by default, is the smallest answer.

    Returns:
        Same shape, at least $\\sqrt\\epsilon$.

    Example:
        >>> np.asarray(magnitude(np.array([3.0, 0.0]), np.array([4.0, 0.0]))).round(4).tolist()
        [5.0, 0.0]
    """
    return ops.sqrt(ops.square(real) + ops.square(imaginary) + epsilon)


def amplitude_to_db(
    amplitude: Tensor, reference: float = 1.0, floor: float = 1e-5, top_db: float | None = None
) -> Tensor:
    """Return decibels, $20 \\log_{10}(\\max(|a|, \\text{floor}) / \\text{reference})$.

    Args:
        amplitude: any shape.
        reference: the amplitude that is called 0 dB, positive.
        floor: smallest amplitude that is told from silence, positive; 1e-5 is -100 dB.
        top_db: None, or how many dB below the largest value of the *whole* tensor to cut off. It
            ties the examples of a batch to each other: for pictures, not for training.

    Returns:
        Same shape, in dB.

    Example:
        >>> [round(float(level), 2) for level in amplitude_to_db(np.array([1.0, 0.5, 0.0]))]
        [0.0, -6.02, -100.0]

    Differs: `top_db` is None by default; librosa.amplitude_to_db cuts at 80.
    """
    level_db = 20.0 * ops.log10(ops.maximum(ops.abs(amplitude), floor))
    level_db = level_db - 20.0 * float(np.log10(max(reference, floor)))
    if top_db is None:
        return level_db
    return ops.maximum(level_db, ops.max(level_db) - top_db)


def db_to_amplitude(level_db: Tensor, reference: float = 1.0) -> Tensor:
    """Return amplitudes, $\\text{reference} \\cdot 10^{L/20}$, the inverse of `amplitude_to_db`.

    Args:
        level_db: $L$, any shape, in dB.
        reference: the amplitude that is called 0 dB.

    Returns:
        Same shape, positive.

    Example:
        >>> [round(float(level), 3) for level in db_to_amplitude(np.array([0.0, -20.0, -6.0206]))]
        [1.0, 0.1, 0.5]
    """
    return reference * ops.power(10.0, ops.convert_to_tensor(level_db) / 20.0)


def as_batch_of_mono(audio: Tensor) -> Tensor:
    """Return audio as a float32 tensor `(batch, time)`, or say what shape is wrong."""
    audio = ops.cast(audio, "float32")
    if len(audio.shape) == 3 and audio.shape[-1] == 1:
        return ops.squeeze(audio, -1)
    if len(audio.shape) != 2:
        raise OptionError(
            f"expected audio of shape (batch, time) or (batch, time, 1), got {tuple(audio.shape)}; "
            "write audio[None] for a single clip, and mix channels down first"
        )
    return audio


def _window(name: str, n_fft: int) -> np.ndarray:
    try:
        return scipy.signal.get_window(name, n_fft, fftbins=True).astype(np.float32)
    except ValueError as error:
        raise OptionError(f"unknown window {name!r}; expected 'hann' or another name") from error


def _check_every_sample_is_seen(window: np.ndarray, hop_length: int) -> None:
    blocks = np.pad(window**2, (0, -len(window) % hop_length)).reshape(-1, hop_length)
    if blocks.sum(axis=0).min() < 1e-3:
        raise OptionError(
            f"hop_length={hop_length} is too long to invert frames of {len(window)} samples: some "
            f"lie under no window; expected at most {len(window) // 2}"
        )
