"""A run that is measured while it trains: undisturbed, its best kept, stopped when it collapses."""

import csv
import json
import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from ganlib.errors import GanlibError, OptionError, RunError
from ganlib.evaluation.watching import symptoms
from ganlib.evaluation.watching.watcher import Watcher, watcher
from ganlib.evaluation.watching.yardstick import Yardstick
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training import runs
from ganlib.training.config import Config, create
from ganlib.training.engine.callbacks import EverySteps, Progress
from ganlib.training.engine.tensorboard import TensorBoardLog
from ganlib.training.recipes import get_recipe
from tests.command_line import invoke, train_tiny, write_folder
from tests.evaluation.rigged import Rigged, recordings, spoken, tiny_ear
from tests.training.engine.test_tensorboard import curve

OPTIONS = {
    "hidden": 8, "hidden_layers": 1, "clip_samples": 64, "batch_size": 4, "steps": 12,
    "conditional": True,
}  # fmt: skip
CLIPS = recordings()


@pytest.fixture(name="yardstick", scope="module")
def _yardstick() -> Yardstick:
    return Yardstick.of(CLIPS, tiny_ear(), count=50)


@pytest.fixture(name="soon")
def _soon(monkeypatch):
    """Trainings of a few updates are judged too."""
    monkeypatch.setattr(symptoms, "EARLIEST", 4)


def watch(folder: Path, yardstick, every: int = 2, say=lambda line: None) -> Watcher:
    return Watcher(folder, yardstick, every, say)


def begin(folder: Path, *callbacks, **options):
    return runs.start(
        folder, "dense_gan", CLIPS, "tones", "quick", OPTIONS | options, seed=5, quiet=True,
        checkpoint_every=4, callbacks=callbacks,
    )  # fmt: skip


def go_on(folder: Path, *callbacks):
    return runs.resume(folder, "dense_gan", CLIPS, quiet=True, callbacks=callbacks)


class Updates:
    """A model in the place of a training: each update moves the averaged weights a little."""

    def __init__(self):
        options = get_recipe("dense_gan").options("quick", OPTIONS | {"signal_scale": 0.3})
        names = [str(digit) for digit in range(10)]
        self.config = Config("dense_gan", "", "", "quick", options, names, seed=5)
        self.model = runs.build(self.config)
        self.first = self.model.average_generator.get_weights()

    def weights(self, step: int) -> list[np.ndarray]:
        return [weight * np.float32(1 + 0.01 * step) for weight in self.first]

    def run(self, folder: Path, *callbacks, first: int = 0, last: int = 12, spoil=None) -> int:
        """Call the callbacks as `fit` does, after the updates first + 1 to last.

        Returns:
            The last update that was done.
        """
        if not folder.exists():
            create(folder, self.config)
        self.model.updates.assign(first)
        self.model.optimizer.iterations.assign(first)
        self.model.stop_training, step = False, first
        for callback in callbacks:
            callback.set_model(self.model)
            callback.on_train_begin()
        while step < last and not self.model.stop_training:
            step += 1
            weights = self.weights(step)
            self.model.average_generator.set_weights(spoil(weights) if spoil else weights)
            for callback in callbacks:
                callback.on_train_batch_end(step - first - 1, {"generator_loss": 1.0})
        for callback in callbacks:
            callback.on_train_end()
        return step


@pytest.fixture(name="updates", scope="module")
def _updates() -> Updates:
    return Updates()


def state(folder: Path) -> list[np.ndarray]:
    newest = sorted((folder / "checkpoints").glob("step-*.h5"))[-1]
    with h5py.File(newest, "r") as file:
        return [file[name][()] for name in sorted(file)]


