"""Generated clips as files."""

import csv

import numpy as np
import pytest
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.audio.joining import trim
from ganlib.errors import DataError, InUseError, OptionError
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.recording import record, record_saying, say


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


def test_a_number_is_said_digit_by_digit_in_one_file(tmp_path):
    made = speaker(("0", "1"))
    [path] = record_saying(made, tmp_path / "said", "1011", seed=3)
    samples, rate = soundfile.read(path)
    assert rate == 8000
    pieces = {digit: trim(made.generate(1, digit, seed=3)[0][0], 8000) for digit in "01"}
    pause = np.zeros((960, 1))
    parts = [pieces["1"], pause, pieces["0"], pause, pieces["1"], pause, pieces["1"]]
    np.testing.assert_allclose(samples, np.concatenate(parts)[:, 0], atol=1.01 / 32768)
    assert rows(tmp_path / "said") == [
        {"file": "1011_000003.wav", "label": "1011", "seed": "3", "transcript": "one zero one one"}
    ]


def test_labels_that_are_words_say_digits_too():
    assert len(say(speaker(("nine", "two")), "29")) > 0


def test_a_number_said_again_with_the_next_seed_sounds_different(tmp_path):
    first, second = record_saying(speaker(("0", "1")), tmp_path / "said", "10", count=2)
    assert (first.name, second.name) == ("10_000000.wav", "10_000001.wav")
    a, b = (soundfile.read(path)[0] for path in (first, second))
    assert len(a) != len(b) or np.abs(a - b).max() > 1e-3


@pytest.mark.parametrize(
    ("labels", "digits", "words"),
    [
        (("0", "1"), "", "digits alone"),
        (("0", "1"), "1.0", "digits alone"),
        (("0", "1"), "1²", "digits alone"),
        (("0", "1"), "120", "cannot say 2: its labels are 0, 1"),
        (("yes", "no"), "1", "cannot say 1: its labels are yes, no"),
        ([f"w{n}" for n in range(99)], "1", "cannot say 1: its labels are w0, w1, .* and 87 more"),
        ((), "1", "takes no labels"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(tmp_path, labels, digits, words):
    with pytest.raises(OptionError, match=words):
        record_saying(speaker(labels), tmp_path / "said", digits)
    assert list(tmp_path.iterdir()) == []


class Intruded:
    """A speaker during whose first batch something else happens."""

    def __init__(self, intrude):
        self.speaker, self.intrude, self.calls = speaker(()), intrude, 0

    def __getattr__(self, name):
        return getattr(self.speaker, name)

    def make(self, labels, seed):
        self.calls += 1
        if self.calls == 1:
            self.intrude()
        return self.speaker.make(labels, seed)


@pytest.mark.parametrize("exists", [False, True], ids=["a new folder", "an empty folder"])
def test_the_second_to_fill_a_folder_is_refused_and_every_file_of_the_first_is_listed(
    tmp_path, exists
):
    folder = tmp_path / "clips"
    if exists:
        folder.mkdir()

    def second():
        with pytest.raises(InUseError, match="clips is in use by process"):
            record(speaker(()), folder, 3, seed=100)

    record(Intruded(second), folder, 2)
    assert [row["file"] for row in rows(folder)] == ["000000.wav", "000001.wav"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "000000.wav", "000001.wav", "metadata.csv",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["clips"]


@pytest.mark.parametrize("exists", [False, True], ids=["a new folder", "an empty folder"])
def test_a_folder_that_somebody_filled_meanwhile_is_left_as_it_is(tmp_path, exists):
    folder = tmp_path / "clips"
    if exists:
        folder.mkdir()

    def fill():
        folder.mkdir(exist_ok=True)
        (folder / "mine.txt").touch()

    with pytest.raises((OptionError, DataError), match="clips"):
        record(Intruded(fill), folder, 2)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["clips"]


@pytest.mark.parametrize("exists", [False, True], ids=["a new folder", "an empty folder"])
def test_what_a_killed_process_left_is_out_of_sight_and_goes_with_the_next(tmp_path, exists):
    folder = tmp_path / "clips"
    if exists:
        folder.mkdir()

    class Killed(BaseException):
        pass

    left = folder if exists else tmp_path

    def kill():
        kept.extend(path.name for path in left.iterdir())
        (left / ".clips.part" / "000099.wav").touch()
        raise Killed

    kept: list[str] = []
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr("ganlib.recording.shutil.rmtree", lambda path, **kwargs: None)
        record(Intruded(kill), folder, 2)
    assert sorted(kept) == [".clips.lock", ".clips.part"]
    (left / ".clips.lock").touch()  # nobody holds it
    record(speaker(()), folder, 1)
    assert sorted(path.name for path in folder.iterdir()) == ["000000.wav", "metadata.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["clips"]
