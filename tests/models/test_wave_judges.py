"""Judges of waveforms: a period judge keeps its columns apart and pads no length that divides."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.models.wave_judges import period_judge, resolution_judge, wave_judges


@pytest.mark.parametrize("period", [2, 3, 5])
def test_a_sample_is_seen_in_its_own_column_only(period):
    keras.utils.set_random_seed(0)
    judge = period_judge(600, period, channels=(4, 4))
    clip = np.random.default_rng(0).normal(size=(1, 600, 1)).astype("float32")
    other = clip.copy()
    place = 301
    other[0, place] += 1.0
    before, after = (ops.convert_to_numpy(judge(each)[-1])[0, :, :, 0] for each in (clip, other))
    changed = np.abs(after - before).max(axis=0) > 1e-6
    assert changed.tolist() == [column == place % period for column in range(period)]


@pytest.mark.parametrize("samples, rows", [(600, 200), (601, 201), (602, 201)])
def test_a_length_that_divides_is_not_padded(samples, rows):
    judge = period_judge(samples, 3, channels=(4, 4))
    assert judge.get_layer(index=2).output.shape[1:] == (rows, 3, 1)


def test_a_resolution_judge_hears_phase():
    """A clip and its negative have one magnitude; real and imaginary part tell them apart."""
    keras.utils.set_random_seed(0)
    judge = resolution_judge(1024, 128, channels=4)
    clip = np.random.default_rng(0).normal(size=(1, 1024, 1)).astype("float32")
    logits = [ops.convert_to_numpy(judge(sign * clip)[-1]) for sign in (1.0, -1.0)]
    assert np.abs(logits[0] - logits[1]).max() > 1e-3


def test_each_judge_answers_with_its_layers_and_its_logits_last():
    judges = wave_judges(1024, periods=(2, 3), resolutions=(128,), channels=4)
    answers = judges(np.zeros((2, 1024, 1), "float32"))
    assert [len(each) for each in answers] == [5, 5, 5]
    assert all(each[-1].shape[0] == 2 and each[-1].shape[-1] == 1 for each in answers)
