"""Two discriminators as one: the first hears a clip, the second sees its picture.

A network of waveforms is deaf to what is spread over many samples, and one of log-mel pictures to
phase. Vocoders let several of them judge together, as UnivNet does: Jang, Lim, Yoon, Kim and Kim
(2021), UnivNet, arXiv 2106.07889, section 2.2.
"""

import keras
from keras import layers


def two_judges(wave: keras.Model, picture: keras.Model) -> keras.Model:
    """Build the discriminator whose logits are those of both, side by side.

    Args:
        wave: from clips (batch, time, 1), or from `[clip, label]`, to logits (batch, 1).
        picture: from pictures (batch, frames, rows, 1), or from `[picture, label]`, likewise; it
            takes labels if `wave` does.

    Returns:
        A model from `sound_and_picture` (batch, time + frames * rows, 1), as the layer
        `ganlib.audio.codec.SoundAndPicture` packs them, or from `[sound_and_picture, label]`, to
        logits (batch, 2). A loss that is a mean over all logits weighs both alike.

    Example:
        >>> from ganlib.models.specgan import specgan_discriminator
        >>> from ganlib.models.wavegan import wavegan_discriminator
        >>> wave = wavegan_discriminator(8192, dim=1, kernel_size=8)
        >>> two_judges(wave, specgan_discriminator(64, 64, dim=1)).output_shape
        (None, 2)
    """
    time, (frames, rows) = wave.inputs[0].shape[1], picture.inputs[0].shape[1:3]
    packed = keras.Input((time + frames * rows, 1), name="sound_and_picture")
    inputs, labels = packed, []
    if len(wave.inputs) > 1:
        label = keras.Input((), dtype="int32", name="label")
        inputs, labels = [packed, label], [label]
    clip = layers.Cropping1D((0, frames * rows), dtype="float32")(packed)
    image = layers.Cropping1D((time, 0), dtype="float32")(packed)
    image = layers.Reshape((frames, rows, 1), dtype="float32")(image)
    logits = [judge([seen, *labels] if labels else seen)
              for judge, seen in ((wave, clip), (picture, image))]  # fmt: skip
    return keras.Model(inputs, layers.Concatenate(dtype="float32")(logits), name="two_judges")
