"""Which pieces of a recording become clips, at which level, and that users are told."""

import numpy as np
import pytest
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone
from ganlib.data.levels import Levels
from ganlib.data.loading import load_clips
from ganlib.data.summary import info
from ganlib.errors import DataError, OptionError
from ganlib.training.engine.feeding import digest, prepared

RATE = 8000
FORMAT = AudioFormat(sample_rate=RATE, clip_samples=8192)


def write(path, samples, rate=RATE, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, **options)
    return path


def hiss(seconds: float, deviation: float = 0.002) -> np.ndarray:
    generator = np.random.default_rng(0)
    return generator.normal(0, deviation, round(seconds * RATE))


def words_and_pauses(seconds: float = 1.0) -> np.ndarray:
    """Ten times a sound and a pause, with a hiss under both."""
    one = np.concatenate([tone(300.0, seconds, RATE) * 0.8, np.zeros(round(seconds * RATE))])
    return np.tile(one, 10) + hiss(20 * seconds)


def late_word(start: float = 1.5) -> np.ndarray:
    """Two seconds and a half of hiss with a word of 0.4 s in it."""
    sound = hiss(2.5)
    place = round(start * RATE)
    sound[place : place + 3200] += 0.5 * tone(300.0, 0.4, RATE)
    return sound


# Gain and silence ---------------------------------------------------------------------------------


def test_pauses_are_left_out_and_told(tmp_path):
    write(tmp_path / "talk.wav", words_and_pauses())
    clips = load_clips(tmp_path, audio_format=AudioFormat(RATE, 8000))
    assert len(clips) == 10 and clips.names[1] == "talk.wav (part 3 of 20)"
    assert np.abs(clips.samples).max(axis=(1, 2)).min() > 0.3
    assert (clips.usage.clips, clips.usage.silent, clips.usage.used_seconds) == (10, 10, 10.0)
    assert "10 pieces are almost without sound and left out" in str(clips.usage)
    assert clips.notes == [] and clips.skipped == []


def test_a_pause_that_is_kept_keeps_its_level_beside_the_words(tmp_path):
    write(tmp_path / "talk.wav", words_and_pauses())
    clips = load_clips(tmp_path, audio_format=AudioFormat(RATE, 8000), keep_silence=True)
    heard = prepared(clips, {"peak_normalize": True}).samples
    peaks = np.abs(heard).max(axis=(1, 2))
    assert len(clips) == 20 and peaks.max() == 1.0
    # The hiss is 0.002 beside a tone of 0.4: it stays below 3 %, and was raised to full scale.
    assert peaks[1::2].max() < 0.03 and peaks[0::2].min() > 0.95
    assert "almost without sound and kept" in str(clips.usage)


def test_the_gain_of_a_recording_that_is_one_piece_is_that_of_the_piece(tmp_path):
    write(tmp_path / "yes" / "a.wav", hiss(0.5, 0.1))
    write(tmp_path / "no" / "b.wav", hiss(0.9, 0.01))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert np.array_equal(clips.peaks, np.abs(clips.samples).max(axis=(1, 2)))
    known = type(clips)(clips.samples, clips.labels, clips.label_names, audio_format=FORMAT)
    assert digest(clips) == digest(known)
    one, other = (prepared(c, {"peak_normalize": True}).samples for c in (clips, known))
    assert np.array_equal(one, other)


def test_pieces_at_another_level_are_other_data_to_a_run(tmp_path):
    write(tmp_path / "a.wav", np.concatenate([hiss(1.024, 0.1), hiss(1.024, 0.05)]))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    alone = type(clips)(clips.samples, clips.labels, audio_format=FORMAT)
    assert len(clips) == 2 and digest(clips) != digest(alone)


def test_a_selection_of_clips_takes_their_levels_along(tmp_path):
    write(tmp_path / "a.wav", np.concatenate([hiss(1.024, 0.1), hiss(1.024, 0.05)]))
    write(tmp_path / "b.wav", hiss(1.0, 0.01))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert clips.select([2, 1]).peaks.tolist() == clips.peaks[[2, 1]].tolist()


def test_quiet_speech_in_a_loud_recording_is_no_pause(tmp_path):
    sound = np.concatenate([tone(300.0, 1.024, RATE), 0.05 * tone(300.0, 1.024, RATE)])
    write(tmp_path / "a.wav", sound, subtype="FLOAT")
    assert len(load_clips(tmp_path, audio_format=FORMAT)) == 2  # 26 dB below


