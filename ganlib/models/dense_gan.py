"""Fully connected GAN: the smallest pair of networks that can play the game.

Goodfellow et al. (2014), Generative adversarial networks, arXiv 1406.2661. Every layer is
`h = f(W x + b)`; nothing knows that samples have neighbours, which is why chapter 06 convolves.
"""

import math

import keras
from keras import layers

from ganlib.layers import LabelEmbedding, Projection
from ganlib.models.parts import CHANNELS_LAST


def _shape(shape: tuple[int, ...] | int) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def dense_generator(
    output_shape: tuple[int, ...] | int,
    latent_dim: int = 16,
    hidden: tuple[int, ...] = (128, 128),
    classes: int = 0,
    embedding_dim: int = 16,
    output_activation: str = "linear",
    output_scale: float = 1.0,
) -> keras.Model:
    """Build a fully connected generator.

    Args:
        output_shape: of one example, such as 2 for points or (256, 1) for short waveforms.
        latent_dim: length of the latent vector.
        hidden: width of each hidden layer.
        classes: number of labels; 0 for an unconditional model.
        embedding_dim: length of a label's vector, joined to the latent vector.
        output_activation: "linear", or "tanh" for waveforms.
        output_scale: the last layer works in units of it, before the activation.

    Returns:
        A model from `latent` (batch, latent_dim), or `[latent, label]`, to (batch, *output_shape).

    Example:
        >>> dense_generator(2, latent_dim=3, hidden=(8,)).count_params()  # 3*8 + 8 + 8*2 + 2
        50
    """
    shape = _shape(output_shape)
    latent = keras.Input((latent_dim,), name="latent")
    inputs, x = latent, latent
    if classes:
        label = keras.Input((), dtype="int32", name="label")
        inputs = [latent, label]
        x = layers.Concatenate()([latent, LabelEmbedding(classes, embedding_dim)(label)])
    for width in hidden:
        x = layers.Dense(width)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Dense(math.prod(shape))(x)
    if output_scale != 1.0:
        x = layers.Rescaling(output_scale)(x)
    x = layers.Activation(output_activation, dtype="float32")(x)
    if len(shape) > 1:
        x = layers.Reshape(shape)(x)
    return keras.Model(inputs, x, name="dense_generator")


def dense_discriminator(
    input_shape: tuple[int, ...] | int,
    hidden: tuple[int, ...] = (128, 128),
    classes: int = 0,
    input_scale: float = 1.0,
) -> keras.Model:
    """Build a fully connected discriminator.

    Args:
        input_shape: of one example, as the generator's `output_shape`.
        hidden: width of each hidden layer.
        classes: number of labels, judged by projection; 0 for an unconditional model.
        input_scale: the input is divided by it.

    Returns:
        A model from `example` (batch, *input_shape), or `[example, label]`, to logits (batch, 1).

    Example:
        >>> dense_discriminator(2, hidden=(8,)).count_params()  # 2*8 + 8 + 8*1 + 1
        33
    """
    example = keras.Input(_shape(input_shape), name="example")
    x = example
    if len(example.shape) > 2:
        x = layers.Flatten(**CHANNELS_LAST)(x)
    if input_scale != 1.0:
        x = layers.Rescaling(1.0 / input_scale)(x)
    for width in hidden:
        x = layers.Dense(width)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    if not classes:
        return keras.Model(example, layers.Dense(1, dtype="float32")(x), name="dense_discriminator")
    label = keras.Input((), dtype="int32", name="label")
    logits = Projection(classes, dtype="float32")([x, label])
    return keras.Model([example, label], logits, name="dense_discriminator")
