"""What the listeners heard of real recordings is written, read and drawn from together."""

from dataclasses import replace

import numpy as np
import pytest

from ganlib import pretrained
from ganlib.evaluation.measuring.ear import Heard
from ganlib.evaluation.measuring.reference import Reference, Split, shipped, write_statistics


@pytest.fixture
def reference() -> Reference:
    heard = Heard(np.eye(3, 4), np.full((3, 2), 0.5))
    train = Split(heard, np.array([0, 1, 1]), np.array(["ann", "bob", "bob"]))
    test = replace(train, recognised=np.array([0, -1, 1]), whispered=np.array([0, 1, -1]))
    return Reference("mine", train, test, "ab" * 32)


def test_what_both_recognisers_heard_comes_back_from_the_file(reference, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    write_statistics(reference)
    found = shipped("mine")
    assert found.test.recognised.tolist() == [0, -1, 1]
    assert found.test.whispered.tolist() == [0, 1, -1]
    assert found.train.recognised is found.train.whispered is None
    write_statistics(replace(reference, test=replace(reference.test, whispered=None)))
    assert shipped("mine").test.whispered is None


def test_a_choice_of_recordings_keeps_what_was_heard_of_each(reference):
    chosen = reference.test.select([2, 0])
    assert chosen.whispered.tolist() == [-1, 0] and chosen.recognised.tolist() == [1, 0]
    assert reference.train.select([1]).whispered is None


def test_whisper_names_more_of_the_real_test_clips_than_pocketsphinx():
    test = shipped("fsdd").test
    assert np.mean(test.whispered == test.labels) == pytest.approx(0.963, abs=0.001)
    assert np.mean(test.recognised == test.labels) == pytest.approx(0.76)
