"""The audio that ships in `datasets/`, checked without ganlib."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
both_sets = pytest.mark.parametrize("name", ["digits", "voice"])


@cache
def rows(name: str) -> list[dict[str, str]]:
    with open(DATASETS / name / "metadata.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def clip(name: str, file: str) -> np.ndarray:
    samples, _ = soundfile.read(DATASETS / name / file, dtype="int16")
    return samples


@cache
def audio_digest(name: str, file: str) -> str:
    return hashlib.sha256(clip(name, file).tobytes()).hexdigest()


def splits_by(name: str, column: str) -> dict[str, set[str]]:
    splits = defaultdict(set)
    for row in rows(name):
        splits[row[column]].add(row["split"])
    return splits


@both_sets
def test_every_file_has_the_checksum_that_is_written_down(name):
    lines = (DATASETS / name / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    written = dict(reversed(line.split("  ", 1)) for line in lines)
    assert set(written) == {"metadata.csv", *(row["file"] for row in rows(name))}
    for file, digest in written.items():
        assert hashlib.sha256((DATASETS / name / file).read_bytes()).hexdigest() == digest, file


def test_the_alignment_of_the_voice_has_the_checksum_of_its_readme():
    readme = (DATASETS / "voice" / "README.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((DATASETS / "voice" / "alignment.csv").read_bytes()).hexdigest()
    assert f"`{digest}`" in readme


@both_sets
def test_metadata_and_folder_name_the_same_files(name):
    named = Counter(row["file"] for row in rows(name))
    present = {f"wavs/{path.name}" for path in (DATASETS / name / "wavs").iterdir()}
    assert set(named) == present
    assert set(named.values()) == {1}


@both_sets
def test_every_clip_is_16_khz_mono_16_bit_flac(name):
    for row in rows(name):
        info = soundfile.info(DATASETS / name / row["file"])
        found = (info.format, info.subtype, info.samplerate, info.channels)
        assert found == ("FLAC", "PCM_16", 16_000, 1), row["file"]


@both_sets
def test_durations_agree_with_the_metadata(name):
    for row in rows(name):
        seconds = clip(name, row["file"]).size / 16_000
        assert float(row["seconds"]) == pytest.approx(seconds, abs=1e-4), row["file"]


@both_sets
def test_no_clip_is_clipped_or_silent(name):
    for row in rows(name):
        peak = np.abs(clip(name, row["file"]).astype(int)).max() / 32768
        assert 0.1 < peak <= 0.91, row["file"]


@both_sets
def test_no_two_clips_hold_the_same_audio(name):
    digests = Counter(audio_digest(name, row["file"]) for row in rows(name))
    assert max(digests.values()) == 1


@both_sets
def test_both_splits_are_there_and_every_clip_has_its_words(name):
    assert {row["split"] for row in rows(name)} == {"train", "test"}
    assert all(row["transcript"].strip() for row in rows(name))


def test_both_sets_together_take_at_most_40_megabytes():
    files = [p for name in ("digits", "voice") for p in (DATASETS / name).rglob("*") if p.is_file()]
    assert sum(path.stat().st_size for path in files) <= 40e6


def test_the_digits_are_a_thousand_clips_by_twelve_voices_at_least():
    assert len(rows("digits")) >= 1_000
    assert len({row["voice"] for row in rows("digits")}) >= 12


def test_the_label_of_a_digit_is_its_word_and_begins_its_file_name():
    for row in rows("digits"):
        assert row["transcript"] == DIGITS[int(row["label"])]
        assert Path(row["file"]).name == f"{row['label']}_{row['voice']}_{row['take']}.flac"


def test_no_voice_and_no_speaker_of_the_digits_is_in_two_splits():
    for column in ("voice", "speaker"):
        for who, splits in splits_by("digits", column).items():
            assert len(splits) == 1, f"{column} {who} is in {sorted(splits)}"


def test_every_voice_speaks_every_digit_equally_often():
    spoken = Counter((row["voice"], row["label"]) for row in rows("digits"))
    for voice in {row["voice"] for row in rows("digits")}:
        assert len({spoken[voice, str(label)] for label in range(10)}) == 1, voice
        assert spoken[voice, "0"] > 0


def test_a_digit_fits_into_one_second():
    assert max(clip("digits", row["file"]).size for row in rows("digits")) <= 16_000


def test_ten_digits_are_human_and_the_readme_says_how_many_are_not():
    sources = Counter(row["source"] for row in rows("digits"))
    assert set(sources) == {"human", "espeak-ng", "flite", "festival"}
    assert sources["human"] == 10
    readme = (DATASETS / "digits" / "README.md").read_text(encoding="utf-8")
    assert f"The other {sources.total() - 10:,} clips are synthesised" in " ".join(readme.split())


@both_sets
def test_the_readme_counts_what_is_there(name):
    readme = (DATASETS / name / "README.md").read_text(encoding="utf-8")
    assert f"{len(rows(name)):,} clips" in readme
    for split in ("train", "test"):
        chosen = [row for row in rows(name) if row["split"] == split]
        seconds = f"{sum(float(row['seconds']) for row in chosen):,.1f}"
        lines = [line for line in readme.splitlines() if line.startswith(f"| `{split}` |")]
        assert f" {len(chosen)} |" in lines[0] and f" {seconds} |" in lines[0]


def test_equal_words_of_the_voice_set_share_a_split():
    for text, splits in splits_by("voice", "normalized_transcript").items():
        assert len(splits) == 1, text


def test_normalised_transcripts_are_lower_case_words_only():
    for row in rows("voice"):
        text = row["normalized_transcript"]
        assert text and set(text) <= set("abcdefghijklmnopqrstuvwxyz' "), row["prompt"]
        assert text == " ".join(text.split())


def test_no_bracketed_transcript_and_no_spoken_digit_is_in_the_voice_training_split():
    assert not [row for row in rows("voice") if set("[]()<>") & set(row["transcript"])]
    digits = [row for row in rows("voice") if row["normalized_transcript"] in DIGITS]
    assert len(digits) == 10
    assert {row["split"] for row in digits} == {"test"}


def test_the_voice_speaks_at_a_plausible_rate():
    for row in rows("voice"):
        # The name of a single letter takes as long as a short word.
        letters = sum(max(len(word), 3) for word in row["normalized_transcript"].split())
        assert 2 < letters / float(row["seconds"]) < 20, row["prompt"]
