"""Generated clips as files."""

import csv

import numpy as np
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.recording import record
from ganlib.synthesizer import Synthesizer


def speaker(labels: tuple[str, ...], channels: int = 1) -> Synthesizer:
    arguments = {"output_shape": [64, channels], "classes": len(labels), "hidden": [4]}
    sound = AudioFormat(8000, 64, channels)
    return Synthesizer.build("dense_generator", arguments, sound, label_names=labels)


def rows(folder) -> list[dict]:
    with open(folder / "metadata.csv", newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def test_files_hold_the_clips_that_generate_returns_rounded_to_16_bits(tmp_path):
    made = speaker(("0", "1"))
    paths = record(made, tmp_path / "clips", 5, seed=9, batch_size=2)
    expected, _ = made.generate(5, seed=9)
    for path, clip in zip(paths, expected, strict=True):
        samples, rate = soundfile.read(path, dtype="int16")
        wanted = np.clip(np.round(clip[:, 0] * 32768.0), -32768, 32767)
        assert rate == 8000 and np.abs(samples - wanted).max() <= 1


def test_stereo_clips_stay_stereo(tmp_path):
    [path] = record(speaker((), channels=2), tmp_path / "clips", 1)
    assert soundfile.info(str(path)).channels == 2


def test_labels_that_are_no_file_names_stay_in_the_folder_and_whole_in_the_table(tmp_path):
    labels = ("../up", "a/b", "x" * 300, 'say "hi", then')
    paths = record(speaker(labels), tmp_path / "clips", 4)
    assert all(path.parent == tmp_path / "clips" and path.is_file() for path in paths)
    assert tuple(row["label"] for row in rows(tmp_path / "clips")) == labels
    assert [path.name for path in tmp_path.iterdir()] == ["clips"]


def test_a_clip_without_a_label_has_no_transcript(tmp_path):
    record(speaker(()), tmp_path / "clips", 2, seed=4)
    assert [tuple(row.values()) for row in rows(tmp_path / "clips")] == [
        ("000004.wav", "", "4", ""), ("000005.wav", "", "5", ""),
    ]  # fmt: skip
