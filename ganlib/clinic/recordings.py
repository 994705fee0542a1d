"""The real recordings that a run is compared with: those it learned from, if they can be had."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ganlib.data.loading import load_clips
from ganlib.errors import GanlibError
from ganlib.evaluation.ear import Ear
from ganlib.evaluation.reference import reference_of, shipped
from ganlib.evaluation.sources import in_turn
from ganlib.synthesizer import Synthesizer
from ganlib.training.config import Config

STAND_IN = "fsdd"  # what speech is like, where the run's own recordings are not at hand
DRAWN = 200  # recordings that are heard, where the clips are much shorter than words
SHORT = 0.5  # of the classifier's clips: from here on they are no words


@dataclass(frozen=True)
class Recordings:
    """Recordings as the classifier hears them.

    Args:
        train: float (recordings, 128), features.
        labels: int (recordings,), digits; None where the labels are none.
        test: features of recordings that were not trained on; None where there are none.
        note: empty, or a sentence about what could not be compared.

    Example:
        >>> Recordings(np.zeros((2, 128))).note
        ''
    """

    train: np.ndarray
    labels: np.ndarray | None = None
    test: np.ndarray | None = None
    note: str = ""


def recordings_of(config: Config, synthesizer: Synthesizer, ear: Ear) -> Recordings:
    """What the classifier makes of the recordings that a run learned from.

    Where they are not at hand those of FSDD stand in, whose figures ship with ganlib; clips shorter
    than half a second are compared with recordings cut to their length.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> from ganlib.evaluation.ear import shipped_ear
        >>> config = Config("dense_gan", "no such folder", "", "quick", {}, [], seed=0)
        >>> whole = Synthesizer(None, AudioFormat(8000, 8192))
        >>> recordings_of(config, whole, shipped_ear()).note[:37]
        'no such folder is not at hand, so the'
    """
    sound = synthesizer.audio_format
    try:
        if sound.duration_seconds < SHORT * ear.clip_samples / ear.sample_rate:
            return _cut(config, synthesizer, ear)
        reference = reference_of(config.data, ear)
    except (GanlibError, OSError):
        return replace(
            _of(shipped(STAND_IN)),
            test=None,
            note=f"{config.data or 'the data'} is not at hand, so the clips were compared with "
            f"{STAND_IN}, and copies were not looked for",
        )
    return _of(reference)


def _of(reference) -> Recordings:
    train, test = reference.train, reference.test
    return Recordings(train.heard.features, train.labels, test.heard.features)


def _cut(config: Config, synthesizer: Synthesizer, ear: Ear) -> Recordings:
    clips = load_clips(config.data, audio_format=synthesizer.audio_format)
    clips = clips.select(in_turn(clips.labels, len(clips), DRAWN, seed=0))
    heard = ear.listen(clips.samples.mean(axis=-1), clips.audio_format.sample_rate)
    note = "clips this short were compared as sounds, not as words, and copies were not looked for"
    return Recordings(heard.features, note=note)
