"""Sound files: every kind in, exact 16 bits out, one clear sentence for what cannot be used."""

import errno
import io
import os
import struct
import wave

import numpy as np
import pytest
import soundfile

import ganlib.audio.files as files
import ganlib.audio.streams as streams
from ganlib.audio.files import read_audio, wav_bytes, write_audio
from ganlib.audio.signals import tone, white_noise
from ganlib.errors import AudioFileError

RATE = 16000


def refuse(path) -> str:
    """Return the one sentence with which reading is refused."""
    with pytest.raises(AudioFileError) as caught:
        read_audio(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("subtype", "tolerance"),
    [
        ("PCM_U8", 2**-7),
        ("PCM_16", 2**-15),
        ("PCM_24", 2**-23),
        ("PCM_32", 2**-23),
        ("FLOAT", 0.0),
        ("DOUBLE", 2**-23),
        ("ULAW", 0.02),
    ],
)
def test_every_depth_of_wav_comes_in_as_float32(tmp_path, subtype, tolerance):
    samples = tone(440.0, 0.1, RATE)
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype=subtype)
    read, rate = read_audio(tmp_path / "a.wav")
    assert (read.dtype, read.shape, rate) == (np.float32, samples.shape, RATE)
    assert np.abs(read - samples).max() <= tolerance


@pytest.mark.parametrize(
    ("name", "container", "subtype", "least_db"),
    [
        ("a.flac", "FLAC", "PCM_24", 120.0),
        ("a.ogg", "OGG", "VORBIS", 20.0),
        ("a.mp3", "MP3", "MPEG_LAYER_III", 20.0),
    ],
)
def test_compressed_files_come_in_aligned_and_close(tmp_path, name, container, subtype, least_db):
    samples = tone(440.0, 0.5, RATE)
    soundfile.write(tmp_path / name, samples, RATE, format=container, subtype=subtype)
    read, rate = read_audio(tmp_path / name)
    assert (len(read), rate) == (len(samples), RATE)
    inside = slice(1000, -1000)  # a lossy codec rings where the tone is cut
    noise = np.square(read - samples)[inside].sum() + 1e-30
    assert 10 * np.log10(np.square(samples)[inside].sum() / noise) > least_db


def test_a_wrong_suffix_does_not_matter_since_the_content_decides(tmp_path):
    path = write_audio(tmp_path / "a.wav", tone(440.0, 0.1, RATE), RATE)
    read_audio(path.rename(tmp_path / "a.mp3"))


def test_channels_are_mixed_down_to_their_mean(tmp_path):
    eight = np.stack([np.full(50, level) for level in np.arange(8) / 16], axis=1)
    soundfile.write(tmp_path / "a.wav", eight, RATE, subtype="FLOAT")
    np.testing.assert_allclose(read_audio(tmp_path / "a.wav")[0], np.full(50, 3.5 / 16), atol=1e-7)


def test_channels_are_kept_or_repeated_on_request(tmp_path):
    stereo = np.stack([tone(440.0, 0.1, RATE), tone(880.0, 0.1, RATE)], axis=1)
    soundfile.write(tmp_path / "two.wav", stereo, RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "one.wav", stereo[:, 0], RATE, subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(tmp_path / "two.wav", channels=2)[0], stereo)
    np.testing.assert_array_equal(read_audio(tmp_path / "two.wav", channels=None)[0], stereo)
    assert read_audio(tmp_path / "one.wav", channels=None)[0].shape == (1600, 1)
    repeated = read_audio(tmp_path / "one.wav", channels=2)[0]
    np.testing.assert_array_equal(repeated, stereo[:, [0, 0]])
    with pytest.raises(AudioFileError, match="has 2 channels, expected 3 or 1"):
        read_audio(tmp_path / "two.wav", channels=3)


def test_a_file_of_one_sample_is_read_at_any_rate(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([0.5]), 48000, subtype="FLOAT")
    assert read_audio(tmp_path / "a.wav")[0].tolist() == [0.5]
    assert read_audio(tmp_path / "a.wav", sample_rate=8000)[0].shape == (1,)
    assert read_audio(tmp_path / "a.wav", sample_rate=96000)[0].shape == (2,)


def test_overshoot_is_clipped_and_another_scale_is_refused(tmp_path):
    soundfile.write(tmp_path / "hot.wav", 1.5 * tone(440.0, 0.1, RATE, 1.0), RATE, subtype="FLOAT")
    assert np.abs(read_audio(tmp_path / "hot.wav")[0]).max() == 1.0
    soundfile.write(tmp_path / "int.wav", 20000 * tone(440.0, 0.1, RATE), RATE, subtype="FLOAT")
    assert "integers were stored as floating point" in refuse(tmp_path / "int.wav")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_file_with_values_that_are_not_finite_is_refused(tmp_path, value):
    samples = tone(440.0, 0.1, RATE)
    samples[7] = value
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    assert "1 values of 1600 that are NaN or infinite" in refuse(tmp_path / "a.wav")