def table(folder: Path) -> list[dict]:
    with open(folder / "measured.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def steps(folder: Path) -> list[int]:
    return [int(row["step"]) for row in table(folder)]


def best(folder: Path) -> dict:
    return json.loads((folder / "best.json").read_text(encoding="utf-8"))["card"]


def weights(folder: Path, name: str) -> list[np.ndarray]:
    return Synthesizer.load(folder / name).generator.get_weights()


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.fixture(name="undisturbed", scope="module")
def _undisturbed(tmp_path_factory, yardstick) -> Path:
    """A run of twelve updates that was measured after every second one."""
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    begin(folder, watch(folder, yardstick))
    return folder


# The run takes the same steps ---------------------------------------------------------------------


def test_a_measured_run_takes_the_same_steps_bit_for_bit(undisturbed, tmp_path):
    begin(tmp_path / "run")
    assert same(state(undisturbed), state(tmp_path / "run"))


def test_every_nth_update_has_a_row(undisturbed):
    assert steps(undisturbed) == [2, 4, 6, 8, 10, 12]


def test_the_last_row_is_what_the_last_generator_gets(undisturbed, yardstick):
    figures = yardstick.look(Synthesizer.load(undisturbed / "generator"))
    assert table(undisturbed)[-1] == {"step": "12"} | {k: str(v) for k, v in figures.items()}


@pytest.mark.parametrize("last", [7, 8], ids=["between two looks", "before the look of its step"])
def test_a_killed_run_that_is_resumed_has_the_same_rows_and_the_same_best(
    undisturbed, tmp_path, yardstick, last
):
    """The checkpoint is of step 4 or of step 8; rows beyond it are measured again."""
    folder = tmp_path / "run"

    def kill(step):
        if step == last:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(folder, EverySteps(kill, 1), watch(folder, yardstick))
    go_on(folder, watch(folder, yardstick))
    assert same(state(undisturbed), state(folder))
    for name in ("measured.csv", "best.json"):
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()
    assert same(weights(undisturbed, "best"), weights(folder, "best"))


def test_rows_beyond_the_checkpoint_are_dropped_even_if_nothing_is_measured_again(
    updates, tmp_path, yardstick
):
    folder = tmp_path / "run"
    updates.run(folder, watch(folder, yardstick), last=8)
    updates.run(folder, watch(folder, yardstick, every=100), first=4)
    assert steps(folder) == [2, 4]


# The best is kept ---------------------------------------------------------------------------------


class Scripted:
    """A yardstick that says what it was told to."""

    classes, count, features = None, 50, np.zeros((24, 10))

    def __init__(self, *distances: float, sha256: str = "tiny"):
        self.ear, self.distances = tiny_ear(sha256), iter(distances)

    def look(self, synthesizer) -> dict:
        return {
            "frechet_distance": next(self.distances),
            "coverage": 0.5, "spread": 1.0, "level_db": -20.0,
        }  # fmt: skip


def test_the_generator_of_the_lowest_distance_is_kept_and_not_the_latest(updates, tmp_path):
    folder = tmp_path / "run"
    updates.run(folder, watch(folder, Scripted(5.0, 3.0, 4.0, 3.0, 3.5, 6.0)))
    assert (best(folder)["step"], best(folder)["frechet_distance"]) == (4, 3.0)
    assert same(weights(folder, "best"), updates.weights(4))


def test_a_resumed_run_keeps_its_best_until_a_better_one_comes(updates, tmp_path):
    folder = tmp_path / "run"
    updates.run(folder, watch(folder, Scripted(5.0, 3.0)), last=4)
    updates.run(folder, watch(folder, Scripted(4.0, 3.5)), first=4, last=8)
    assert best(folder)["step"] == 4
    updates.run(folder, watch(folder, Scripted(2.0, 4.0)), first=8)
    assert best(folder)["step"] == 10


@pytest.mark.parametrize("sha256", ["another", "tiny"])
def test_a_best_by_another_classifier_does_not_count(updates, tmp_path, sha256):
    folder = tmp_path / "run"
    updates.run(folder, watch(folder, Scripted(5.0, 3.0)), last=4)
    updates.run(folder, watch(folder, Scripted(70.0, 80.0, sha256=sha256)), first=4, last=8)
    assert best(folder)["step"] == (6 if sha256 == "another" else 4)


def test_a_damaged_description_of_the_best_is_replaced(updates, tmp_path):
    folder = tmp_path / "run"
    updates.run(folder, watch(folder, Scripted(5.0, 3.0)), last=4)
    (folder / "best.json").write_text('{"card": ')
    updates.run(folder, watch(folder, Scripted(4.0, 6.0)), first=4, last=8)
    assert best(folder)["step"] == 6


def test_the_best_can_be_heard(undisturbed):
    kept = runs.load_generator(undisturbed, best=True)
    assert same(kept.generator.get_weights(), weights(undisturbed, "best"))


def test_a_run_without_a_best_says_how_to_get_one(updates, tmp_path):
    create(tmp_path / "run", updates.config)
    (tmp_path / "run" / "generator.json").touch()
    with pytest.raises(RunError, match="was not measured yet: train it with --measure"):
        runs.load_generator(tmp_path / "run", best=True)


# A collapse ends the run --------------------------------------------------------------------------


def deaf_to_latents(weights: list[np.ndarray]) -> list[np.ndarray]:
    """Only the biases are left: every clip is the same."""
    return [weight + 0.1 if weight.ndim == 1 else 0 * weight for weight in weights]


def silenced(weights: list[np.ndarray]) -> list[np.ndarray]:
    return [0 * weight for weight in weights]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [(deaf_to_latents, "All clips sound alike"), (silenced, "The clips are silent")],
)
def test_a_generator_that_collapses_is_stopped_at_the_second_look(
    soon, updates, tmp_path, yardstick, spoil, sentence
):
    folder = tmp_path / "run"
    updates.run(folder, watch(folder, yardstick), last=4)
    watching = watch(folder, yardstick)
    assert updates.run(folder, watching, first=4, spoil=spoil) == 8
    assert watching.failure.startswith(sentence)
    assert steps(folder) == [2, 4, 6, 8]
    assert best(folder)["step"] <= 4


