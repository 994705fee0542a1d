"""A vocoder that writes spectra: log-mel frames in, an inverse STFT at the end."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from ganlib.audio.format import AudioFormat
from ganlib.audio.spectra import AroundMel, InverseSTFT

EXPANSION = 3  # how much wider the inside of a block is
LAST = "channels_last"  # whatever keras.json says
LOUDEST = 100.0  # largest magnitude, as in Vocos


def istft_vocoder(
    n_mels: int,
    frames: int | None = None,
    hop_length: int = 128,
    n_fft: int = 256,
    width: int = 160,
    blocks: int = 5,
    kernel_size: int = 7,
    frames_per_hop: int = 2,
    sample_rate: int = 8000,
    fmin_hz: float = 0.0,
    fmax_hz: float | None = None,
) -> keras.Model:
    """Build the generator: convolutions in time at the rate of the frames, then an inverse STFT.

    $\\hat S = e^{m}\\,(\\cos p + j \\sin p)$ and $\\hat x = \\mathrm{ISTFT}(\\hat S)$: the network
    says log-magnitude m and phase p of every bin, and no layer has to learn to upsample.

    Args:
        n_mels: bands of a frame.
        frames: of a clip; None for any number.
        hop_length: samples from one frame of the mel to the next.
        n_fft: samples in a frame, of the mel and of what it writes.
        width: channels.
        blocks: number of ConvNeXt blocks.
        kernel_size: of all convolutions, odd.
        frames_per_hop: frames that it writes for each frame that it reads.
        sample_rate: in Hz; with the two following, of the mel bands.
        fmin_hz: lower edge of the lowest band.
        fmax_hz: upper edge of the highest band; None for half the sample rate.

    Returns:
        A model from log-mel magnitudes (batch, frames, n_mels), natural logarithm, to clips
        (batch, frames * hop_length, 1).

    Example:
        >>> istft_vocoder(64, frames=64, width=8, blocks=1).output_shape
        (None, 8192, 1)

    Reference: H. Siuzdak (2023), Vocos: closing the gap between time-domain and Fourier-based
        neural vocoders for high-quality audio synthesis, arXiv 2306.00814, section 3.
    Differs: several frames are written for each that is read, so that their windows overlap more.
    """
    mel = keras.Input((frames, n_mels), name="log_mel")
    x = layers.Rescaling(0.5, 1.0)(mel)
    x = layers.Conv1D(width, kernel_size, padding="same", data_format=LAST)(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    for _ in range(blocks):
        x = convnext_block(x, width, kernel_size)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    bins = n_fft // 2 + 1
    x = layers.Dense(frames_per_hop * 2 * bins, dtype="float32")(x)
    sound = AudioFormat(sample_rate, 1, 1, n_fft, hop_length, n_mels, fmin_hz, fmax_hz)
    x = AroundMel(sound, frames_per_hop)([x, mel])
    clip = InverseSTFT(n_fft, hop_length // frames_per_hop, LOUDEST, name="inverse_stft")(x)
    return keras.Model(mel, clip, name="istft_vocoder")


def convnext_block(x: Any, width: int, kernel_size: int, expansion: int = EXPANSION) -> Any:
    """A residual block: each channel along time, then all channels of each frame.

    Args:
        x: (batch, frames, width).
        width: channels.
        kernel_size: frames that it sees.
        expansion: how much wider its inside is.

    Example:
        >>> convnext_block(keras.Input((10, 4)), 4, 3).shape
        (None, 10, 4)

    Reference: Liu et al. (2022), A ConvNet for the 2020s, arXiv 2201.03545, section 2.
    """
    inside = layers.DepthwiseConv1D(kernel_size, padding="same", data_format=LAST)(x)
    inside = layers.LayerNormalization(epsilon=1e-6)(inside)
    inside = layers.Dense(expansion * width, activation="gelu")(inside)
    inside = layers.Dense(width)(inside)
    return layers.Add()([x, inside])
