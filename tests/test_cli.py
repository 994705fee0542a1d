"""The commands, from a folder of sound to clips that were generated."""

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
import pytest

from ganlib import __version__
from ganlib.audio.files import read_audio, write_audio
from ganlib.audio.format import AudioFormat
from ganlib.cli import command_line
from ganlib.data import DATASETS, load_clips
from ganlib.instruments.synthesizer import Synthesizer
from tests.command_line import invoke, train_tiny, tree, write_folder

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_folder(tmp_path_factory.mktemp("data") / "two words")


@pytest.fixture(scope="module")
def run(tmp_path_factory, data) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "first run"
    answer = train_tiny(data, folder, conditional=True)
    assert answer.code == 0, answer.err
    return folder


def commands(group: click.Group = command_line, path: tuple[str, ...] = ()) -> list[tuple]:
    """Every command as the words that call it."""
    found = []
    for name, command in group.commands.items():
        inner = commands(command, (*path, name)) if isinstance(command, click.Group) else []
        found += [(*path, name), *inner]
    return found


def metadata(folder: Path) -> list[dict]:
    with open(folder / "metadata.csv", newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def python(*words: str, **kwargs) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, **kwargs
    )


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_of_every_command_shows_an_example_of_it(words):
    answer = invoke(*words, "--help")
    assert answer.code == 0
    assert re.search(rf"^  +ganlib {' '.join(words)}( |$)", answer.out, re.MULTILINE), answer.out


def test_python_dash_m_runs_the_same_command_line():
    answer = python("-m", "ganlib", "--help")
    assert answer.returncode == 0
    assert answer.stdout == invoke("--help").out
    assert answer.stderr == ""


@pytest.mark.parametrize("words", ["data list", "models", "models wavegan"])
def test_a_list_starts_no_engine(words):
    code = (
        "import sys; from ganlib.cli import command_line\n"
        f"try: command_line({words.split()})\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(sorted({'keras', 'tensorflow', 'jax', 'matplotlib'} & set(sys.modules)))"
    )
    answer = python("-c", code)
    assert answer.stdout.splitlines()[-1] == "[]", answer.stdout + answer.stderr


def test_version_is_the_library_s():
    assert invoke("--version").out.strip().endswith(__version__)


def test_data_list_names_every_set_and_the_folder_of_those_fetched(monkeypatch, tmp_path):
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "sets"))
    lines = invoke("data", "list").out.splitlines()
    assert {line.split()[0] for line in lines[1:] if line} >= set(DATASETS)
    assert str(tmp_path / "sets") in lines[-1]


def test_data_info_counts_a_folder(data):
    out = invoke("data", "info", data).out
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["recordings"] == ["4"]
    assert rows["labels"] == ["2:", "0", "(2),", "7", "(2)"]


def test_data_get_unpacks_another_copy_and_the_second_time_says_that_it_is_here(
    monkeypatch, tmp_path, data
):
    """A small archive of FSDD's layout stands for the real one, whose digest is left out."""
    archive = tmp_path / "copy.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(data / "7" / "0.wav", "fsdd/recordings/7_ann_0.wav")
        file.write(data / "7" / "1.wav", "fsdd/recordings/7_ann_5.wav")
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "sets"))
    monkeypatch.setitem(DATASETS, "fsdd", replace(DATASETS["fsdd"], contents_sha256=None))
    answer = invoke("data", "get", "fsdd", "--from", archive)
    assert (answer.code, "complete" in answer.out) == (0, True)
    assert "here already" in invoke("data", "get", "fsdd").out
    assert len(load_clips("fsdd", "all", AudioFormat(8000, 64))) == 2


def test_models_lists_presets_with_the_published_size_of_wavegan():
    out = invoke("models").out
    assert "generator 19,065,345, discriminator 17,427,969" in out
    for name in ("dense_gan", "wavegan", "digit_classifier"):
        rows = out[out.index(f"{name}:") :].splitlines()[1:4]
        assert [row.split()[0] for row in rows] == ["quick", "cpu", "gpu"]


def test_models_shows_every_option_of_one_model():
    from ganlib.training.recipes import get_recipe

    out = invoke("models", "wavegan").out
    shown = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line}
    for name in get_recipe("wavegan").defaults:
        assert shown[name][-1] == str(get_recipe("wavegan").options("gpu")[name])


def test_training_leaves_a_run_and_says_how_to_listen(run):
    assert {path.name for path in run.iterdir()} >= {"config.json", "generator.weights.h5"}
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["step-00000002.h5"]


