"""A vocoder that begins with what a mel spectrogram says: its magnitudes, and its pitch."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from ganlib.audio.format import AudioFormat
from ganlib.audio.harmonics import IN_BETWEEN_HZ, AroundPitch, KnownPitch
from ganlib.audio.spectra import AroundMel, InverseSTFT
from ganlib.models.istft_vocoder import LAST, LOUDEST, convnext_block

GRID = 97  # pitches to choose from


def harmonic_vocoder(
    n_mels: int,
    frames: int | None = None,
    hop_length: int = 256,
    n_fft: int = 1024,
    written_n_fft: int = 512,
    width: int = 192,
    blocks: int = 5,
    kernel_size: int = 7,
    frames_per_hop: int = 2,
    pitch_width: int = 96,
    pitch_blocks: int = 3,
    lowest_pitch_hz: float = 75.0,
    highest_pitch_hz: float = 400.0,
    sample_rate: int = 16000,
    fmin_hz: float = 0.0,
    fmax_hz: float | None = None,
) -> keras.Model:
    """Build the generator: find the pitch, begin with its harmonics, say what is left.

    $\\hat S = \\hat M e^{m}\\,e^{j(\\angle H + p)}$ and $\\hat x = \\mathrm{ISTFT}(\\hat S)$, with
    magnitudes $\\hat M$ from the mel bands, phases $\\angle H$ of all harmonics of the pitch (of
    noise where there is none), and a network of ConvNeXt blocks that says what is to be added to
    both. Before any training m and p are almost 0, and it speaks already.

    Args:
        n_mels: bands of a frame.
        frames: of a clip; None for any number.
        hop_length: samples from one frame of the mel to the next.
        n_fft: samples in a frame of the mel.
        written_n_fft: samples in a frame that it writes; divides n_fft.
        width: channels.
        blocks: number of ConvNeXt blocks.
        kernel_size: of all convolutions, odd.
        frames_per_hop: frames that it writes for each frame that it reads.
        pitch_width: channels of the network that finds the pitch.
        pitch_blocks: its blocks.
        lowest_pitch_hz: lowest pitch that it can find.
        highest_pitch_hz: highest one.
        sample_rate: in Hz; with the two following, of the mel bands.
        fmin_hz: lower edge of the lowest band.
        fmax_hz: upper edge of the highest band; None for half the sample rate.

    Returns:
        A model from (batch, frames, n_mels + 1), log-mel magnitudes and in the last column the
        pitch in Hz (0 for none, -1 to find it), to a list: clips (batch, frames * hop_length, 1)
        and the scores of pitches (batch, frames, 1 + 97), see `ganlib.audio.harmonics.KnownPitch`.

    Example:
        >>> clip, scores = harmonic_vocoder(80, frames=64, width=8, blocks=1).output_shape
        >>> clip, scores
        ((None, 16384, 1), (None, 64, 98))

    Reference: H. Siuzdak (2023), Vocos, arXiv 2306.00814, section 3; the two beginnings: Lv et al.
        (2024), FreeV, arXiv 2406.08196, and Yoneyama et al. (2024), Wavehax, arXiv 2411.06807.
    """
    both = keras.Input((frames, n_mels + 1), name="log_mel_and_pitch")
    mel, given = both[..., :n_mels], both[..., n_mels:]
    x = layers.Rescaling(0.3, 1.5)(mel)
    scores = _pitch_scores(x, pitch_width, pitch_blocks, kernel_size)
    pitch = KnownPitch(lowest_pitch_hz, highest_pitch_hz, name="pitch")([given, scores])
    x = layers.Concatenate()([x, _height(pitch)])
    x = layers.Conv1D(width, kernel_size, padding="same", data_format=LAST)(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    for _ in range(blocks):
        x = convnext_block(x, width, kernel_size)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Dense(
        frames_per_hop * 2 * (written_n_fft // 2 + 1),
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
        dtype="float32",
    )(x)
    sound = AudioFormat(sample_rate, 1, 1, n_fft, hop_length, n_mels, fmin_hz, fmax_hz)
    x = AroundMel(sound, frames_per_hop, written_n_fft, iterations=0)([x, mel])
    x = AroundPitch(sample_rate, written_n_fft, hop_length, frames_per_hop)([x, pitch])
    hop = hop_length // frames_per_hop
    clip = InverseSTFT(written_n_fft, hop, LOUDEST, name="inverse_stft")(x)
    return keras.Model(both, [clip, scores], name="harmonic_vocoder")


def _pitch_scores(x: Any, width: int, blocks: int, kernel_size: int) -> Any:
    """A small network of its own, which learns from measured pitches alone."""
    x = layers.Conv1D(width, kernel_size, padding="same", data_format=LAST)(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    for _ in range(blocks):
        x = convnext_block(x, width, kernel_size, expansion=2)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    return layers.Dense(1 + GRID, dtype="float32", name="pitch_scores")(x)


def _height(pitch: Any) -> Any:
    """What a network reads of a pitch: whether there is one, and how high: (batch, frames, 2)."""
    pitch = keras.ops.stop_gradient(pitch)[..., None]
    voiced = keras.ops.cast(pitch > 0, "float32")
    height = keras.ops.log(keras.ops.maximum(pitch, 1.0) / IN_BETWEEN_HZ)
    return keras.ops.concatenate([voiced, 2.0 * voiced * height], axis=-1)
