"""What a pitch already says of a sound: how the phases of its harmonics go on."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from ganlib.audio.fourier import magnitude, stft

UNKNOWN = -1.0  # in place of a pitch: to be found by whoever reads it
IN_BETWEEN_HZ = 180.0  # the pitch towards which a voice goes where it begins or ends
TURN = 2**16  # steps of a whole turn
NOISE_SEED = 7  # voiceless sounds begin as this noise, always the same


def pulse_train(pitch: Any, sample_rate: int, hop_length: int) -> Any:
    """A signal with all harmonics of a pitch, equally loud; noise where there is none.

    $\\sqrt{2/K} \\sum_{k=1}^{K} \\cos k\\varphi_n = \\sqrt{2/K}\\,\\left(\\frac{\\sin (K + 1/2)
    \\varphi_n}{2 \\sin (\\varphi_n / 2)} - \\frac{1}{2}\\right)$, with $K$ as high as the sample
    rate lets it be and the phase $\\varphi_n$ the sum of all pitches so far: two sines a sample,
    for any number of harmonics. Its power is 1, as that of the noise.

    Args:
        pitch: in Hz around every `hop_length`-th sample, float (batch, frames); 0 for none.
        sample_rate: in Hz.
        hop_length: in samples.

    Returns:
        float32 (batch, frames * hop_length).

    Example:
        >>> tuple(pulse_train(np.full((1, 4), 100.0, "float32"), 16000, 256).shape)
        (1, 1024)
    """
    pitch = ops.cast(pitch, "float32")
    voiced = ops.cast(pitch > 0, "float32")
    cycles = _per_sample(ops.where(pitch > 0, pitch, IN_BETWEEN_HZ), hop_length) / sample_rate
    within = ops.cumsum(cycles, axis=-1)  # (batch, frames, hop_length)
    turns = within + _turns_before(within[..., -1])[..., None]
    phase = 2.0 * np.pi * (turns - ops.floor(turns))
    count, half = ops.floor(0.5 / cycles), ops.sin(0.5 * phase)
    known = ops.abs(half) > 1e-4
    sums = ops.sin((count + 0.5) * phase) / (2.0 * ops.where(known, half, 1.0)) - 0.5
    pulses = ops.where(known, sums, count) * ops.sqrt(2.0 / count)
    share = _per_sample(voiced, hop_length)
    noise = keras.random.normal(ops.shape(share), seed=NOISE_SEED)
    signal = share * pulses + (1.0 - share) * noise
    return ops.reshape(signal, (ops.shape(signal)[0], -1))


def _turns_before(cycles: Any) -> Any:
    """The sum of all earlier cycles without its whole part; in integers, or it would drift."""
    parts = ops.cast(ops.round((cycles - ops.floor(cycles)) * TURN), "int32")
    before = ops.cumsum(parts, axis=1) - parts
    return ops.cast(before % TURN, "float32") / TURN


def _per_sample(values: Any, hop_length: int) -> Any:
    """A line from each value to the next: (batch, frames, hop_length)."""
    following = ops.concatenate([values[:, 1:], values[:, -1:]], axis=1)
    share = ops.arange(hop_length, dtype="float32") / hop_length
    return values[..., None] * (1.0 - share) + following[..., None] * share


@keras.saving.register_keras_serializable("ganlib")
class AroundPitch(keras.layers.Layer):
    """Add what the pitch already says to the phases that a network writes.

    The phases of a pulse train of that pitch: of every harmonic the phase goes on as it must, and
    the network is left with how the harmonics lie to one another.

    Args:
        sample_rate: in Hz.
        n_fft: samples in a frame that is written.
        hop_length: samples from one value of the pitch to the next.
        frames_per_hop: frames that are written for each value.

    Call with `[spectra, pitch]`, (batch, frames, frames_per_hop * 2 * bins), of each frame its
    log-magnitudes and then its phases, and (batch, frames) in Hz, 0 where there is none; returns
    what is like the first.

    Example:
        >>> nothing = np.zeros((1, 5, 2 * 2 * 65), "float32")
        >>> layer = AroundPitch(8000, 128, 64, frames_per_hop=2)
        >>> made = layer([nothing, np.full((1, 5), 125.0, "float32")])
        >>> tuple(made.shape), float(made[0, 0, 0])  # the log-magnitudes stay
        ((1, 5, 260), 0.0)

    Reference: Yoneyama et al. (2024), Wavehax, arXiv 2411.06807, section III: the spectrum of a
        harmonic signal as what a network begins with. The closed form of the sum of cosines:
        Dirichlet (1829).
    Differs: only its phases are used, since the mel bands know the magnitudes better (`AroundMel`).
    """

    def __init__(
        self, sample_rate: int, n_fft: int, hop_length: int, frames_per_hop: int, **kwargs: Any
    ):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.sample_rate, self.n_fft = sample_rate, n_fft
        self.hop_length, self.frames_per_hop = hop_length, frames_per_hop

    def call(self, inputs: Any) -> Any:
        spectra, pitch = inputs
        train = pulse_train(ops.stop_gradient(pitch), self.sample_rate, self.hop_length)
        real, imaginary = stft(train, self.n_fft, self.hop_length // self.frames_per_hop)
        size = magnitude(real, imaginary)
        # arctan2 of a frame of zeros would be 0, and its gradient is not needed
        phases = ops.arctan2(imaginary / size, real / size)[:, :-1]
        bins = self.n_fft // 2 + 1
        both = ops.concatenate([ops.zeros_like(phases), phases], axis=-1)
        shape = (-1, ops.shape(spectra)[1], self.frames_per_hop * 2 * bins)
        return spectra + ops.reshape(both, shape)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape[0])

    def get_config(self) -> dict:
        own = ("sample_rate", "n_fft", "hop_length", "frames_per_hop")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


def pitch_grid(lowest_hz: float, highest_hz: float, bins: int = 97) -> np.ndarray:
    """Pitches in equal musical steps, float32 (bins,).

    Example:
        >>> pitch_grid(100.0, 400.0, 3).round(3).tolist()
        [100.0, 200.0, 400.0]
    """
    return np.geomspace(lowest_hz, highest_hz, bins).astype("float32")


@keras.saving.register_keras_serializable("ganlib")
class KnownPitch(keras.layers.Layer):
    """The pitch of every frame: the one that is given, or the one that a network finds.

    Of scores for every pitch of a grid, the mean of logarithms counts: finer than its steps. While
    training, what is given is a lesson for who finds it, and what is found is used.

    Args:
        lowest_hz: of the grid.
        highest_hz: of the grid.

    Call with `[given, scores]`: (batch, frames, 1) in Hz, 0 where there is none and -1 where it is
    to be found; and (batch, frames, 1 + bins), the first a logit of having a pitch. Returns
    (batch, frames) in Hz.

    Example:
        >>> given = np.array([[[-1.0], [100.0]]], "float32")
        >>> scores = np.array([[[5.0, 0.0, 90.0, 0.0]] * 2], "float32")
        >>> [round(float(one)) for one in KnownPitch(50.0, 200.0)([given, scores])[0]]
        [100, 100]

    Reference: Kim et al. (2018), CREPE, arXiv 1802.06182, section 2: pitch as a choice among bins.
    """

    def __init__(self, lowest_hz: float, highest_hz: float, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.lowest_hz, self.highest_hz = lowest_hz, highest_hz

    def call(self, inputs: Any, training: bool = False) -> Any:
        given, scores = inputs
        given = given[..., 0]
        found = expected_pitch(scores, self.lowest_hz, self.highest_hz)
        found = ops.where(scores[..., 0] > 0, found, 0.0)
        return found if training else ops.where(given < 0, found, given)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape[0][:2])

    def get_config(self) -> dict:
        own = {"lowest_hz": self.lowest_hz, "highest_hz": self.highest_hz}
        return {**super().get_config(), **own}


def expected_pitch(scores: Any, lowest_hz: float, highest_hz: float) -> Any:
    """The pitch that scores mean, whether there is one or not: Hz, (batch, frames).

    Example:
        >>> round(float(expected_pitch(np.zeros((1, 1, 4), "float32"), 50.0, 200.0)[0, 0]))
        100
    """
    logs = np.log(pitch_grid(lowest_hz, highest_hz, scores.shape[-1] - 1))
    return ops.exp(ops.sum(ops.softmax(scores[..., 1:]) * logs, axis=-1))
