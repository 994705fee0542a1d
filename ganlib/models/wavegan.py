"""WaveGAN: a generator and a discriminator of raw audio.

Donahue, McAuley and Puckette (2019), Adversarial audio synthesis, arXiv 1802.04208, tables 4 and 5.
A DCGAN stretched into one dimension: kernels of 25 instead of 5 x 5, strides of 4 instead of 2 x 2.
"""

from typing import Any

import keras
from keras import layers

from ganlib.errors import OptionError
from ganlib.layers import (
    LabelEmbedding,
    PhaseShuffle,
    StridedConv1D,
    TransposedConv1D,
    UpsampleConv1D,
)
from ganlib.models.parts import CHANNELS_LAST, convolved, told, verdict

STRIDES = {  # samples in a clip -> strides of the generator, first layer first
    8192: (4, 4, 4, 4, 2),
    16384: (4, 4, 4, 4, 4),
    32768: (4, 4, 4, 4, 4, 2),
    65536: (4, 4, 4, 4, 4, 4),
}
FIRST_LENGTH = 16  # samples after the dense layer
ENVELOPE_POINTS = 256  # of the loudness, before it is drawn out to the length of the clip
OPEN = 2.0  # where its logits begin: at 88 % of full loudness


def _strides(clip_samples: int) -> tuple[int, ...]:
    if clip_samples not in STRIDES:
        raise OptionError(
            f"WaveGAN makes clips of {', '.join(map(str, STRIDES))} samples, not {clip_samples}."
        )
    return STRIDES[clip_samples]


def _upsample(method: str, filters: int, kernel_size: int, stride: int, **kwargs):
    if method == "repeat":
        return UpsampleConv1D(filters, kernel_size, stride, **kwargs)
    return TransposedConv1D(filters, kernel_size, stride, method=method, **kwargs)


def _envelope(features: Any, clip_samples: int) -> Any:
    """A loudness in (0, 1) for every sample: 256 points, and straight lines between them."""
    start = keras.initializers.Constant(OPEN)
    shared = {"padding": "same", "dtype": "float32", **CHANNELS_LAST}
    points = layers.Conv1D(1, 5, bias_initializer=start, name="loudness", **shared)(features)
    points = layers.Activation("sigmoid", dtype="float32")(points)
    step = clip_samples // ENVELOPE_POINTS
    held = layers.UpSampling1D(step, dtype="float32")(points)
    return layers.AveragePooling1D(step, 1, **shared)(held)


def wavegan_generator(
    clip_samples: int = 16384,
    channels: int = 1,
    dim: int = 64,
    latent_dim: int = 100,
    kernel_size: int = 25,
    classes: int = 0,
    embedding_dim: int = 32,
    batch_normalization: bool = False,
    upsampling: str = "polyphase",
    post_filter: bool = False,
    signal_scale: float = 1.0,
    envelope: bool = False,
) -> keras.Model:
    """Build the generator: a latent vector (and a label) in, a waveform out.

    Args:
        clip_samples: 8192, 16384, 32768 or 65536.
        channels: 1 for mono, 2 for stereo.
        dim: width; the paper's is 64.
        latent_dim: length of the latent vector.
        kernel_size: of every transposed convolution; the paper's is 25.
        classes: number of labels; 0 for an unconditional model.
        embedding_dim: length of a label's vector, joined to the latent vector.
        batch_normalization: after every layer but the last.
        upsampling: "polyphase", "zero_insertion" or "repeat" (repeat + convolution).
        post_filter: a learned linear filter of 512 taps at the end.
        signal_scale: typical level (standard deviation) of the data; the last layer then works in
            units of it. 1 is the paper's model.
        envelope: multiply the waveform by a loudness that the network draws beside it, see
            `_envelope`: silence is then one number near 0 and not a sum that must cancel out.

    Returns:
        A model from `latent` (batch, latent_dim), or from `[latent, label]` with label (batch,),
        to a waveform (batch, clip_samples, channels) in [-1, 1].

    Raises:
        OptionError: if there is no layout for `clip_samples`.

    Example:
        >>> wavegan_generator().count_params()  # dim 64, 16384 samples: the published size
        19065345
    """
    strides = _strides(clip_samples)
    width = dim * 2 ** (len(strides) - 1)
    latent = keras.Input((latent_dim,), name="latent")
    inputs, x = latent, latent
    if classes:
        label = keras.Input((), dtype="int32", name="label")
        inputs = [latent, label]
        x = layers.Concatenate()([latent, LabelEmbedding(classes, embedding_dim)(label)])
    x = layers.Dense(FIRST_LENGTH * width)(x)
    x = layers.Reshape((FIRST_LENGTH, width))(x)
    for stride in strides:
        if batch_normalization:
            x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
        if x.shape[1] == ENVELOPE_POINTS:
            slow = x
        width = width // 2
        if width >= dim:
            x = _upsample(upsampling, width, kernel_size, stride)(x)
    # Samples need more digits than bfloat16 has: under mixed precision this stays float32.
    x = _upsample(upsampling, channels, kernel_size, strides[-1], dtype="float32")(x)
    if signal_scale != 1.0:
        x = layers.Rescaling(signal_scale, dtype="float32")(x)
    x = layers.Activation("tanh", dtype="float32")(x)
    if post_filter:
        options = {"padding": "same", "use_bias": False, **CHANNELS_LAST}
        x = layers.Conv1D(channels, 512, **options, dtype="float32")(x)
    if envelope:
        x = layers.Multiply(dtype="float32")([x, _envelope(slow, clip_samples)])
    return keras.Model(inputs, x, name="wavegan_generator")


