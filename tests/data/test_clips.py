"""Clips in memory, and batches as a pure function of (seed, step)."""

import numpy as np
import pytest

from ganlib.data.clips import Clips, batch_indices
from ganlib.errors import DataError


def numbered(count: int) -> Clips:
    """Clips whose only sample is their number, so that a batch says whom it holds."""
    samples = np.arange(count, dtype="float32").reshape(count, 1, 1)
    voices = [f"voice{i % 3}" for i in range(count)]
    names = [f"{i}.wav" for i in range(count)]
    return Clips(samples, np.arange(count) % 2, ("even", "odd"), voices, names, names)


@pytest.mark.parametrize("count, batch_size", [(10, 4), (7, 7), (5, 12), (1, 3), (64, 1)])
def test_every_clip_comes_exactly_once_an_epoch_and_no_tail_is_dropped(count, batch_size):
    epochs = 4
    steps = -(-count * epochs // batch_size)
    row = np.concatenate([batch_indices(count, step, batch_size, 3) for step in range(steps)])
    for epoch in range(epochs):
        assert sorted(row[epoch * count : (epoch + 1) * count]) == list(range(count))


def test_a_batch_depends_on_nothing_but_seed_and_step():
    clips = numbered(23)
    forwards = [clips.batch(step, 5, seed=9)[0].ravel().tolist() for step in range(40)]
    fresh = numbered(23)
    backwards = [fresh.batch(step, 5, seed=9)[0].ravel().tolist() for step in reversed(range(40))]
    assert forwards == backwards[::-1]
    np.random.seed(1)  # the global generator has no say
    assert clips.batch(39, 5, seed=9)[0].ravel().tolist() == forwards[39]


def test_the_order_is_the_one_that_is_documented():
    rng = [np.random.default_rng([9, epoch]).permutation(23) for epoch in range(3)]
    row = np.concatenate(rng)
    assert np.array_equal(batch_indices(23, 6, 5, 9), row[30:35])
    assert np.array_equal(batch_indices(23, 0, 60, 9), row[:60])


def test_epochs_and_seeds_have_different_orders():
    first, second = batch_indices(50, 0, 50, 1), batch_indices(50, 1, 50, 1)
    other = batch_indices(50, 0, 50, 2)
    assert not np.array_equal(first, second) and not np.array_equal(first, other)


def test_another_batch_size_cuts_the_same_row_elsewhere():
    fours = np.concatenate([batch_indices(11, step, 4, 0) for step in range(6)])
    sixes = np.concatenate([batch_indices(11, step, 6, 0) for step in range(4)])
    assert np.array_equal(fours, sixes)


def test_samples_and_labels_of_a_batch_belong_together():
    samples, labels = numbered(10).batch(3, 4, seed=5)
    assert samples.shape == (4, 1, 1) and samples.dtype == np.float32
    assert labels.dtype == np.int32
    assert np.array_equal(samples.ravel() % 2, labels)


def test_writing_into_a_batch_leaves_the_clips_alone():
    clips = numbered(4)
    samples, labels = clips.batch(0, 4, seed=0)
    samples[:], labels[:] = -1, 0
    assert clips.samples.ravel().tolist() == [0, 1, 2, 3] and clips.labels.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "step, batch_size, seed, named",
    [(-1, 4, 0, "step"), (0, 0, 0, "batch_size"), (0, 4, -1, "seed")],
)
def test_an_impossible_batch_is_refused_by_name(step, batch_size, seed, named):
    with pytest.raises(DataError, match=named):
        numbered(3).batch(step, batch_size, seed)


def test_a_batch_of_no_clips_is_refused():
    with pytest.raises(DataError, match="no clips"):
        numbered(3).select([]).batch(0, 1, 0)


def test_select_takes_masks_and_indices_and_keeps_every_column_aligned():
    clips = numbered(6)
    odd = clips.select(clips.labels == 1)
    assert odd.names == ("1.wav", "3.wav", "5.wav") and odd.voices == ("voice1", "voice0", "voice2")
    assert odd.samples.ravel().tolist() == [1, 3, 5] and odd.label_names == ("even", "odd")
    assert clips.select([5, 5, 0]).transcripts == ("5.wav", "5.wav", "0.wav")


def test_split_by_voice_leaves_no_voice_on_both_sides():
    held_out, rest = numbered(9).split_by_voice(["voice1"])
    assert set(held_out.voices) == {"voice1"} and set(rest.voices) == {"voice0", "voice2"}
    assert len(held_out) + len(rest) == 9


def test_an_unknown_voice_or_label_is_refused_with_a_suggestion():
    with pytest.raises(DataError, match="did you mean: voice"):
        numbered(9).split_by_voice(["voice7"])
    with pytest.raises(DataError, match="unknown label 'odds'; did you mean: odd"):
        numbered(9).label_index("odds")
    with pytest.raises(DataError, match="no labels"):
        Clips(np.zeros((1, 4, 1)), [0]).label_index("7")


def test_parts_that_do_not_fit_together_are_refused():
    samples = np.zeros((2, 4, 1))
    with pytest.raises(DataError, match="shape"):
        Clips(np.zeros((2, 4)), [0, 0])
    with pytest.raises(DataError, match="labels: expected one entry"):
        Clips(samples, [0])
    with pytest.raises(DataError, match="names: expected one entry"):
        Clips(samples, [0, 0], names=("a",))
    with pytest.raises(DataError, match="from 0 to 1"):
        Clips(samples, [0, 2], ("no", "yes"))
