"""Streams of files: the same clips as in memory, whichever decoder reads them."""

import numpy as np
import pytest
import soundfile

pytest.importorskip("tensorflow")

from ganlib.audio.format import AudioFormat  # noqa: E402
from ganlib.data import stream as function  # noqa: E402
from ganlib.data.loading import load_clips  # noqa: E402
from ganlib.data.stream import choose_decoder, stream, tensorflow_io  # noqa: E402
from ganlib.errors import DataError, OptionError  # noqa: E402

assert function is stream
FORMAT = AudioFormat(sample_rate=8000, clip_samples=2000)
DECODERS = [
    pytest.param(
        "tensorflow-io",
        marks=pytest.mark.skipif(tensorflow_io() is None, reason="tensorflow-io does not load"),
    ),
    "soundfile",
]
EXACT = [
    ("a.wav", "PCM_U8"), ("a.wav", "PCM_16"), ("a.wav", "PCM_24"), ("a.wav", "PCM_32"),
    ("a.wav", "FLOAT"), ("a.wav", "DOUBLE"), ("a.flac", "PCM_16"), ("a.flac", "PCM_24"),
    ("a.aiff", "PCM_16"),
]  # fmt: skip


def gather(dataset) -> tuple[np.ndarray, np.ndarray]:
    batches = [(samples.numpy(), labels.numpy()) for samples, labels in dataset]
    return tuple(np.concatenate(column) for column in zip(*batches, strict=True))


def chords(rate: int, seconds: float, highest_hz: float, channels: int = 1) -> np.ndarray:
    """Forty tones below `highest_hz`, louder in the middle: sound whose band is known."""
    generator = np.random.default_rng(0)
    time = np.arange(int(seconds * rate))[:, None] / rate
    sound = np.zeros((len(time), channels))
    for _ in range(40):
        frequency, phase = generator.uniform(50, highest_hz), generator.uniform(0, 7, channels)
        sound += np.sin(2 * np.pi * frequency * time + phase)
    sound *= np.hanning(len(time))[:, None]
    return 0.5 * sound / np.abs(sound).max()


def write(path, sound, rate=8000, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound, rate, **options)
    return path


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("channels", [1, 2])
def test_at_their_own_rate_lossless_files_give_exactly_the_samples_of_load_clips(
    tmp_path, decoder, channels
):
    sound = chords(8000, 0.6, 3900, channels)
    files = [write(tmp_path / f"{i}{n}", sound, subtype=s) for i, (n, s) in enumerate(EXACT)]
    for wanted in (1, 2):
        audio_format = AudioFormat(sample_rate=8000, clip_samples=2000, channels=wanted)
        dataset = stream(files, audio_format, batch_size=4, seed=None, decoder=decoder)
        samples, labels = gather(dataset)
        expected = load_clips(files, audio_format=audio_format)
        assert dataset.decoder == decoder and not labels.any()
        assert samples.dtype == np.float32 and labels.dtype == np.int32
        assert samples.shape == (2 * len(EXACT), 2000, wanted)  # 4800 samples: two pieces each
        # The mean of two channels is rounded in another order: one unit in the last place.
        assert np.abs(samples - expected.samples).max() <= (1e-7 if channels > wanted else 0)


@pytest.mark.parametrize("decoder", DECODERS)
def test_lossy_files_agree_to_one_part_in_a_hundred_thousand(tmp_path, decoder):
    files = [
        write(tmp_path / f"{channels}{suffix}", chords(8000, 0.6, 3000, channels))
        for channels in (1, 2) for suffix in (".mp3", ".ogg")
    ]  # fmt: skip
    samples, _ = gather(stream(files, FORMAT, seed=None, decoder=decoder))
    expected = load_clips(files, audio_format=FORMAT).samples
    assert samples.shape == expected.shape and np.abs(expected).max() > 0.2
    assert np.abs(samples - expected).max() < 1e-5


