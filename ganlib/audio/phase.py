"""Phase from magnitude: find sound whose spectrogram is the one we have."""

from __future__ import annotations

import numpy as np
from keras import ops

from ganlib.audio.fourier import Tensor, inverse_stft, magnitude, stft
from ganlib.errors import OptionError


def griffin_lim(
    magnitudes: Tensor,
    n_fft: int,
    hop_length: int,
    iterations: int = 32,
    momentum: float = 0.99,
    seed: int = 0,
    length: int | None = None,
) -> Tensor:
    """Return audio whose magnitude spectrogram comes close to the given one (fast Griffin-Lim).

    $t_n = G(S \\cdot c_{n-1}/|c_{n-1}|)$, $c_n = t_n + \\alpha (t_n - t_{n-1})$, where $G$ is the
    inverse STFT followed by the STFT. A magnitude with any phase is rarely the STFT of a signal: G
    finds the nearest signal and takes its phase, and $\\alpha$ steps further in that direction.

    Args:
        magnitudes: $S$, shape `(batch, frames, n_fft // 2 + 1)`, at least 0; Hann window, centred.
        n_fft: frame length in samples.
        hop_length: samples from one frame to the next; a quarter of `n_fft` works well.
        iterations: at least 0.
        momentum: $\\alpha$ in the equation; 0 is the algorithm of 1984.
        seed: of the random phase to start from. Every example of the batch starts from the same
            one, so that its sound does not depend on its neighbours.
        length: wanted number of samples; None means hop_length * (frames - 1).

    Returns:
        float32, shape `(batch, time)`.

    Raises:
        OptionError: if the shape does not fit `n_fft`, the hop is too long, or `iterations` or
            `momentum` is negative.

    Example:
        >>> from ganlib.audio.signals import tone
        >>> target = magnitude(*stft(tone(500.0, 0.2, 8000)[None], 256, 64))
        >>> audio = griffin_lim(target, n_fft=256, hop_length=64)
        >>> bool(spectral_convergence(target, audio, 256, 64)[0] < 0.1)
        True

    Reference: N. Perraudin, P. Balazs & P. Sondergaard (2013), A fast Griffin-Lim algorithm,
        WASPAA, algorithm 2; D. Griffin & J. Lim (1984), IEEE Trans. ASSP 32(2).
    """
    target = ops.cast(magnitudes, "float32")
    _check(target.shape, n_fft, iterations, momentum)
    frames, bins = target.shape[1:]
    turns = np.random.default_rng(seed).random((bins, frames)).T  # librosa's order of drawing
    real = target * np.cos(2 * np.pi * turns).astype(np.float32)
    imaginary = target * np.sin(2 * np.pi * turns).astype(np.float32)
    last_real, last_imaginary = 0.0, 0.0
    for _ in range(iterations):
        audio = inverse_stft(real, imaginary, n_fft, hop_length, length=length)
        new_real, new_imaginary = _fit_frames(stft(audio, n_fft, hop_length), frames)
        # Only the phase of c counts, so the common factor 1 + momentum drops out.
        real = new_real - momentum / (1.0 + momentum) * last_real
        imaginary = new_imaginary - momentum / (1.0 + momentum) * last_imaginary
        last_real, last_imaginary = new_real, new_imaginary
        scale = target / ops.maximum(magnitude(real, imaginary, epsilon=0.0), 1e-16)
        real, imaginary = real * scale, imaginary * scale
    return inverse_stft(real, imaginary, n_fft, hop_length, length=length)


def spectral_convergence(
    magnitudes: Tensor, audio: Tensor, n_fft: int, hop_length: int
) -> np.ndarray:
    """Return how far audio misses a spectrogram: $\\lVert S - |X| \\rVert / \\lVert S \\rVert$.

    Args:
        magnitudes: $S$, shape `(batch, frames, n_fft // 2 + 1)`.
        audio: shape `(batch, time)`; $X$ is its STFT.
        n_fft: frame length in samples.
        hop_length: samples from one frame to the next.

    Returns:
        Shape `(batch,)`, 0 for a perfect match, 1 for silence.

    Example:
        >>> audio = np.ones((1, 1000), "float32")
        >>> target = magnitude(*stft(audio, 256, 64))
        >>> spectral_convergence(target, 0 * audio, 256, 64).round(3).tolist()
        [1.0]

    Reference: N. Sturmel & L. Daudet (2011), Signal reconstruction from STFT magnitude: a state of
        the art, DAFx-11.
    """
    target = ops.convert_to_numpy(magnitudes)
    real, imaginary = _fit_frames(stft(audio, n_fft, hop_length), target.shape[1])
    missed = target - ops.convert_to_numpy(magnitude(real, imaginary))
    return np.linalg.norm(missed, axis=(1, 2)) / np.linalg.norm(target, axis=(1, 2))


def _fit_frames(parts: tuple[Tensor, Tensor], frames: int) -> list[Tensor]:
    missing = max(0, frames - parts[0].shape[1])
    return [ops.pad(part, [(0, 0), (0, missing), (0, 0)])[:, :frames] for part in parts]


def _check(shape: tuple[int, ...], n_fft: int, iterations: int, momentum: float) -> None:
    if len(shape) != 3 or shape[2] != n_fft // 2 + 1:
        raise OptionError(
            f"expected magnitudes of shape (batch, frames, {n_fft // 2 + 1}) for n_fft={n_fft}, "
            f"got {tuple(shape)}"
        )
    if iterations < 0 or momentum < 0:
        raise OptionError(
            f"iterations and momentum must be at least 0, got {iterations} and {momentum}"
        )
