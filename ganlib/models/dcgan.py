"""DCGAN: the first recipe by which convolutional GANs trained at all, here on pictures of sound.

Radford, Metz and Chintala (2016), Unsupervised representation learning with deep convolutional
generative adversarial networks, arXiv 1511.06434, section 3: strided convolutions instead of
pooling, batch normalisation everywhere but in the generator's last and the discriminator's first
layer, no hidden dense layers, ReLU in the generator, leaky ReLU of slope 0.2 in the discriminator,
all weights drawn from a normal distribution of deviation 0.02.
Differs: kernels of 4 x 4 as in the authors' Torch code; their figure 1 has 5 x 5. Gains of batch
normalisation start at 1.
"""

import keras
from keras import layers

from ganlib.layers import LabelEmbedding
from ganlib.models.parts import CHANNELS_LAST, FIRST, convolved, doublings, told, verdict

DEVIATION = 0.02
"""Of the normal distribution that every kernel is drawn from."""


def _kernel() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=DEVIATION)


def dcgan_generator(
    frames: int = 64,
    rows: int = 64,
    dim: int = 64,
    latent_dim: int = 100,
    kernel_size: int = 4,
    classes: int = 0,
    embedding_dim: int = 32,
) -> keras.Model:
    """Build the generator: a latent vector (and a label) in, a picture of sound out.

    Args:
        frames: width of the picture in time steps: 8, 16, 32, ...
        rows: its height in frequency rows, the same number.
        dim: width of the last hidden layer.
        latent_dim: length of the latent vector.
        kernel_size: of every transposed convolution, both ways. A multiple of the stride 2 leaves
            no checkerboard at the start.
        classes: number of labels; 0 for an unconditional model.
        embedding_dim: length of a label's vector, joined to the latent vector.

    Returns:
        A model from `latent` (batch, latent_dim), or from `[latent, label]` with label (batch,),
        to pictures (batch, frames, rows, 1) in [-1, 1].

    Raises:
        OptionError: if the picture is not square or its side not 4 times a power of 2.

    Example:
        >>> dcgan_generator(16, 16, dim=2).output_shape
        (None, 16, 16, 1)
    """
    count = doublings(frames, rows)
    width = dim * 2 ** (count - 1)
    latent = keras.Input((latent_dim,), name="latent")
    inputs, x = latent, latent
    if classes:
        label = keras.Input((), dtype="int32", name="label")
        inputs = [latent, label]
        x = layers.Concatenate()([latent, LabelEmbedding(classes, embedding_dim)(label)])
    x = layers.Dense(FIRST * FIRST * width, use_bias=False, kernel_initializer=_kernel())(x)
    x = layers.Reshape((FIRST, FIRST, width))(x)
    for index in range(count):
        x = layers.BatchNormalization(momentum=0.9)(x)  # its bias stands for the layer's before
        x = layers.ReLU()(x)
        last = index == count - 1
        width = 1 if last else width // 2
        options = {"use_bias": last, "kernel_initializer": _kernel(), **CHANNELS_LAST}
        options |= {"dtype": "float32"} if last else {}
        x = layers.Conv2DTranspose(width, kernel_size, 2, padding="same", **options)(x)
    x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, x, name="dcgan_generator")


def dcgan_discriminator(
    frames: int = 64,
    rows: int = 64,
    dim: int = 64,
    kernel_size: int = 4,
    classes: int = 0,
    normalization: str = "batch",
    minibatch_stddev: bool = False,
    label_head: str = "projection",
) -> keras.Model:
    """Build the discriminator: a picture (and a label) in, one logit out.

    Args:
        frames: width of the picture in time steps.
        rows: its height in frequency rows.
        dim: width of the first layer.
        kernel_size: of every convolution, both ways.
        classes: number of labels; 0 for an unconditional model.
        normalization: "batch" is the paper's; "none", "layer" or "spectral".
        minibatch_stddev: let the last layer see how much a batch varies.
        label_head: "projection", "concat" or "auxiliary", see `ganlib.models.parts`.

    Returns:
        A model from `picture` (batch, frames, rows, 1), or from `[picture, label]`, to logits
        (batch, 1), with an auxiliary classifier to `[logits, class logits]`.

    Raises:
        OptionError: if the picture is not square or its side not 4 times a power of 2, or a choice
            is unknown.

    Example:
        >>> dcgan_discriminator(16, 16, dim=2).output_shape
        (None, 1)
    """
    picture = keras.Input((frames, rows, 1), name="picture")
    label, x = told(picture, classes, label_head)
    for index in range(doublings(frames, rows)):
        convolution = layers.Conv2D(
            dim * 2**index,
            kernel_size,
            2,
            padding="same",
            use_bias=index == 0 or normalization != "batch",
            kernel_initializer=_kernel(),
            **CHANNELS_LAST,
        )
        x = convolved(convolution, x, normalization, first=index == 0)
    return verdict(
        picture,
        label,
        x,
        classes=classes,
        label_head=label_head,
        normalization=normalization,
        minibatch_stddev=minibatch_stddev,
        kernel_initializer=_kernel(),
        name="dcgan_discriminator",
    )
