"""A run can be killed at any instant and resumed: it ends where an undisturbed one ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.errors import InUseError, RunError
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.locks import LOCK
from ganlib.training import runs
from ganlib.training.checks import continued
from ganlib.training.config import create
from ganlib.training.engine.callbacks import EverySteps
from ganlib.training.engine.history import History, read_history
from ganlib.training.engine.state import load_state

OPTIONS = {"hidden": 8, "hidden_layers": 1, "clip_samples": 64, "batch_size": 4, "steps": 12}


def short_clips(seed: int = 0) -> Clips:
    samples = np.random.default_rng(seed).normal(size=(10, 64, 1)).astype("float32") * 0.1
    return Clips(samples, np.arange(10) % 2, ("no", "yes"), audio_format=AudioFormat(8000, 64))


def begin(folder: Path, steps: int = 12, clips: Clips | None = None, **kwargs):
    kwargs = {"quiet": True, "checkpoint_every": 4, **kwargs}
    options = {**OPTIONS, "steps": steps, "conditional": True}
    return runs.start(
        folder, "dense_gan", clips or short_clips(), "noise", "quick", options, seed=5, **kwargs
    )


def state(folder: Path) -> list[np.ndarray]:
    newest = sorted((folder / "checkpoints").glob("step-*.h5"))[-1]
    with h5py.File(newest, "r") as file:
        return [file[name][()] for name in sorted(file)]


def assert_same_state(first: Path, second: Path) -> None:
    for a, b in zip(state(first), state(second), strict=True):
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    begin(folder)
    return folder


def test_the_same_seed_gives_the_same_run_bit_for_bit(undisturbed, tmp_path):
    begin(tmp_path / "again")
    assert_same_state(undisturbed, tmp_path / "again")


def test_a_resumed_run_ends_with_the_same_bits(undisturbed, tmp_path):
    begin(tmp_path / "run", steps=7)
    summary = runs.resume(tmp_path / "run", "dense_gan", short_clips(), steps=12, quiet=True)
    assert summary.steps == 12
    assert_same_state(undisturbed, tmp_path / "run")


def test_another_seed_gives_another_run(undisturbed, tmp_path):
    options = {**OPTIONS, "conditional": True}
    runs.start(tmp_path / "r", "dense_gan", short_clips(), "", "quick", options, 6, quiet=True)
    pairs = zip(state(undisturbed), state(tmp_path / "r"), strict=True)
    assert not all(np.array_equal(a, b) for a, b in pairs)


def test_a_batch_normalised_wavegan_with_shuffles_resumes_with_the_same_bits(tmp_path):
    samples = np.random.default_rng(0).normal(size=(6, 8192, 1)).astype("float32") * 0.1
    clips = Clips(samples, np.arange(6) % 2, ("a", "b"), audio_format=AudioFormat(8000, 8192))
    options = {"dim": 2, "batch_size": 2, "penalty_interval": 2}
    for name, steps in (("whole", 4), ("parts", 3)):
        runs.start(
            tmp_path / name, "wavegan", clips, "", "quick", {**options, "steps": steps}, quiet=True
        )
    runs.resume(tmp_path / "parts", "wavegan", clips, steps=4, quiet=True)
    assert_same_state(tmp_path / "whole", tmp_path / "parts")


def test_a_killed_run_resumes_with_the_same_bits(undisturbed, tmp_path):
    folder = tmp_path / "killed"
    script = textwrap.dedent(
        f"""
        import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
        import time, test_runs
        from pathlib import Path
        from ganlib.training.engine.callbacks import EverySteps
        slow = EverySteps(lambda step: step > 6 and time.sleep(60), 1)
        test_runs.begin(Path({str(folder)!r}), callbacks=(slow,))
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 120
    while not list(folder.glob("checkpoints/step-00000004.h5")) and time.monotonic() < deadline:
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (folder / "checkpoints" / ".step-00000008.h5.part").write_bytes(b"half of a checkpoint")
    runs.resume(folder, "dense_gan", short_clips(), quiet=True)
    assert_same_state(undisturbed, folder)


def test_a_run_killed_before_its_first_checkpoint_begins_again_and_says_so(
    undisturbed, tmp_path, capsys
):
    begin(tmp_path / "run", steps=2)
    for path in (tmp_path / "run" / "checkpoints").iterdir():
        path.unlink()
    runs.resume(tmp_path / "run", "dense_gan", short_clips(), steps=12)
    assert "has no checkpoint, so it begins again at step 0" in capsys.readouterr().out
    assert_same_state(undisturbed, tmp_path / "run")


