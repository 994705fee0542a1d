"""From recordings of any kind to clips of one length."""

import time

import numpy as np
import pytest
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone
from ganlib.data.folders import Recording
from ganlib.data.loading import load_clips
from ganlib.data.sifting import sift
from ganlib.errors import DataError, OptionError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=1024)


def write(path, samples, rate=8000, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, **options)
    return path


def ramp(time: int) -> np.ndarray:
    """Samples that tell their place and survive 16 bits exactly."""
    return np.arange(time) % 2000 / 32768


def test_a_short_recording_starts_at_zero_and_is_filled_with_zeros(tmp_path):
    write(tmp_path / "yes" / "a.wav", ramp(700))
    clip = load_clips(tmp_path, audio_format=FORMAT).samples[0, :, 0]
    assert np.array_equal(clip[:700], ramp(700).astype("float32")) and not clip[700:].any()


def test_of_a_long_labelled_recording_the_beginning_is_kept(tmp_path):
    write(tmp_path / "yes" / "a.wav", ramp(3000))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert len(clips) == 1
    assert np.array_equal(clips.samples[0, :, 0], ramp(3000)[:1024].astype("float32"))


@pytest.mark.parametrize("time, kept", [(400, 1), (1024, 1), (1535, 1), (1536, 2), (5000, 5)])
def test_a_long_recording_without_label_is_cut_into_pieces_at_least_half_full(tmp_path, time, kept):
    write(tmp_path / "a.wav", ramp(time))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    expected = np.zeros(kept * 1024, "float32")
    expected[: min(time, kept * 1024)] = ramp(time)[: kept * 1024]
    assert np.array_equal(clips.samples.ravel(), expected)
    assert clips.label_names == () and not clips.labels.any()
    assert clips.names[-1] == ("a.wav" if kept == 1 else f"a.wav (part {kept} of {kept})")


def test_pieces_can_be_asked_for_or_declined(tmp_path):
    write(tmp_path / "yes" / "a.wav", ramp(3000))
    assert len(load_clips(tmp_path, audio_format=FORMAT, pieces="all")) == 3
    write(tmp_path / "b.wav", ramp(3000))
    assert len(load_clips(tmp_path, audio_format=FORMAT, pieces="first")) == 2