def test_generated_clips_are_16_bit_and_listed_with_label_seed_and_transcript(run, tmp_path):
    import soundfile

    answer = invoke("generate", "--run", run, "--out", tmp_path / "a/clips", "--count", 3,
                    "--seed", 40)  # fmt: skip
    assert answer.code == 0, answer.err
    rows = metadata(tmp_path / "a/clips")
    assert [list(row.values())[1:] for row in rows] == [
        ["0", "40", "zero"], ["7", "41", "seven"], ["0", "42", "zero"],
    ]  # fmt: skip
    for row in rows:
        sound = soundfile.info(str(tmp_path / "a/clips" / row["file"]))
        assert (sound.format, sound.subtype, sound.frames) == ("WAV", "PCM_16", 128)
        assert sound.samplerate == 8000
    assert len(list((tmp_path / "a/clips").iterdir())) == 4


def test_any_clip_can_be_made_again_alone_from_its_row(run, tmp_path):
    invoke("generate", "--run", run, "--out", tmp_path / "all", "--count", 40)
    row = metadata(tmp_path / "all")[37]
    words = ("--count", 1, "--label", row["label"], "--seed", row["seed"])
    invoke("generate", "--run", run, "--out", tmp_path / "one", *words)
    [again] = metadata(tmp_path / "one")
    assert again == row
    first, rate = read_audio(tmp_path / "all" / row["file"])
    second, _ = read_audio(tmp_path / "one" / row["file"])
    np.testing.assert_allclose(first, second, atol=1.01 / 32768)  # a rounding of 16 bits
    other, _ = read_audio(tmp_path / "all" / metadata(tmp_path / "all")[35]["file"])
    assert np.abs(first - other).max() > 10 / 32768  # same label, another seed


def test_a_truncation_reaches_the_files_of_clips_and_of_sayings(run, tmp_path):
    for folder, words in {"clips": ("--count", 2), "said": ("--say", "77")}.items():
        sounds = []
        for limit in ((), ("--truncation", 0.05), ("--truncation", 99)):
            out = tmp_path / folder / "-".join(map(str, limit))
            answer = invoke("generate", "--run", run, "--out", out, *words, *limit)
            assert answer.code == 0, answer.err
            sounds.append(read_audio(out / metadata(out)[0]["file"])[0])
        free, near, far = sounds
        np.testing.assert_array_equal(free, far)
        assert free.shape != near.shape or np.abs(free - near).max() > 5 / 32768


def test_generated_clips_are_data_again(run, tmp_path):
    (tmp_path / "clips").mkdir()  # an empty folder will do
    invoke("generate", "--run", run, "--out", tmp_path / "clips", "--count", 4, "--label", "7")
    clips = load_clips(tmp_path / "clips", audio_format=AudioFormat(8000, 128))
    assert (len(clips), clips.label_names, set(clips.transcripts)) == (4, ("7",), {"seven"})


def test_generated_clips_come_from_pretrained_weights_too(run, tmp_path, monkeypatch):
    from ganlib import pretrained
    from ganlib.training.runs import load_generator

    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    facts = dict.fromkeys(pretrained.FIELDS, "a test")
    pretrained.save("tiny", load_generator(run), facts)
    answer = invoke("generate", "--pretrained", "tiny", "--out", tmp_path / "c", "--count", 1)
    assert answer.code == 0, answer.err
    assert len(metadata(tmp_path / "c")) == 1


def test_say_makes_one_file_of_several_digits(run, tmp_path):
    answer = invoke("generate", "--run", run, "--out", tmp_path / "said", "--say", "7007")
    assert answer.code == 0, answer.err
    [row] = metadata(tmp_path / "said")
    assert (row["label"], row["transcript"]) == ("7007", "seven zero zero seven")
    assert row["file"] in answer.out and (tmp_path / "said" / row["file"]).is_file()


def test_files_that_cannot_be_used_are_named_and_left_out(data, tmp_path):
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data/0/broken.wav").write_bytes(b"no sound")
    answer = train_tiny(tmp_path / "data", tmp_path / "run")
    assert answer.code == 0
    assert f"Skipped {tmp_path / 'data/0/broken.wav'}: cannot be decoded" in answer.err
    assert "4 clips" in answer.out


def test_all_that_is_not_learnt_from_is_said_before_training(data, tmp_path):
    root = tmp_path / "data"
    for label in ("0", "7"):
        shutil.copytree(data / label, root / "train" / label)
    shutil.copytree(data / "0", root / "test" / "heard later")
    shutil.copytree(data / "0", root / "noise")
    (root / "train" / "9").mkdir()
    (root / "train" / "9" / "broken.wav").write_bytes(b"no sound")
    (root / "labels.csv").write_text("file,label\n")
    (root / "test" / "0").symlink_to(data / "0")
    for number in range(3):
        (root / "train" / f"{number}.m4a").touch()
    answer = train_tiny(root, tmp_path / "run", conditional=True)
    assert answer.code == 0, answer.err
    for words in (
        "train/0.m4a and 2 more .m4a: cannot be decoded: .m4a is no format that libsndfile reads",
        "Note: labels.csv is not read: ",
        "train are taken for splits, noise beside them for labels",
        "No clip to learn from has the label heard later: left out.",
    ):  # fmt: skip
        assert words in answer.err
    assert "6 clips" in answer.out and "3 labels" in answer.out
    assert json.loads((tmp_path / "run/generator.json").read_text())["label_names"] == [
        "0", "7", "noise",
    ]  # fmt: skip


