"""The layouts of the catalogue's sets, on small archives that look like the real ones."""

import dataclasses
import hashlib
import subprocess
from pathlib import Path

import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data import catalog
from ganlib.data.catalog import DATASETS, data_folder, default_digits
from ganlib.data.download import fetch
from ganlib.data.folders import Recording
from ganlib.data.layouts import DIGIT_WORDS, contents_digest, fsdd_recordings, sc09_keeps
from ganlib.data.loading import load_clips
from ganlib.errors import DataError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=1024)


@pytest.fixture
def sc09_files(make_sound):
    """Speech Commands in small: no top folder, 35 words in the real one, here 12 and the noise."""
    words = (*DIGIT_WORDS, "yes", "marvin")
    speakers = ("004ae714", "0a9f9af7", "bb05582b")
    files = {
        f"./{word}/{speaker}_nohash_{n}.wav": make_sound(hash_of(word, speaker, n))
        for word in words for speaker in speakers for n in (0, 1)
    }  # fmt: skip
    validation = [f"{w}/0a9f9af7_nohash_{n}.wav" for w in words for n in (0, 1)]
    testing = [f"{w}/bb05582b_nohash_{n}.wav" for w in words for n in (0, 1)]
    return files | {
        "./_background_noise_/pink_noise.wav": make_sound(1),
        "./_background_noise_/README.md": b"noise",
        "./validation_list.txt": "\n".join(validation).encode(),
        "./testing_list.txt": ("\n".join(testing) + "\n").encode(),
        "./README.md": b"# Speech Commands",
        "./LICENSE": b"CC BY 4.0",
        "./.DS_Store": b"",
    }


def hash_of(*parts) -> int:
    return int(hashlib.sha256(repr(parts).encode()).hexdigest()[:8], 16)


def test_sc09_keeps_ten_digits_and_splits_them_by_the_official_lists(sc09_files, make_tar):
    folder = fetch("sc09", source=make_tar(sc09_files, "speech_commands.tar.gz"))
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == sorted(DIGIT_WORDS)
    parts = {s: load_clips("sc09", s, FORMAT) for s in ("train", "validation", "test")}
    assert {split: len(clips) for split, clips in parts.items()} == dict.fromkeys(parts, 20)
    assert {split: set(clips.voices) for split, clips in parts.items()} == {
        "train": {"004ae714"}, "validation": {"0a9f9af7"}, "test": {"bb05582b"},
    }  # fmt: skip
    train = parts["train"]
    assert train.label_names == tuple("0123456789")
    assert all(DIGIT_WORDS[k] == t for k, t in zip(train.labels, train.transcripts, strict=True))
    assert "structure only" in DATASETS["sc09"].note()["verified"]


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"./testing_list.txt": None}, "testing_list.txt: expected the official list"),
        ({"./testing_list.txt": b"seven/bb05582b_nohash_9.wav"}, "nohash_9.wav: named in an offi"),
        ({"./testing_list.txt": b"seven/bb05582b_nohash_0.wav"}, "speaker bb05582b is in two spl"),
        ({f"./nine/{s}_nohash_{n}.wav": None for s in ("004ae714", "0a9f9af7", "bb05582b")
          for n in (0, 1)}, "nine/: expected recordings"),
    ],
)  # fmt: skip
def test_sc09_that_contradicts_its_lists_is_refused(sc09_files, make_tar, change, complaint):
    files = {k: v for k, v in (sc09_files | change).items() if v is not None}
    with pytest.raises(DataError, match=complaint):
        fetch("sc09", source=make_tar(files))
    assert not (data_folder() / "sc09").exists()


@pytest.mark.parametrize(
    "name, kept",
    [
        ("./seven/bb05582b_nohash_0.wav", True), ("top/zero/a.wav", True),
        ("./testing_list.txt", True), ("./yes/bb05582b_nohash_0.wav", False),
        ("./_background_noise_/pink_noise.wav", False), ("seven", False),
    ],
)  # fmt: skip
def test_sc09_keeps_what_it_needs(name, kept):
    assert sc09_keeps(name) == kept