def test_a_collapsed_run_that_goes_on_measured_is_stopped_at_its_next_look(
    soon, updates, tmp_path, yardstick
):
    folder = tmp_path / "run"
    watching = watch(folder, yardstick)
    assert updates.run(folder, watching, spoil=silenced) == 6
    assert updates.run(folder, watching, first=6, spoil=silenced) == 8


def test_a_collapsed_run_ends_with_the_symptom_a_checkpoint_and_its_best(soon, tmp_path, yardstick):
    def spoil(step):
        average = spoiler.model.average_generator
        average.set_weights(silenced(average.get_weights()))

    folder, spoiler = tmp_path / "run", EverySteps(spoil, 1)
    with pytest.raises(RunError, match="^The clips are silent.*has collapsed.*step 6.*--best"):
        begin(folder, spoiler, watch(folder, yardstick))
    assert (folder / "checkpoints" / "step-00000006.h5").is_file()
    assert (folder / "best.weights.h5").is_file()


def rigged(yardstick, monkeypatch, make) -> None:
    """Let the yardstick hear another generator than the one in training."""
    heard = yardstick.look
    monkeypatch.setattr(Yardstick, "look", lambda self, synthesizer: heard(Rigged(make)))


def test_a_healthy_generator_is_not_stopped(soon, updates, tmp_path, yardstick, monkeypatch):
    rigged(yardstick, monkeypatch, spoken)
    folder, said = tmp_path / "run", []
    assert updates.run(folder, watch(folder, yardstick, say=said.append)) == 12
    assert len(said) == 6
    assert all(line.startswith("Step") for line in said)


def test_labels_that_are_ignored_are_told_once_and_the_run_goes_on(
    soon, updates, tmp_path, yardstick, monkeypatch
):
    rigged(yardstick, monkeypatch, lambda labels, seed: spoken((labels + 1) % 10))
    folder, said = tmp_path / "run", []
    assert updates.run(folder, watch(folder, yardstick, say=said.append)) == 12
    assert sum("hardly listens to its labels" in line for line in said) == 1


# What is shown ------------------------------------------------------------------------------------


def test_the_progress_bar_shows_the_figures_before_the_losses(tmp_path, yardstick):
    watching = watch(tmp_path, yardstick)
    watching.figures = {"frechet_distance": 12.3456}
    silent = EverySteps(lambda step: None, 1)
    progress, shown = Progress(0, 10, quiet=True, beside=(watching, silent)), []
    progress.on_train_begin()
    progress.bar.set_postfix = shown.append
    progress.on_train_batch_end(0, {"generator_loss": 0.5})
    assert list(shown[0].items()) == [("frechet_distance", "12.346"), ("generator_loss", "0.500")]


