"""SpecGAN: a generator and a discriminator of spectrogram pictures.

Donahue, McAuley and Puckette (2019), Adversarial audio synthesis, arXiv 1802.04208, section 3.2 and
tables 6 and 7: a DCGAN of 5 x 5 kernels and strides of 2 x 2 that paints log-spectrograms.
"""

import keras
from keras import layers

from ganlib.errors import OptionError
from ganlib.layers import ConditionalBatchNormalization, LabelEmbedding
from ganlib.models.parts import CHANNELS_LAST, FIRST, convolved, doublings, told, verdict


def specgan_generator(
    frames: int = 128,
    rows: int = 128,
    dim: int = 64,
    latent_dim: int = 100,
    kernel_size: int = 5,
    classes: int = 0,
    embedding_dim: int = 32,
    batch_normalization: bool = False,
    conditional_batch_normalization: bool = False,
    signal_scale: float = 1.0,
) -> keras.Model:
    """Build the generator: a latent vector (and a label) in, a picture of sound out.

    Args:
        frames: width of the picture in time steps: 8, 16, 32, ...
        rows: its height in frequency rows, the same number.
        dim: width of the network; the paper's is 64.
        latent_dim: length of the latent vector.
        kernel_size: of every transposed convolution, both ways; the paper's is 5.
        classes: number of labels; 0 for an unconditional model.
        embedding_dim: length of a label's vector, joined to the latent vector.
        batch_normalization: after every layer but the last.
        conditional_batch_normalization: the same, with a gain and a bias for each label.
        signal_scale: typical deviation of the pictures; the last layer works in units of it. 1 is
            the paper's model.

    Returns:
        A model from `latent` (batch, latent_dim), or from `[latent, label]` with label (batch,),
        to pictures (batch, frames, rows, 1) in [-1, 1].

    Raises:
        OptionError: if the picture is not square or its side not 4 times a power of 2, or a
            conditional batch normalisation has no labels.

    Example:
        >>> specgan_generator().count_params()  # dim 64, 128 x 128: the published size
        19065345
    """
    count = doublings(frames, rows)
    if conditional_batch_normalization and not classes:
        raise OptionError(
            "conditional_batch_normalization=true needs labels: set conditional=true, or "
            "conditional_batch_normalization=false."
        )
    width = dim * 2 ** (count - 1)
    latent = keras.Input((latent_dim,), name="latent")
    inputs, x = latent, latent
    if classes:
        label = keras.Input((), dtype="int32", name="label")
        inputs = [latent, label]
        x = layers.Concatenate()([latent, LabelEmbedding(classes, embedding_dim)(label)])
    x = layers.Dense(FIRST * FIRST * width)(x)
    x = layers.Reshape((FIRST, FIRST, width))(x)
    for index in range(count):
        if conditional_batch_normalization:
            x = ConditionalBatchNormalization(classes)([x, label])
        elif batch_normalization:
            x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
        last = index == count - 1
        width = 1 if last else width // 2
        options = CHANNELS_LAST | ({"dtype": "float32"} if last else {})
        x = layers.Conv2DTranspose(width, kernel_size, 2, padding="same", **options)(x)
    if signal_scale != 1.0:
        x = layers.Rescaling(signal_scale, dtype="float32")(x)
    x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, x, name="specgan_generator")


def specgan_discriminator(
    frames: int = 128,
    rows: int = 128,
    dim: int = 64,
    kernel_size: int = 5,
    classes: int = 0,
    signal_scale: float = 1.0,
    label_deviation: bool = False,
    normalization: str = "none",
    minibatch_stddev: bool = False,
    label_head: str = "projection",
) -> keras.Model:
    """Build the discriminator: a picture (and a label) in, one logit out.

    Args:
        frames: width of the picture in time steps.
        rows: its height in frequency rows.
        dim: width of the network; the paper's is 64.
        kernel_size: of every convolution, both ways; the paper's is 5.
        classes: number of labels; 0 for an unconditional model.
        signal_scale: the input is divided by it.
        label_deviation: show the last layers how much the clips of a label differ; needs labels.
        normalization: "none" is the paper's; "batch", "layer" or "spectral".
        minibatch_stddev: let the last layer see how much a batch varies.
        label_head: "projection", "concat" or "auxiliary", see `ganlib.models.parts`.

    Returns:
        A model from `picture` (batch, frames, rows, 1), or from `[picture, label]`, to logits
        (batch, 1), with an auxiliary classifier to `[logits, class logits]`.

    Raises:
        OptionError: if the picture is not square or its side not 4 times a power of 2, or a choice
            is unknown.

    Example:
        >>> specgan_discriminator().count_params()  # dim 64, 128 x 128: the published size
        17427969
    """
    picture = keras.Input((frames, rows, 1), name="picture")
    x = picture
    if signal_scale != 1.0:
        x = layers.Rescaling(1.0 / signal_scale, dtype="float32")(x)
    label, x = told(x, classes, label_head)
    for index in range(doublings(frames, rows)):
        convolution = layers.Conv2D(dim * 2**index, kernel_size, 2, padding="same", **CHANNELS_LAST)
        x = convolved(convolution, x, normalization, first=index == 0)
    return verdict(
        picture,
        label,
        x,
        classes=classes,
        label_head=label_head,
        normalization=normalization,
        minibatch_stddev=minibatch_stddev,
        label_deviation=label_deviation,
        name="specgan_discriminator",
    )
