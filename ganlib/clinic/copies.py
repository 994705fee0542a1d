"""Are the clips copies of what was learned from? Looked at where copies are seen best."""

from __future__ import annotations

import numpy as np

from ganlib.audio.codec import SpectrogramCodec
from ganlib.clinic.recordings import Recordings
from ganlib.errors import OptionError
from ganlib.metrics.memorization import clip_spectra, memorization


def copy_signs(
    clips: np.ndarray,
    pictures: np.ndarray | None,
    features: np.ndarray,
    real: Recordings,
    codec: SpectrogramCodec | None,
) -> dict[str, float]:
    """Whether clips are copies of training recordings, beside recordings that are new.

    A painted picture is compared with pictures of recordings, before the way to sound blurs it;
    other clips by their spectra; and where there is no sound of recordings, by their features.

    Args:
        clips: (clips, time, 1).
        pictures: (clips, frames, rows, 1), what they were made of; None if they were not painted.
        features: (clips, 128), the same as the classifier hears them.
        real: the recordings.
        codec: that the model was trained with; None if it paints nothing.

    Returns:
        `copies`, `copies_of_new`: share of clips, and of new recordings, that are copies of a
        training recording, see `memorization`. `nearness`: median distance to the training
        recordings, in units of new recordings'. Empty if nothing was held out.

    Example:
        >>> points = np.random.default_rng(0).normal(size=(40, 128))
        >>> real = Recordings(points[:20], test=points[20:])
        >>> copy_signs(np.zeros((5, 64, 1)), None, points[:5], real, None)["copies"]
        1.0
    """
    if real.test is None:
        return {}
    try:
        spaces = _spaces(clips, pictures, real, codec) or (real.train, real.test, features)
        found = memorization(*spaces)
    except OptionError:  # clips too short for spectra
        found = memorization(real.train, real.test, features)
    return {
        "copies": found.share_copied,
        "copies_of_new": found.share_copied_test,
        "nearness": found.ratio_of_medians,
    }


def _spaces(clips, pictures, real: Recordings, codec) -> tuple | None:
    """Training recordings, new ones and clips, as points; None where no recordings can be heard."""
    if real.sound is None or real.test_sound is None:
        return None
    recorded = [_at_full_level(split.samples) for split in (real.sound, real.test_sound)]
    if pictures is None or codec is None:
        return tuple(clip_spectra(part) for part in (*recorded, _at_full_level(clips)))
    painted = [codec.encode(part) for part in recorded] + [pictures]
    return tuple(space.reshape(len(space), -1) for space in painted)


def _at_full_level(clips: np.ndarray) -> np.ndarray:
    """As the model hears them in training; see `ganlib.training.engine.feeding.prepared`."""
    return clips / np.maximum(np.abs(clips).max(axis=(1, 2), keepdims=True), 1e-3)
