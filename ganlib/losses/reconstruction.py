"""How far a clip is from the recording that it should be, as spectra hear it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.fourier import magnitude, stft
from ganlib.audio.mel import log_mel

RESOLUTIONS = (128, 256, 512, 1024)


def stft_distance(
    real: Any, fake: Any, resolutions: Sequence[int] = RESOLUTIONS, floor: float = 1e-3
) -> Any:
    """Mean over several resolutions of spectral convergence plus log-magnitude distance.

    $\\frac{\\lVert |X| - |Y| \\rVert_F}{\\lVert |X| \\rVert_F} + \\mathrm{mean}\\,\\bigl| \\ln
    \\max(|X|, \\epsilon) - \\ln \\max(|Y|, \\epsilon) \\bigr|$

    Args:
        real: recordings (batch, time, 1).
        fake: the same shape.
        resolutions: frame lengths in samples; frames come every quarter of it.
        floor: $\\epsilon$, the smallest magnitude that is told from silence.

    Returns:
        A scalar of at least 0.

    Example:
        >>> import numpy as np
        >>> clips = np.sin(np.arange(2048.0)).reshape(1, 2048, 1)
        >>> [round(float(stft_distance(clips, gain * clips)), 1) for gain in (1.0, 0.5)]
        [0.0, 0.8]

    Reference: Yamamoto, Song and Kim (2020), Parallel WaveGAN, arXiv 1910.11480, equations 4 to 6.
    """
    total = 0.0
    for n_fft in resolutions:
        x = magnitude(*stft(real, n_fft, n_fft // 4))
        y = magnitude(*stft(fake, n_fft, n_fft // 4))
        gap = ops.sqrt(ops.sum(ops.square(x - y)) + 1e-12)
        convergence = gap / ops.sqrt(ops.sum(ops.square(x)) + 1e-6)
        logs = [ops.log(ops.maximum(part, floor)) for part in (x, y)]
        total = total + convergence + ops.mean(ops.abs(logs[0] - logs[1]))
    return total / len(resolutions)


def mel_distance(real: Any, fake: Any, audio_format: AudioFormat, floor: float = 1e-5) -> Any:
    """Mean absolute difference of log-mel frames.

    $\\mathrm{mean}\\,\\bigl| \\ln \\max(|X| B, \\epsilon) - \\ln \\max(|Y| B, \\epsilon) \\bigr|$

    Args:
        real: recordings (batch, time, 1).
        fake: the same shape.
        audio_format: of the frames. It may hear higher than the frames that a vocoder reads
            (`fmax_hz`), so that the vocoder has to guess what these leave out.
        floor: $\\epsilon$, the smallest mel magnitude that is told from silence.

    Returns:
        A scalar of at least 0: 1 is a factor of e, or 8.7 dB.

    Example:
        >>> import numpy as np
        >>> clips = np.random.default_rng(0).normal(size=(1, 2048, 1))
        >>> pairs = [(clips, gain * clips, AudioFormat()) for gain in (1.0, 0.5)]
        >>> [round(float(mel_distance(*pair)), 2) for pair in pairs]
        [0.0, 0.69]

    Reference: Kong, Kim and Bae (2020), HiFi-GAN, arXiv 2010.05646, equation 3.
    """
    return ops.mean(
        ops.abs(log_mel(real, audio_format, floor) - log_mel(fake, audio_format, floor))
    )


def feature_distance(real_answers: Sequence, fake_answers: Sequence, relative: bool = True) -> Any:
    """Mean absolute difference between what layers answer to two clips, in units of their size.

    $\\frac{1}{L}\\sum_l \\frac{\\mathrm{mean}\\,|f_l(x) - f_l(y)|}{\\mathrm{mean}\\,|f_l(x)|}$

    Args:
        real_answers: of the layers of a discriminator; constants for the gradient.
        fake_answers: the same layers, of the other clip.
        relative: false for the papers' $\\sum_l \\mathrm{mean}\\,|f_l(x) - f_l(y)|$ instead.

    Example:
        >>> import numpy as np
        >>> answers = [np.full((1, 2), 2.0)], [np.full((1, 2), 3.0)]
        >>> round(float(feature_distance(*answers)), 3)
        0.5

    Reference: Larsen et al. (2016), arXiv 1512.09300, equation 7; for vocoders: Kumar et al.
        (2019), MelGAN, arXiv 1910.06711, equation 4.
    Differs: each layer is divided by its own size, unless `relative` is false, so that none
        outweighs the others.
    """
    total = 0.0
    for real, fake in zip(real_answers, fake_answers, strict=True):
        real = ops.stop_gradient(real)
        size = ops.mean(ops.abs(real)) + 1e-6 if relative else 1.0
        total = total + ops.mean(ops.abs(real - fake)) / size
    return total / len(real_answers) if relative else total