@pytest.mark.parametrize("decoder", DECODERS)
def test_resampled_sound_agrees_to_one_part_in_ten_thousand_of_full_scale(tmp_path, decoder):
    rates = (4000, 11025, 16000, 22050, 44100, 48000)
    files = []
    for rate in rates:
        sound = chords(rate, 0.5, 0.4 * min(rate, 8000))  # below 0.8 of the lower Nyquist frequency
        files.append(write(tmp_path / f"{rate}.wav", sound, rate, subtype="FLOAT"))
    samples, _ = gather(stream(files, FORMAT, seed=None, decoder=decoder))
    expected = load_clips(files, audio_format=FORMAT).samples
    assert samples.shape == expected.shape == (12, 2000, 1)
    difference = np.abs(samples - expected).reshape(6, 4000)
    assert np.abs(expected).reshape(6, 4000).max(axis=1).min() > 0.4
    assert difference[:, 80:-80].max() < 1e-4
    # In the first and last 10 ms one filter sees silence where the other sees nothing.
    assert difference.max() < 1e-3


@pytest.mark.parametrize("decoder", DECODERS)
def test_labelled_files_give_one_clip_each_with_the_label_of_load_clips(tmp_path, decoder):
    for index in range(12):
        sound = np.full(1000 + 300 * index, (index + 1) / 16)
        write(tmp_path / ("yes" if index % 3 else "no") / f"{index}.wav", sound)
    dataset = stream(tmp_path, FORMAT, batch_size=5, seed=3, decoder=decoder)
    sizes = [len(labels) for _, labels in dataset]
    samples, labels = gather(dataset)
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert sizes == [5, 5, 2] and dataset.label_names == clips.label_names == ("no", "yes")
    level = {round(16 * clip[0, 0]): label for clip, label in zip(samples, labels, strict=True)}
    known = {round(16 * c[0, 0]): k for c, k in zip(clips.samples, clips.labels, strict=True)}
    assert level == known and len(level) == 12


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("pieces", ["auto", "first", "all", "loudest"])
@pytest.mark.parametrize("keep_silence", [False, True])
def test_pieces_are_those_of_load_clips_and_pauses_are_left_out_alike(
    tmp_path, decoder, pieces, keep_silence
):
    sound, pause = chords(8000, 0.5, 3000), np.zeros((4000, 1))
    files = [
        write(tmp_path / "talk.wav", np.concatenate([sound, pause, sound / 2, pause])),
        write(tmp_path / "late.wav", np.concatenate([pause, pause, sound])),
        write(tmp_path / "silence.flac", pause),
        write(tmp_path / "short.mp3", chords(8000, 0.2, 3000)),
    ]
    audio_format = AudioFormat(sample_rate=8000, clip_samples=4000)
    how = {"pieces": pieces, "keep_silence": keep_silence}
    dataset = stream(files, audio_format, seed=None, decoder=decoder, **how)
    samples, _ = gather(dataset)
    clips = load_clips(files, audio_format=audio_format, **how)
    assert samples.shape == clips.samples.shape
    assert np.abs(samples - clips.samples).max() < 1e-5  # the decoders of MP3 differ
    assert dataset.usage == clips.usage and dataset.notes == clips.notes
    with pytest.raises(
        DataError, match="wrong with . of 4 recordings; the first is .*(late|silence)"
    ):
        stream(files, audio_format, decoder=decoder, strict=True, **how)


def test_the_seed_decides_the_order_and_every_epoch_has_its_own(tmp_path):
    files = [write(tmp_path / f"{i}.wav", np.full(2000, (i + 1) / 64)) for i in range(20)]

    def order(seed, epochs=1):
        samples, _ = gather(stream(files, FORMAT, 8, seed, decoder="soundfile", epochs=epochs))
        return np.round(64 * samples[:, 0, 0]).astype(int).tolist()

    assert order(None) == list(range(1, 21))
    assert order(1) == order(1) != order(2) and sorted(order(1)) == order(None)
    twice = order(1, epochs=2)
    assert sorted(twice[:20]) == sorted(twice[20:]) and twice[:20] != twice[20:]


def test_a_stream_for_ever_goes_on(tmp_path):
    path = write(tmp_path / "a.wav", np.full(2000, 0.5))
    endless = stream([path], FORMAT, batch_size=3, epochs=None, decoder="soundfile")
    assert [len(labels) for _, labels in endless.take(4)] == [3, 3, 3, 3]


