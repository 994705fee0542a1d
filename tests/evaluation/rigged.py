"""An ear whose answers can be told beforehand, digits that it knows, and generators on demand."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.evaluation.measuring.ear import FEATURES, Ear

DIGITS = tuple("0123456789")
PLACE = 6  # samples that belong to a digit
SOUND = AudioFormat(8000, 64)


def tiny_ear(sha256: str = "tiny") -> Ear:
    """Digit d is what sounds in samples 6d to 6d + 5; feature d is the mean there."""
    blocks = np.zeros((64, 10), "float32")
    for digit in range(10):
        blocks[digit * PLACE : (digit + 1) * PLACE, digit] = 1 / PLACE
    waveform = keras.Input((64, 1))
    features = keras.layers.Dense(10, "relu", use_bias=False, name=FEATURES)(
        keras.layers.Flatten()(waveform)
    )
    logits = keras.layers.Dense(10, use_bias=False)(features)
    model = keras.Model(waveform, logits)
    model.set_weights([blocks, 50 * np.eye(10, dtype="float32")])
    return Ear(model, 8000, 64, DIGITS, sha256)


def spoken(labels: np.ndarray, seed: int = 0) -> np.ndarray:
    """Clips (clips, 64, 1) of these digits, no two alike."""
    random = np.random.default_rng(seed)
    clips = np.zeros((len(labels), 64, 1), "float32")
    for clip, digit in zip(clips, labels, strict=True):
        clip[digit * PLACE : (digit + 1) * PLACE, 0] = random.uniform(0.1, 0.9, PLACE)
    return clips


def recordings(count: int = 100, names: tuple[str, ...] = DIGITS, seed: int = 0) -> Clips:
    labels = np.arange(count) % len(names)
    return Clips(spoken(labels, seed), labels, names, audio_format=SOUND)


@dataclass(frozen=True)
class Rigged:
    """Stands for a `Synthesizer`: clips by a function of the labels and the seed."""

    make: Callable[[np.ndarray, int], np.ndarray]
    label_names: tuple[str, ...] = DIGITS
    audio_format: AudioFormat = SOUND

    def generate(self, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(count) % max(len(self.label_names), 1)
        return self.make(labels, seed), labels
