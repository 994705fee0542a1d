"""Parts that the convolutional GANs share: sizes, normalisation, and how a label is judged.

Three ways to tell a discriminator which word it should hear. "concat" shows it the label beside
the clip, as one more channel (Mirza and Osindero, 2014, arXiv 1411.1784). "auxiliary" hides the
label and asks for it as a second answer (Odena et al., 2017, arXiv 1610.09585). "projection"
compares the last features with a learned direction for each label (Miyato and Koyama, 2018,
arXiv 1802.05637).
"""

import math
from typing import Any

import keras
from keras import layers

from ganlib.errors import OptionError
from ganlib.layers import (
    LabelEmbedding,
    LabelStandardDeviation,
    MinibatchStandardDeviation,
    Projection,
    SpectralNormalization,
)

NORMALIZATIONS = ("none", "batch", "layer", "spectral")
LABEL_HEADS = ("projection", "concat", "auxiliary")
# Said to every layer that would ask keras.json: a file from elsewhere changes no network here.
CHANNELS_LAST = {"data_format": "channels_last"}
FIRST = 4  # frames and rows of the smallest picture inside a network


def doublings(frames: int, rows: int) -> int:
    """How often a picture of 4 x 4 must be doubled.

    Args:
        frames: width of the picture.
        rows: its height.

    Raises:
        OptionError: if the picture is not square or its side not 4 times a power of 2.

    Example:
        >>> doublings(64, 64)
        4
    """
    count = (frames // FIRST).bit_length() - 1
    if not frames == rows == FIRST * 2**count or count < 1:
        raise OptionError(
            "Pictures must be square with 8, 16, 32, 64, 128, ... rows, "
            f"not {frames} frames of {rows} rows: choose hop_length = clip_samples / rows, and as "
            "many rows."
        )
    return count


def convolved(convolution: keras.layers.Layer, x: Any, normalization: str, first: bool) -> Any:
    """One step of a discriminator: convolution, normalisation, leaky ReLU of slope 0.2.

    Args:
        convolution: the layer.
        x: its input.
        normalization: "none"; "batch" or "layer" of the outputs, but not in the first layer, which
            would lose the level of the clip; "spectral" of the weights.
        first: whether the layer sees the clip itself.

    Raises:
        OptionError: if the normalisation is unknown.

    Example:
        >>> x = keras.Input((8, 8, 1))
        >>> convolved(layers.Conv2D(3, 4, 2, padding="same"), x, "layer", first=False).shape
        (None, 4, 4, 3)

    Reference: batch normalisation but in the first layer: Radford et al. (2016), arXiv 1511.06434;
        layer normalisation where there is a gradient penalty: Gulrajani et al. (2017), arXiv
        1704.00028, section 4; spectral: Miyato et al. (2018), arXiv 1802.05957.
    """
    if normalization not in NORMALIZATIONS:
        raise OptionError(
            f"discriminator_normalization must be one of {', '.join(NORMALIZATIONS)}, "
            f"not {normalization!r}."
        )
    x = (SpectralNormalization(convolution) if normalization == "spectral" else convolution)(x)
    if normalization == "batch" and not first:
        x = layers.BatchNormalization(momentum=0.9)(x)
    if normalization == "layer" and not first:
        # One group of all channels, and all positions: one mean and one deviation for each clip.
        x = layers.GroupNormalization(groups=1)(x)
    return layers.LeakyReLU(negative_slope=0.2)(x)


def told(x: Any, classes: int, label_head: str) -> tuple[Any, Any]:
    """The label as an input, and what the first convolution sees.

    Args:
        x: the clip.
        classes: number of labels; 0 for none.
        label_head: "concat" adds a channel, learned for each label; the others add none.

    Returns:
        The label's input, None where the discriminator does not take it, and the clip.

    Raises:
        OptionError: if the label head is unknown.

    Example:
        >>> told(keras.Input((8, 8, 1)), 10, "concat")[1].shape
        (None, 8, 8, 2)
    """
    if label_head not in LABEL_HEADS:
        raise OptionError(
            f"label_head must be one of {', '.join(LABEL_HEADS)}, not {label_head!r}."
        )
    if not classes or label_head == "auxiliary":
        return None, x
    label = keras.Input((), dtype="int32", name="label")
    if label_head == "concat":
        places = x.shape[1:-1]
        plane = LabelEmbedding(classes, math.prod(places), dtype="float32")(label)
        plane = layers.Reshape((*places, 1))(plane)
        x = layers.Concatenate(dtype="float32")([x, plane])
    return label, x


def verdict(
    example: Any,
    label: Any,
    x: Any,
    *,
    classes: int,
    label_head: str,
    normalization: str,
    minibatch_stddev: bool,
    label_deviation: bool = False,
    kernel_initializer: Any = "glorot_uniform",
    name: str,
) -> keras.Model:
    """The end of a discriminator: features in, a logit out; with it the model is complete.

    Args:
        example: the model's input.
        label: what `told` returned.
        x: the last features.
        classes, label_head, normalization: as before.
        minibatch_stddev: let the discriminator see how much a batch varies.
        label_deviation: let it see how much the clips of each label vary.
        kernel_initializer: of the last layer, but not of a projection.
        name: of the model.

    Raises:
        OptionError: for label_deviation if it is not told the labels.

    Returns:
        A model from `example` or `[example, label]` to logits (batch, 1); with an auxiliary
        classifier, to `[logits, class logits (batch, classes)]`.

    Example:
        >>> x = keras.Input((8, 8, 1))
        >>> wanted = {"normalization": "none", "minibatch_stddev": False, "name": "judge"}
        >>> model = verdict(x, None, x, classes=3, label_head="auxiliary", **wanted)
        >>> [output.shape for output in model.outputs]
        [(None, 1), (None, 3)]
    """
    spectral = normalization == "spectral"
    if label_deviation:
        if label is None:
            raise OptionError(
                "label_deviation=true needs a discriminator that is told the labels: set "
                'conditional=true and label_head to "projection" or "concat".'
            )
        x = LabelStandardDeviation()([x, label])
    if minibatch_stddev:
        x = MinibatchStandardDeviation()(x)
    x = layers.Flatten(**CHANNELS_LAST)(x)
    if label is not None and label_head == "projection":
        logits = Projection(classes, spectral, dtype="float32")([x, label])
    else:
        last = layers.Dense(1, kernel_initializer=kernel_initializer, dtype="float32")
        logits = (SpectralNormalization(last) if spectral else last)(x)
    inputs = example if label is None else [example, label]
    if classes and label_head == "auxiliary":
        # Not normalised: how sure it is of a word says nothing about how smooth the logit is.
        named = layers.Dense(classes, dtype="float32", name="class_logits")(x)
        return keras.Model(inputs, [logits, named], name=name)
    return keras.Model(inputs, logits, name=name)
