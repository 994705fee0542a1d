"""HiFi-GAN: transposed convolutions, and after each a field of dilated ones of several lengths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from ganlib.errors import OptionError
from ganlib.layers import TransposedConv1D, WeightNormalization

LAST = "channels_last"  # whatever keras.json says
SLOPE = 0.1  # of every leaky ReLU but the last
LAST_SLOPE = 0.01  # which the authors left at their library's default


@dataclass(frozen=True)
class Version:
    """The sizes of a generator: a column of table 5 of the paper.

    Args:
        width: channels before the first upsampling; each upsampling halves them.
        rates: of the upsamplings, with kernels of twice the rate; their product is the hop.
        kernels: of the residual blocks after each upsampling, which are averaged.
        dilations: of each block's convolutions.
        pairs: whether each dilated convolution is followed by one without dilation.

    Example:
        >>> VERSIONS["v3"].hop_length
        256
    """

    width: int
    rates: tuple[int, ...]
    kernels: tuple[int, ...]
    dilations: tuple[tuple[int, ...], ...]
    pairs: bool

    @property
    def hop_length(self) -> int:
        """Samples that a frame becomes."""
        return math.prod(self.rates)


_WIDE = ((8, 8, 2, 2), (3, 7, 11), ((1, 3, 5), (1, 3, 5), (1, 3, 5)), True)
_SHALLOW = ((8, 8, 4), (3, 5, 7), ((1, 2), (2, 6), (3, 12)), False)
VERSIONS = {
    "v1": Version(512, *_WIDE),
    "v2": Version(128, *_WIDE),
    "v3": Version(256, *_SHALLOW),
    "small": Version(128, *_SHALLOW),
}


def hifigan_generator(
    n_mels: int,
    frames: int | None = None,
    version: str = "v1",
    hop_length: int = 256,
    weight_normalization: bool = True,
) -> keras.Model:
    """Build the generator: frames become samples by upsampling, and what was inserted is filled in.

    After each upsampling $x \\mapsto \\frac{1}{K} \\sum_k R_k(x)$, the multi-receptive field:
    residual blocks $R_k$ with kernels of several lengths, each seeing farther with every dilation.

    Args:
        n_mels: bands of a frame.
        frames: of a clip; None for any number.
        version: "v1" (13.92 million parameters), "v2" (0.92) and "v3" (1.46) are the paper's;
            "small" (0.40) is v3 at half its width, for a CPU.
        hop_length: samples of a frame, 256 for all versions.
        weight_normalization: of every convolution, see `ganlib.layers.WeightNormalization`; it
            adds one length for each output channel, of upsamplings for each input channel.

    Returns:
        A model from log-mel magnitudes (batch, frames, n_mels), natural logarithm, to clips
        (batch, frames * hop_length, 1) in [-1, 1].

    Raises:
        OptionError: if the version is unknown or makes another number of samples of a frame.

    Example:
        >>> model = hifigan_generator(80, version="v3", weight_normalization=False)
        >>> model.count_params(), model.output_shape
        (1462273, (None, None, 1))

    Reference: Kong, Kim and Bae (2020), HiFi-GAN: generative adversarial networks for efficient and
        high fidelity speech synthesis, arXiv 2010.05646, section 2.2, figure 1 and table 5.
    Differs: frames are centred (`ganlib.audio.mel.log_mel`), where the authors' are half a frame
        late; weights begin as Glorot's numbers.
    """
    size = _version(version, hop_length)
    normed = weight_normalization
    mel = keras.Input((frames, n_mels), name="log_mel")
    x, width = _convolution(mel, size.width, 7, "first", normed), size.width
    for stage, rate in enumerate(size.rates):
        width //= 2
        x = layers.LeakyReLU(SLOPE)(x)
        x = upsampled(x, width, rate, f"up_{stage}", normed)
        blocks = [
            _residual_block(x, width, kernel, dilations, size.pairs, f"field_{stage}", normed)
            for kernel, dilations in zip(size.kernels, size.dilations, strict=True)
        ]
        x = layers.Average()(blocks)
    x = layers.LeakyReLU(LAST_SLOPE)(x)
    # Samples need more digits than bfloat16 has: under mixed precision this stays float32.
    x = _convolution(x, 1, 7, "last", normed, dtype="float32")
    clip = layers.Activation("tanh", dtype="float32", name="clip")(x)
    return keras.Model(mel, clip, name=f"hifigan_{version}")


def _version(version: str, hop_length: int) -> Version:
    if version not in VERSIONS:
        raise OptionError(f"version must be one of {', '.join(VERSIONS)}, not {version!r}.")
    size = VERSIONS[version]
    if hop_length != size.hop_length:
        raise OptionError(
            f"HiFi-GAN {version} makes {size.hop_length} samples of a frame, not {hop_length}: "
            f"--set hop_length={size.hop_length}"
        )
    return size


def _residual_block(
    x: Any,
    width: int,
    kernel: int,
    dilations: Sequence[int],
    pairs: bool,
    name: str,
    normed: bool,
) -> Any:
    """Convolutions of growing dilation, each added to what it reads."""
    name = f"{name}_{kernel}"
    for place, dilation in enumerate(dilations):
        inside = layers.LeakyReLU(SLOPE)(x)
        inside = _convolution(inside, width, kernel, f"{name}_{place}", normed, dilation)
        if pairs:
            inside = layers.LeakyReLU(SLOPE)(inside)
            inside = _convolution(inside, width, kernel, f"{name}_{place}_near", normed)
        x = layers.Add()([x, inside])
    return x


def _convolution(
    x: Any, width: int, kernel: int, name: str, normed: bool, dilation: int = 1, **options: Any
) -> Any:
    layer = layers.Conv1D(
        width, kernel, padding="same", dilation_rate=dilation, data_format=LAST, **options
    )
    return weight_normed(layer, name, normed)(x)


def upsampled(x: Any, width: int, rate: int, name: str, normed: bool) -> Any:
    """Frames as transposed convolution makes them longer, with a kernel of twice the rate.

    Args:
        x: (batch, time, channels).
        width: output channels.
        rate: how many times longer, even.
        name: of the layer.
        normed: whether by weight normalisation, with a length for each input channel.

    Example:
        >>> upsampled(keras.Input((10, 6)), 3, 4, "up", normed=True).shape
        (None, 40, 3)
    """
    layer = TransposedConv1D(width, 2 * rate, rate)
    return weight_normed(layer, name, normed, axis=-1)(x)


def weight_normed(
    layer: keras.layers.Layer, name: str, normed: bool = True, axis: int | None = None
) -> keras.layers.Layer:
    """The layer, by weight normalisation if so wanted.

    Args:
        layer: a convolution, not yet built.
        name: of what is returned.
        normed: whether to wrap it.
        axis: see `WeightNormalization`.

    Example:
        >>> [weight_normed(layers.Dense(2), "said", normed).name for normed in (True, False)]
        ['said', 'said']
    """
    if normed:
        return WeightNormalization(layer, axis=axis, name=name)
    layer.name = name
    return layer
