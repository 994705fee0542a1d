"""A small convolutional classifier of spoken words: the ear of the scoreboard.

Its shape follows the classifier that scored WaveGAN (Donahue et al., 2019, arXiv 1802.04208,
section 5.1): log-mel picture, 5 x 5 convolutions with batch normalisation and pooling, one dense
layer. Differs: narrower, with shifts and dropout against six speakers' worth of overfitting, and
deaf to what is 40 dB below the loudest: else the faintest noise in a pause outweighs the word.
"""

import keras
from keras import layers

from ganlib.audio.format import AudioFormat
from ganlib.audio.spectrogram import LogMelSpectrogram
from ganlib.layers import RandomTimeShift
from ganlib.models.parts import CHANNELS_LAST

FEATURES = "features"
"""Name of the layer whose output stands for a clip when clips are compared."""
_FLOOR = 1e-2  # mel magnitude that counts as silence in a clip of peak 1
_NOISE = 5e-3  # RMS of the noise added in training; speech of peak 1 has about 0.1


def digit_classifier(
    clip_samples: int = 8192,
    sample_rate: int = 8000,
    classes: int = 10,
    width: int = 16,
    time_shift: int = 512,
    dropout: float = 0.4,
) -> keras.Model:
    """Build the classifier: a waveform in, one logit for each class out.

    Args:
        clip_samples: length of a clip.
        sample_rate: in Hz.
        classes: number of words.
        width: channels of the first convolution; the following have 2 and 4 times as many.
        time_shift: largest random shift in training, in samples.
        dropout: share of features dropped in training.

    Returns:
        A model from `waveform` (batch, clip_samples, 1), each clip raised to peak 1, to logits
        (batch, classes). `model.get_layer(FEATURES).output` is (batch, 128).

    Example:
        >>> digit_classifier(width=4).output_shape
        (None, 10)
    """
    audio_format = AudioFormat(
        sample_rate,
        clip_samples,
        n_fft=512 * sample_rate // 8000,
        hop_length=128 * sample_rate // 8000,
        n_mels=64,
        fmin_hz=40.0,
        fmax_hz=0.4875 * sample_rate,
    )
    waveform = keras.Input((clip_samples, 1), name="waveform")
    x = RandomTimeShift(time_shift)(waveform)
    x = layers.GaussianNoise(_NOISE)(x)
    x = LogMelSpectrogram(audio_format, _FLOOR)(x)
    x = layers.LayerNormalization(axis=(1, 2), center=False, scale=False)(x)  # any level will do
    x = layers.Reshape((*x.shape[1:], 1))(x)
    for index in range(4):
        filters = width * min(2**index, 4)
        stride = 2 if index == 0 else 1  # half the frames and bands: a quarter of the work
        x = layers.Conv2D(filters, 5, stride, padding="same", use_bias=False, **CHANNELS_LAST)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
        if index:
            x = layers.MaxPooling2D(2, **CHANNELS_LAST)(x)
    x = layers.Flatten(**CHANNELS_LAST)(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(128, activation="relu", name=FEATURES)(x)
    x = layers.Dropout(dropout)(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(waveform, logits, name="digit_classifier")
