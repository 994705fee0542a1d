"""Reading: files of every kind to their true end, and no more of a long one than is wanted."""

import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest
import soundfile

from ganlib.audio.files import audio_blocks, probe, read_audio, resample
from ganlib.audio.signals import white_noise
from ganlib.errors import AudioFileError, OptionError
from tests import sound_cases
from tests.sound_cases import RATE, encoded, number, sound

NAMED = {"ids": lambda case: case.name}


@pytest.fixture
def write(tmp_path):
    def write_file(data: bytes):
        path = tmp_path / "a.sound"
        path.write_bytes(data)
        return path

    return write_file


@pytest.fixture
def long_file(tmp_path):
    """Five minutes of stereo at 48 kHz, of which only the first second takes room on the disk."""
    path = tmp_path / "long.wav"
    first = 0.5 * white_noise(1.0, 48000)
    soundfile.write(path, np.stack([first, first], axis=1), 48000, subtype="PCM_16")
    size = 5 * 60 * 48000 * 4
    with open(path, "r+b") as file:
        header = sound_cases.patched(file.read(44), (4, number(size + 36)), (40, number(size)))
        file.seek(0)
        file.write(header)
        file.truncate(44 + size)
    return path


@contextmanager
def less_memory_than(megabytes: float):
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
    assert peak < megabytes