def test_data_without_labels_train_without_and_it_is_said(data, tmp_path):
    alone = write_folder(tmp_path / "one", labels=("yes",))
    loose = tmp_path / "loose"
    shutil.copytree(alone / "yes", loose)
    for folder, there in ((alone, "only the label yes"), (loose, "no labels")):
        answer = train_tiny(folder, tmp_path / "runs" / folder.name, conditional="auto")
        assert answer.code == 0, answer.err
        assert f"The data have {there}: the model is trained without labels." in answer.out
    answer = train_tiny(data, tmp_path / "runs" / "both", conditional="auto")
    assert (answer.code, "without labels" in answer.out) == (0, False), answer.err


def test_how_much_is_used_is_told_and_pieces_are_chosen_and_kept_on_resume(data, tmp_path):
    folder, run = tmp_path / "long", tmp_path / "run"
    shutil.copytree(data, folder)
    late = np.zeros(20_000)
    late[16_000:16_100] = 0.5
    write_audio(folder / "7" / "late.wav", late, 8000)
    answer = train_tiny(folder, tmp_path / "first", conditional=True)
    assert answer.code == 0 and "5 recordings" not in answer.out, answer.err
    assert f"Look at {folder / '7/late.wav'}: its first 0.02 s are almost" in answer.err
    assert "Used: 4 clips use 0.1 s of 3.5 s (1.8 %): the first 0.02 s of each" in answer.out
    answer = train_tiny(folder, run, "--pieces", "loudest", conditional=True)
    assert answer.code == 0 and "Look at" not in answer.err, answer.err
    assert "5 clips" in answer.out and "(pieces=loudest)" in answer.out
    again = invoke("train", "dense_gan", "--data", folder, "--out", run, "--resume", "--steps", 3)
    assert again.code == 0 and "(pieces=loudest)" in again.out, again.err
    refused = train_tiny(folder, tmp_path / "strict", "--strict", conditional=True)
    assert refused.code == 2 and "wrong with 1 of 5 recordings" in refused.err
    looked = invoke("data", "info", folder, "--pieces", "loudest")
    assert looked.code == 0 and "(pieces=loudest)" in looked.out
    assert invoke("data", "info", folder, "--strict").code == 2


def test_a_budget_of_minutes_ends_with_the_command_that_continues(data, tmp_path):
    answer = train_tiny(data, tmp_path / "a run", "--minutes", 0.0001, "--steps", 10**6)
    assert answer.code == 0, answer.err
    [line] = [line for line in answer.out.splitlines() if line.startswith("Continue: ")]
    words = shlex.split(line.removeprefix("Continue: "))
    done = int(next((tmp_path / "a run/checkpoints").iterdir()).stem.removeprefix("step-"))
    assert "Time is up" in answer.out and words[0] == "ganlib"
    again = invoke(*words[1:], "--steps", done + 2)
    assert (again.code, f"Done and saved after {done + 2:,} steps" in again.out) == (0, True)


def test_the_same_command_with_resume_continues(data, run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    answer = train_tiny(
        data, tmp_path / "run", "--resume", "--seed", 0, "--preset", "quick", conditional=True,
        steps=3,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "Done and saved after 3 steps" in answer.out


def test_a_second_ctrl_c_ends_at_once_and_still_says_how_to_resume(data, tmp_path, monkeypatch):
    from ganlib.training import runs

    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "start", interrupt)
    answer = train_tiny(data, tmp_path / "run")
    assert answer.code == 130
    assert "--resume" in answer.err and answer.err.endswith("Interrupted.\n")


def test_ctrl_c_while_generating_leaves_nothing_half_written(run, tmp_path, monkeypatch):
    made = []
    make = Synthesizer.make

    def interrupted(self, labels, seed):
        made.append(seed)
        if len(made) == 2:
            raise KeyboardInterrupt
        return make(self, labels, seed)

    monkeypatch.setattr(Synthesizer, "make", interrupted)
    answer = invoke("generate", "--run", run, "--out", tmp_path / "clips", "--count", 40)
    assert (answer.code, answer.err.strip(), len(made)) == (130, "Interrupted.", 2)
    assert tree(tmp_path) == {}
