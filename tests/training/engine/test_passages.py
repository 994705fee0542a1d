"""Passages: no padding, symbols and frames that belong together, a function of seed and step."""

import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import log_mel
from ganlib.errors import OptionError
from ganlib.training.engine.passages import Passages, Utterance, utterance

SOUND = AudioFormat(16000, 16000, 1, 1024, 256, 80, 0.0, 8000.0)


def numbered(lengths, first: int) -> Utterance:
    """An utterance whose frames say which symbol they belong to, in both columns."""
    symbols = np.arange(first, first + len(lengths))
    frames = np.repeat(symbols, lengths)[:, None] * np.ones((1, 3))
    prosody = np.column_stack([lengths, symbols, symbols]).astype("float32")
    return Utterance(symbols.astype("int32"), prosody, frames.astype("float32"))


def test_every_frame_belongs_to_the_symbol_that_is_told_for_it():
    some = [numbered([3, 5, 2], 1), numbered([4, 4, 9, 1], 4), numbered([40], 8)]
    passages = Passages(some, size=32)
    told, frames = passages.batch(step=3, batch_size=16, seed=5)
    for symbols, prosody, row in zip(told["symbols"], told["prosody"], frames, strict=True):
        there = prosody[:, 0].astype(int)
        assert there.sum() == 32  # no padding
        np.testing.assert_array_equal(np.repeat(symbols, there), row[:, 0])


def test_a_symbol_that_is_cut_off_teaches_no_duration():
    told, _ = Passages([numbered([40], 8)], size=32).batch(0, 4, seed=0)
    assert (told["prosody"][:, 0, 0] == 32).all() and not told["prosody"][:, 0, 3].any()


def test_batches_are_a_function_of_seed_and_step():
    passages = Passages([numbered([3, 5, 2], 1), numbered([4, 4, 9, 1], 4)], size=32)
    one, again, other = (passages.batch(step, 8, seed=1)[0]["symbols"] for step in (4, 4, 5))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_an_utterance_is_measured_where_its_symbols_are():
    rate = np.concatenate([np.full(8000, 150.0), np.full(8000, 300.0)])
    phase = 2 * np.pi * np.cumsum(rate) / 16000
    clip = sum(np.cos(k * phase) / k for k in range(1, 6)) * np.repeat([0.05, 0.2], 8000)
    said = utterance(clip, np.array([6, 7]), [0.0, 0.5, 1.0], SOUND, 1e-5, 150.0, (75, 400))
    assert said.prosody[:, 0].sum() == len(said.frames) == 63
    np.testing.assert_allclose(said.prosody[:, 1], [0.0, 1.0], atol=0.1)
    assert said.prosody[1, 2] > said.prosody[0, 2]
    padded = np.pad(clip, (0, -len(clip) % 256)).astype("float32")
    mel = np.asarray(log_mel(padded[None], SOUND))[0, :-1]
    np.testing.assert_allclose(said.frames[:, :80], mel, atol=1e-4)


def test_short_symbols_get_a_frame_each_and_too_many_are_refused():
    clip = np.sin(np.arange(4096) * 0.1)
    ends = np.concatenate([np.linspace(0, 0.02, 8), [0.256]])
    said = utterance(clip, np.arange(8), ends, SOUND, 1e-5, 150.0, (75, 400))
    assert said.prosody[:, 0].min() >= 1 and said.prosody[:, 0].sum() == 16
    with pytest.raises(OptionError, match="a frame a symbol"):
        utterance(clip, np.arange(20), np.linspace(0, 0.256, 21), SOUND, 1e-5, 150.0, (75, 400))
