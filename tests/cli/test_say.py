"""`ganlib say`, `ganlib align` and a reader from training to speech, on the command line."""

import csv
from pathlib import Path

import keras
import numpy as np
import pytest

from ganlib.alignment import Aligned, write_alignments
from ganlib.audio.files import read_audio, write_audio
from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone
from ganlib.data import readings
from ganlib.instruments.reader import Reader
from ganlib.instruments.vocoder import Vocoder
from ganlib.text import SYMBOLS
from tests.command_line import invoke

SOUND = AudioFormat(16000, 32768, 1, 1024, 256, 80, 0.0, 8000.0)
SMALL = {"width": 8, "encoder_blocks": 1, "decoder_blocks": 1, "judge_channels": 2}
SMALL |= {"passage_frames": 64, "batch_size": 2, "discriminator_from": 1, "steps": 3}
SMALL |= {"learning_rate_decay": "none"}


@pytest.fixture(scope="module")
def vocoder(tmp_path_factory) -> Path:
    """The folder of a vocoder, as a run leaves it."""
    folder = tmp_path_factory.mktemp("vocoder")
    small = {"n_mels": 80, "width": 8, "blocks": 1, "pitch_width": 8, "pitch_blocks": 1}
    Vocoder.build("harmonic_vocoder", small, SOUND).save(folder / "generator")
    return folder


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Path:
    keras.utils.set_random_seed(0)
    folder = tmp_path_factory.mktemp("reader")
    small = {"n_mels": 80, "width": 8, "blocks": 1, "pitch_width": 8, "pitch_blocks": 1}
    spoken_by = Vocoder.build("harmonic_vocoder", small, SOUND, name="small")
    network = {"symbols": list(SYMBOLS), "width": 8, "encoder_blocks": 1, "decoder_blocks": 1}
    Reader.build("reader_network", network, spoken_by, 180.0).save(folder / "mine")
    return folder / "mine"


@pytest.fixture
def voice(tmp_path, monkeypatch) -> Path:
    """A voice of two tones with a table of what they say, long enough by decree."""
    monkeypatch.setattr(readings, "ENOUGH_SECONDS", 1.0)
    folder = tmp_path / "my_voice"
    folder.mkdir()
    for name, hz in (("a", 150.0), ("b", 210.0)):
        write_audio(folder / f"{name}.wav", 0.5 * tone(hz, 2.0, 16000), 16000)
    (folder / "metadata.csv").write_text("file,transcript\na.wav,a\nb.wav,a a\n")
    said = Aligned(("sil", "AH0", "T", "."), np.array([0, 0.5, 1.0, 1.5, 2.0]), (("a", 1, 3),))
    write_alignments(folder / "alignment.csv", {"a.wav": said, "b.wav": said})
    return folder


def test_text_becomes_a_sound_file_that_is_not_overwritten_unasked(reader, tmp_path):
    out = tmp_path / "hello.wav"
    answer = invoke("say", "Hello, room 12.", "--reader", reader, "--out", out)
    sound, rate = read_audio(out)
    assert answer.code == 0 and rate == 16000 and len(sound) > 1600
    assert f"{len(sound) / 16000:.1f} s of speech" in answer.out
    before = out.read_bytes()
    refused = invoke("say", "Bye.", "--reader", reader, "--out", out)
    assert refused.code == 2 and "--overwrite" in refused.err and out.read_bytes() == before
    assert invoke("say", "Bye.", "--reader", reader, "--out", out, "--overwrite").code == 0
    assert out.read_bytes() != before


def test_a_file_of_lines_becomes_a_folder_with_a_table(reader, tmp_path):
    (tmp_path / "lines.txt").write_text("One.\n\nTwo, please.\n", encoding="utf-8")
    words = ("say", "--file", tmp_path / "lines.txt", "--reader", reader, "--out", tmp_path / "o")
    answer = invoke(*words)
    with open(tmp_path / "o" / "metadata.csv", newline="") as table:
        rows = list(csv.DictReader(table))
    assert answer.code == 0 and "2 files" in answer.out
    assert [row["file"] for row in rows] == ["0001.wav", "0003.wav"]
    assert [row["transcript"] for row in rows] == ["One.", "Two, please."]
    assert all((tmp_path / "o" / row["file"]).is_file() for row in rows)
    assert invoke(*words).code == 2  # the folder is not empty