# Late words ---------------------------------------------------------------------------------------


def test_a_word_that_begins_late_is_told_and_found_by_loudest(tmp_path):
    for name in ("yes/a.wav", "yes/b.wav"):
        write(tmp_path / name, late_word())
    write(tmp_path / "no" / "c.wav", tone(300.0, 0.5, RATE))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert clips.names == ("no/c.wav",) and len(clips.notes) == 2
    path, note = clips.notes[0]
    assert path.endswith("a.wav") and "--pieces loudest" in note and "first 1.02 s" in note
    loudest = load_clips(tmp_path, audio_format=FORMAT, pieces="loudest")
    assert len(loudest) == 3 and loudest.notes == []
    word = np.abs(loudest.samples[1, :, 0]) > 0.1
    places = np.flatnonzero(word)
    assert len(places) > 2200  # all of the 3,200 samples but those around a zero crossing
    assert abs(places.mean() - 4096) < 0.03 * RATE  # in the middle of its clip


def test_where_all_words_begin_late_the_error_says_what_finds_them(tmp_path):
    write(tmp_path / "yes" / "a.wav", late_word())
    write(tmp_path / "no" / "a.wav", late_word())
    with pytest.raises(DataError, match="nothing is left to learn from.*--pieces loudest"):
        load_clips(tmp_path, audio_format=FORMAT)


@pytest.mark.parametrize("start", [0.0, 0.7, 2.1])
def test_the_loudest_piece_lies_within_the_recording(tmp_path, start):
    write(tmp_path / "a.wav", late_word(start))
    samples = load_clips(tmp_path, audio_format=FORMAT, pieces="loudest").samples[0, :, 0]
    whole = soundfile.read(tmp_path / "a.wav", dtype="float32")[0]
    begins = np.flatnonzero(whole == samples[0])
    assert any(np.array_equal(whole[b : b + 8192], samples) for b in begins)
    assert np.count_nonzero(np.abs(samples) > 0.1) > 2200


def test_of_a_short_recording_the_loudest_piece_is_the_recording_from_its_start(tmp_path):
    write(tmp_path / "a.wav", hiss(0.5, 0.1))
    first, loudest = (
        load_clips(tmp_path, audio_format=FORMAT, pieces=pieces).samples
        for pieces in ("first", "loudest")
    )
    assert np.array_equal(first, loudest)


# How much is used ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "clips", "used", "words"),
    [
        ("auto", 2, 2.048, "the first 1.02 s of each recording (pieces=first)"),
        ("first", 2, 2.048, "2 clips use 2.0 s of 33.0 s (6.2 %)"),
        ("all", 32, 32.696, "32 clips use 32.7 s of 33.0 s (99.1 %): all pieces of 1.02 s"),
        ("loudest", 2, 2.048, "the loudest 1.02 s of each recording (pieces=loudest)"),
    ],
)
def test_how_much_of_the_sound_is_used_is_told_by_clips_and_by_info(
    tmp_path, pieces, clips, used, words
):
    for name, seconds in (("yes/a.wav", 3), ("no/b.wav", 30)):
        write(tmp_path / name, hiss(seconds, 0.1))
    loaded = load_clips(tmp_path, audio_format=FORMAT, pieces=pieces)
    looked = info(tmp_path, pieces=pieces, audio_format=FORMAT)
    assert loaded.usage == looked.usage and len(loaded) == clips == loaded.usage.clips
    assert loaded.usage.seconds == 33.0 and loaded.usage.recordings == 2
    assert loaded.usage.used_seconds == pytest.approx(used)
    assert words in str(loaded.usage) and words in str(looked)


def test_info_and_clips_find_the_same_pauses_at_another_rate(tmp_path):
    sound = np.repeat(words_and_pauses(), 2)  # 16 kHz
    write(tmp_path / "talk.wav", sound, 2 * RATE)  # the others hold 0.14 s of sound or more
    clips = load_clips(tmp_path, audio_format=FORMAT)
    looked = info(tmp_path, audio_format=FORMAT)
    assert clips.usage.silent == 3 and looked.usage == clips.usage
    assert "almost without sound" in str(looked)


