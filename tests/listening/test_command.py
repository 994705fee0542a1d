"""`ganlib listening-test`: from models to a page, and from answers to a table."""

import json
from pathlib import Path

import click
import pytest

from ganlib.cli import command_line
from ganlib.cli.listening import listening_test
from ganlib.listening.ratings import read_key
from tests.command_line import Answer, invoke, write_folder
from tests.listening.classroom import lines_of, make_key, write_table


@pytest.fixture(autouse=True)
def offered(monkeypatch):
    """The command under its name."""
    commands = command_line.commands | {"listening-test": listening_test}
    monkeypatch.setattr(command_line, "commands", commands)


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> list[Path]:
    """Three folders of noises."""
    root = tmp_path_factory.mktemp("models")
    return [write_folder(root / name, clips=3) for name in "abc"]


def write(models, out, *words: object) -> Answer:
    return invoke("listening-test", *words, "--out", out, "--data", "digits", "--count", 3)


@pytest.mark.parametrize("form", ["spaces", "commas", "options"])
def test_several_models_are_named_as_one_likes(models, tmp_path, form):
    words = {
        "spaces": ["--models", *models],
        "commas": ["--models", ",".join(map(str, models))],
        "options": [word for model in models for word in ("--models", model)],
    }[form]
    answer = write(models, tmp_path / "out", *words)
    assert answer.code == 0, answer.err
    systems = read_key(tmp_path / "out")["systems"]
    assert systems == ["a", "b", "c", "real recordings", "low anchor"]
    assert "15 clips" in answer.out
    assert "speech synthesisers" in answer.err


def test_the_options_may_stand_before_the_models(models, tmp_path):
    words = ("--out", tmp_path / "out", "--data", "digits", "--count", 3, "--models", *models)
    assert invoke("listening-test", *words).code == 0
    assert len(read_key(tmp_path / "out")["clips"]) == 15


@pytest.fixture
def answers(tmp_path) -> Path:
    """A key, and the answers of five listeners in a folder beside it, one of them careless."""
    key = make_key()
    (tmp_path / "key.json").write_text(json.dumps(key))
    (tmp_path / "answers").mkdir()
    for number in range(5):
        rows = lines_of(key, f"Pupil {number}", number, careless=number == 3)
        write_table(tmp_path / f"answers/{number}.csv", rows)
    return tmp_path / "answers"


@pytest.mark.parametrize("form", ["files", "folder"])
def test_answers_become_one_table_without_naming_the_key(answers, tmp_path, form):
    words = sorted(answers.iterdir()) if form == "files" else [answers]
    answer = invoke("listening-test", "--collect", *words, "--json", tmp_path / "out.json")
    assert answer.code == 0, answer.err
    assert "5 listeners" in answer.out
    assert "Warning: Pupil 3 seems inattentive" in answer.err
    assert json.loads((tmp_path / "out.json").read_text())["listeners"] == 5


def test_the_inattentive_can_be_left_out(answers):
    answer = invoke("listening-test", "--collect", answers, "--drop-inattentive")
    assert "4 listeners" in answer.out and "(left out)" in answer.err


def test_a_bad_file_is_a_warning_and_no_end(answers):
    (answers / "9.csv").write_text("hello\n")
    answer = invoke("listening-test", "--collect", answers)
    assert answer.code == 0
    assert f"Warning: {answers / '9.csv'}, line 1: lacks the columns" in answer.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Give either --models or --collect"),
        (["a.csv"], "Give either --models or --collect"),
        (["--models", "a", "--collect", "b"], "Give either --models or --collect"),
        (["--models", "a"], "Missing option '--out'"),
        (["--models", "a", "--out", "o", "--json", "f"], "--json belongs to --collect"),
        (["--collect", "a", "--seed", "0"], "--seed belongs to --models"),
        (["--collect", "a", "--out", "o"], "--out belongs to --models"),
        (["--models", "nobody", "--out", "o"], "nobody: expected pretrained weights"),
        (["--collect", "nobody.csv"], "nobody.csv: expected a CSV file"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_in_one_sentence(
    words, sentence, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    answer = invoke("listening-test", *words)
    assert answer.code == 2
    assert sentence in answer.err and answer.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_help_shows_both_calls():
    answer = invoke("listening-test", "--help")
    assert "ganlib listening-test --models" in answer.out
    assert "ganlib listening-test --collect" in answer.out
    assert isinstance(listening_test, click.Command)