def test_a_damaged_newest_checkpoint_is_passed_over_and_named(undisturbed, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(undisturbed, folder)
    newest = sorted((folder / "checkpoints").glob("*.h5"))[-1]
    newest.write_bytes(newest.read_bytes()[:1000])
    runs.resume(folder, "dense_gan", short_clips())
    said = capsys.readouterr().out
    assert f"{newest} cannot be read" in said and "goes on from step-00000008.h5" in said
    assert_same_state(undisturbed, folder)


def test_the_second_in_a_run_folder_is_refused_and_the_first_goes_on(undisturbed, tmp_path):
    folder, refused = tmp_path / "run", []

    def intrude(step):
        if step == 5:
            before = (folder / "history.csv").read_bytes()
            with pytest.raises(InUseError, match=f"run is in use by process {os.getpid()} on "):
                runs.resume(folder, "dense_gan", short_clips(), quiet=True)
            with pytest.raises(InUseError):
                continued(folder, "dense_gan")
            refused.append((folder / "history.csv").read_bytes() == before)

    begin(folder, callbacks=(EverySteps(intrude, 1),))
    assert refused == [True]
    assert_same_state(undisturbed, folder)
    assert LOCK not in [path.name for path in folder.iterdir()]


def test_of_two_that_begin_in_one_folder_at_once_the_first_keeps_it(tmp_path, monkeypatch):
    """The second comes when the first has looked and found the folder empty."""
    folder, config = tmp_path / "run", runs.Config("dense_gan", "", "", "quick", {}, [], seed=0)
    create(folder, config)
    monkeypatch.setattr("ganlib.training.config.refuse_used", lambda folder: None)
    with pytest.raises(RunError, match="taken by another run"):
        create(folder, config)
    assert (folder / "config.json").is_file()


def test_a_full_disk_keeps_the_last_good_checkpoint_and_the_run_can_go_on(
    undisturbed, tmp_path, monkeypatch
):
    sync, folder = os.fsync, tmp_path / "run"

    def full(number):
        if list((folder / "checkpoints").glob("*step-00000008*")):  # half-written by then
            raise OSError(28, "No space left on device")
        sync(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="no space left"):
        begin(folder)
    monkeypatch.undo()
    assert [path.name for path in (folder / "checkpoints").iterdir()] == ["step-00000004.h5"]
    runs.resume(folder, "dense_gan", short_clips(), quiet=True)
    assert_same_state(undisturbed, folder)


def test_a_loss_that_is_not_a_number_stops_the_run_and_keeps_the_last_good_state(tmp_path):
    def poison(step):
        if step == 6:
            for weight in callback.model.discriminator.trainable_variables:
                weight.assign(weight * np.nan)

    callback = EverySteps(poison, 1)
    with pytest.raises(RunError, match="no longer a finite number at step 7.*step-00000004"):
        begin(tmp_path / "run", callbacks=(callback,))
    assert all(np.isfinite(value).all() for value in state(tmp_path / "run"))


def test_a_time_budget_ends_the_run_early(tmp_path):
    slow = EverySteps(lambda step: time.sleep(0.2), 1)
    summary = begin(tmp_path / "run", steps=1000, minutes=0.02, callbacks=(slow,))
    assert summary.reason == "time"
    assert summary.steps < 100


def test_the_history_of_a_resumed_run_has_each_row_once(tmp_path):
    begin(tmp_path / "run", steps=25)
    with (tmp_path / "run" / "history.csv").open("a") as file:
        file.write("30,1.0,0.5")  # killed while writing
    runs.resume(tmp_path / "run", "dense_gan", short_clips(), steps=40, quiet=True)
    assert [row["step"] for row in read_history(tmp_path / "run" / "history.csv")] == [
        10,
        20,
        30,
        40,
    ]


def test_a_run_can_be_heard_and_says_the_same_for_the_same_seed(undisturbed):
    synthesizer = Synthesizer.load(undisturbed / "generator")
    clips, labels = synthesizer.generate(4, seed=3)
    assert clips.shape == (4, 64, 1)
    assert labels.tolist() == [0, 1, 0, 1]
    alone, _ = synthesizer.generate(1, label="yes", seed=4)
    np.testing.assert_allclose(alone[0], clips[1], atol=1e-6)


def test_what_is_heard_is_the_averaged_generator(undisturbed):
    config = runs.Config.read(undisturbed)
    model = runs.build(config)
    newest = sorted((undisturbed / "checkpoints").glob("*.h5"))[-1]
    load_state(newest, model)
    found = Synthesizer.load(undisturbed / "generator").generator.get_weights()
    for a, b in zip(found, model.average_generator.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_only_the_last_two_checkpoints_are_kept(undisturbed):
    names = sorted(path.name for path in (undisturbed / "checkpoints").iterdir())
    assert names == ["step-00000008.h5", "step-00000012.h5"]


def test_other_data_are_refused_on_resume(undisturbed):
    with pytest.raises(RunError, match="other data"):
        runs.resume(undisturbed, "dense_gan", short_clips(seed=1), quiet=True)


def test_another_model_is_refused_on_resume(undisturbed):
    with pytest.raises(RunError, match="a run of dense_gan, not of wavegan"):
        runs.resume(undisturbed, "wavegan", short_clips(), quiet=True)


def test_a_history_that_two_had_written_keeps_each_step_once(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("step,seconds\n10,1.0\n20,2.0\n10,1.1\n20,2.1\n30,3.1\n")
    History(path, start=20).on_train_begin()
    assert [row["step"] for row in read_history(path)] == [10, 20]


def test_the_configuration_holds_every_option(undisturbed):
    config = json.loads((undisturbed / "config.json").read_text())
    assert config["options"]["penalty"] == "r1"
    assert config["options"]["signal_scale"] > 0
    assert config["seed"] == 5
