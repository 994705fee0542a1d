"""Whatever is wrong: one sentence on stderr, exit code 2, no traceback, nothing broken left."""

import contextlib
import json
import shutil
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import soundfile

from ganlib.data import DATASETS
from tests.command_line import invoke, train_tiny, tree, write_folder


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_folder(tmp_path_factory.mktemp("data") / "words")


@pytest.fixture(scope="module")
def trained(tmp_path_factory, data) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    answer = train_tiny(data, folder, conditional=True)
    assert answer.code == 0, answer.err
    return folder


@pytest.fixture
def run(trained, tmp_path) -> Path:
    """A copy of a run that a test may damage."""
    return Path(shutil.copytree(trained, tmp_path / "run"))


@pytest.fixture(autouse=True)
def sets_live_here(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path_factory.mktemp("cache") / "sets"))


def refused(answer, *fragments: str) -> None:
    """One sentence on stderr that holds the fragments, exit code 2."""
    assert answer.code == 2, answer
    lines = [line for line in answer.err.splitlines() if not line.startswith("Skipped ")]
    assert len(lines) == 1 and lines[0].startswith("Error: "), answer.err
    for fragment in fragments:
        assert fragment in lines[0], answer.err


@contextlib.contextmanager
def unchanged(folder: Path):
    """Nothing below the folder appears, vanishes or changes."""
    before = tree(folder)
    yield
    assert tree(folder) == before