@pytest.fixture
def ljspeech_files(make_sound):
    names = [f"LJ{chapter:03}-{n:04}" for chapter in (1, 2, 3, 50) for n in (1, 2)]
    table = "".join(f'{name}|Dr. "{name}|Doctor "{name}\n' for name in names)
    sounds = {f"LJSpeech-1.1/wavs/{n}.wav": make_sound(i, 3000) for i, n in enumerate(names)}
    return sounds | {
        "LJSpeech-1.1/metadata.csv": table.encode(), "LJSpeech-1.1/README": b"LJ",
    }  # fmt: skip


def test_ljspeech_is_split_by_chapter_and_carries_its_text(ljspeech_files, make_tar):
    fetch("ljspeech", source=make_tar(ljspeech_files, "LJSpeech-1.1.tar.bz2"))
    parts = {s: load_clips("ljspeech", s, FORMAT) for s in ("train", "validation", "test")}
    chapters = {s: sorted({n[5:10] for n in clips.names}) for s, clips in parts.items()}
    assert chapters == {"train": ["LJ003", "LJ050"], "validation": ["LJ002"], "test": ["LJ001"]}
    test = parts["test"]
    assert len(test) == 6 and test.label_names == () and set(test.voices) == {"Linda Johnson"}
    assert test.transcripts[0] == 'Doctor "LJ001-0001 (part 1 of 3)'


@pytest.mark.parametrize("lost", ["metadata.csv", "wavs/LJ003-0002.wav"])
def test_ljspeech_without_its_table_or_a_recording_is_refused(ljspeech_files, make_tar, lost):
    del ljspeech_files[f"LJSpeech-1.1/{lost}"]
    with pytest.raises(DataError, match=Path(lost).stem):
        fetch("ljspeech", source=make_tar(ljspeech_files, "LJSpeech-1.1.tar.bz2"))


def test_fsdd_refuses_a_recording_with_a_strange_name(tmp_path, make_sound):
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "seven_jackson_3.wav").write_bytes(make_sound())
    with pytest.raises(DataError, match="seven_jackson_3.wav: expected a name such as"):
        fsdd_recordings(tmp_path)


def test_the_digest_of_a_set_is_what_the_shell_command_in_its_docstring_prints(
    tmp_path, make_sound
):
    for index in range(5):
        (tmp_path / f"{index}.wav").write_bytes(make_sound(index))
    command = "sha256sum *.wav | LC_ALL=C sort | sha256sum"
    shell = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    if shell.returncode or not shell.stdout:
        pytest.skip("there is no sha256sum on this machine")
    recordings = [Recording(path) for path in sorted(tmp_path.glob("*.wav"), reverse=True)]
    assert contents_digest(recordings) == shell.stdout.split()[0]


def test_every_entry_of_the_catalogue_says_what_a_user_must_know():
    assert {"fsdd", "sc09", "ljspeech", "digits", "voice"} <= set(DATASETS)
    for name, entry in DATASETS.items():
        for field in ("name", "title", "licence", "citation", "homepage", "splits", "verification"):
            assert getattr(entry, field), f"{name} has no {field}"
        assert entry.name == name and entry.sample_rate > 0
        if not entry.bundled:
            assert entry.archive_bytes and entry.unpacked_bytes and entry.clips
            digest = entry.contents_sha256 or entry.archive_sha256
            assert len(digest) == 64 and set(digest) <= set("0123456789abcdef")


def test_data_live_where_the_variable_says_or_in_the_cache(monkeypatch):
    monkeypatch.setenv("GANLIB_DATA", "~/sound")
    assert data_folder() == Path.home() / "sound"
    monkeypatch.delenv("GANLIB_DATA")
    assert data_folder().name == "ganlib" and data_folder() != Path.cwd()


def test_the_chapters_get_the_bundled_digits_until_fsdd_is_there(monkeypatch, tmp_path):
    assert default_digits() == "digits"
    folder = data_folder() / "fsdd"
    folder.mkdir(parents=True)
    assert default_digits() == "digits"  # a folder of that name is not a fetched set
    (folder / catalog.MARKER).write_text("{}")
    assert default_digits() == "fsdd"


def test_a_bundled_set_that_is_missing_says_how_to_get_it(monkeypatch):
    class Absent(catalog.DataSet):
        folder = Path("/nowhere/digits")

    fields = {f.name: getattr(DATASETS["digits"], f.name) for f in dataclasses.fields(Absent)}
    monkeypatch.setitem(DATASETS, "digits", Absent(**fields))
    with pytest.raises(DataError, match="install ganlib from a clone of the repository"):
        load_clips("digits")
