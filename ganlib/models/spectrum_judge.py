"""A discriminator of what a sound is made of: it sees a spectrogram, and forgets when."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from ganlib.models.parts import CHANNELS_LAST, convolved, told, verdict


def spectrum_judge(
    frames: int,
    bins: int,
    channels: Sequence[int] = (8, 16, 32, 64),
    kernel_size: int = 3,
    classes: int = 0,
    normalization: str = "none",
    minibatch_stddev: bool = False,
    label_deviation: bool = False,
    label_head: str = "projection",
) -> keras.Model:
    """Build a discriminator that judges each stretch of a spectrogram, and takes their mean.

    Each stretch is as long as its convolutions reach, 31 frames with four of them. What happens
    when is left to a judge that sees the whole, so this one cannot learn 2,700 clips by heart as
    easily. Frequencies keep their places.

    Args:
        frames: of the spectrogram, `ganlib.audio.spectra.LogSpectrogram`.
        bins: its frequencies.
        channels: of the convolutions, each of stride 2 in time and in frequency.
        kernel_size: in both.
        classes: number of labels; 0 for an unconditional model.
        normalization: "none", "batch", "layer" or "spectral".
        minibatch_stddev: let the last layer see how much a batch varies.
        label_deviation: let it see how much the clips of each label vary.
        label_head: "projection" or "concat", see `ganlib.models.parts`.

    Returns:
        A model from `spectrum` (batch, frames, bins, 1), or from `[spectrum, label]`, to logits
        (batch, 1).

    Raises:
        OptionError: if a choice is unknown.

    Example:
        >>> spectrum_judge(128, 64, classes=10).output_shape
        (None, 1)

    Reference: judges of local stretches, averaged: Isola et al. (2017), arXiv 1611.07004, section
        3.2.2; of spectrograms: Jang et al. (2021), UnivNet, arXiv 2106.07889, section 2.2.
    """
    spectrum = keras.Input((frames, bins, 1), name="spectrum")
    label, x = told(spectrum, classes, label_head)
    for place, width in enumerate(channels):
        convolution = layers.Conv2D(width, kernel_size, 2, padding="same", **CHANNELS_LAST)
        x = convolved(convolution, x, normalization, first=place == 0)
    x = layers.AveragePooling2D((x.shape[1], 1), **CHANNELS_LAST)(x)
    return verdict(
        spectrum,
        label,
        x,
        classes=classes,
        label_head=label_head,
        normalization=normalization,
        minibatch_stddev=minibatch_stddev,
        label_deviation=label_deviation,
        name=f"spectrum_judge_{bins}",
    )
