"""The weights that ship: named, described, verified before use."""

import json
import shlex

import h5py
import numpy as np
import pytest

from ganlib import pretrained
from ganlib.audio.format import AudioFormat
from ganlib.cli.train import train
from ganlib.errors import WeightsError
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training.recipes import get_recipe

FACTS = {field: f"the {field}" for field in pretrained.FIELDS} | {"scores": {"named": 0.5}}
LARGEST_FILE = 16 * 2**20


@pytest.fixture
def speaker() -> Synthesizer:
    arguments = {"output_shape": [64, 1], "hidden": [4], "classes": 2}
    return Synthesizer.build(
        "dense_generator", arguments, AudioFormat(8000, 64), label_names=("no", "yes")
    )


@pytest.fixture
def shelf(tmp_path, monkeypatch, speaker):
    """A folder of weights with one entry, in the place of the real one."""
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    pretrained.save("tiny", speaker, FACTS)
    return tmp_path


def test_what_was_saved_is_listed_described_and_speaks(shelf, speaker):
    assert pretrained.names() == ("tiny",)
    assert FACTS.items() <= pretrained.card("tiny").items()
    again = pretrained.load("tiny")
    assert again.label_names == ("no", "yes")
    np.testing.assert_allclose(again.generate(4)[0], speaker.generate(4)[0], atol=5e-3)


def test_the_digest_on_the_card_is_that_of_the_file(shelf):
    import hashlib

    digest = hashlib.sha256((shelf / "tiny.weights.h5").read_bytes()).hexdigest()
    assert pretrained.card("tiny")["sha256"] == digest


def test_one_flipped_bit_is_refused_before_the_weights_are_read(shelf, monkeypatch):
    weights = shelf / "tiny.weights.h5"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    monkeypatch.setattr(Synthesizer, "load", lambda stem: pytest.fail("read unverified weights"))
    with pytest.raises(WeightsError, match="altered or incomplete: expected SHA-256"):
        pretrained.load("tiny")


def test_missing_weights_are_refused(shelf):
    (shelf / "tiny.weights.h5").unlink()
    with pytest.raises(WeightsError, match="tiny.weights.h5 is missing"):
        pretrained.load("tiny")


@pytest.mark.parametrize("name", ["tny", "../tiny", "", "tiny.json"])
def test_an_unknown_name_is_refused_with_those_there_are(shelf, name):
    with pytest.raises(WeightsError, match="there are tiny"):
        pretrained.load(name)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"card": {"title": "x"}}', '{"card": 3}'])
def test_a_damaged_card_is_refused(shelf, text):
    (shelf / "tiny.json").write_text(text)
    with pytest.raises(WeightsError, match="tiny.json"):
        pretrained.load("tiny")


@pytest.mark.parametrize("field", pretrained.FIELDS)
def test_weights_are_not_shipped_without_a_complete_card(tmp_path, speaker, field):
    facts = {name: value for name, value in FACTS.items() if name != field}
    with pytest.raises(WeightsError, match=f"does not say: {field}"):
        pretrained.save("tiny", speaker, facts, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not pretrained.names(), reason="no weights ship yet")
def test_every_shipped_weight_is_verified_small_in_float16_and_audible():
    for name in pretrained.names():
        path = pretrained.FOLDER / f"{name}.weights.h5"
        assert path.stat().st_size <= LARGEST_FILE
        kinds = set()
        with h5py.File(path) as file:
            file.visititems(lambda _, item: kinds.add(getattr(item, "dtype", None)))  # noqa: B023
        assert {kind.name for kind in kinds if kind is not None} == {"float16"}
        json.dumps(pretrained.card(name))
        clips, _ = pretrained.load(name).generate(2)
        assert np.sqrt(np.mean(np.square(clips), axis=(1, 2))).min() > 1e-3


@pytest.mark.parametrize("name", [*pretrained.names(), pretrained.CLASSIFIER])
def test_the_command_on_every_card_trains_a_network_of_the_same_arguments(name):
    program, command, *words = shlex.split(pretrained.card(name)["command"])
    assert (program, command) == ("ganlib", "train")
    asked = train.make_context("train", words).params
    recipe = get_recipe(asked["model"])
    steps = {"steps": asked["steps"]} if asked["steps"] else {}  # or it stops after some minutes
    assert steps or asked["minutes"]
    options = recipe.options(asked["preset"], asked["changes"] | steps)
    described = json.loads((pretrained.FOLDER / f"{name}.json").read_text())
    shipped = described["arguments"]
    assert described.get("truncation", 0.0) == options.get("truncation", 0.0)
    measured = {"signal_scale"} if options.get("signal_scale") == 0.0 else set()
    same = shipped.keys() & options.keys() - measured
    assert same and {key: options[key] for key in same} == {key: shipped[key] for key in same}
