"""Discriminators of mel spectrograms: are all patches of these pictures like recorded ones?"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from ganlib.models.istft_vocoder import LAST

SLOPE = 0.2


def patch_judge(
    frames: int | None, columns: int, n_mels: int, channels: Sequence[int], wide: bool = False
) -> keras.Model:
    """Build a discriminator of patches.

    Args:
        frames: of a passage; None for any number.
        columns: of its input, of which it reads the first n_mels.
        n_mels: mel bands.
        channels: of the layers; all but the first halve the bands, every second one the frames.
        wide: halve the frames in every layer but the first: it sees longer patches.

    Returns:
        A model from (batch, frames, columns) to a list: the answers of all layers, and at its end
        the logits (batch, frames', bands', 1).

    Example:
        >>> patch_judge(64, 82, 80, (4, 8, 8)).output_shape[-1]
        (None, 32, 20, 1)

    Reference: Isola et al. (2017), pix2pix, arXiv 1611.07004, section 2.2.2, PatchGAN.
    """
    passage = keras.Input((frames, columns), name="mel")
    x = layers.Rescaling(0.4, 2.0)(passage[..., :n_mels])[..., None]
    answers = []
    for place, width in enumerate(channels):
        stride = (2 if wide or place % 2 == 1 else 1, 2) if place else (1, 1)
        x = layers.Conv2D(width, (5, 5), stride, padding="same", data_format=LAST)(x)
        x = layers.LeakyReLU(SLOPE)(x)
        answers.append(x)
    answers.append(layers.Conv2D(1, 3, padding="same", dtype="float32", data_format=LAST)(x))
    return keras.Model(passage, answers, name="wide_patches" if wide else "patches")


def mel_judges(
    frames: int | None, columns: int, n_mels: int, channels: Sequence[int] = (12, 24, 48, 48)
) -> keras.Model:
    """Build one discriminator of two, of short and of long patches; answers as `wave_judges`.

    Example:
        >>> judges = mel_judges(32, 82, 80, (4, 4))
        >>> [len(answers) for answers in judges(keras.ops.zeros((1, 32, 82)))]
        [3, 3]
    """
    passage = keras.Input((frames, columns), name="mel")
    both = [patch_judge(frames, columns, n_mels, channels, wide) for wide in (False, True)]
    return keras.Model(passage, [judge(passage) for judge in both], name="mel_judges")