@pytest.mark.parametrize("case", sound_cases.usable(), **NAMED)
def test_every_complete_file_is_read_to_its_true_end(write, case):
    path = write(case.data)
    found = probe(path)
    assert (found.frames, found.rate, found.channels) == (case.frames, case.rate, 1)
    assert found.truncated == ""
    samples, rate = read_audio(path)
    assert (len(samples), rate) == (case.frames, case.rate)
    assert np.abs(samples[-case.rate // 4 :]).max() > 0.05  # sound to the end, not filled up


@pytest.mark.parametrize("name", ["WAV, ones", "WAV, zero", "WAV, as SoX does", "FLAC"])
def test_what_an_encoder_wrote_into_a_pipe_has_the_samples_of_a_plain_file(write, name):
    [case] = [case for case in sound_cases.usable() if case.name == f"piped {name}"]
    plain = np.round(32767 * sound()) / 32768
    np.testing.assert_allclose(read_audio(write(case.data))[0], plain, atol=2**-15)


@pytest.mark.parametrize("case", sound_cases.broken_off(), **NAMED)
def test_of_a_file_that_breaks_off_what_is_there_is_read_and_the_rest_is_named(write, case):
    path = write(case.data)
    found = probe(path)
    assert case.note in found.truncated and not found.plain
    assert case.frames in (-1, found.frames)
    assert len(read_audio(path)[0]) == found.frames > 0


@pytest.mark.parametrize("case", sound_cases.unusable(), **NAMED)
def test_what_is_no_use_is_refused_by_name_however_it_is_read(write, case):
    if case.name == "a click":
        pytest.skip("a sound, if a short one: the data refuse it")
    path = write(case.data)
    with pytest.raises(AudioFileError, match=case.refused):
        read_audio(path)
    with pytest.raises(AudioFileError, match=case.refused):
        list(audio_blocks(path, 0.1))


def test_an_mp3_that_breaks_off_begins_as_the_whole_one(write):
    data = encoded(sound(2.0), "MP3")
    whole, _ = read_audio(write(data))
    half, _ = read_audio(write(data[: len(data) // 2]))
    np.testing.assert_array_equal(half[:-1200], whole[: len(half) - 1200])


@pytest.mark.parametrize(
    "kind", [("MP3", None), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("FLAC", None)]
)
def test_joined_streams_are_the_one_after_the_other(write, kind):
    first, second = encoded(sound(), *kind), encoded(white_noise(0.5, RATE), *kind)
    alone = [read_audio(write(data))[0] for data in (first, second)]
    joined, _ = read_audio(write(first + second))
    np.testing.assert_array_equal(joined, np.concatenate(alone))


@pytest.mark.parametrize(
    "kind", [("WAV", "PCM_16"), ("FLAC", "PCM_24"), ("MP3", None), ("OGG", "VORBIS")]
)
def test_blocks_are_the_file_cut_at_any_place(write, kind):
    stereo = np.stack([white_noise(1.0, RATE), sound()], axis=1)
    path = write(encoded(stereo, *kind))
    whole, _ = read_audio(path, channels=None)
    blocks = list(audio_blocks(path, block_seconds=0.0777))
    assert {len(block) for block in blocks[:-1]} == {1243}
    assert all(block.dtype == np.float32 and block.shape[1] == 2 for block in blocks)
    np.testing.assert_array_equal(np.clip(np.concatenate(blocks), -1, 1), whole)


@pytest.mark.parametrize("wanted", [8000, 16000, 22050, 48000])
def test_resampling_in_blocks_is_resampling_at_once(tmp_path, wanted):
    stereo = np.stack([white_noise(25.0, 8000), white_noise(25.0, 8000)], axis=1)
    soundfile.write(tmp_path / "a.wav", stereo, 8000, subtype="FLOAT")
    read, rate = read_audio(tmp_path / "a.wav", wanted, channels=2)
    expected = np.clip(resample(stereo.astype("float32"), 8000, wanted), -1, 1)
    assert rate == wanted
    np.testing.assert_array_equal(read, expected)


@pytest.mark.parametrize("wanted", [None, 8000, 11025, 48000])
def test_the_first_seconds_are_those_of_the_whole(tmp_path, wanted):
    soundfile.write(tmp_path / "a.wav", white_noise(3.0, RATE), RATE, subtype="FLOAT")
    whole, rate = read_audio(tmp_path / "a.wav", wanted)
    first, _ = read_audio(tmp_path / "a.wav", wanted, first_seconds=0.7)
    assert len(first) == round(0.7 * rate)
    np.testing.assert_allclose(first, whole[: len(first)], atol=1e-6)
    longer, _ = read_audio(tmp_path / "a.wav", wanted, first_seconds=100.0)
    np.testing.assert_array_equal(longer, whole)


def test_no_seconds_at_all_are_refused(tmp_path):
    with pytest.raises(OptionError, match="first_seconds: expected more than 0, got 0"):
        read_audio(tmp_path / "a.wav", first_seconds=0)


def test_one_second_of_a_long_file_is_read_without_decoding_the_rest(long_file, monkeypatch):
    decoded, read = [], soundfile.SoundFile.read

    def counting(*args, **options):
        decoded.append(len(block := read(*args, **options)))
        return block

    monkeypatch.setattr(soundfile.SoundFile, "read", counting)
    with less_memory_than(megabytes=5):
        samples, _ = read_audio(long_file, 16000, first_seconds=1.0)
    assert len(samples) == 16000
    assert sum(decoded) < 1.1 * 48000


def test_a_long_file_goes_through_in_constant_memory(long_file):
    with less_memory_than(megabytes=20):
        frames = sum(len(block) for block in audio_blocks(long_file))
    assert frames == probe(long_file).frames == 5 * 60 * 48000


def test_a_rate_that_is_possible_is_read(tmp_path):
    for rate in (1000, 768000):
        soundfile.write(tmp_path / "a.wav", np.zeros(rate // 10), rate)
        assert probe(tmp_path / "a.wav").rate == rate


@pytest.mark.parametrize("container", ["AIFF", "AU", "CAF", "W64", "RF64"])
def test_other_containers_of_libsndfile_are_read(write, container):
    path = write(encoded(sound(), container))
    found = probe(path)
    assert (found.frames, found.truncated, found.plain) == (RATE, "", True)
    assert len(read_audio(path)[0]) == RATE


def test_a_size_of_the_whole_that_counts_a_few_bytes_too_many_is_no_loss(write):
    rf64 = encoded(sound(), "RF64")
    size = int.from_bytes(rf64[20:28], "little")
    assert probe(write(sound_cases.patched(rf64, (20, number(size + 8))))).truncated == ""
    assert "1.00 of 2.00 s" in probe(write(encoded(sound(2.0), "RF64")[:32104])).truncated
