"""Recordings with their words: what is used, what is left out, and what is refused."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from ganlib.alignment import Aligned, write_alignments
from ganlib.audio.files import write_audio
from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone
from ganlib.data.readings import Readings, load_readings, refuse_too_little
from ganlib.errors import DataError

SOUND = AudioFormat(16000)
VOICE = Path("datasets/voice")


def folder_of(path: Path, rows: list[dict], alignments: dict | None = None) -> Path:
    """A folder of tones with a table."""
    path.mkdir()
    for row in rows:
        write_audio(path / row["file"], tone(200.0, 1.0, 16000), 16000)
    with open(path / "metadata.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    if alignments is not None:
        write_alignments(path / "alignment.csv", alignments)
    return path


def said(end: float = 1.0) -> Aligned:
    return Aligned(("sil", "AH0", "."), np.array([0, 0.25, 0.75, 1]) * end, (("a", 1, 2),))


def test_the_bundled_voice_has_its_phones_without_any_other_package():
    readings = load_readings("voice", "test", SOUND)
    assert len(readings) >= 59 and 115 < readings.seconds < 135
    for sound, one in zip(readings.sounds, readings.aligned, strict=True):
        assert abs(one.boundaries[-1] - len(sound) / 16000) < 0.01


def test_silences_are_quieter_than_vowels_in_the_bundled_voice():
    readings = load_readings("voice", "test", SOUND)
    apart = []
    for sound, one in zip(readings.sounds, readings.aligned, strict=True):
        ends = np.round(one.boundaries * 16000).astype(int)
        pieces = list(zip(one.symbols, ends, ends[1:], strict=False))
        powers = [
            [np.square(sound[a:b]).mean() for symbol, a, b in pieces if wanted(symbol)]
            for wanted in (lambda s: s[-1] in "012", lambda s: s in ("sil", ".", ",", "?"))
        ]
        apart.append(10 * np.log10(np.mean(powers[0]) / np.mean(powers[1])))
    assert np.median(apart) > 30 and np.mean(np.array(apart) > 13) > 0.85  # decibels


def test_a_table_of_alignments_says_which_recordings_are_used(tmp_path):
    rows = [{"file": f"{name}.wav", "transcript": "a"} for name in "ab"]
    folder = folder_of(tmp_path / "mine", rows, {"a.wav": said()})
    readings = load_readings(folder, audio_format=SOUND)
    assert readings.names == ("a.wav",) and readings.transcripts == ("a",)
    assert [Path(path).name for path, _ in readings.skipped] == ["b.wav"]
    with pytest.raises(DataError, match=r"b\.wav: not in alignment\.csv"):
        load_readings(folder, audio_format=SOUND, strict=True)


def test_recordings_without_words_are_refused(tmp_path):
    write_audio(tmp_path / "a.wav", tone(200.0, 1.0, 16000), 16000)
    with pytest.raises(DataError, match="has no transcripts"):
        load_readings(tmp_path, audio_format=SOUND)


def test_two_voices_are_refused(tmp_path):
    rows = [{"file": f"{n}.wav", "transcript": "a", "speaker": n} for n in ("ann", "bob")]
    with pytest.raises(DataError, match=r"2 voices \(ann, bob\)"):
        load_readings(folder_of(tmp_path / "mine", rows), audio_format=SOUND)


def test_music_is_not_speech(tmp_path):
    pytest.importorskip("pocketsphinx")
    rows = [{"file": "song.wav", "transcript": "please enter your number"}]
    with pytest.raises(DataError, match="nothing of 1 recordings can be used"):
        load_readings(folder_of(tmp_path / "mine", rows), audio_format=SOUND)


def test_a_transcript_that_is_not_said_is_left_out_and_named(tmp_path):
    pytest.importorskip("pocketsphinx")
    path = tmp_path / "mine"
    path.mkdir()
    for name in ("conf-locked", "conf-now-recording"):
        shutil.copy(VOICE / "wavs" / f"{name}.flac", path)
    (path / "metadata.csv").write_text(
        "file,transcript\nconf-locked.flac,This conference is locked.\n"
        "conf-now-recording.flac,Seven hundred purple elephants danced all night in Mexico.\n"
    )
    readings = load_readings(path, audio_format=SOUND)
    assert readings.names == ("conf-locked.flac",)
    assert [Path(one).name for one, _ in readings.skipped] == ["conf-now-recording.flac"]


def test_too_little_says_how_much_it_takes():
    one = Readings((np.zeros(30 * 16000),), (said(30.0),), ("a.wav",), ("a",), SOUND)
    with pytest.raises(DataError, match=r"30\.0 s .* 2 minutes at the least, and 20"):
        refuse_too_little(one, "mine")


def test_a_fingerprint_knows_sounds_and_times():
    def one(level: float, end: float) -> str:
        return Readings((np.full(9, level),), (said(end),), ("a",), ("a",), SOUND).digest()

    assert one(0.1, 1.0) == one(0.1, 1.0) != one(0.2, 1.0)
    assert one(0.1, 1.0) != one(0.1, 1.5)
