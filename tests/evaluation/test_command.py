"""`ganlib evaluate`: the table, the JSON, the page; and every refusal in one sentence."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from ganlib.audio.files import write_audio
from ganlib.evaluation.measuring.figures import KINDS
from tests.command_line import invoke, train_tiny
from tests.evaluation.quick import make_quick


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    make_quick(monkeypatch)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Noises of two labels, with a test split."""
    folder, random = tmp_path_factory.mktemp("data") / "noises", np.random.default_rng(0)
    for split, count in (("train", 40), ("test", 12)):
        for label in ("0", "7"):
            (folder / split / label).mkdir(parents=True)
            for number in range(count):
                noise = random.uniform(-0.5, 0.5, 2000) * random.uniform(0.1, 1, 2000)
                write_audio(folder / split / label / f"{number}.wav", noise, 8000)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory, data) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    answer = train_tiny(data, folder, conditional=True)
    assert answer.code == 0, answer.err
    return folder


class Links(HTMLParser):
    """What a page points at, and what its pictures and players are called."""

    def __init__(self, text: str):
        super().__init__()
        self.targets: list[str] = []
        self.unnamed: list[str] = []
        self.counts: dict[str, int] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.targets += [attributes[key] for key in ("src", "href", "data") if key in attributes]
        name = {"img": "alt", "audio": "aria-label"}.get(tag)
        if name and not (attributes.get(name) or "").strip():
            self.unnamed.append(tag)


def test_a_run_becomes_a_table_a_json_and_a_page_that_needs_no_network(run, data, tmp_path):
    words = ("--run", run, "--data", data, "--count", 24, "--seed", 4)
    outputs = ("--json", tmp_path / "new" / "a.json", "--report", tmp_path / "report")
    answer = invoke("evaluate", *words, *outputs)
    assert answer.code == 0, answer.err
    assert "run beside" in answer.out and "Kernel distance" in answer.out
    assert re.search(r"Named as asked, by the classifier +0\.\d{3} +0\.\d{3} - ", answer.out)
    assert "Not measured: DNSMOS. Not installed here." in answer.out
    content = json.loads((tmp_path / "new" / "a.json").read_text())
    assert (content["n"], content["seed"]) == (24, 4)
    assert content["details"]["clips"] == "seeds 4 to 27"
    assert set(content["figures"]) | set(content["details"]["not_measured"]) == set(KINDS)
    text = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    links = Links(text)
    assert links.targets and all(target.startswith("data:") for target in links.targets)
    assert links.unnamed == [] and "script" not in links.counts
    assert links.counts["audio"] == links.counts["img"] - 2 == 2 * 2 + 2 * 10
    assert "default-src 'none'" in text and "//" not in re.sub(r"data:[^\"]+", "", text)
    assert [path.name for path in sorted((tmp_path / "report").iterdir())] == [
        "evaluation.json", "index.html",
    ]  # fmt: skip
    assert json.loads((tmp_path / "report" / "evaluation.json").read_text()) == content


def test_a_folder_of_training_recordings_is_named_as_a_copy_on_the_page_too(data, tmp_path):
    report = tmp_path / "report"
    words = ("--audio", data / "train", "--data", data, "--count", 30, "--report", report)
    answer = invoke("evaluate", *words)
    assert answer.code == 0, answer.err
    assert "By spectra it repeats the training set: 100 % of its clips are copies" in answer.out
    text = (report / "index.html").read_text(encoding="utf-8")
    assert "it repeats the training set: 100 % of its clips are copies" in text
    assert "generated, distance 0.00" in text


def test_without_the_recordings_the_shipped_statistics_stand_in(run, tmp_path, monkeypatch):
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "nothing here"))
    words = ("--run", run, "--data", "fsdd", "--count", 24, "--report", tmp_path / "report")
    answer = invoke("evaluate", *words)
    assert answer.code == 0, answer.err
    assert "run beside fsdd" in answer.out and "Coverage" in answer.out
    assert "The sound of fsdd is not here: ganlib data get fsdd." in answer.out
    text = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "The recordings of fsdd are not on this machine." in text


REFUSALS = {
    "no source": ((), "Give one of --run, --pretrained and --audio"),
    "two sources": (("--run", "a", "--audio", "b"), "only one"),
    "no run": (("--run", "nowhere"), "nowhere holds no run"),
    "no weights": (("--pretrained", "nobody"), "Unknown pretrained weights 'nobody'"),
    "the classifier": (("--pretrained", "digit-classifier"), "makes no sound"),
    "no folder": (("--audio", "no/such/folder"), "found nothing there"),
    "few clips": (("--audio", "x", "--count", "23"), "--count"),
    "a seed below 0": (("--audio", "x", "--seed", "-1"), "--seed"),
    "a truncation that leaves nothing": (("--run", "x", "--truncation", "0"), "--truncation"),
    "recordings, truncated": (("--audio", "x", "--truncation", "1"), "no latent vectors"),
    "unknown option": (("--pictures",), "No such option: --pictures"),
}


@pytest.mark.parametrize(("words", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_one_sentence(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(invoke("evaluate", *words), sentence)
    assert list(tmp_path.iterdir()) == []


def test_data_that_do_not_exist_are_refused(run):
    refused(invoke("evaluate", "--run", run, "--count", 24, "--data", "fsddd"), "did you mean")


def test_more_clips_than_there_are_are_refused(data):
    words = ("--audio", data, "--data", data, "--count", 5000)
    refused(invoke("evaluate", *words), "has 104 clips, and 5000 were asked for")


def test_a_file_in_the_way_is_told_before_anything_is_measured(run, data, tmp_path):
    (tmp_path / "file").touch()
    words = ("--run", run, "--data", data)
    refused(
        invoke("evaluate", *words, "--json", tmp_path / "file" / "a.json"), "Could not make the"
    )
    refused(invoke("evaluate", *words, "--report", tmp_path / "file"), "--report")


def refused(answer, sentence: str) -> None:
    assert answer.code == 2, answer
    found = answer.err.strip().splitlines()
    assert len(found) == 1 and found[0].startswith("Error: ") and sentence in found[0], answer.err
