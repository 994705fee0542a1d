"""The real recordings that a run is compared with: those it learned from, if they can be had."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.data.catalog import DATASETS
from ganlib.data.clips import Clips
from ganlib.data.loading import load_clips
from ganlib.errors import GanlibError
from ganlib.evaluation.measuring.ear import Ear
from ganlib.evaluation.measuring.reference import shipped
from ganlib.evaluation.measuring.sources import in_turn
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training.config import Config

STAND_IN = "fsdd"  # what speech is like, where the run's own recordings are not at hand
HEARD = 3000  # recordings at most, the labels taking turns
SHORT = 0.5  # of the classifier's clips: what is shorter is no word


@dataclass(frozen=True)
class Recordings:
    """Recordings as the classifier hears them.

    Args:
        train: float (recordings, 128), features.
        labels: int (recordings,), digits; None where the labels are none.
        test: features of recordings that were not trained on; None where there are none.
        sound: the training recordings themselves; None where they are not on this machine.
        test_sound: those that were not trained on.
        note: empty, or a sentence about what could not be compared.

    Example:
        >>> Recordings(np.zeros((2, 128))).note
        ''
    """

    train: np.ndarray
    labels: np.ndarray | None = None
    test: np.ndarray | None = None
    sound: Clips | None = None
    test_sound: Clips | None = None
    note: str = ""


def recordings_of(config: Config, synthesizer: Synthesizer, ear: Ear) -> Recordings:
    """What the classifier makes of the recordings that a run learned from.

    Those of FSDD need not be at hand, since their figures ship with ganlib, and they stand in for
    others that are not. Clips shorter than half a second are compared with recordings cut alike.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> config = Config("dense_gan", "no such folder", "", "quick", {}, [], seed=0)
        >>> whole = Synthesizer(None, AudioFormat(8000, 8192))
        >>> recordings_of(config, whole, shipped_ear()).note[:37]
        'no such folder is not at hand, so the'
    """
    sound = replace(synthesizer.audio_format, channels=1)
    words = sound.duration_seconds >= SHORT * ear.clip_samples / ear.sample_rate
    try:
        if not words:
            return _listen(config.data, sound, ear)
        if config.data == STAND_IN:
            return _shipped(sound)
        return _named(config.data, sound, ear)
    except (GanlibError, OSError):
        note = (
            f"{config.data or 'the data'} is not at hand, so the clips were compared with "
            f"{STAND_IN}, and copies were not looked for"
        )
        return replace(_shipped(None), test=None, note=note)


def _shipped(sound: AudioFormat | None) -> Recordings:
    """The figures of FSDD, with its sound where a format is given and the set is here."""
    reference = shipped(STAND_IN)
    train, test = reference.train, reference.test
    known = Recordings(train.heard.features, train.labels, test.heard.features)
    if sound is None or not DATASETS[STAND_IN].present:
        note = (
            f"{STAND_IN} is not here, so copies were looked for by the classifier's features only"
        )
        return replace(known, note=note)
    train_sound, test_sound = (load_clips(STAND_IN, split, sound) for split in ("train", "test"))
    return replace(known, sound=train_sound, test_sound=test_sound)


def _listen(data: str, sound: AudioFormat, ear: Ear) -> Recordings:
    """Recordings cut to the length of clips that are no words."""
    clips = _drawn(load_clips(data, audio_format=sound))
    note = "clips so short were compared as sounds, not as words; copies were not looked for"
    return Recordings(ear.listen(clips.samples, sound.sample_rate).features, note=note)


def _named(data: str, sound: AudioFormat, ear: Ear) -> Recordings:
    clips = _drawn(load_clips(data, audio_format=sound))
    labels = ear.numbers(clips.labels, clips.label_names)
    known = Recordings(ear.listen(clips.samples, sound.sample_rate).features, labels, sound=clips)
    try:
        test = load_clips(data, "test", sound)
    except GanlibError:
        note = f"{data} has no recordings that were held out, so copies were not looked for"
        return replace(known, note=note)
    features = ear.listen(test.samples, sound.sample_rate).features
    return replace(known, test=features, test_sound=test)


def _drawn(clips: Clips) -> Clips:
    return clips.select(in_turn(clips.labels, len(clips), HEARD, seed=0))