def test_files_that_are_no_sound_are_refused(tmp_path):
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    assert "is empty" in refuse(tmp_path / "empty.wav")
    (tmp_path / "zero.wav").write_bytes(b"")
    assert "cannot be decoded" in refuse(tmp_path / "zero.wav")
    (tmp_path / "text.wav").write_text("RIFF is not enough")
    assert "cannot be decoded" in refuse(tmp_path / "text.wav")
    (tmp_path / "noise.raw").write_bytes(bytes(range(256)))
    assert "cannot be decoded" in refuse(tmp_path / "noise.raw")
    assert "No such file" in refuse(tmp_path / "missing.wav")
    assert "directory" in refuse(tmp_path)


def test_a_wav_header_with_no_channels_is_refused(tmp_path):
    data = bytearray(wav_bytes(np.zeros(100), RATE))
    data[22:24] = struct.pack("<H", 0)
    (tmp_path / "a.wav").write_bytes(data)
    assert "cannot be decoded" in refuse(tmp_path / "a.wav")


def test_a_flac_that_breaks_off_is_refused(tmp_path):
    stream = io.BytesIO()
    soundfile.write(stream, white_noise(1.0, RATE), RATE, format="FLAC")
    (tmp_path / "a").write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])
    assert "cannot be decoded" in refuse(tmp_path / "a")
    with pytest.raises(AudioFileError, match="cannot be decoded"):  # where only its beginning
        read_audio(tmp_path / "a", first_seconds=0.1)  # is wanted, too


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = write_audio(tmp_path / "a.wav", np.zeros(10), RATE)

    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(streams, "open", forbidden, raising=False)  # root may read everything
    assert "cannot be read (Permission denied)" in refuse(path)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "A.WAV"])
def test_sixteen_bits_survive_writing_and_reading_bit_for_bit(tmp_path, name):
    whole = np.arange(-32768, 32768, dtype=np.int32)
    path = write_audio(tmp_path / name, (whole / 32768).astype(np.float32), RATE)
    np.testing.assert_array_equal(read_audio(path)[0] * 32768, whole)
    assert soundfile.info(path).subtype == "PCM_16"


def test_what_is_written_is_what_the_standard_library_reads(tmp_path):
    path = write_audio(tmp_path / "a.wav", np.array([[0.5, -0.25], [2.0, -2.0]]), 8000)
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 8000)
        assert struct.unpack("<4h", sound.readframes(2)) == (16384, -8192, 32767, -32768)


@pytest.mark.parametrize(
    ("name", "samples", "words"),
    [
        ("a.wav", np.array([0.0, np.nan]), "NaN"),
        ("a.wav", np.zeros(0), "is empty"),
        ("a.wav", np.zeros(5, np.int16), "expected floating-point samples.*int16"),
        ("a.wav", np.zeros((2, 3, 1)), r"got float64 of shape \(2, 3, 1\)"),
        ("a.mp3", np.zeros(5), "ends in .wav or .flac, got '.mp3'"),
        ("a", np.zeros(5), "no suffix"),
        ("a.flac", np.zeros((5, 9)), "cannot be FLAC"),
        ("missing/a.wav", np.zeros(5), "No such file"),
        ("x" * 300 + ".wav", np.zeros(5), "too long"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path, name, samples, words):
    with pytest.raises(AudioFileError, match=words):
        write_audio(tmp_path / name, samples, RATE)
    assert list(tmp_path.iterdir()) == []


def test_an_impossible_rate_is_refused():
    with pytest.raises(AudioFileError, match="with 0 Hz"):
        wav_bytes(np.zeros(5), 0)


class FullDisk(io.FileIO):
    """A file whose disk is full after the first bytes."""

    def write(self, data):
        super().write(bytes(data)[:20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = write_audio(tmp_path / "a.wav", np.zeros(10), RATE)
    before = path.read_bytes()
    monkeypatch.setattr(files, "open", lambda name, mode: FullDisk(name, "xb"), raising=False)
    with pytest.raises(AudioFileError, match="cannot be written .No space left on device"):
        write_audio(path, np.ones(1000), RATE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mishap", [KeyboardInterrupt, PermissionError])
def test_a_write_that_is_interrupted_leaves_the_old_file_and_no_other(
    tmp_path, monkeypatch, mishap
):
    path = write_audio(tmp_path / "a.wav", np.zeros(10), RATE)
    before = path.read_bytes()

    def interrupted(*_):
        raise mishap

    monkeypatch.setattr(files.os, "replace", interrupted)
    with pytest.raises((KeyboardInterrupt, AudioFileError)):
        write_audio(path, np.ones(1000), RATE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