@pytest.mark.parametrize(
    "name, options",
    [
        ("a.wav", {"subtype": "PCM_U8"}), ("a.wav", {"subtype": "PCM_24"}),
        ("a.wav", {"subtype": "PCM_32"}), ("a.wav", {"subtype": "FLOAT"}),
        ("a.flac", {"subtype": "PCM_24"}), ("a.ogg", {}), ("a.mp3", {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rate", [16000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_rate_and_channel_count_gives_the_same_tone(
    tmp_path, name, options, rate, channels
):
    sound = np.repeat(tone(440.0, 0.3, rate)[:, None], channels, axis=1)
    write(tmp_path / name, sound, rate, **options)
    clip = load_clips(tmp_path, audio_format=FORMAT).samples[0, :, 0]
    expected = tone(440.0, 0.3, 8000)[:1024]
    inside = slice(100, 900)  # the filters of resampling need some sound on both sides
    loudness = np.dot(clip[inside], expected[inside]) / np.dot(expected[inside], expected[inside])
    error = np.abs(clip - expected)[inside].max()
    bound = 0.002
    if options.get("subtype") == "PCM_U8":
        bound += 1 / 128  # libsndfile truncates to 8 bits: up to one step
    elif name in ("a.ogg", "a.mp3"):
        bound = 0.04  # lossy: the encoders alter a tone of 0.5 by 0.02 at 16 kHz
    assert 0.98 < loudness < 1.02 and error < bound


def test_eight_channels_are_mixed_down_and_two_are_kept_when_asked_for(tmp_path):
    eight = np.outer(ramp(1024), np.arange(8) / 4)
    write(tmp_path / "a.wav", eight, subtype="FLOAT")
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert np.allclose(clips.samples[0, :, 0], eight.mean(axis=1), atol=1e-7)
    stereo = AudioFormat(sample_rate=8000, clip_samples=1024, channels=2)
    with pytest.raises(DataError, match="has 8 channels, expected 2 or 1"):
        load_clips(tmp_path, audio_format=stereo)
    write(tmp_path / "a.wav", eight[:, 4:6], subtype="FLOAT")
    assert np.allclose(
        load_clips(tmp_path, audio_format=stereo).samples[0], eight[:, 4:6], atol=1e-7
    )


def bad_files(root):
    """One file of every bad kind -> what the reason must say."""
    write(root / "nan.wav", np.full(400, np.nan), subtype="FLOAT")
    write(root / "empty.wav", np.zeros(0))
    write(root / "one.wav", np.ones(1))
    (root / "text.wav").write_text("not a sound")
    (root / "zero.flac").touch()
    (root / "song.m4a").write_bytes(b"\x00\x00\x00\x18ftypM4A " + bytes(50))
    return {
        "nan.wav": "NaN", "empty.wav": "empty", "one.wav": "expected at least 10 ms",
        "text.wav": "cannot be decoded", "zero.flac": "cannot be decoded",
        "song.m4a": "cannot be decoded",
    }  # fmt: skip


def test_unusable_files_are_listed_with_the_reason_and_the_rest_is_loaded(tmp_path):
    write(tmp_path / "good.wav", ramp(500))
    reasons = bad_files(tmp_path)
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert clips.names == ("good.wav",)
    assert len(clips.skipped) == len(reasons)
    for path, reason in clips.skipped:
        assert reasons[path.rpartition("/")[2]] in reason


def test_strict_refuses_unusable_files_in_one_sentence(tmp_path):
    write(tmp_path / "good.wav", ramp(500))
    bad_files(tmp_path)
    with pytest.raises(DataError, match="6 of 7 files cannot be used; the first is .*empty.wav"):
        load_clips(tmp_path, audio_format=FORMAT, strict=True)


def test_a_folder_in_which_nothing_is_usable_is_refused_without_strict(tmp_path):
    bad_files(tmp_path)
    with pytest.raises(DataError, match="6 of 6 files cannot be used"):
        load_clips(tmp_path, audio_format=FORMAT)


def test_a_file_that_metadata_names_and_nobody_has_is_skipped(tmp_path):
    write(tmp_path / "a.wav", ramp(500))
    (tmp_path / "metadata.csv").write_text("file,label\na.wav,7\nlost.wav,0\n")
    clips = load_clips(tmp_path, audio_format=FORMAT)
    [(path, reason)] = clips.skipped
    assert path == str(tmp_path / "lost.wav") and "no such file" in reason.lower()
    assert clips.label_names == ("7",) and clips.labels.tolist() == [0]


def test_label_numbers_are_the_same_in_every_split_and_no_clip_is_in_two(tmp_path):
    for split, label in (("train", "2"), ("train", "10"), ("test", "10"), ("test", "9")):
        write(tmp_path / split / label / "a.wav", ramp(500))
    parts = {split: load_clips(tmp_path, split, FORMAT) for split in ("train", "test", "all")}
    assert {clips.label_names for clips in parts.values()} == {("2", "9", "10")}
    assert parts["train"].labels.tolist() == [2, 0] and parts["test"].labels.tolist() == [2, 1]
    assert not set(parts["train"].names) & set(parts["test"].names)
    assert set(parts["train"].names) | set(parts["test"].names) == set(parts["all"].names)


def test_data_without_splits_are_all_training_data(tmp_path):
    write(tmp_path / "yes" / "a.wav", ramp(500))
    assert len(load_clips(tmp_path, "train", FORMAT)) == 1
    with pytest.raises(DataError, match="no split 'test'; it has: train"):
        load_clips(tmp_path, "test", FORMAT)


def test_a_recording_without_label_among_labelled_ones_gets_a_label_of_its_own(tmp_path):
    write(tmp_path / "yes" / "a.wav", ramp(500))
    write(tmp_path / "b.wav", ramp(500))
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert clips.label_names == ("yes", "unlabelled") and clips.labels.tolist() == [1, 0]


def test_a_list_of_files_is_data_too(tmp_path):
    paths = [write(tmp_path / f"{i}.wav", ramp(500)) for i in range(3)]
    assert len(load_clips(paths, audio_format=FORMAT)) == 3
    with pytest.raises(DataError, match="the list of files has no split 'train'"):
        load_clips([], audio_format=FORMAT)


def test_unknown_names_splits_and_options_are_refused(tmp_path):
    with pytest.raises(DataError, match="unknown data set 'fsd'; did you mean: fsdd; nor is there"):
        load_clips("fsd")
    with pytest.raises(DataError, match="ganlib data get fsdd"):
        load_clips("fsdd")
    with pytest.raises(DataError, match="expected a folder of audio, found nothing"):
        load_clips(tmp_path / "fsdd")
    with pytest.raises(OptionError, match="split: expected one of train"):
        load_clips(tmp_path, split="dev")
    with pytest.raises(OptionError, match="pieces: expected one of auto"):
        load_clips(tmp_path, pieces="some")


def test_ctrl_c_does_not_wait_for_the_rest_of_the_files(tmp_path):
    begun = []

    def interrupted(item):
        begun.append(item)
        time.sleep(0.01)
        if len(begun) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sift([Recording(tmp_path / str(i)) for i in range(1000)], interrupted)
    assert len(begun) < 100
