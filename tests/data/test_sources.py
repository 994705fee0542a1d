"""What the decoding graph is told of a file before it opens it."""

import numpy as np
import pytest
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.data.folders import Recording
from ganlib.data.sources import KINDS, OTHER, resampling_plan, scan_sources

FORMAT = AudioFormat(sample_rate=16000, clip_samples=1000)
RATES = (8000, 11025, 12345, 16000, 22050, 24000, 32000, 44100, 48000, 96000)


@pytest.mark.parametrize("from_hz", RATES)
@pytest.mark.parametrize("to_hz", (8000, 16000, 22050))
def test_the_delay_that_is_dropped_is_a_whole_number_of_samples(from_hz, to_hz):
    ratio_in, ratio_out, front, drop = resampling_plan(from_hz, to_hz)
    assert ratio_in * to_hz == ratio_out * from_hz and 0 <= front < ratio_in
    half = drop * ratio_in / ratio_out - front  # of the filter, in samples of the input
    assert half == int(half) and half >= 32
    assert half % 4 == 0 and abs(half - 32 * max(1, from_hz / to_hz)) <= 4


@pytest.mark.parametrize(
    "name, subtype, kind",
    [
        ("a.wav", "PCM_U8", 0), ("a.wav", "PCM_16", 1), ("a.wav", "PCM_24", 2),
        ("a.wav", "FLOAT", 3), ("a.wav", "PCM_32", OTHER), ("a.wav", "DOUBLE", OTHER),
        ("a.flac", "PCM_16", 5), ("a.ogg", "VORBIS", 7), ("a.mp3", "MPEG_LAYER_III", 8),
        ("a.aiff", "PCM_16", OTHER),
    ],
)  # fmt: skip
def test_a_header_says_which_decoder_reads_the_file(tmp_path, name, subtype, kind):
    path = tmp_path / name
    soundfile.write(path, np.zeros(2000), 8000, subtype=subtype)
    [source], skipped, notes = scan_sources([Recording(path, "7")], ("0", "7"), FORMAT)
    assert (source.path, source.label, source.kind, source.rate) == (str(path), 1, kind, 8000)
    assert skipped == notes == []
    [source], _, _ = scan_sources([Recording(path)], (), FORMAT, kinds=())
    assert source.kind == OTHER == len(KINDS) and source.label == 0


def test_files_with_an_unusable_header_are_listed_with_the_reason(tmp_path):
    soundfile.write(tmp_path / "three.wav", np.zeros((2000, 3)), 8000)
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 8000)
    (tmp_path / "text.wav").write_text("not a sound")
    names = ("three.wav", "empty.wav", "text.wav", "lost.wav")
    stereo = AudioFormat(sample_rate=16000, clip_samples=1000, channels=2)
    sources, skipped, _ = scan_sources([Recording(tmp_path / n) for n in names], (), stereo)
    assert sources == []
    reasons = [reason for _, reason in skipped]
    for reason, words in zip(
        reasons, ("has 3 channels, expected 2 or 1", "is empty", "cannot be decoded", "No such"),
        strict=True,
    ):  # fmt: skip
        assert words in reason


def test_files_that_the_graph_decodes_otherwise_or_that_are_long_go_through_soundfile(tmp_path):
    for name, seconds in (("a.wav", 1), ("other.wav", 1), ("long.wav", 61)):
        soundfile.write(tmp_path / name, np.zeros(8000 * seconds), 8000)
    items = [Recording(tmp_path / name) for name in ("a.wav", "other.wav", "long.wav")]
    asked = []

    def check(item, source):
        asked.append((item.path.name, source.kind))
        return item.path.name != "other.wav"

    sources, _, _ = scan_sources(items, (), FORMAT, check=check)
    assert [source.kind for source in sources] == [1, OTHER, OTHER]
    assert sorted(asked) == [("a.wav", 1), ("long.wav", OTHER), ("other.wav", 1)]


def test_files_that_break_off_are_used_and_noted(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(8000), 8000)
    path.write_bytes(path.read_bytes()[:8044])
    [source], skipped, notes = scan_sources([Recording(path)], (), FORMAT)
    assert source.kind == OTHER and skipped == []
    assert notes == [(str(path), "breaks off after 0.50 of 1.00 s; get a complete copy")]
