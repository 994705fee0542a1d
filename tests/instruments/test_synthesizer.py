"""A generator on its own: clips from seeds, and files that carry no code."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.errors import OptionError, WeightsError
from ganlib.instruments.latents import draw_latents
from ganlib.instruments.synthesizer import Synthesizer


def speaker(labels=("no", "yes"), distribution="normal", **changes) -> Synthesizer:
    arguments = {
        "output_shape": [64, 1], "latent_dim": 5, "hidden": [4], "classes": len(labels),
        "output_activation": "tanh",
    }  # fmt: skip
    return Synthesizer.build(
        "dense_generator", arguments | changes, AudioFormat(8000, 64),
        label_names=tuple(labels), latent_distribution=distribution,
    )  # fmt: skip


def test_clips_have_the_format_and_stay_within_full_scale():
    clips, labels = speaker().generate(5)
    assert clips.shape == (5, 64, 1) and clips.dtype == np.float32
    assert np.abs(clips).max() <= 1
    assert labels.tolist() == [0, 1, 0, 1, 0]


def test_a_clip_depends_on_its_own_seed_and_label_alone():
    made = speaker()
    many, labels = made.generate(9, seed=3, batch_size=4)
    for index in range(9):
        name = made.label_names[labels[index]]
        alone, _ = made.generate(1, label=name, seed=3 + index)
        np.testing.assert_allclose(alone[0], many[index], atol=1e-6)
    assert np.abs(many[0] - many[2]).max() > 1e-3  # another seed is another clip


def test_under_every_clip_lies_the_noise_that_it_asks_for_each_time_the_same():
    plain = speaker()
    hissing = replace(plain, noise_floor=0.01)
    clips, _ = hissing.generate(200, seed=3, batch_size=7)
    noise = clips - plain.generate(200, seed=3)[0]
    assert noise.std() == pytest.approx(0.01, rel=0.02)
    assert np.abs(np.corrcoef(noise[0, :, 0], noise[1, :, 0])[0, 1]) < 0.5  # one for each clip
    alone, _ = hissing.generate(1, label="yes", seed=4)
    np.testing.assert_allclose(alone[0], clips[1], atol=1e-6)


def test_a_noise_floor_is_kept_in_the_file_and_checked(tmp_path):
    path, _ = replace(speaker(), noise_floor=0.01).save(tmp_path / "speaker")
    assert Synthesizer.load(tmp_path / "speaker").noise_floor == 0.01
    card = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(card | {"noise_floor": -0.5}), encoding="utf-8")
    with pytest.raises(WeightsError, match="noise_floor must be from 0 to 1"):
        Synthesizer.load(tmp_path / "speaker")


def test_the_label_matters():
    made = speaker()
    no, _ = made.generate(1, label="no", seed=3)
    yes, _ = made.generate(1, label="yes", seed=3)
    assert np.abs(no - yes).max() > 1e-4


def test_a_truncated_speaker_says_other_clips_from_the_same_weights():
    plain = speaker()
    near = plain.truncated(0.5)
    latents = near.draw(8, seed=3)
    np.testing.assert_array_equal(latents, draw_latents(8, 5, 3, truncation=0.5))
    clips, labels = near.generate(8, seed=3)
    expected = plain.generator([latents, labels], training=False)
    np.testing.assert_allclose(clips, np.asarray(expected), atol=1e-6)
    assert np.abs(clips - plain.generate(8, seed=3)[0]).max() > 1e-3
    np.testing.assert_array_equal(near.truncated(None).draw(8, 3), plain.draw(8, 3))


def test_a_truncation_is_kept_in_the_file_and_checked(tmp_path):
    path, _ = speaker().truncated(1.5).save(tmp_path / "speaker")
    assert Synthesizer.load(tmp_path / "speaker").truncation == 1.5
    card = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(card | {"truncation": -1}), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"truncation must be 0.01 or more, not -1"):
        Synthesizer.load(tmp_path / "speaker")


def test_a_truncation_that_leaves_nothing_is_refused():
    with pytest.raises(OptionError, match=r"truncation must be 0.01 or more, not 0.0"):
        speaker().truncated(0.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"count": 0}, "count must be 1 or more"),
        ({"count": 1, "seed": -1}, "seed must be 0 or more"),
        ({"count": 1, "label": "maybe"}, "knows no, yes"),
    ],
)
def test_what_cannot_be_made_is_refused(words, message):
    with pytest.raises(OptionError, match=message):
        speaker().generate(**words)


def test_a_model_without_labels_refuses_one():
    with pytest.raises(OptionError, match="takes none"):
        speaker(labels=()).generate(1, label="yes")


def test_of_thousands_of_labels_a_refusal_names_some_the_nearest_first():
    many = speaker(labels=[f"word{number}" for number in range(5000)])
    with pytest.raises(OptionError, match="'wrd4711': it knows word4711, .* 4,988 more") as caught:
        many.generate(1, label="wrd4711")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 0.0), ("float16", 2e-3)])
def test_what_was_saved_speaks_the_same(tmp_path, dtype, tolerance):
    first = speaker()
    first.save(tmp_path / "a", dtype)
    second = Synthesizer.load(tmp_path / "a")
    np.testing.assert_allclose(first.generate(4)[0], second.generate(4)[0], atol=tolerance)
    assert second.describe() == first.describe()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.weights.h5"]


DAMAGE = {
    "no JSON": (lambda card: "{", "does not describe a model"),
    "a list": (lambda card: [card], "does not describe a model"),
    "a part is missing": (lambda card: {"builder": card["builder"]}, "'arguments'"),
    "a builder that is not ours": (lambda card: card | {"builder": "os.system"}, "os.system"),
    "another argument": (lambda card: card | {"arguments": {"depth": 3}}, "depth"),
    "an impossible argument": (
        lambda card: card | {"arguments": card["arguments"] | {"hidden": [-1]}}, "positive integer",
    ),
    "another format": (
        lambda card: card | {"audio_format": card["audio_format"] | {"clip_samples": 65}},
        r"output has the shape \(64, 1\), and the format says \(65, 1\)",
    ),
    "a format that is none": (lambda card: card | {"audio_format": {"rate": 1}}, "'rate'"),
    "a label too few": (lambda card: card | {"label_names": ["no"]}, "takes 2 labels, and 1"),
    "another distribution": (lambda card: card | {"latent_distribution": "round"}, "'round'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_description_that_cannot_be_is_refused(tmp_path, kind):
    change, message = DAMAGE[kind]
    description, _ = speaker().save(tmp_path / "a")
    changed = change(json.loads(description.read_text()))
    description.write_text(changed if isinstance(changed, str) else json.dumps(changed))
    with pytest.raises(WeightsError, match=message):
        Synthesizer.load(tmp_path / "a")


@pytest.mark.parametrize("missing", ["a.json", "a.weights.h5"])
def test_a_missing_file_is_named(tmp_path, missing):
    speaker().save(tmp_path / "a")
    (tmp_path / missing).unlink()
    with pytest.raises(WeightsError, match=f"{missing} does not exist"):
        Synthesizer.load(tmp_path / "a")


def test_a_folder_that_is_not_there_is_told():
    with pytest.raises(WeightsError, match="Could not write"):
        speaker().save("/no/such/folder/a")
