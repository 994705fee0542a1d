"""The quick measurement on generators whose figures are known beforehand."""

import numpy as np
import pytest

from ganlib.data.clips import Clips
from ganlib.errors import DataError
from ganlib.evaluation.watching.yardstick import Yardstick, effective_number, spread
from tests.evaluation.rigged import DIGITS, SOUND, Rigged, recordings, spoken, tiny_ear


@pytest.fixture(scope="module")
def yardstick() -> Yardstick:
    return Yardstick.of(recordings(), tiny_ear(), count=100)


def test_a_generator_that_speaks_like_the_recordings_is_as_good_as_they_are(yardstick):
    figures = yardstick.look(Rigged(spoken))
    assert figures["conditional_accuracy"] == 1.0
    assert figures["classes"] == pytest.approx(10.0, rel=1e-3)
    assert figures["spread"] == pytest.approx(1.0, abs=0.05)
    assert figures["spread_within_labels"] == pytest.approx(1.0, abs=0.15)
    assert figures["frechet_distance"] < 0.1 * yardstick.spread**2
    assert figures["coverage"] > 0.9


def test_one_clip_repeated_has_no_spread_and_one_class(yardstick):
    figures = yardstick.look(
        Rigged(lambda labels, seed: spoken(np.full(len(labels), 3))[:1][np.zeros(len(labels), int)])
    )
    assert (figures["spread"], figures["spread_within_labels"]) == (0.0, 0.0)
    assert figures["classes"] == pytest.approx(1.0, abs=0.01)
    assert figures["conditional_accuracy"] == 0.1
    assert figures["coverage"] <= 0.1


def test_one_clip_for_each_label_has_spread_but_none_within_labels(yardstick):
    figures = yardstick.look(Rigged(lambda labels, seed: spoken(np.arange(10))[labels]))
    assert figures["spread"] > 0.8
    assert figures["spread_within_labels"] == 0.0
    assert figures["conditional_accuracy"] == 1.0


def test_a_generator_that_ignores_its_labels_is_named_as_asked_by_chance(yardstick):
    figures = yardstick.look(Rigged(lambda labels, seed: spoken((labels + 1) % 10)))
    assert figures["conditional_accuracy"] == 0.0
    assert figures["classes"] == pytest.approx(10.0, rel=1e-3)


def test_silence_has_the_lowest_level_and_no_error(yardstick):
    figures = yardstick.look(Rigged(lambda labels, seed: np.zeros((len(labels), 64, 1))))
    assert figures["level_db"] == -120.0
    assert figures["spread"] == 0.0


def test_the_level_is_that_of_the_clips_and_not_of_what_the_ear_raises(yardstick):
    loud, soft = (
        yardstick.look(Rigged(lambda labels, seed, gain=gain: gain * spoken(labels)))["level_db"]
        for gain in (1.0, 0.1)
    )
    assert loud - soft == pytest.approx(20.0, abs=1e-3)


def test_a_clip_that_is_no_number_gives_no_figures(yardstick):
    assert yardstick.look(Rigged(lambda labels, seed: spoken(labels) * np.nan)) == {}


def test_a_generator_without_labels_is_not_asked_for_any(yardstick):
    silent_about_labels = Rigged(lambda labels, seed: spoken(np.arange(len(labels)) % 10), ())
    figures = yardstick.look(silent_about_labels)
    assert figures["classes"] == pytest.approx(10.0, rel=1e-3)
    assert not {"conditional_accuracy", "spread_within_labels"} & set(figures)


def test_labels_that_are_no_digits_leave_out_what_needs_digits():
    names = ("no", "yes")
    yardstick = Yardstick.of(recordings(names=names), tiny_ear(), count=100)
    figures = yardstick.look(Rigged(spoken, names))
    assert not {"conditional_accuracy", "classes"} & set(figures)
    assert figures["spread_within_labels"] == pytest.approx(1.0, abs=0.15)


def test_every_look_hears_the_same_latent_vectors_and_none_of_an_evaluation(yardstick):
    seeds = []
    for _ in range(2):
        yardstick.look(Rigged(lambda labels, seed: (seeds.append(seed), spoken(labels))[1]))
    assert seeds[0] == seeds[1] > 100_000


def test_at_most_a_thousand_recordings_are_heard_and_all_labels_among_them():
    labels = np.sort(np.arange(3000) % 10)
    clips = Clips(spoken(labels), labels, DIGITS, audio_format=SOUND)
    yardstick = Yardstick.of(clips, tiny_ear())
    assert np.bincount(yardstick.labels).tolist() == [100] * 10


def test_too_few_recordings_are_refused():
    with pytest.raises(DataError, match="24 recordings at least, and these are 23"):
        Yardstick.of(recordings(23), tiny_ear())


def test_the_effective_number_of_equally_frequent_classes_is_their_number():
    assert effective_number(np.eye(10)[[0, 1, 2, 3] * 5]) == pytest.approx(4.0)
    half, quarter = 0.5, 0.25
    entropy = -half * np.log(half) - 2 * quarter * np.log(quarter)
    assert effective_number(np.array([[half, quarter, quarter]])) == pytest.approx(np.exp(entropy))


def test_variance_splits_into_that_within_labels_and_that_between_their_means():
    random = np.random.default_rng(0)
    features, labels = random.normal(size=(60, 4)), np.arange(60) % 3
    features += labels[:, None]
    means = np.stack([features[labels == label].mean(axis=0) for label in range(3)])
    total = spread(features, labels) ** 2 + spread(means) ** 2
    assert spread(features) ** 2 == pytest.approx(total)
