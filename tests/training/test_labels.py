"""A run learns the labels that have clips."""

import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.training import runs
from ganlib.training.labels import with_clips

OPTIONS = {
    "hidden": 2, "hidden_layers": 1, "clip_samples": 64, "batch_size": 2, "conditional": True,
    "penalty": "none", "steps": 1,
}  # fmt: skip


def clips(labels: list[int], names: tuple[str, ...]) -> Clips:
    samples = np.random.default_rng(0).normal(size=(len(labels), 64, 1)) * 0.1
    return Clips(samples, labels, names, audio_format=AudioFormat(8000, 64))


def test_labels_that_all_have_clips_keep_their_numbers():
    data = clips([1, 0, 1], ("no", "yes"))
    assert with_clips(data) is data


def test_data_without_labels_stay_without():
    data = clips([0, 0], ())
    assert with_clips(data) is data


def test_every_clip_keeps_the_name_of_its_label():
    data = clips([3, 1, 4, 3], ("never", "b", "nor this", "d", "b"))
    kept = with_clips(data)
    assert [kept.label_names[n] for n in kept.labels] == [data.label_names[n] for n in data.labels]
    assert sorted(kept.label_names) == ["b", "d"]


def test_a_label_without_a_clip_is_told_and_never_generated(tmp_path, capsys):
    data = clips([2, 0, 2, 0], ("no", "broken", "yes"))
    runs.start(tmp_path / "run", "dense_gan", data, options=OPTIONS)
    assert "No clip has the label broken, so it is left out." in capsys.readouterr().out
    speaker = runs.load_generator(tmp_path / "run")
    assert speaker.label_names == ("no", "yes")
    again = runs.resume(tmp_path / "run", "dense_gan", data, steps=2, quiet=True)
    assert again.steps == 2
