"""Labels are unique and have clips, for `load_clips` and for `stream` alike."""

import importlib.util
import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.data.clips import Clips
from ganlib.data.labels import label_names
from ganlib.data.listing import Recording
from ganlib.data.loading import load_clips
from ganlib.data.stream import stream
from ganlib.data.summary import info
from ganlib.errors import DataError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=512)
STREAMS = importlib.util.find_spec("tensorflow") is not None


def sound(path: Path, level: float = 0.5) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.full(400, level), 8000)


def broken(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF, but no sound")


def a_class_of_broken_files_only(root):
    sound(root / "yes" / "a.wav", 0.1)
    broken(root / "broken" / "b.wav")
    broken(root / "broken" / "c.m4a")
    return {"yes": [0.1]}, 2


def a_folder_called_unlabelled_beside_loose_files(root):
    sound(root / "yes" / "a.wav", 0.1)
    sound(root / "unlabelled" / "b.wav", 0.2)
    sound(root / "c.wav", 0.3)
    return {"yes": [0.1], "unlabelled": [0.2, 0.3]}, 0


def classes_with_the_names_of_splits(root):
    for number, name in enumerate(("train", "test", "siren"), start=1):
        sound(root / name / "a.wav", number / 10)
    return {"siren": [0.3], "test": [0.2], "train": [0.1]}, 0


def loose_files_beside_a_class_of_broken_ones(root):
    sound(root / "a.wav", 0.1)
    broken(root / "broken" / "b.wav")
    return {"": [0.1]}, 1


def an_archive_of_a_mac(root):
    sound(root / "speech" / "yes" / "a.wav", 0.1)
    sound(root / "speech" / "no" / "b.wav", 0.2)
    sound(root / "__MACOSX" / "speech" / "yes" / "x.wav")
    (root / "README").touch()
    return {"no": [0.2], "yes": [0.1]}, 0


def a_class_that_is_a_link_and_one_that_leads_nowhere(root):
    sound(root / "yes" / "a.wav", 0.1)
    sound(root.with_name("elsewhere") / "b.wav", 0.2)
    os.symlink(root.with_name("elsewhere"), root / "no")
    os.symlink(root, root / "yes" / "again")
    os.symlink(root.with_name("gone"), root / "gone")
    return {"no": [0.2], "yes": [0.1]}, 1


def a_table_written_on_another_system(root):
    sound(root / "wavs" / "0.wav", 0.1)
    sound(root / "wavs" / "LJ1.wav", 0.2)
    sound(root / "wavs" / unicodedata.normalize("NFD", "caf\u00e9.wav"), 0.3)
    text = "file,label\nwavs\\0.wav,yes\nWAVS/lj1.WAV,no\nwavs/caf\u00e9.wav,no\nlost.wav,lost\n"
    (root / "metadata.csv").write_text(text, encoding="utf-8")
    return {"no": [0.2, 0.3], "yes": [0.1]}, 1


LAYOUTS = [
    a_class_of_broken_files_only,
    a_folder_called_unlabelled_beside_loose_files,
    classes_with_the_names_of_splits,
    loose_files_beside_a_class_of_broken_ones,
    an_archive_of_a_mac,
    a_class_that_is_a_link_and_one_that_leads_nowhere,
    a_table_written_on_another_system,
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("reader", ["load_clips", "stream"])
def test_both_readers_find_the_same_labels_clips_and_unusable_files(tmp_path, layout, reader):
    if reader == "stream" and not STREAMS:
        pytest.skip("stream() needs TensorFlow")
    root = tmp_path / "root"
    root.mkdir()
    expected, unusable = layout(root)
    found = load_clips(root, audio_format=FORMAT)
    if reader == "stream":
        found = stream(root, FORMAT, decoder="soundfile", seed=None)
        batches = list(found.as_numpy_iterator())
        levels = np.concatenate([samples[:, 0, 0] for samples, _ in batches])
        labels = np.concatenate([labels for _, labels in batches])
    else:
        levels, labels = found.samples[:, 0, 0], found.labels
    names = found.label_names or ("",)
    heard = {name: sorted(levels[labels == place].round(2).tolist())
             for place, name in enumerate(names)}  # fmt: skip
    assert heard == {name: pytest.approx(levels, abs=0.01) for name, levels in expected.items()}
    assert len(found.skipped) == unusable == len(info(root).skipped)
    assert info(root).remarks == tuple(found.remarks)
    if unusable:
        with pytest.raises(DataError, match=f"{unusable} of .* files cannot be used"):
            load_clips(root, audio_format=FORMAT, strict=True)


def test_a_label_of_which_only_another_split_has_usable_files_keeps_its_number(tmp_path):
    for name in ("train/a/1.wav", "train/c/2.wav", "test/b/3.wav", "test/c/4.wav"):
        sound(tmp_path / name)
    broken(tmp_path / "train" / "b" / "5.wav")
    broken(tmp_path / "train" / "d" / "6.wav")
    train, test = (load_clips(tmp_path, split, FORMAT) for split in ("train", "test"))
    assert train.label_names == test.label_names == ("a", "b", "c")
    assert train.labels.tolist() == [0, 2] and test.labels.tolist() == [1, 2]
    heard = train.with_used_labels()
    assert heard.label_names == ("a", "c") and heard.labels.tolist() == [0, 1]
    assert test.with_used_labels().label_names == ("b", "c")


def test_clips_whose_labels_are_all_used_stay_the_same_object():
    for names in ((), ("no", "yes")):
        clips = Clips(np.zeros((2, 4, 1)), [0, len(names) and 1], names)
        assert clips.with_used_labels() is clips


def test_recordings_without_label_and_the_label_unlabelled_are_one():
    names = ("unlabelled", "", "b", "10", "9")
    assert label_names([Recording(Path("a"), name) for name in names]) == (
        "9", "10", "b", "unlabelled",
    )  # fmt: skip
    assert label_names([]) == label_names([Recording(Path("a"))]) == ()
