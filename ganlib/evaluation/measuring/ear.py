"""The ear of the scoreboard: the digit classifier that ships with ganlib."""

from __future__ import annotations

import json
from dataclasses import dataclass

import keras
import numpy as np

from ganlib import pretrained
from ganlib.audio.files import fit_length, resample
from ganlib.errors import OptionError, WeightsError
from ganlib.instruments.files import load_weights
from ganlib.metrics.speech import DIGIT_WORDS
from ganlib.models.digit_classifier import FEATURES, digit_classifier

BATCH = 64
_FAINTEST = 1e-3  # a clip with a lower peak is not raised to full scale; as in training


@dataclass(frozen=True)
class Heard:
    """What the classifier makes of clips, row by row.

    Args:
        features: float32 (clips, 128), a square of 1 on average over real recordings.
        probabilities: float32 (clips, classes), rows with a sum of 1.

    Example:
        >>> Heard(np.zeros((1, 128)), np.ones((1, 10)) / 10).named.tolist()
        [0]
    """

    features: np.ndarray
    probabilities: np.ndarray

    @property
    def named(self) -> np.ndarray:
        """The likeliest class of each clip."""
        return self.probabilities.argmax(axis=1)


@dataclass(frozen=True)
class Ear:
    """A classifier with what it needs to listen: sample rate, length, names of its classes.

    Args:
        model: from waveforms to logits, with a layer `FEATURES`.
        sample_rate: in Hz.
        clip_samples: length it listens to.
        label_names: of the classes.
        sha256: of its weights; every figure names it.
        feature_scale: RMS of its features over the recordings that it was trained on; dividing by
            it gives distances a common unit.

    Example:
        >>> ear = Ear(digit_classifier(width=1), 8000, 8192, tuple("0123456789"), "")
        >>> ear.listen(np.zeros((3, 4000, 1), "float32"), sample_rate=4000).features.shape
        (3, 128)
    """

    model: keras.Model
    sample_rate: int
    clip_samples: int
    label_names: tuple[str, ...]
    sha256: str
    feature_scale: float = 1.0

    def listen(self, clips: np.ndarray, sample_rate: int) -> Heard:
        """Features and posteriors of clips of any rate and length.

        A clip is resampled, cut or padded at its end, and raised to full scale, as in training.

        Args:
            clips: float (clips, time) or (clips, time, 1), finite.
            sample_rate: of the clips, in Hz.

        Raises:
            OptionError: if there are no clips, or a value is not finite.
        """
        clips = self.prepared(clips, sample_rate)
        layers = [self.model.get_layer(FEATURES).output, self.model.output]
        network = keras.Model(self.model.input, layers)
        batches = [
            network(clips[start : start + BATCH], training=False)
            for start in range(0, len(clips), BATCH)
        ]
        features, logits = (
            np.concatenate([keras.ops.convert_to_numpy(batch[place]) for batch in batches])
            for place in (0, 1)
        )
        scaled = (features / self.feature_scale).astype("float32")
        return Heard(scaled, _softmax(logits.astype("float64")))

    def prepared(self, clips: np.ndarray, sample_rate: int) -> np.ndarray:
        """Clips as the classifier hears them: float32 (clips, clip_samples, 1), peak 1."""
        clips = np.asarray(clips, "float32")
        if clips.ndim not in (2, 3) or not clips.size or (clips.ndim == 3 and clips.shape[2] != 1):
            raise OptionError(
                f"Expected mono clips of the shape (clips, time) or (clips, time, 1), not "
                f"{clips.shape}; mix stereo to one channel."
            )
        if not np.isfinite(clips).all():
            raise OptionError("The clips hold NaN or infinity; leave those clips out.")
        clips = clips.reshape(len(clips), -1)
        sounds = (resample(clip, sample_rate, self.sample_rate) for clip in clips)
        fitted = np.stack([fit_length(sound, self.clip_samples) for sound in sounds])
        peaks = np.abs(fitted).max(axis=1, keepdims=True)
        return (fitted / np.maximum(peaks, _FAINTEST))[..., None]

    def numbers(self, labels: np.ndarray, names: tuple[str, ...]) -> np.ndarray | None:
        """Labels as numbers of the classifier's classes; None where one of them is no class.

        Example:
            >>> ear = Ear(digit_classifier(width=1), 8000, 8192, tuple("0123456789"), "")
            >>> ear.numbers(np.array([0, 1]), ("7", "zero")).tolist()
            [7, 0]
        """
        places = {name: place for place, name in enumerate(self.label_names)}
        if self.label_names == tuple("0123456789"):
            places |= {word: place for place, word in enumerate(DIGIT_WORDS)}
        found = [places.get(str(name).lower()) for name in names]
        if not found or any(found[label] is None for label in np.unique(labels)):
            return None
        return np.array([found[label] for label in labels], "int32")


def shipped_ear() -> Ear:
    """The digit classifier that ships, its weights verified.

    Raises:
        WeightsError: if its files are missing, altered or damaged.

    Example:
        >>> shipped_ear().label_names[7]
        '7'
    """
    weights = pretrained.verified(pretrained.CLASSIFIER)
    path = pretrained.FOLDER / f"{pretrained.CLASSIFIER}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        arguments, names = content["arguments"], tuple(content["label_names"])
        model, scale = digit_classifier(**arguments), float(content["feature_scale"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} does not describe a classifier: {error!r}") from None
    load_weights(model, weights)
    digest = content["card"]["sha256"]
    return Ear(model, arguments["sample_rate"], arguments["clip_samples"], names, digest, scale)


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype("float32")
