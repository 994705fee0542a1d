"""Metrics with labels: the right clip for the wrong class is an error that they see."""

import numpy as np
import pytest

from ganlib.errors import OptionError
from ganlib.metrics.conditional import (
    class_frechet_distance,
    class_frechet_distances,
    conditional_accuracy,
    speaker_coverage,
)
from ganlib.metrics.distributions import frechet_distance

RNG = np.random.default_rng(0)
LABELS = np.arange(120) % 3
REAL = RNG.normal(size=(120, 4)) + 10 * np.eye(4)[LABELS]


def test_accuracy_counts_the_likeliest_class():
    posteriors = np.array([[0.4, 0.6], [0.7, 0.3], [0.1, 0.9], [0.2, 0.8]])
    assert conditional_accuracy(posteriors, [1, 0, 0, 1]) == 0.75
    assert conditional_accuracy(np.ones((3, 1)), [0, 0, 0]) == 1.0
    assert conditional_accuracy(posteriors[:1], [0]) == 0.0


@pytest.mark.parametrize("labels", [[0, 2], [-1, 0], [0], [0.0, 1.0], ["a", "b"], [[0], [1]]])
def test_labels_without_a_class_are_refused(labels):
    with pytest.raises(OptionError, match="labels must"):
        conditional_accuracy(np.full((2, 2), 0.5), labels)


def test_shuffled_labels_show_within_the_classes_and_not_over_all_clips():
    fake = REAL + 0.1 * RNG.normal(size=REAL.shape)
    wrong = np.roll(LABELS, 1)
    assert frechet_distance(REAL, fake) < 0.5
    assert class_frechet_distance(REAL, LABELS, fake, LABELS) < 0.5
    assert class_frechet_distance(REAL, LABELS, fake, wrong) > 100


def test_the_distance_within_the_classes_is_the_mean_of_each_class_alone():
    fake, fake_labels = RNG.normal(1, 2, size=(60, 4)), np.repeat([0, 1, 2], [10, 20, 30])
    expected = {k: frechet_distance(REAL[k == LABELS], fake[k == fake_labels]) for k in range(3)}
    assert class_frechet_distances(REAL, LABELS, fake, fake_labels) == expected
    got = class_frechet_distance(REAL, LABELS, fake, fake_labels)
    np.testing.assert_allclose(got, sum(expected.values()) / 3)


def test_with_one_class_it_is_the_frechet_distance():
    fake, none = REAL + 1, np.zeros(120, int)
    assert class_frechet_distance(REAL, none, fake, none) == frechet_distance(REAL, fake)


@pytest.mark.parametrize(
    ("fake_labels", "message"),
    [
        (np.zeros(120, int), r"at least 2 fake clips, which \[1, 2\] lack"),
        (np.where(np.arange(120) == 5, 2, LABELS % 2), r"at least 2 fake clips, which \[2\] lack"),
        (LABELS + 1, r"classes that real_labels lacks: \[3\]"),
        (LABELS[:5], "fake_labels must have one entry for each of the 120 clips"),
    ],
)
def test_a_class_without_a_covariance_is_named(fake_labels, message):
    with pytest.raises(OptionError, match=message):
        class_frechet_distance(REAL, LABELS, REAL, fake_labels)


def test_a_real_class_with_one_clip_is_named():
    labels = np.where(np.arange(120) == 0, 7, 1)
    with pytest.raises(OptionError, match=r"at least 2 real clips, which \[7\] lack"):
        class_frechet_distance(REAL, labels, REAL, np.arange(120) % 2 * 6 + 1)


def test_a_clip_belongs_to_the_speaker_of_its_nearest_real_clip():
    fake = REAL[[0, 1, 3, 6]] + 1e-3
    shares, appearing = speaker_coverage(REAL, np.array(["ann", "bob", "eve"])[LABELS], fake)
    assert shares == {"ann": 0.75, "bob": 0.25, "eve": 0.0}
    assert appearing == 2


def test_one_speaker_gets_everything_and_integers_are_names():
    assert speaker_coverage(REAL, np.full(120, 4), REAL) == ({4: 1.0}, 1)


@pytest.mark.parametrize(
    ("speakers", "fake", "message"),
    [
        (["ann"], REAL, "real_speakers must have one entry"),
        (LABELS, REAL[:, :2], "same number of dimensions"),
        (LABELS, REAL * np.nan, "fake must be finite"),
    ],
)
def test_speakers_and_clips_that_do_not_match_are_refused(speakers, fake, message):
    with pytest.raises(OptionError, match=message):
        speaker_coverage(REAL, speakers, fake)
