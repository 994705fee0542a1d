"""Real recordings and their words: phones lie where they sound, wrong words are refused."""

from __future__ import annotations

import csv
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ganlib.alignment import Aligned, align, align_all, read_alignments
from ganlib.errors import AlignmentError, OptionError
from ganlib.text import SYMBOLS, read
from ganlib.text.symbols import is_vowel

VOICE = Path(__file__).resolve().parents[2] / "datasets" / "voice"
PAUSES = {"sil", ",", ".", "?"}
aligner = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None, reason="pocketsphinx is not installed"
)


@cache
def rows() -> list[dict[str, str]]:
    with open(VOICE / "metadata.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def bundled() -> dict[str, Aligned]:
    return read_alignments(VOICE / "alignment.csv")


def sound(file: str) -> np.ndarray:
    return soundfile.read(VOICE / file, dtype="float32")[0]


def test_nearly_all_bundled_clips_are_aligned_to_their_ends():
    assert set(bundled()) <= {row["file"] for row in rows()}
    assert len(bundled()) >= 0.99 * len(rows())
    for row in rows():
        if one := bundled().get(row["file"]):
            assert one.boundaries[-1] == pytest.approx(float(row["seconds"]), abs=2e-4)
            assert one.symbols[0] == "sil" and one.symbols[-1] in (",", ".", "?")


def test_the_words_of_a_bundled_clip_are_those_of_its_transcript():
    for row in rows():
        if one := bundled().get(row["file"]):
            words = row["normalized_transcript"].split()
            assert [text.lower() for text, _, _ in one.words] == words, row["file"]
            said = {place for _, start, end in one.words for place in range(start, end)}
            marks = {place for place in range(len(one.symbols)) if one.symbols[place] in PAUSES}
            assert said | marks == set(range(len(one.symbols))) and not said & marks


def test_silences_are_quiet_and_stressed_vowels_are_loud_in_the_bundled_clips():
    pauses, vowels = [], []
    for file, one in list(bundled().items())[::5]:
        clip = sound(file)
        loudest = np.sqrt(np.mean(clip**2))
        for symbol, begin, end in zip(
            one.symbols, one.boundaries, one.boundaries[1:], strict=False
        ):
            middle = (0.75 * begin + 0.25 * end, 0.25 * begin + 0.75 * end)
            part = clip[int(middle[0] * 16_000) : int(middle[1] * 16_000)]
            if end - begin >= 0.06 and part.size:
                level = 20 * np.log10(np.sqrt(np.mean(part**2)) / loudest + 1e-9)
                if symbol in PAUSES:
                    pauses.append(level)
                elif is_vowel(symbol) and symbol.endswith("1"):
                    vowels.append(level)
    assert len(pauses) > 100 and len(vowels) > 300
    assert np.median(pauses) < -30 and np.median(vowels) > 0
    assert np.mean(np.array(pauses) < -15) > 0.9
    assert np.mean(np.array(vowels) > -10) > 0.95


def test_every_symbol_lasts_a_plausible_time():
    durations = np.concatenate([one.durations[1:-1] for one in bundled().values()])
    assert durations.min() > 0
    assert 0.05 < np.median(durations) < 0.12


@aligner
def test_a_recording_gets_its_phones_its_pauses_and_its_words():
    text = "Login incorrect. Please enter your agent number followed by the pound key."
    aligned = align(sound("wavs/agent-incorrect.flac"), 16_000, text)
    words = text.lower().replace(".", "").split()
    assert set(aligned.symbols) <= set(SYMBOLS)
    assert [word for word, _, _ in aligned.words] == words
    between = aligned.symbols[aligned.words[1][2] : aligned.words[2][1]]
    assert between == (".",)  # she pauses between the sentences
    starts = [aligned.boundaries[begin] for _, begin, _ in aligned.words]
    assert starts == sorted(starts)


@aligner
def test_another_sample_rate_gives_the_same_times():
    clip = sound("wavs/agent-alreadyon.flac")
    text = next(row["transcript"] for row in rows() if row["file"] == "wavs/agent-alreadyon.flac")
    at_16, at_32 = align(clip, 16_000, text), align(np.repeat(clip, 2), 32_000, text)
    assert at_16.words[0] == at_32.words[0]
    assert at_32.boundaries[-1] == pytest.approx(at_16.boundaries[-1])
    both = min(len(at_16.boundaries), len(at_32.boundaries))
    assert np.median(np.abs(at_16.boundaries[:both] - at_32.boundaries[:both])) < 0.02


@aligner
def test_the_way_in_which_a_word_is_said_counts():
    """PocketSphinx takes the second way to say "added" here."""
    [one], reasons = align_all([sound("wavs/added.flac")], 16_000, [read("added")])
    assert not reasons
    assert one.symbols[1:-1] in (("AE1", "D", "IH0", "D"), ("AE1", "D", "AH0", "D"))


@aligner
def test_the_words_of_another_clip_are_refused_in_most_of_twenty_pairs():
    longer = [row for row in rows() if row["split"] == "test" and float(row["seconds"]) > 1.2]
    chosen = longer[:20]
    clips = [sound(row["file"]) for row in chosen]
    right = [row["normalized_transcript"] for row in chosen]
    found, reasons = align_all(clips, 16_000, right)
    assert len(reasons) <= 2, reasons
    wrong, reasons = align_all(clips, 16_000, right[7:] + right[:7])
    assert len(reasons) >= 18, len(reasons)
    assert all("heard" in reason or "said" in reason for reason in reasons.values())


@aligner
@pytest.mark.parametrize(
    "clip", [np.zeros(16_000), np.random.default_rng(0).normal(0, 0.1, 16_000)]
)
def test_silence_and_noise_hold_no_words(clip):
    with pytest.raises(AlignmentError):
        align(clip.astype("float32"), 16_000, "Press one to listen to your messages.")


@aligner
def test_silence_holds_not_even_one_word():
    """Without a look at the level it would: digital silence fits "hello" with -15 a frame."""
    with pytest.raises(AlignmentError, match="nothing is heard"):
        align(np.zeros(16_000), 16_000, "Hello.")


@aligner
def test_what_is_no_sound_is_refused():
    with pytest.raises(OptionError, match="int16"):
        align(np.zeros(16_000, "int16"), 16_000, "Hello.")
    with pytest.raises(OptionError, match="finite"):
        align(np.full(16_000, np.nan), 16_000, "Hello.")
    with pytest.raises(AlignmentError, match="too short"):
        align(np.zeros(100), 16_000, "Hello.")
    with pytest.raises(OptionError, match="a transcript a clip"):
        align_all([np.zeros(16_000)], 16_000, [])


def test_a_missing_pocketsphinx_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pocketsphinx", None)
    with pytest.raises(OptionError, match="pip install pocketsphinx"):
        align(np.full(16_000, 0.1), 16_000, "Hello.")