@contextlib.contextmanager
def files_no_larger_than(size: int):
    """The system refuses to write beyond so many bytes of a file, as a full disk does."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# Words that do not exist -------------------------------------------------------------------------

TRAIN = ("train", "dense_gan", "--data", "digits", "--out", "run")
GENERATE = ("generate", "--out", "clips", "--run", "run")


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (("trian",), ("No such command 'trian'",)),
        ((*TRAIN, "--colour", "red"), ("No such option: --colour", "ganlib train --help")),
        (("train", "dense_gan", "--out", "run"), ("Missing option '--data'",)),
        (("train", "wavgan", *TRAIN[2:]), ("Unknown model 'wavgan'", "wavegan")),
        (("models", "wavgan"), ("Unknown model 'wavgan'", "wavegan")),
        ((*TRAIN, "--preset", "huge"), ("'huge' is not one of 'quick', 'cpu', 'gpu'",)),
        ((*TRAIN, "--set", "depth=3"), ("no option 'depth'", "hidden_layers")),
        ((*TRAIN, "--set", "hidden"), ("expected key=value, got 'hidden'",)),
        ((*TRAIN, "--set", "=3"), ("expected key=value, got '=3'",)),
        ((*TRAIN, "--set", "hidden=many"), ("hidden takes a whole number, not 'many'",)),
        ((*TRAIN, "--set", "hidden=0"), ("hidden must be 1 or more, not 0",)),
        ((*TRAIN, "--set", "beta_1=1"), ("beta_1 must be from 0 to below 1",)),
        ((*TRAIN, "--set", "generator_learning_rate=nan"), ("must be above 0, not nan",)),
        ((*TRAIN, "--set", "loss=good"), ("Unknown loss 'good'", "hinge")),
        ((*TRAIN, "--set", "precision=double"), ("precision", "double")),
        ((*TRAIN, "--minutes", "0"), ("--minutes", "0.0 is not in the range")),
        ((*TRAIN, "--minutes", "-5"), ("--minutes",)),
        ((*TRAIN, "--minutes", "nan"), ("minutes must be above 0, not nan",)),
        ((*TRAIN, "--minutes", "soon"), ("'soon' is not a valid float",)),
        ((*TRAIN, "--steps", "0"), ("--steps",)),
        ((*TRAIN, "--seed", "-1"), ("--seed",)),
        ((*TRAIN, "--seed", str(2**32)), ("--seed",)),
        (("train", "dense_gan", "--data", "fsddd", "--out", "run"), ("'fsddd'", "fsdd")),
        (("train", "dense_gan", "--data", "fsdd", "--out", "run"), ("ganlib data get fsdd",)),
        (("data", "info", ""), ("the data have no name", "digits")),
        ((*TRAIN[:3], "", *TRAIN[4:]), ("the data have no name", "digits")),
        (("data", "info", "no/such/folder"), ("no/such/folder", "found nothing there")),
        (("data", "get", "fsddd"), ("unknown data set 'fsddd'", "fsdd")),
        (("data", "get", "digits", "--from", "x.zip"), ("ships with the repository",)),
        (("data", "get", "fsdd", "--from", "no.zip"), ("no such file",)),
        ((*GENERATE, "--count", "0"), ("--count",)),
        ((*GENERATE, "--count", "-3"), ("--count",)),
        ((*GENERATE, "--seed", "-1"), ("--seed",)),
        ((*GENERATE, "--truncation", "0"), ("--truncation", "0.0 is not in the range")),
        ((*GENERATE, "--truncation", "much"), ("'much' is not a valid float",)),
        (GENERATE, ("run holds no run",)),
        (("generate", "--out", "clips"), ("either --run or --pretrained",)),
        ((*GENERATE, "--pretrained", "x"), ("either --run or --pretrained",)),
        ((*GENERATE, "--label", "7", "--say", "7"), ("either --label or --say",)),
        (("generate", "--out", "clips", "--pretrained", "x"), ("pretrained weights 'x'",)),
        ((*TRAIN, "--resume"), ("run holds no run",)),
    ],
    ids=lambda words: " ".join(words),
)
def test_what_does_not_exist_is_refused(words, fragments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with unchanged(tmp_path):
        refused(invoke(*words), *fragments)


# Data --------------------------------------------------------------------------------------------


def sound(path: Path, samples: np.ndarray, subtype: str = "PCM_16") -> None:
    soundfile.write(path, samples, 8000, subtype=subtype)


BAD_FILES = {
    "unreadable": (lambda path: path.write_bytes(b"RIFF nonsense"), "cannot be decoded"),
    "without_bytes": (lambda path: path.write_bytes(b""), "cannot be decoded"),
    "empty": (lambda path: sound(path, np.zeros(0)), "is empty"),
    "nan": (lambda path: sound(path, np.full(2000, np.nan), "FLOAT"), "NaN or infinite"),
    "one_sample": (lambda path: sound(path, np.full(1, 0.5)), "expected at least 10 ms"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_folder_with_nothing_but_bad_files_is_refused_with_the_reason(kind, tmp_path):
    write, reason = BAD_FILES[kind]
    (tmp_path / "sounds").mkdir()
    write(tmp_path / "sounds" / "a.wav")
    with unchanged(tmp_path):
        refused(train_tiny(tmp_path / "sounds", tmp_path / "run"), "1 of 1 files", reason)
        refused(invoke("data", "info", tmp_path / "sounds"), "1 of 1 files", reason)


def test_bad_files_among_good_ones_are_named_and_refused_only_with_strict(tmp_path):
    folder = write_folder(tmp_path / "sounds", labels=("yes",))
    for kind, (write, _) in BAD_FILES.items():
        write(folder / "yes" / f"{kind}.wav")
    with unchanged(tmp_path):
        refused(train_tiny(folder, tmp_path / "run", "--strict"), "5 of 7 files cannot be used")
        refused(invoke("data", "info", folder, "--strict"), "5 of 7 files cannot be used")
    answer = train_tiny(folder, tmp_path / "run")
    assert answer.code == 0, answer.err
    for kind, (_, reason) in BAD_FILES.items():
        [line] = [line for line in answer.err.splitlines() if f"{kind}.wav" in line]
        assert reason in line


def test_24_bits_and_8_channels_are_data_like_any_other(tmp_path):
    folder, random = tmp_path / "sounds", np.random.default_rng(0)
    folder.mkdir()
    sound(folder / "deep.wav", random.uniform(-0.5, 0.5, 2000), "PCM_24")
    sound(folder / "wide.wav", random.uniform(-0.5, 0.5, (2000, 8)))
    answer = train_tiny(folder, tmp_path / "run")
    assert (answer.code, "Skipped" in answer.err) == (0, False), answer.err


def test_a_folder_without_audio_is_refused(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("no sound")
    with unchanged(tmp_path):
        refused(train_tiny(tmp_path / "notes", tmp_path / "run"), "audio files", "found none")


def test_silent_clips_are_refused(tmp_path):
    (tmp_path / "silence").mkdir()
    sound(tmp_path / "silence" / "a.wav", np.zeros(2000))
    with unchanged(tmp_path):
        answer = train_tiny(tmp_path / "silence", tmp_path / "run", signal_scale=0)
        refused(answer, "The clips are silent")


def test_data_without_labels_are_refused_where_labels_are_needed(tmp_path):
    folder = write_folder(tmp_path / "words", labels=("yes",))
    with unchanged(tmp_path):
        answer = train_tiny(folder, tmp_path / "run", conditional=True)
        refused(answer, "at least two labels", "--set conditional=false")


def test_an_archive_that_is_no_archive_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "sets"))
    (tmp_path / "copy.zip").write_bytes(b"PK nonsense")
    refused(invoke("data", "get", "fsdd", "--from", tmp_path / "copy.zip"), "damaged")
    assert not DATASETS["fsdd"].present
    assert not list(tmp_path.rglob("*.wav"))


# Options that do not fit the data or one another -------------------------------------------------


@pytest.mark.parametrize(
    ("option", "fragment"),
    [
        ("phase_shuffle=9999", "radius must be below"),
        ("judge=ear", "judge must be "),
        ("upsampling=magic", "method must be one of"),
        ("latent_distribution=even", 'must be "normal" or "uniform"'),
        ("learning_rate_decay=slow", 'must be "none", "cosine" or "exponential"'),
    ],
)
def test_options_that_fail_while_building_leave_no_run(data, tmp_path, option, fragment):
    with unchanged(tmp_path):
        answer = invoke("train", "wavegan", "--data", data, "--out", tmp_path / "run",
                        "--set", "dim=1", "--set", option)  # fmt: skip
        refused(answer, fragment)


def test_options_that_fail_in_the_first_step_leave_no_run(data, tmp_path):
    with unchanged(tmp_path):
        answer = invoke("train", "digit_classifier", "--data", data, "--out", tmp_path / "run",
                        "--set", "channels=2", "--set", "width=1")  # fmt: skip
        assert answer.code == 2
        assert "channels" in answer.err.splitlines()[-1]
        assert "Traceback" not in answer.err


def test_a_model_too_large_for_the_memory_is_refused(data, tmp_path):
    with unchanged(tmp_path):
        answer = train_tiny(data, tmp_path / "run", hidden=10**12)
        refused(answer)


# Run folders -------------------------------------------------------------------------------------


def test_a_folder_in_use_is_never_overwritten(data, run, tmp_path):
    with unchanged(tmp_path):
        refused(train_tiny(data, run), "is not empty", "--resume")
        refused(invoke("generate", "--run", run, "--out", run), "is not empty")


def test_a_file_in_the_place_of_a_folder_is_refused(data, run, tmp_path):
    (tmp_path / "file").write_text("mine")
    with unchanged(tmp_path):
        for place in (tmp_path / "file", tmp_path / "file" / "below"):
            refused(train_tiny(data, place), str(place))
            refused(invoke("generate", "--run", run, "--out", place), str(place))
        refused(invoke("generate", "--run", tmp_path / "file", "--out", tmp_path / "c"), "no run")
        refused(train_tiny(data, tmp_path / "file", "--resume"), "no run")


def test_a_run_of_another_model_is_refused(data, run, tmp_path):
    with unchanged(tmp_path):
        answer = invoke("train", "wavegan", "--data", data, "--out", run, "--resume")
        refused(answer, "is a run of dense_gan, not of wavegan")


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("--set", "hidden=3"), "began with hidden=2 and cannot go on with hidden=3"),
        (("--preset", "cpu"), "began with preset=quick and cannot go on with preset=cpu"),
        (("--seed", "7"), "began with seed=0 and cannot go on with seed=7"),
        (("--set", "steps=0"), "steps must be 1 or more"),
        (("--set", "nothing=1"), "no option 'nothing'"),
    ],
)
def test_resuming_with_changed_options_is_refused(data, run, tmp_path, words, fragment):
    with unchanged(tmp_path):
        answer = invoke("train", "dense_gan", "--data", data, "--out", run, "--resume", *words)
        refused(answer, fragment)


def test_resuming_with_other_data_is_refused(run, tmp_path):
    other = write_folder(tmp_path / "other", labels=("3", "4", "5"))
    with unchanged(tmp_path):
        answer = invoke("train", "dense_gan", "--data", other, "--out", run, "--resume")
        refused(answer, "other data")


@pytest.mark.parametrize("text", ["{", "[1, 2]", '{"model": "dense_gan"}', "\xff"])
def test_a_damaged_configuration_is_refused(data, run, tmp_path, text):
    (run / "config.json").write_text(text, encoding="latin-1")
    with unchanged(tmp_path):
        refused(train_tiny(data, run, "--resume"), "config.json")
        refused(invoke("generate", "--run", run, "--out", tmp_path / "clips"), "config.json")


def test_a_run_from_another_version_is_refused(data, run, tmp_path):
    config = json.loads((run / "config.json").read_text())
    del config["options"]["hidden_layers"]
    (run / "config.json").write_text(json.dumps(config))
    with unchanged(tmp_path):
        answer = invoke("train", "dense_gan", "--data", data, "--out", run, "--resume")
        refused(answer, "another version", "hidden_layers")


def test_checkpoints_that_are_all_damaged_are_refused(data, run, tmp_path):
    for path in (run / "checkpoints").iterdir():
        path.write_bytes(path.read_bytes()[:1000])
    with unchanged(tmp_path):
        answer = invoke(
            "train", "dense_gan", "--data", data, "--out", run, "--resume", "--steps", 9
        )
        refused(answer, "step-00000002.h5", "cannot be read")


def test_a_checkpoint_of_another_model_is_refused(data, run, tmp_path):
    [checkpoint] = (run / "checkpoints").iterdir()
    with h5py.File(checkpoint, "a") as file:
        name = sorted(file)[0]
        shape = file[name].shape
        del file[name]
        file[name] = np.zeros((*shape, 2), "float32")
    with unchanged(tmp_path):
        answer = invoke(
            "train", "dense_gan", "--data", data, "--out", run, "--resume", "--steps", 9
        )
        refused(answer, "step-00000002.h5", "another model")


def test_a_run_without_a_checkpoint_is_refused(run, tmp_path):
    (run / "generator.json").unlink()
    with unchanged(tmp_path):
        refused(invoke("generate", "--run", run, "--out", tmp_path / "clips"), "no checkpoint yet")


def test_a_run_of_a_model_without_sound_is_refused(run, tmp_path):
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"model": "digit_classifier"}))
    with unchanged(tmp_path):
        refused(invoke("generate", "--run", run, "--out", tmp_path / "clips"), "makes no sound")


def test_an_unknown_label_is_refused(run, tmp_path):
    with unchanged(tmp_path):
        answer = invoke("generate", "--run", run, "--out", tmp_path / "clips", "--label", "eleven")
        refused(answer, "no label 'eleven': it knows 0, 7")


@pytest.mark.parametrize(
    ("digits", "fragment"),
    [("", "digits alone"), ("7.0", "digits alone"), ("78", "cannot say 8: its labels are 0, 7")],
)
def test_a_number_that_cannot_be_said_is_refused(run, tmp_path, digits, fragment):
    with unchanged(tmp_path):
        answer = invoke("generate", "--run", run, "--out", tmp_path / "clips", "--say", digits)
        refused(answer, fragment)


def test_weights_whose_shapes_do_not_fit_are_refused(run, tmp_path):
    description = json.loads((run / "generator.json").read_text())
    description["arguments"]["hidden"] = [3]
    (run / "generator.json").write_text(json.dumps(description))
    with unchanged(tmp_path):
        answer = invoke("generate", "--run", run, "--out", tmp_path / "clips")
        refused(answer, "generator.weights.h5 does not fit", "array of shape")


def test_damaged_weights_are_refused(run, tmp_path):
    weights = run / "generator.weights.h5"
    weights.write_bytes(weights.read_bytes()[:3000])
    with unchanged(tmp_path):
        answer = invoke("generate", "--run", run, "--out", tmp_path / "clips")
        refused(answer, "generator.weights.h5 does not fit")


# The disk ----------------------------------------------------------------------------------------


def test_clips_that_the_disk_does_not_take_leave_nothing(run, tmp_path):
    with unchanged(tmp_path), files_no_larger_than(200):
        answer = invoke("generate", "--run", run, "--out", tmp_path / "new" / "clips")
    refused(answer, f"cannot write clips to {tmp_path / 'new' / 'clips'}", "File too large")


def test_a_table_that_the_disk_does_not_take_leaves_nothing(run, tmp_path):
    with unchanged(tmp_path), files_no_larger_than(400):  # a clip needs 300 bytes
        answer = invoke("generate", "--run", run, "--out", tmp_path / "clips", "--count", 40)
    refused(answer, "cannot write clips", "File too large")


def test_a_run_that_the_disk_does_not_take_leaves_nothing(data, tmp_path):
    with unchanged(tmp_path), files_no_larger_than(100):
        answer = train_tiny(data, tmp_path / "run")
    refused(answer, "Cannot create the run folder", "File too large")


def test_a_checkpoint_that_the_disk_does_not_take_leaves_the_run_as_it_was(data, run):
    before = tree(run / "checkpoints")
    words = ("train", "dense_gan", "--data", data, "--out", run, "--resume", "--steps", 4)
    with files_no_larger_than(6000):  # the configuration fits, a checkpoint does not
        answer = invoke(*words)
    assert answer.code == 2
    assert answer.err.splitlines()[-1].startswith("Error: Could not write")
    assert "Traceback" not in answer.err
    assert tree(run / "checkpoints") == before
    answer = invoke(*words)
    assert "Done and saved after 4 steps" in answer.out


def test_a_generator_that_the_disk_did_not_take_is_written_when_the_run_is_resumed(
    data, run, tmp_path
):
    for name in ("generator.json", "generator.weights.h5"):
        (run / name).unlink()
    assert "Done" in invoke("train", "dense_gan", "--data", data, "--out", run, "--resume").out
    assert invoke("generate", "--run", run, "--out", tmp_path / "clips").code == 0


def test_fewer_steps_than_a_run_has_are_refused(data, run):
    words = ("train", "dense_gan", "--data", data, "--out", run, "--resume", "--steps", 1)
    with unchanged(run):
        refused(invoke(*words), "has 2 steps already, more than 1")


def test_an_engine_that_is_none_or_not_installed_is_refused(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    refused(invoke("models"), "KERAS_BACKEND must be tensorflow or jax, not 'torch'")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    from ganlib import pretrained

    def missing():
        raise ModuleNotFoundError("No module named 'jax'", name="jax")

    monkeypatch.setattr(pretrained, "names", missing)
    refused(invoke("models"), "jax is not installed", "KERAS_BACKEND=tensorflow")


@pytest.mark.skipif(sys.platform != "linux", reason="/sys is where nobody may write on Linux")
def test_where_nobody_may_write_is_refused(data, run):
    for place in ("/sys/ganlib", "/sys/ganlib/deeper"):
        refused(train_tiny(data, place), "Cannot create the run folder")
        refused(invoke("generate", "--run", run, "--out", place), "cannot write clips")
    assert not Path("/sys/ganlib").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/sys is where nobody may write on Linux")
def test_a_cache_folder_where_nobody_may_write_is_refused(monkeypatch, tmp_path):
    (tmp_path / "copy.zip").write_bytes(b"PK nonsense")
    monkeypatch.setenv("GANLIB_DATA", "/sys/ganlib")
    answer = invoke("data", "get", "fsdd", "--from", tmp_path / "copy.zip")
    refused(answer, "cannot fetch fsdd into /sys/ganlib")


def test_an_error_of_the_disk_that_nobody_foresaw_is_one_sentence_too(monkeypatch):
    from ganlib import data

    def full():
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(data, "catalogue_table", full)
    refused(invoke("data", "list"), "No space left on device: /somewhere")


def test_a_bug_is_not_dressed_up_as_bad_input(monkeypatch):
    from ganlib import data

    def broken():
        raise KeyError("a bug")

    monkeypatch.setattr(data, "catalogue_table", broken)
    with pytest.raises(KeyError):
        invoke("data", "list")