@pytest.mark.parametrize("decoder", DECODERS)
def test_unusable_files_are_left_out_as_in_load_clips(tmp_path, decoder):
    good = write(tmp_path / "good.wav", np.full(2000, 0.5))
    (tmp_path / "text.wav").write_text("not a sound")
    write(tmp_path / "nan.wav", np.full(2000, np.nan), subtype="FLOAT")
    write(tmp_path / "loud.wav", np.full(2000, 9.0), subtype="FLOAT")
    write(tmp_path / "short.wav", np.full(70, 0.5))
    dataset = stream(tmp_path, FORMAT, decoder=decoder)
    samples, _ = gather(dataset)
    clips = load_clips(tmp_path, audio_format=FORMAT)
    assert clips.names == (good.name,) and dataset.skipped == clips.skipped
    assert samples.shape == (1, 2000, 1) and np.all(samples == 0.5)
    names = [path.rpartition("/")[2] for path, _ in dataset.skipped]
    assert names == ["loud.wav", "nan.wav", "short.wav", "text.wav"]
    with pytest.raises(DataError, match="4 of 5 files cannot be used; the first is .*loud.wav"):
        stream(tmp_path, FORMAT, decoder=decoder, strict=True)


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_flac_file_that_is_damaged_inside_is_left_out(tmp_path, decoder):
    path = write(tmp_path / "a.flac", np.random.default_rng(0).uniform(-0.9, 0.9, 20000))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    path.write_bytes(bytes(data))
    write(tmp_path / "good.wav", np.full(2000, 0.5))
    dataset = stream(tmp_path, FORMAT, decoder=decoder)
    assert gather(dataset)[0].shape == (1, 2000, 1)
    assert [name for name, _ in dataset.skipped] == [str(path)]


@pytest.mark.parametrize("decoder", DECODERS)
def test_strict_refuses_a_file_that_proves_damaged_before_the_first_batch(tmp_path, decoder):
    path = write(tmp_path / "nan.wav", np.full(2000, np.nan), subtype="FLOAT")
    write(tmp_path / "good.wav", np.full(2000, 0.5))
    with pytest.raises(DataError, match="1 of 2 files cannot be used; .*nan.wav: .*NaN"):
        stream([path, tmp_path / "good.wav"], FORMAT, decoder=decoder, strict=True)


def test_without_tensorflow_io_the_choice_is_soundfile_and_insisting_is_refused(monkeypatch):
    import sys

    module = sys.modules["ganlib.data.stream"]
    monkeypatch.setattr(module, "tensorflow_io", lambda: None)
    assert choose_decoder("auto") == "soundfile"
    with pytest.raises(DataError, match="does not load beside this TensorFlow"):
        choose_decoder("tensorflow-io")


@pytest.mark.skipif(tensorflow_io() is None, reason="tensorflow-io does not load")
def test_with_tensorflow_io_the_choice_is_tensorflow_io():
    assert choose_decoder("auto") == "tensorflow-io" and choose_decoder("soundfile") == "soundfile"


def test_broken_operations_are_found_out_by_decoding(monkeypatch):
    import sys
    from types import SimpleNamespace

    def undefined_symbol(*args, **options):
        raise NotImplementedError("unable to open file: libtensorflow_io.so")

    broken = SimpleNamespace(audio=SimpleNamespace(decode_wav=undefined_symbol))
    monkeypatch.setitem(sys.modules, "tensorflow_io", broken)
    assert tensorflow_io.__wrapped__() is None


def test_without_tensorflow_the_error_says_what_to_do(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError, match="needs TensorFlow, which is not installed"):
        stream("digits")


def test_bad_options_and_empty_data_are_refused(tmp_path):
    with pytest.raises(OptionError, match="decoder: expected one of auto"):
        stream(tmp_path, decoder="ear")
    with pytest.raises(OptionError, match="batch_size: expected 1 or more"):
        stream(tmp_path, batch_size=0)
    with pytest.raises(OptionError, match="pieces: expected one of auto, first, all, loudest"):
        stream("digits", pieces="some")
    with pytest.raises(DataError, match="found none"):
        stream(tmp_path)
    with pytest.raises(DataError, match="the list of files has no split"):
        stream([])