def test_an_unknown_word_for_pieces_is_refused_everywhere(tmp_path):
    write(tmp_path / "a.wav", hiss(0.5, 0.1))
    for look in (load_clips, info):
        with pytest.raises(OptionError, match="pieces: expected one of auto, first, all, loudest"):
            look(tmp_path, pieces="some")


# What is wrong with a recording -------------------------------------------------------------------


@pytest.fixture
def faulty(tmp_path):
    """A good recording, digital silence, dither, and two channels that cancel."""
    sound = hiss(0.5, 0.1)
    write(tmp_path / "good.wav", sound)
    write(tmp_path / "dither.wav", np.arange(4000) % 2 / 32768)
    write(tmp_path / "silence.wav", np.zeros(4000))
    write(tmp_path / "turned.wav", np.stack([sound, -sound], axis=1))
    write(tmp_path / "wide.wav", np.stack([sound, hiss(0.5, 0.2)[::-1]], axis=1))
    return tmp_path


def test_silence_and_channels_that_cancel_are_named_with_what_to_do_and_left_out(faulty):
    clips = load_clips(faulty, audio_format=FORMAT)
    assert clips.names == ("good.wav", "wide.wav")
    found = {path.rpartition("/")[2]: note for path, note in clips.notes}
    assert list(found) == ["dither.wav", "silence.wav", "turned.wav"]
    assert "digital silence" in found["silence.wav"] and "take it away" in found["dither.wav"]
    assert "2 channels cancel" in found["turned.wav"] and "turn one over" in found["turned.wav"]


def test_info_names_the_same_faults(faulty):
    clips, looked = load_clips(faulty, audio_format=FORMAT), info(faulty, audio_format=FORMAT)
    assert list(looked.notes) == clips.notes and looked.recordings == 5
    for words in ("to look at", "silence.wav: it is digital silence", "turned.wav: its 2 channels"):
        assert words in str(looked)


def test_channels_that_nearly_cancel_are_named_and_used(tmp_path):
    sound = hiss(0.5, 0.1)
    write(tmp_path / "a.wav", np.stack([sound, -0.9 * sound], axis=1))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert len(clips) == 1 and "cancel" in clips.notes[0][1]
    both = load_clips(tmp_path, audio_format=AudioFormat(RATE, 8192, channels=2))
    assert len(both) == 1 and both.notes == []  # nothing is mixed


def test_a_recording_that_breaks_off_is_used_as_far_as_it_goes_and_told(tmp_path):
    path = write(tmp_path / "half.wav", hiss(2.0, 0.1))
    path.write_bytes(path.read_bytes()[: 44 + 2 * 8192])  # one clip of 16 bits
    clips, looked = load_clips(tmp_path, audio_format=FORMAT), info(tmp_path, audio_format=FORMAT)
    assert len(clips) == 1 and clips.usage.seconds == pytest.approx(1.024)
    assert list(looked.notes) == clips.notes and "breaks off" in clips.notes[0][1]
    with pytest.raises(DataError, match="wrong with 1 of 1 recordings.*breaks off"):
        load_clips(tmp_path, audio_format=FORMAT, strict=True)


def test_strict_refuses_faults_in_one_sentence(faulty):
    for look in (load_clips, info):
        with pytest.raises(DataError, match="wrong with 3 of 5 recordings; the first is .*dither"):
            look(faulty, strict=True)


def test_nothing_but_silence_is_refused_and_can_be_kept(tmp_path):
    write(tmp_path / "a.wav", np.zeros(4000))
    with pytest.raises(DataError, match="The clips are silent.*a.wav: it is digital silence"):
        load_clips(tmp_path, audio_format=FORMAT)
    assert len(load_clips(tmp_path, audio_format=FORMAT, keep_silence=True)) == 1


# Levels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length, rate", [(8192, 8000), (1000, 16000), (128, 8000)])
def test_levels_do_not_depend_on_the_blocks(length, rate):
    sound = np.random.default_rng(1).normal(0, 0.1, (30_000, 2))
    whole, parts = (Levels(AudioFormat(rate, length, channels=2)) for _ in range(2))
    whole.hear(sound)
    for block in np.split(sound, [1, 1, 777, 12_345, 12_346]):
        parts.hear(block)
    assert np.allclose(whole.energies, parts.energies) and whole.time == parts.time == 30_000
    assert whole.energies.sum() == pytest.approx(np.square(sound).mean(axis=1).sum())
    assert len(whole.energies) >= 30_000 // length * whole.frames
