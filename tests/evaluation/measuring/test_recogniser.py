"""PocketSphinx, each clip by itself."""

import numpy as np
import pytest

from ganlib.data.loading import load_clips
from ganlib.evaluation.measuring.recogniser import as_classes, recognised_digits

pytest.importorskip("pocketsphinx")


@pytest.fixture(scope="module")
def clips() -> np.ndarray:
    """Spoken digits between noises of very different levels."""
    from ganlib.audio.format import AudioFormat

    found = load_clips("digits", "test", AudioFormat(8000, 8192)).samples[::25, :, 0]
    random = np.random.default_rng(0)
    noise = [random.normal(0, level, found.shape[1]) for level in (0.001, 0.3, 0.02, 0.5)]
    return np.concatenate([noise[:2], found, noise[2:]]).astype("float32")


def test_what_is_heard_depends_neither_on_the_order_nor_on_the_workers(clips):
    alone = recognised_digits(clips, 8000, workers=1)
    order = np.random.default_rng(1).permutation(len(clips))
    np.testing.assert_array_equal(recognised_digits(clips[order], 8000, workers=1), alone[order])
    np.testing.assert_array_equal(recognised_digits(clips, 8000, workers=3), alone)


def test_digits_that_a_classifier_has_no_class_for_are_none():
    assert as_classes(np.array([0, 9, -1]), ("9", "zero")).tolist() == [1, 0, -1]
    assert as_classes(None, ("9",)) is None
