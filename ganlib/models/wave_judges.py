"""Discriminators of vocoders: several networks that hear one clip, each in its own way."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from ganlib.audio.spectra import ComplexSpectrogram

LAST = "channels_last"  # whatever keras.json says
SLOPE = 0.1


def period_judge(
    clip_samples: int, period: int, channels: Sequence[int] = (8, 16, 32, 64)
) -> keras.Model:
    """Build a discriminator that sees every `period`-th sample in a row.

    Args:
        clip_samples: of a clip.
        period: $p$; the clip becomes a picture of time / p rows and p columns, and every
            convolution stays within a column.
        channels: of the layers, each of stride 3 in time.

    Returns:
        A model from clips (batch, time, 1) to a list: the answers of all layers, and at its end the
        logits (batch, rows, period, 1).

    Example:
        >>> answers = period_judge(8192, 3, (4, 8)).output_shape
        >>> answers[-1]
        (None, 911, 3, 1)

    Reference: Kong, Kim and Bae (2020), HiFi-GAN, arXiv 2010.05646, section 2.3.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    rows = -(-clip_samples // period)
    x = layers.ZeroPadding1D((0, rows * period - clip_samples), data_format=LAST)(clip)
    x = layers.Reshape((rows, period, 1))(x)
    answers = []
    for place, width in enumerate(channels):
        stride = 3 if place < len(channels) - 1 else 1
        x = layers.Conv2D(width, (5, 1), (stride, 1), padding="same", data_format=LAST)(x)
        x = layers.LeakyReLU(SLOPE)(x)
        answers.append(x)
    answers.append(layers.Conv2D(1, (3, 1), padding="same", dtype="float32", data_format=LAST)(x))
    return keras.Model(clip, answers, name=f"period_{period}")


def resolution_judge(
    clip_samples: int, n_fft: int, channels: int = 16, layers_in_all: int = 4
) -> keras.Model:
    """Build a discriminator that sees real and imaginary part of an STFT.

    Args:
        clip_samples: of a clip.
        n_fft: frame length; frames come every quarter of it.
        channels: of the layers.
        layers_in_all: how many, each of stride 2 in frequency.

    Returns:
        A model from clips (batch, time, 1) to a list: the answers of all layers, and at its end the
        logits (batch, frames, rows, 1).

    Example:
        >>> resolution_judge(8192, 256, 4).output_shape[-1]
        (None, 129, 9, 1)

    Reference: Jang et al. (2021), UnivNet, arXiv 2106.07889, section 2.2; of complex spectra:
        Defossez et al. (2022), arXiv 2210.13438, section 3.4.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    x = ComplexSpectrogram(n_fft, n_fft // 4)(clip)
    answers = []
    for place in range(layers_in_all):
        kernel = (3, 5 if place else 9)
        x = layers.Conv2D(channels, kernel, (1, 2), padding="same", data_format=LAST)(x)
        x = layers.LeakyReLU(SLOPE)(x)
        answers.append(x)
    answers.append(layers.Conv2D(1, 3, padding="same", dtype="float32", data_format=LAST)(x))
    return keras.Model(clip, answers, name=f"resolution_{n_fft}")


def wave_judges(
    clip_samples: int,
    periods: Sequence[int] = (2, 3, 5, 7),
    resolutions: Sequence[int] = (128, 512),
    channels: int = 12,
) -> keras.Model:
    """Build one discriminator of several: a list of their lists of answers, logits last.

    Example:
        >>> judges = wave_judges(8192, periods=(2,), resolutions=(256,), channels=4)
        >>> [len(answers) for answers in judges(keras.ops.zeros((1, 8192, 1)))]
        [5, 5]
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    judges = [period_judge(clip_samples, period, (8, 16, 32, 64)) for period in periods]
    judges += [resolution_judge(clip_samples, n_fft, channels) for n_fft in resolutions]
    return keras.Model(clip, [judge(clip) for judge in judges], name="wave_judges")
