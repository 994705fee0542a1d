"""MelGAN: the first vocoder that a GAN alone taught, and judges of three scales."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganlib.errors import OptionError
from ganlib.models.hifigan import LAST, upsampled, weight_normed
from ganlib.models.hifigan_judges import grouped

SLOPE = 0.2
RATES = (8, 8, 2, 2)
FARTHER = 3  # each residual block sees so many times as far as the one before
STRIDE = 4  # of the four layers in the middle of a judge
WIDEST = 64  # times the first layer, that a judge's layers become at most


def melgan_generator(
    n_mels: int,
    frames: int | None = None,
    width: int = 512,
    hop_length: int = 256,
    rates: Sequence[int] = RATES,
    blocks: int = 3,
    weight_normalization: bool = True,
) -> keras.Model:
    """Build the generator: transposed convolutions, and after each dilated residual blocks.

    Args:
        n_mels: bands of a frame.
        frames: of a clip, at least 4; None for any number.
        width: channels before the first upsampling; each upsampling halves them.
        hop_length: samples of a frame.
        rates: of the upsamplings, even; their product must be the hop.
        blocks: residual blocks after each upsampling, of dilations 1, 3, 9.
        weight_normalization: of every convolution, see `hifigan_generator`.

    Returns:
        A model from log-mel magnitudes (batch, frames, n_mels), natural logarithm, to clips
        (batch, frames * hop_length, 1) in [-1, 1].

    Raises:
        OptionError: if the rates make another number of samples of a frame.

    Example:
        >>> model = melgan_generator(80, weight_normalization=False)
        >>> model.count_params(), model.output_shape
        (4260257, (None, None, 1))

    Reference: Kumar et al. (2019), MelGAN: generative adversarial networks for conditional waveform
        synthesis, arXiv 1910.06711, section 2.1 and appendix A.
    Differs: reads natural logarithms, as our other vocoders, where the authors' have base 10.
    """
    if math.prod(rates) != hop_length:
        raise OptionError(
            f"MelGAN that upsamples by {' x '.join(map(str, rates))} makes {math.prod(rates)} "
            f"samples of a frame, not {hop_length}: --set hop_length={math.prod(rates)}"
        )
    normed = weight_normalization
    mel = keras.Input((frames, n_mels), name="log_mel")
    x = _convolution(_reflected(mel, 3), width, 7, "first", normed)
    for stage, rate in enumerate(rates):
        width //= 2
        x = layers.LeakyReLU(SLOPE)(x)
        x = upsampled(x, width, rate, f"up_{stage}", normed)
        for block in range(blocks):
            x = _residual_block(x, width, FARTHER**block, f"block_{stage}_{block}", normed)
    x = layers.LeakyReLU(SLOPE)(x)
    # Samples need more digits than bfloat16 has: under mixed precision this stays float32.
    x = _convolution(_reflected(x, 3), 1, 7, "last", normed, dtype="float32")
    clip = layers.Activation("tanh", dtype="float32", name="clip")(x)
    return keras.Model(mel, clip, name="melgan_generator")


def _residual_block(x: Any, width: int, dilation: int, name: str, normed: bool) -> Any:
    """A dilated convolution and one of single samples, beside another of single samples."""
    inside = _reflected(layers.LeakyReLU(SLOPE)(x), dilation)
    inside = _convolution(inside, width, 3, f"{name}_far", normed, dilation_rate=dilation)
    inside = layers.LeakyReLU(SLOPE)(inside)
    inside = _convolution(inside, width, 1, f"{name}_near", normed)
    return layers.Add()([_convolution(x, width, 1, f"{name}_past", normed), inside])


def _reflected(x: Any, count: int) -> Any:
    """Longer by `count` samples at either end, as a mirror there shows them."""
    return ops.pad(x, [(0, 0), (count, count), (0, 0)], mode="reflect")


def _convolution(x: Any, width: int, kernel: int, name: str, normed: bool, **options: Any) -> Any:
    return weight_normed(layers.Conv1D(width, kernel, data_format=LAST, **options), name, normed)(x)


def melgan_scale_judge(
    clip_samples: int, width: int = 16, method: str = "ordinary", name: str = "scale"
) -> keras.Model:
    """Build a discriminator that hears the clip itself, or a blurred one.

    Args:
        clip_samples: of a clip.
        width: channels of the first layer, a multiple of 4; the paper's has 16, and 1024 at most.
        method: of the grouped convolutions, see `ganlib.layers.GroupedConv1D`.
        name: of the model.

    Returns:
        A model from clips (batch, time, 1) to a list: the answers of six layers, and at its end the
        logits (batch, time / 256, 1).

    Example:
        >>> answers = melgan_scale_judge(8192, width=4).output_shape
        >>> len(answers), answers[-1]
        (7, (None, 32, 1))

    Reference: Kumar et al. (2019), MelGAN, arXiv 1910.06711, section 2.2 and appendix A.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    layer = layers.Conv1D(width, 15, data_format=LAST)
    x = layers.LeakyReLU(SLOPE)(weight_normed(layer, "layer_0")(_reflected(clip, 7)))
    answers, channels = [x], width
    for place in range(1, 5):
        groups, channels = channels // 4, min(STRIDE * channels, WIDEST * width)
        kernel = 10 * STRIDE + 1
        x = layers.ZeroPadding1D(kernel // 2, data_format=LAST)(x)
        layer = grouped(channels, kernel, STRIDE, groups, method)
        x = layers.LeakyReLU(SLOPE)(weight_normed(layer, f"layer_{place}")(x))
        answers.append(x)
    layer = layers.Conv1D(channels, 5, padding="same", data_format=LAST)
    x = layers.LeakyReLU(SLOPE)(weight_normed(layer, "layer_5")(x))
    last = layers.Conv1D(1, 3, padding="same", dtype="float32", data_format=LAST)
    answers += [x, weight_normed(last, "logits")(x)]
    return keras.Model(clip, answers, name=name)


def melgan_judges(
    clip_samples: int, width: int = 16, scales: int = 3, method: str = "ordinary"
) -> keras.Model:
    """Build one discriminator of several: a list of their lists of answers, logits last.

    Args:
        clip_samples: of a clip.
        width: channels of the first layers, a multiple of 4; the paper's 16.9 million parameters
            come with 16.
        scales: as many judges, each but the first of the clip of the one before it, averaged over
            four samples (fewer at the ends) and every second kept.
        method: of the grouped convolutions.

    Example:
        >>> judges = melgan_judges(8192, width=4, scales=2)
        >>> [len(answers) for answers in judges(keras.ops.zeros((1, 8192, 1)))]
        [7, 7]

    Reference: Kumar et al. (2019), MelGAN, arXiv 1910.06711, section 2.2.
    """
    clip = keras.Input((clip_samples, 1), name="clip")
    x, answers = clip, []
    for scale in range(scales):
        if scale:
            x = layers.AveragePooling1D(4, 2, padding="same", data_format=LAST)(x)
        answers.append(melgan_scale_judge(x.shape[1], width, method, f"scale_{scale}")(x))
    return keras.Model(clip, answers, name="melgan_judges")
