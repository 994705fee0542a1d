"""What the clips of a run say: level, variety, digits, tones, phase. Figures, no opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ganlib.audio.codec import SpectrogramCodec
from ganlib.clinic.recordings import Recordings
from ganlib.errors import OptionError
from ganlib.evaluation.measuring.ear import Ear, Heard
from ganlib.evaluation.watching.symptoms import FEW, Bounds
from ganlib.evaluation.watching.yardstick import (
    FEWEST_OF_A_LABEL,
    FIRST_SEED,
    effective_number,
    spread,
)
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.metrics.conditional import conditional_accuracy
from ganlib.metrics.health import signal_health

PATIENT = 60  # iterations of Griffin-Lim that the phase is compared with
PAINTED = 16  # pictures that are painted and heard twice


def heard_signs(
    clips: np.ndarray,
    asked: np.ndarray,
    names: tuple[str, ...],
    heard: Heard,
    real: Recordings,
    ear: Ear,
) -> dict[str, float]:
    """How varied the clips are, and what they are heard as.

    Args:
        clips: (clips, time, 1), only counted here.
        asked: (clips,), numbers of the labels that were asked for.
        names: of the labels; empty where nothing can be asked for.
        heard: the clips as the classifier hears them.
        real: the recordings.
        ear: the classifier.

    Returns:
        `spread`: how unlike one another the clips are; recordings have 1.
        `digits`, `few_digits`: effective number of digits that are heard, where the recordings
            are digits, and 0.3 of theirs.
        `spread_within_labels`: as `spread`, among clips of one label.
        `named_as_asked`, `by_chance`: share of clips that the classifier names as asked, and the
            share that chance may give.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> features = np.random.default_rng(0).normal(size=(8, 128))
        >>> noise, real = Heard(features, np.full((8, 10), 0.1)), Recordings(features)
        >>> heard_signs(np.zeros((8, 64, 1)), np.zeros(8, int), (), noise, real, shipped_ear())
        {'spread': 1.0}
    """
    signs = {"spread": spread(heard.features) / max(spread(real.train), 1e-12)}
    if real.labels is not None:
        signs["digits"] = effective_number(heard.probabilities)
        signs["few_digits"] = FEW * effective_number(np.eye(len(ear.label_names))[real.labels])
    if names and len(clips) >= FEWEST_OF_A_LABEL * len(names) and real.labels is not None:
        within = max(spread(real.train, real.labels), 1e-12)
        signs["spread_within_labels"] = spread(heard.features, asked) / within
    if names and (digits := ear.numbers(asked, names)) is not None:
        signs["named_as_asked"] = conditional_accuracy(heard.probabilities, digits)
        signs["by_chance"] = Bounds.of(0, None, len(names), len(clips)).accuracy
    return signs


def signal_signs(clips: np.ndarray, sample_rate: int) -> dict[str, float]:
    """Level and upsampling tones of the clips as signals; see `signal_health`.

    Example:
        >>> signal_signs(np.zeros((2, 512, 1)), 8000)["level_db"]
        -120.0
    """
    try:
        health = signal_health(clips, sample_rate)
    except OptionError:  # too short for spectra
        return {}
    return {name: health[name] for name in ("level_db", "tone_excess_db", "tone_hz")}


def painted_signs(
    synthesizer: Synthesizer, pictures: np.ndarray, clips: np.ndarray, codec: SpectrogramCodec
) -> dict[str, float]:
    """What becomes of painted pictures on their way to sound.

    A picture is turned into sound, and the codec that the model was trained with paints that sound
    again: what is lost on the way is lost by the phase, or by a codec that is another one.

    Args:
        synthesizer: with the codec that it speaks through.
        pictures: what its generator painted.
        clips: what that sounds like.
        codec: that the model was trained with.

    Returns:
        `repainted`: RMS of the difference between painting and repainting, in units of the
            picture's range of 2.
        `impatience`: the same, divided by what 60 iterations of Griffin-Lim leave of it.

    Example:
        >>> from ganlib.training.recipes import get_recipe
        >>> recipe = get_recipe("specgan")
        >>> codec = SpectrogramCodec.from_dict(recipe.unmeasured_codec(recipe.options()))
        >>> codec = replace(codec, mean=(-2.0,) * 64)
        >>> speaker = Synthesizer(None, codec.audio_format, codec=replace(codec, iterations=1))
        >>> pictures = np.random.default_rng(0).normal(0, 0.1, (2, 64, 64, 1)).astype("float32")
        >>> clips = speaker.codec.decode(pictures)
        >>> painted_signs(speaker, pictures, clips, codec)["impatience"] > 1
        True
    """
    if synthesizer.codec is None or codec.picture_shape != synthesizer.codec.picture_shape:
        return {}
    pictures, clips = pictures[:PAINTED], clips[:PAINTED]
    patient = replace(synthesizer.codec, iterations=max(PATIENT, synthesizer.codec.iterations))
    lost = _lost(pictures, clips, codec)
    at_best = _lost(pictures, patient.decode(pictures), codec)
    return {"repainted": lost, "impatience": lost / max(at_best, 1e-6)}


def _lost(pictures: np.ndarray, clips: np.ndarray, codec: SpectrogramCodec) -> float:
    return float(np.sqrt(np.mean(np.square(codec.encode(clips) - pictures)))) / 2


def speak(synthesizer: Synthesizer, count: int) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """Clips, the pictures that they were made of if there are any, and the labels, all in turn.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> tiny = Synthesizer.build("dense_generator", {"output_shape": [64, 1], "hidden": [2]},
        ...                          AudioFormat(8000, 64))
        >>> clips, pictures, labels = speak(tiny, 3)
        >>> clips.shape, pictures, labels.tolist()
        ((3, 64, 1), None, [0, 0, 0])
    """
    labels = synthesizer.choose_labels(count)
    made = replace(synthesizer, codec=None).make(labels, FIRST_SEED)
    if synthesizer.codec is None:
        return made, None, labels
    return synthesizer.codec.decode(made), made, labels