def test_tensorboard_gets_every_figure_at_its_update(updates, tmp_path, yardstick):
    pytest.importorskip("tensorboard")
    folder = tmp_path / "run"
    watching = watch(folder, yardstick)
    for first, last in ((0, 6), (6, 9)):
        board = TensorBoardLog(folder / "board", every=5, beside=(watching,))
        updates.run(folder, watching, board, first=first, last=last)
    assert steps(folder) == [2, 4, 6, 8]
    for name in ("frechet_distance", "kernel_distance", "conditional_accuracy", "coverage"):
        rows = [(int(row["step"]), float(row[name])) for row in table(folder)]
        expected = [(step, pytest.approx(value, rel=1e-6)) for step, value in rows]
        assert curve(folder / "board", f"measured/{name}") == expected


def test_each_look_says_a_line_with_what_it_found(updates, tmp_path, yardstick):
    folder, said = tmp_path / "run", []
    updates.run(folder, watch(folder, yardstick, say=said.append), last=2)
    row = {name: float(value) for name, value in table(folder)[0].items()}
    assert said == [
        f"Step 2: Fréchet distance {row['frechet_distance']:.2f} (the lowest so far); "
        f"Named as asked, by the classifier {row['conditional_accuracy']:.3f}; "
        f"Coverage {row['coverage']:.3f}; Kernel distance {row['kernel_distance']:.3f}"
    ]


# What can go wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["measured.csv", "best.json", "best.weights.h5"])
def test_a_full_disk_leaves_the_file_of_the_look_before(updates, tmp_path, monkeypatch, name):
    folder, replace = tmp_path / "run", os.replace
    updates.run(folder, watch(folder, Scripted(9.0, 8.0)), last=4)
    before = (folder / name).read_bytes()

    def full(source, target):
        if Path(target).name == name:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises((GanlibError, OSError), match="No space left"):
        updates.run(folder, watch(folder, Scripted(7.0)), first=4)
    monkeypatch.undo()
    assert (folder / name).read_bytes() == before
    updates.run(folder, watch(folder, Scripted(7.0, 7.5)), first=4, last=8)
    assert (steps(folder), best(folder)["step"]) == ([2, 4, 6, 8], 6)
    assert same(weights(folder, "best"), updates.weights(6))


def test_a_model_without_sound_is_refused(tmp_path):
    with pytest.raises(OptionError, match="digit_classifier makes no sound"):
        watcher(tmp_path, "digit_classifier", CLIPS, 500)


def test_an_impossible_interval_is_refused(tmp_path, yardstick):
    with pytest.raises(OptionError, match="at least 1 update, not 0"):
        Watcher(tmp_path, yardstick, 0)


# The command line, with the classifier that ships -------------------------------------------------


def test_ganlib_train_measures_and_ganlib_generate_lets_the_best_speak(tmp_path):
    data = write_folder(tmp_path / "data", clips=12)
    run, clips = tmp_path / "run", tmp_path / "clips"
    answer = train_tiny(data, run, "--measure", 1, conditional=True)
    assert answer.code == 0, answer.err
    assert "Every 1 updates 200 clips are measured beside 24 recordings" in answer.out
    assert "Step 2: Fréchet distance" in answer.out
    rows = table(run)
    assert [row["step"] for row in rows] == ["1", "2"]
    lowest = min(rows, key=lambda row: float(row["frechet_distance"]))
    assert best(run)["step"] == int(lowest["step"])
    answer = invoke("generate", "--run", run, "--best", "--out", clips, "--count", 2)
    assert answer.code == 0, answer.err
    assert len(list(clips.glob("*.wav"))) == 2


def test_ganlib_train_says_what_is_not_measured_where_the_labels_are_no_digits(tmp_path):
    data = write_folder(tmp_path / "data", ("no", "yes"), clips=12)
    answer = train_tiny(data, tmp_path / "run", "--measure", 2, conditional=True)
    assert answer.code == 0, answer.err
    assert "The labels are no digits" in answer.out
    assert "conditional_accuracy" not in table(tmp_path / "run")[0]


def test_ganlib_train_refuses_to_measure_a_few_recordings_and_leaves_no_run(tmp_path):
    answer = train_tiny(write_folder(tmp_path / "data"), tmp_path / "run", "--measure", 2)
    assert (answer.code, "24 recordings at least" in answer.err) == (2, True)
    assert not (tmp_path / "run").exists()
