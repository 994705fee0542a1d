"""What is refused or decided before a run begins: clips that do not fit, silence, labels."""

import json

import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.errors import DataError, OptionError
from ganlib.training import runs
from ganlib.training.building import build
from ganlib.training.checks import agreed, continued
from ganlib.training.config import Config
from ganlib.training.recipes import RECIPES, get_recipe

TINY = {"hidden": 2, "hidden_layers": 1, "latent_dim": 2, "clip_samples": 64, "batch_size": 2,
        "penalty": "none", "signal_scale": 0.1, "steps": 2}  # fmt: skip


def clips_of(audio_format: AudioFormat, names: tuple = (), silent: bool = False) -> Clips:
    shape = (4, audio_format.clip_samples, audio_format.channels)
    noise = np.random.default_rng(0).normal(0, 0.0 if silent else 0.1, shape)
    return Clips(noise, np.arange(4) % max(1, len(names)), names, audio_format=audio_format)


def short(names: tuple = ()) -> Clips:
    return clips_of(AudioFormat(8000, 64), names)


# Formats and silence ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audio_format", "came", "wanted"),
    [
        (AudioFormat(16000, 64), "sample_rate=16000", "sample_rate=8000"),
        (AudioFormat(8000, 128), "clip_samples=128", "clip_samples=64"),
        (AudioFormat(8000, 64, channels=2), "channels=2", "channels=1"),
    ],
)
def test_clips_of_another_format_are_refused_with_both(tmp_path, audio_format, came, wanted):
    with pytest.raises(OptionError) as error:
        runs.start(tmp_path / "run", "dense_gan", clips_of(audio_format), options=TINY)
    first, second = str(error.value).split(" takes ")
    assert came in first and wanted in second and not (tmp_path / "run").exists()


def test_a_run_is_not_resumed_with_its_samples_at_another_rate(tmp_path):
    runs.start(tmp_path / "run", "dense_gan", short(), options=TINY, quiet=True)
    faster = Clips(short().samples, short().labels, audio_format=AudioFormat(16000, 64))
    with pytest.raises(OptionError, match="sample_rate=16000.*sample_rate=8000"):
        runs.resume(tmp_path / "run", "dense_gan", faster, steps=3, quiet=True)


@pytest.mark.parametrize("model", [name for name in RECIPES if name != "reader"])  # no clips
@pytest.mark.parametrize("level", [0.0, 0.5])
def test_silent_clips_are_refused_by_every_recipe(tmp_path, model, level):
    audio_format = get_recipe(model).audio_format(get_recipe(model).options("quick"))
    silence = clips_of(audio_format, ("no", "yes"), silent=True)
    silence = Clips(
        silence.samples + level, silence.labels, ("no", "yes"), audio_format=audio_format
    )
    with pytest.raises(DataError, match="The clips are silent"):
        runs.start(tmp_path / "run", model, silence, quiet=True)
    assert not (tmp_path / "run").exists()


# Labels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "asked", "decided"),
    [((), "auto", False), (("yes",), "auto", False), (("no", "yes"), "auto", True),
     (("no", "yes"), "false", False), ((), False, False), (("no", "yes"), True, True)],
)  # fmt: skip
def test_auto_takes_the_labels_where_there_are_two_or_more(names, asked, decided):
    options = agreed("dense_gan", short(names), "quick", {**TINY, "conditional": asked})
    assert options["conditional"] is decided


def test_true_without_labels_is_refused_and_says_what_to_set():
    with pytest.raises(OptionError, match="at least two labels, and these have 1.*--set condit"):
        config = Config("dense_gan", "", "", "quick", {}, ["yes"], seed=0)
        options = agreed("dense_gan", short(("yes",)), "quick", {**TINY, "conditional": True})
        build(Config(**{**vars(config), "options": options}))


def test_a_value_that_is_neither_true_false_nor_auto_is_refused():
    with pytest.raises(OptionError, match="conditional takes true, false or auto, not 'maybe'"):
        get_recipe("wavegan").options("quick", {"conditional": "maybe"})


def test_the_presets_of_the_papers_stay_as_they_are_and_the_quick_ones_decide_by_the_data():
    found = {
        (name, preset): recipe.options(preset)["conditional"]
        for name, recipe in RECIPES.items() if "conditional" in recipe.defaults
        for preset in recipe.presets
    }  # fmt: skip
    assert found["wavegan", "gpu"] is found["specgan", "gpu"] is found["dcgan", "gpu"] is False
    assert found["wavegan", "quick"] == found["wavegan", "cpu"] == found["digits", "cpu"] == "auto"


@pytest.mark.parametrize(
    ("model", "needs"),
    [("wavegan", "label_deviation"), ("digits", "conditional_batch_normalization")],
)
def test_what_a_preset_switches_on_for_labels_goes_with_them(model, needs):
    recipe = get_recipe(model)
    clips = clips_of(recipe.audio_format(recipe.options("cpu")))
    size = {"dim": 2, "batch_size": 2}
    options = agreed(model, clips, "cpu", size)
    assert options["conditional"] is options[needs] is False
    with_labels = agreed(model, Clips(clips.samples, [0, 1, 0, 1], ("no", "yes"),
                                      audio_format=clips.audio_format), "cpu", size)  # fmt: skip
    assert with_labels["conditional"] is with_labels[needs] is True
    options["signal_scale"] = options["signal_scale"] or 0.1
    codec = recipe.unmeasured_codec(options)
    gan = build(Config(model, "", "", "cpu", options, [], seed=0, codec=codec))
    assert len(gan.generator.inputs) == 1  # no label
    with pytest.raises(OptionError, match="label"):  # asked for by name, it is not taken away
        asked = agreed(model, clips, "cpu", {**size, needs: True, "signal_scale": 0.1})
        build(Config(model, "", "", "cpu", asked, [], seed=0, codec=codec))


# What a run records -------------------------------------------------------------------------------


def test_a_run_records_what_was_decided_and_resumes_with_auto_or_with_that(tmp_path):
    changes = {**TINY, "conditional": "auto"}
    runs.start(tmp_path / "run", "dense_gan", short(), "", "quick", changes, quiet=True)
    assert json.loads((tmp_path / "run/config.json").read_text())["options"]["conditional"] is False
    for again in ({"conditional": "auto"}, {"conditional": "false"}, {}):
        options = continued(tmp_path / "run", "dense_gan", options=again | {"steps": 3})
        assert options["conditional"] is False and options["steps"] == 3
    with pytest.raises(OptionError, match="began with conditional=False and cannot go on with"):
        continued(tmp_path / "run", "dense_gan", options={"conditional": True})
    assert runs.resume(tmp_path / "run", "dense_gan", short(), steps=3, quiet=True).steps == 3


def test_a_run_that_was_begun_before_pieces_were_recorded_goes_on(tmp_path):
    runs.start(tmp_path / "run", "dense_gan", short(), options=TINY, quiet=True)
    config = json.loads((tmp_path / "run/config.json").read_text())
    assert (config.pop("pieces"), config.pop("keep_silence")) == ("auto", False)
    (tmp_path / "run/config.json").write_text(json.dumps(config))
    assert runs.resume(tmp_path / "run", "dense_gan", short(), steps=3, quiet=True).steps == 3
