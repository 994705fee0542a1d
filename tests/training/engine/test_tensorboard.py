"""What a training tells TensorBoard, read back with TensorBoard's own reader."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from ganlib import backend
from ganlib.audio.files import write_audio
from ganlib.errors import OptionError
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.training.engine.gan import GAN
from ganlib.training.engine.tensorboard import TensorBoardLog
from tests.command_line import train_tiny, write_folder

BATCH = 4


def small_gan() -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(dense_generator(3, 2, (4,)), dense_discriminator(3, (4,)), seed=0)
    gan.compile(keras.optimizers.Adam(1e-2), keras.optimizers.Adam(1e-2))
    return gan


def fit(gan: GAN, updates: int, *callbacks) -> list[dict]:
    """Train, and return the logs of every update as a callback sees them."""
    seen: list[dict] = []
    note = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append({k: float(v) for k, v in logs.items()})
    )
    clips = np.random.default_rng(0).normal(size=(updates * BATCH, 3)).astype("float32")
    gan.fit(clips, batch_size=BATCH, verbose=0, shuffle=False, callbacks=[note, *callbacks])
    return seen


def read(folder):
    """The events of a folder as TensorBoard shows them."""
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), size_guidance={"scalars": 0, "audio": 0})
    events.Reload()
    return events


def curve(folder, tag: str) -> list[tuple[int, float]]:
    """Steps and values of a curve, as ours are kept and as those of `tf.summary` are."""
    from tensorboard.util import tensor_util

    events = read(folder)
    if tag in events.Tags()["scalars"]:
        return [(event.step, event.value) for event in events.Scalars(tag)]
    tensors = events.Tensors(tag)
    return [(event.step, float(tensor_util.make_ndarray(event.tensor_proto))) for event in tensors]


@pytest.fixture(name="board")
def _board(tmp_path):
    pytest.importorskip("tensorboard")
    return tmp_path / "board"


def test_every_loss_of_every_nth_update_is_written_with_its_step(board):
    logs = fit(small_gan(), 7, TensorBoardLog(board, every=3))
    assert sorted(logs[0]) == sorted(read(board).Tags()["scalars"])
    for tag in logs[0]:
        expected = [(step, pytest.approx(logs[step - 1][tag], rel=1e-6)) for step in (3, 6)]
        assert curve(board, tag) == expected


def test_a_second_training_continues_the_curves(board):
    gan = small_gan()
    fit(gan, 2, TensorBoardLog(board, every=1))
    fit(gan, 2, TensorBoardLog(board, every=1))
    assert [step for step, _ in curve(board, "generator_loss")] == [1, 2, 3, 4]


def test_what_was_written_beyond_the_last_checkpoint_is_replaced(board):
    fit(small_gan(), 4, TensorBoardLog(board, every=1))
    gan = small_gan()
    fit(gan, 2)
    logs = fit(gan, 1, TensorBoardLog(board, every=1))
    steps = curve(board, "generator_loss")
    assert [step for step, _ in steps] == [1, 2, 3]
    assert steps[-1][1] == pytest.approx(logs[0]["generator_loss"], rel=1e-6)


def test_a_new_sound_file_is_written_once_and_an_old_one_never(board, tmp_path):
    def record(name):
        write_audio(tmp_path / name, np.linspace(-0.5, 0.5, 80, dtype="float32"), 8000)

    record("old.wav")
    recorder = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: record("new.wav") if batch == 2 else None
    )
    fit(small_gan(), 6, recorder, TensorBoardLog(board, every=1, samples=tmp_path))
    (sound,) = read(board).Audio("samples")
    assert sound.encoded_audio_string == (tmp_path / "new.wav").read_bytes()
    assert (sound.step, sound.sample_rate, sound.length_frames) == (3, 8000, 80)


@pytest.mark.skipif(backend.ENGINE != "tensorflow", reason="it writes through tf.summary")
def test_kerass_own_callback_works_with_a_gan(board):
    logs = fit(small_gan(), 3, keras.callbacks.TensorBoard(board, update_freq="epoch"))
    found = curve(board / "train", "epoch_generator_loss")
    assert found == [(0, pytest.approx(logs[-1]["generator_loss"], rel=1e-6))]


def test_on_jax_it_needs_no_tensorflow(board):
    """Where TensorFlow is installed, another Python pretends that it is not."""
    pytest.importorskip("jax")
    code = f"""
        import sys
        sys.modules["tensorflow"] = None
        import keras, numpy as np
        from ganlib.training.engine.tensorboard import TensorBoardLog
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        ones = np.ones((4, 1))
        model.fit(ones, ones, verbose=0, callbacks=[TensorBoardLog({str(board)!r}, every=1)])
        """
    lines = "\n".join(line.strip() for line in code.splitlines())
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert read(board).Tags()["scalars"] == ["loss"]


def test_ganlib_train_writes_for_tensorboard_when_asked(board):
    run = board.parent / "run"
    data = write_folder(board.parent / "data")
    answer = train_tiny(data, run, "--tensorboard", steps=20)
    assert answer.code == 0, answer.err
    assert [step for step, _ in curve(run / "tensorboard", "generator_loss")] == [10, 20]


def test_where_tensorboard_is_missing_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(OptionError, match="pip install tensorboard"):
        TensorBoardLog(tmp_path)


def test_an_impossible_interval_is_refused(board):
    with pytest.raises(OptionError, match="every must be at least 1 update, not 0"):
        TensorBoardLog(board, every=0)
