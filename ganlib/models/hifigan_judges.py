"""HiFi-GAN's discriminators: by period, in pictures of columns, and by scale, ever more blurred."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganlib.layers import GroupedConv1D, SpectralNormalization
from ganlib.models.hifigan import LAST, SLOPE, weight_normed

PERIODS = (2, 3, 5, 7, 11)
SHARES = (32, 8, 2, 1, 1)  # of the widest layer, that the layers of a period judge have
# (share of the widest layer, kernel, stride, groups) of the layers of a scale judge
SCALE_LAYERS = (
    (8, 15, 1, 1),
    (8, 41, 2, 4),
    (4, 41, 2, 16),
    (2, 41, 4, 16),
    (1, 41, 4, 16),
    (1, 41, 1, 16),
    (1, 5, 1, 1),
)


def hifigan_period_judge(clip_samples: int, period: int, width: int = 1024) -> keras.Model:
    """Build a discriminator that sees every `period`-th sample in a row.

    Args:
        clip_samples: of a clip.
        period: $p$; the clip becomes a picture of time / p rows and p columns. A length that p
            does not divide is filled up by reflection, one that it divides is left as it is.
        width: channels of the widest layers, a multiple of 32; the paper's has 1024.

    Returns:
        A model from clips (batch, time, 1) to a list: the answers of five layers, and at its end
        the logits (batch, rows, period, 1).

    Example:
        >>> hifigan_period_judge(8192, 2).count_params()  # 8,218,433 and a length a channel
        8221154

    Reference: Kong, Kim and Bae (2020), HiFi-GAN, arXiv 2010.05646, section 2.3.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    missing = -clip_samples % period
    x = clip if not missing else ops.pad(clip, [(0, 0), (0, missing), (0, 0)], mode="reflect")
    x = layers.Reshape(((clip_samples + missing) // period, period, 1))(x)
    answers = []
    for place, share in enumerate(SHARES):
        stride = 3 if place < len(SHARES) - 1 else 1
        x = layers.ZeroPadding2D((2, 0), data_format=LAST)(x)
        layer = layers.Conv2D(width // share, (5, 1), (stride, 1), data_format=LAST)
        x = layers.LeakyReLU(SLOPE)(weight_normed(layer, f"layer_{place}")(x))
        answers.append(x)
    last = layers.Conv2D(1, (3, 1), padding="same", dtype="float32", data_format=LAST)
    answers.append(weight_normed(last, "logits")(x))
    return keras.Model(clip, answers, name=f"period_{period}")


def hifigan_scale_judge(
    clip_samples: int,
    width: int = 1024,
    spectral: bool = False,
    method: str = "ordinary",
    name: str = "scale",
) -> keras.Model:
    """Build a discriminator that hears the clip itself, or a blurred one.

    Args:
        clip_samples: of a clip.
        width: channels of the widest layers, a multiple of 8; the paper's has 1024. Narrow layers
            have fewer groups.
        spectral: normalise spectrally, as the paper does for the clip itself, instead of by weight.
        method: of the grouped convolutions, see `ganlib.layers.GroupedConv1D`.
        name: of the model.

    Returns:
        A model from clips (batch, time, 1) to a list: the answers of seven layers, and at its end
        the logits (batch, time / 64, 1).

    Example:
        >>> answers = hifigan_scale_judge(8192, width=32).output_shape
        >>> len(answers), answers[-1]
        (8, (None, 128, 1))

    Reference: Kong, Kim and Bae (2020), HiFi-GAN, arXiv 2010.05646, section 2.3; Kumar et al.
        (2019), MelGAN, arXiv 1910.06711, section 2.2.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    x, answers, channels = clip, [], 1
    for place, (share, kernel, stride, groups) in enumerate(SCALE_LAYERS):
        groups = math.gcd(groups, channels, width // share)
        layer = grouped(width // share, kernel, stride, groups, method)
        x = layers.ZeroPadding1D(kernel // 2, data_format=LAST)(x)
        x = layers.LeakyReLU(SLOPE)(_normed(layer, f"layer_{place}", spectral)(x))
        answers.append(x)
        channels = width // share
    last = layers.Conv1D(1, 3, padding="same", dtype="float32", data_format=LAST)
    answers.append(_normed(last, "logits", spectral)(x))
    return keras.Model(clip, answers, name=name)


def grouped(width: int, kernel: int, stride: int, groups: int, method: str) -> Any:
    """A convolution without padding, in groups where there are several.

    Example:
        >>> grouped(8, 5, 2, 1, "ordinary").__class__.__name__
        'Conv1D'
    """
    if groups == 1:
        return layers.Conv1D(width, kernel, stride, data_format=LAST)
    return GroupedConv1D(width, kernel, stride, groups, method)


def _normed(layer: keras.layers.Layer, name: str, spectral: bool) -> keras.layers.Layer:
    return SpectralNormalization(layer, name=name) if spectral else weight_normed(layer, name)


def hifigan_judges(
    clip_samples: int,
    periods: Sequence[int] = PERIODS,
    scales: int = 3,
    width: int = 1024,
    method: str = "ordinary",
) -> keras.Model:
    """Build one discriminator of several: a list of their lists of answers, logits last.

    Scale judge number k hears means of $2^k$ samples and their neighbours: each blur averages four
    samples, zeros at the ends included, and keeps every second.

    Args:
        clip_samples: of a clip.
        periods: a judge each.
        scales: as many judges of the clip, each but the first of the one before it blurred.
        width: channels of the widest layers; at the paper's 1024 they have 70.7 million parameters.
        method: of the grouped convolutions.

    Example:
        >>> judges = hifigan_judges(8192, periods=(2, 3), scales=2, width=32)
        >>> [len(answers) for answers in judges(keras.ops.zeros((1, 8192, 1)))]
        [6, 6, 8, 8]

    Reference: Kong, Kim and Bae (2020), HiFi-GAN, arXiv 2010.05646, section 2.3.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    answers = [hifigan_period_judge(clip_samples, period, width)(clip) for period in periods]
    x = clip
    for scale in range(scales):
        if scale:
            x = layers.ZeroPadding1D(2, data_format=LAST)(x)
            x = layers.AveragePooling1D(4, 2, data_format=LAST)(x)
        first, name = scale == 0, f"scale_{scale}"
        answers.append(hifigan_scale_judge(x.shape[1], width, first, method, name)(x))
    return keras.Model(clip, answers, name="hifigan_judges")
