"""Several discriminators as one: the first hears a clip, the others see pictures of it.

A network of waveforms is deaf to what is spread over many samples, and one of log-mel pictures to
phase. Vocoders let several of them judge together, as UnivNet does: Jang, Lim, Yoon, Kim and Kim
(2021), UnivNet, arXiv 2106.07889, section 2.2.
"""

import math

import keras
from keras import layers


def several_judges(wave: keras.Model, *pictures: keras.Model) -> keras.Model:
    """Build the discriminator whose logits are those of all, side by side.

    Args:
        wave: from clips (batch, time, 1), or from `[clip, label]`, to logits (batch, 1).
        pictures: each from pictures (batch, frames, rows, 1), or from `[picture, label]`, likewise;
            they take labels if `wave` does.

    Returns:
        A model from `shown` (batch, time + sum of frames * rows, 1), as the layer
        `ganlib.audio.painting.SoundAndPictures` packs them, or from `[shown, label]`, to logits
        (batch, 1 + number of pictures). A loss that is a mean over all logits weighs them alike.

    Example:
        >>> from ganlib.models.specgan import specgan_discriminator
        >>> from ganlib.models.wavegan import wavegan_discriminator
        >>> wave = wavegan_discriminator(8192, dim=1, kernel_size=8)
        >>> several_judges(wave, specgan_discriminator(64, 64, dim=1)).output_shape
        (None, 2)
    """
    judges = (wave, *pictures)
    shapes = [judge.inputs[0].shape[1:] for judge in judges]
    sizes = [math.prod(shape) for shape in shapes]
    shown = keras.Input((sum(sizes), 1), name="shown")
    inputs, labels = shown, []
    if len(wave.inputs) > 1:
        label = keras.Input((), dtype="int32", name="label")
        inputs, labels = [shown, label], [label]
    logits = []
    for place, (judge, shape) in enumerate(zip(judges, shapes, strict=True)):
        around = (sum(sizes[:place]), sum(sizes[place + 1 :]))
        part = layers.Cropping1D(around, dtype="float32")(shown)
        part = layers.Reshape(shape, dtype="float32")(part)
        logits.append(judge([part, *labels] if labels else part))
    return keras.Model(inputs, layers.Concatenate(dtype="float32")(logits), name="several_judges")