def wavegan_discriminator(
    clip_samples: int = 16384,
    channels: int = 1,
    dim: int = 64,
    kernel_size: int = 25,
    classes: int = 0,
    phase_shuffle: int = 2,
    signal_scale: float = 1.0,
    label_deviation: bool = False,
    seed: int | None = None,
    normalization: str = "none",
    minibatch_stddev: bool = False,
    label_head: str = "projection",
) -> keras.Model:
    """Build the discriminator: a waveform (and a label) in, one logit out.

    Args:
        clip_samples: 8192, 16384, 32768 or 65536.
        channels: 1 for mono, 2 for stereo.
        dim: width; the paper's is 64.
        kernel_size: of every convolution; the paper's is 25.
        classes: number of labels; 0 for an unconditional model.
        phase_shuffle: largest shift in samples after every convolution but the last; 0 for none.
        signal_scale: the input is divided by it.
        label_deviation: show the last layers how much the clips of a label differ; needs labels.
        seed: of the shifts.
        normalization: "none" is the paper's; "batch", "layer" or "spectral".
        minibatch_stddev: let the last layer see how much a batch varies.
        label_head: "projection", "concat" or "auxiliary", see `ganlib.models.parts`.

    Returns:
        A model from `waveform` (batch, clip_samples, channels), or from `[waveform, label]`, to
        logits (batch, 1), with an auxiliary classifier to `[logits, class logits]`.

    Raises:
        OptionError: if there is no layout for `clip_samples`, or a choice is unknown.

    Example:
        >>> wavegan_discriminator().count_params()  # dim 64, 16384 samples: the published size
        17427969
    """
    strides = _strides(clip_samples)
    waveform = keras.Input((clip_samples, channels), name="waveform")
    x = waveform
    if signal_scale != 1.0:
        x = layers.Rescaling(1.0 / signal_scale, dtype="float32")(x)
    label, x = told(x, classes, label_head)
    for index, stride in enumerate(strides):
        convolution = StridedConv1D(dim * 2**index, kernel_size, stride)
        x = convolved(convolution, x, normalization, first=index == 0)
        if phase_shuffle and index < len(strides) - 1:
            shuffle_seed = None if seed is None else seed + index
            x = PhaseShuffle(phase_shuffle, seed=shuffle_seed)(x)
    return verdict(
        waveform,
        label,
        x,
        classes=classes,
        label_head=label_head,
        normalization=normalization,
        minibatch_stddev=minibatch_stddev,
        label_deviation=label_deviation,
        name="wavegan_discriminator",
    )