def test_phones_are_shown_and_words_that_no_dictionary_has_are_named():
    answer = invoke("say", "Dr. Zorblatt waits.", "--show", "phones")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].split() == ["doctor", "D", "AA1", "K", "T", "ER0"]
    assert lines[2].startswith("waits.") and "in no dictionary" in answer.err
    assert "zorblatt" in answer.err


@pytest.mark.parametrize(
    "words, said",
    [
        (("", "--show", "phones"), "English text, got none"),
        (("\u043f\u0440\u0438\u0432\u0435\u0442", "--show", "phones"), "English"),
        (("Hello.",), "--out"),
        (("Hello.", "--file", "x", "--out", "y"), "not both"),
        (("--file", "no_such_file.txt", "--out", "y"), "cannot be read"),
        (("Hello.", "--out", "hello.mp3"), ".wav or .flac"),
        (("Hello.", "--out", "hello.wav", "--rate", "9", "--reader", "READER"), "rate from 0.25"),
        (("Hello.", "--out", "hello.wav", "--reader", "digits-fsdd"), "reads no text"),
        (("Hello.", "--out", "hello.wav", "--reader", "nobody"), "There is no instrument"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(reader, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    answer = invoke("say", *(str(reader) if word == "READER" else word for word in words))
    assert answer.code == 2 and said in answer.err and answer.err.startswith("Error:")
    assert not list(tmp_path.iterdir())


def test_a_reader_is_trained_resumed_and_heard(voice, vocoder, tmp_path):
    changes = [f"--set={key}={value}" for key, value in (SMALL | {"vocoder": vocoder}).items()]
    run = tmp_path / "run"
    answer = invoke("train", "reader", "--data", voice, "--out", run, *changes, "--seed", 1)
    assert answer.code == 0, answer.err
    assert "2 recordings with their words" in answer.out and "ganlib say" in answer.out
    assert (run / "samples" / "step-00000003.wav").is_file()
    whole = {path.name: path.read_bytes() for path in run.glob("generator*.h5")}
    other = tmp_path / "other"
    two = [one.replace("steps=3", "steps=2") for one in changes]
    assert invoke("train", "reader", "--data", voice, "--out", other, *two, "--seed", 1).code == 0
    words = ("train", "reader", "--data", voice, "--out", other, "--resume", "--steps", 3)
    assert invoke(*words).code == 0
    first, second = (Reader.load(folder / "generator").network for folder in (run, other))
    for one, again in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, again)
    assert whole
    out = tmp_path / "hello.wav"
    assert invoke("say", "Hello.", "--reader", run, "--out", out).code == 0 and out.is_file()


def test_clips_are_no_readings_and_too_little_is_refused(voice, vocoder, tmp_path, monkeypatch):
    monkeypatch.setattr(readings, "ENOUGH_SECONDS", 120.0)
    words = ("train", "reader", "--data", voice, "--out", tmp_path / "run")
    answer = invoke(*words, f"--set=vocoder={vocoder}")
    assert answer.code == 2 and "it takes 2 minutes at the least" in answer.err
    assert not (tmp_path / "run").exists()
    answer = invoke("train", "reader", "--data", "digits", "--out", tmp_path / "run")
    assert answer.code == 2 and "voices" in answer.err


def test_align_writes_the_table_that_a_reader_learns_from(tmp_path):
    pytest.importorskip("pocketsphinx")
    folder = tmp_path / "mine"
    folder.mkdir()
    source = Path("datasets/voice/wavs/conf-locked.flac")
    (folder / "a.flac").write_bytes(source.read_bytes())
    (folder / "metadata.csv").write_text("file,transcript\na.flac,This conference is locked.\n")
    answer = invoke("align", "--data", folder, "--out", folder / "alignment.csv")
    assert answer.code == 0 and "1 of 1 recordings are aligned" in answer.out
    assert readings.load_readings(folder, audio_format=SOUND).aligned[0].words[0][0] == "this"
    assert invoke("align", "--data", folder, "--out", folder / "alignment.csv").code == 2
