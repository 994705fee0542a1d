"""A network that reads aloud: phones in, mel frames with a pitch out, all frames at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganlib.layers.after_dropout import NormalizationAfterDropout
from ganlib.layers.duration import ByDuration
from ganlib.models.istft_vocoder import LAST, convnext_block

MIDDLE, SPREAD = -5.0, 2.0  # of log-mel frames of speech: outputs begin there
BESIDE = 2  # columns beside the mel bands: pitch in octaves, logit of having one
PROSODY = 3  # numbers of a symbol: duration, pitch, energy


def reader_network(
    symbols: Sequence[str],
    n_mels: int = 80,
    width: int = 192,
    encoder_blocks: int = 4,
    decoder_blocks: int = 6,
    kernel_size: int = 5,
    dropout: float = 0.1,
) -> keras.Model:
    """Build the generator: an encoder of phones, a guess of their prosody, a decoder of frames.

    Prosody is given, not taken from the guess: in training that of the recording, in use the guess,
    perhaps changed. So everything that can be predicted can be heard changed too.

    Args:
        symbols: what it reads; the first is padding. "AH0", "AH1" and "AH2" share all but the
            stress.
        n_mels: bands of a frame.
        width: channels.
        encoder_blocks: ConvNeXt blocks over symbols.
        decoder_blocks: ConvNeXt blocks over frames.
        kernel_size: of convolutions over symbols; those over frames are 2 longer. Odd.
        dropout: share of channels that are left out while training.

    Returns:
        A model from a dict of `symbols`, int (batch, symbols), `prosody`, float (batch, symbols, 3
        or 4): frames, octaves from the middle of the voice, nepers of the mel bands, and
        `places`, the numbers of the frames, float (batch, frames); to a list of frames
        (batch, frames, n_mels + 2), the log-mel bands, the pitch in octaves and a logit of having
        one; and guesses (batch, symbols, 3): ln(1 + frames), octaves, nepers.

    Example:
        >>> network = reader_network(["_", "AH0", "AH1", "T"], width=8, encoder_blocks=1,
        ...                          decoder_blocks=1)
        >>> frames, guess = network({
        ...     "symbols": np.array([[3, 1]]), "prosody": np.full((1, 2, 4), 2.0, "float32"),
        ...     "places": np.arange(4.0, dtype="float32")[None]})
        >>> tuple(frames.shape), tuple(guess.shape)
        ((1, 4, 82), (1, 2, 3))

    Reference: Ren et al. (2021), FastSpeech 2, arXiv 2006.04558, section 2.
    Differs: convolutions instead of attention, pitch and energy of a phone instead of a frame.
    """
    ids = keras.Input((None,), dtype="int32", name="symbols")
    prosody = keras.Input((None, PROSODY + 1), name="prosody")
    places = keras.Input((None,), name="places")
    x = layers.Dropout(dropout)(_embedded(ids, symbols, width))
    for _ in range(encoder_blocks):
        x = convnext_block(x, width, kernel_size)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    guess = _guess(x, width, dropout)
    told = layers.Conv1D(width, 3, padding="same", data_format=LAST)(prosody[..., 1:PROSODY])
    x = layers.Concatenate()([x + told, prosody[..., 1:2]])
    x = ByDuration(name="by_duration")([x, prosody[..., 0], places])
    contour = x[..., width : width + 1]
    x = layers.Dense(width)(x)
    for _ in range(decoder_blocks):
        x = convnext_block(x, width, kernel_size + 2)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Dense(n_mels + BESIDE, dtype="float32", name="frames")(x)
    mel = MIDDLE + SPREAD * x[..., :n_mels]
    pitch = contour + 0.2 * x[..., n_mels : n_mels + 1]
    frames = layers.Concatenate(dtype="float32")([mel, pitch, x[..., n_mels + 1 :]])
    inputs = {"symbols": ids, "prosody": prosody, "places": places}
    return keras.Model(inputs, [frames, guess], name="reader_network")


def _embedded(ids: Any, symbols: Sequence[str], width: int) -> Any:
    """Vectors of symbols: of the phone, plus of its stress."""
    phones = [symbol.rstrip("012") for symbol in symbols]
    kinds = sorted(set(phones), key=phones.index)
    phone_of = np.array([kinds.index(phone) for phone in phones], "int32")
    stress_of = np.array(
        [1 + int(one[-1]) if one[-1:] in ("0", "1", "2") else 0 for one in symbols], "int32"
    )
    phone = layers.Embedding(len(kinds), width, name="phones")(ops.take(phone_of, ids))
    stress = layers.Embedding(4, width, name="stresses")(ops.take(stress_of, ids))
    return phone + stress


def _guess(x: Any, width: int, dropout: float) -> Any:
    """Duration, pitch and energy of every symbol, from what stands around it."""
    for _ in range(2):
        x = layers.Dropout(2 * dropout)(convnext_block(x, width, 9))
    x = NormalizationAfterDropout(2 * dropout, epsilon=1e-6)(x)
    return layers.Dense(PROSODY, dtype="float32", name="guess")(x)
