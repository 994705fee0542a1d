"""Every format that libsndfile reads is found by its suffix, and every other is counted."""

import importlib.util

import numpy as np
import pytest
import soundfile

from ganlib.audio.format import AudioFormat
from ganlib.data.loading import load_clips
from ganlib.data.stream import stream
from ganlib.data.summary import info
from ganlib.errors import DataError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=512)
WRITTEN = {
    "a.wave": "WAV", "b.rf64": "RF64", "c.w64": "W64", "d.au": "AU", "e.snd": "AU", "f.caf": "CAF",
    "g.aifc": "AIFF", "h.sph": "NIST", "i.nist": "NIST", "j.voc": "VOC", "k.bwf": "WAVEX",
    "l.AU": "AU",
}  # fmt: skip
UNREAD = ("m.amr", "n.3gp", "o.m4a", "p.wma", "q.aac", "r.M4A", "s.pcm", "t.gsm")


@pytest.fixture
def folder(tmp_path):
    for place, (name, container) in enumerate(WRITTEN.items(), start=1):
        soundfile.write(tmp_path / name, np.full(400, place / 20), 8000, "PCM_16", format=container)
    return tmp_path


def levels(samples) -> list[float]:
    return samples[:, 0, 0].round(2).tolist()


def test_all_formats_that_libsndfile_reads_are_read(folder):
    clips = load_clips(folder, audio_format=FORMAT)
    assert clips.names == tuple(WRITTEN) and not clips.skipped
    assert levels(clips.samples) == pytest.approx([n / 20 for n in range(1, 13)], abs=0.011)
    if importlib.util.find_spec("tensorflow"):
        [(samples, _)] = stream(folder, FORMAT, seed=None).as_numpy_iterator()
        assert levels(samples) == levels(clips.samples)


def test_the_others_are_counted_with_the_reason(folder):
    for name in UNREAD:
        (folder / name).write_bytes(b"sound of another kind")
    clips = load_clips(folder, audio_format=FORMAT)
    assert [path.rpartition("/")[2] for path, _ in clips.skipped] == sorted(UNREAD)
    assert len(clips) == len(WRITTEN)
    for path, reason in clips.skipped:
        suffix = path[path.rindex(".") :].lower()
        assert reason.startswith(f"cannot be decoded: {suffix} is no format that libsndfile reads")
    if importlib.util.find_spec("tensorflow"):
        assert stream(folder, FORMAT).skipped == clips.skipped
    text = str(info(folder))
    assert "cannot be used  8" in text and "o.m4a and 1 more .m4a: cannot be decoded" in text
    with pytest.raises(DataError, match="8 of 20 files cannot be used; .*m.amr: .*libsndfile"):
        load_clips(folder, audio_format=FORMAT, strict=True)


@pytest.mark.parametrize("name", ["a.gsm", "a.vox", "a.au", "a.snd"])
def test_the_name_alone_makes_no_sound(tmp_path, name):
    (tmp_path / name).write_bytes(bytes(range(256)) * 10)  # libsndfile would take it, by its name
    soundfile.write(tmp_path / "b.wav", np.full(400, 0.5), 8000)
    skipped = load_clips(tmp_path, audio_format=FORMAT).skipped
    assert [path for path, _ in skipped] == [str(tmp_path / name)]
    if importlib.util.find_spec("tensorflow"):
        assert stream(tmp_path, FORMAT).skipped == skipped


def test_a_wav_file_under_a_name_that_is_no_format_of_libsndfile_is_read_all_the_same(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.full(400, 0.5), 8000)
    (tmp_path / "a.wav").rename(tmp_path / "a.m4a")
    assert len(load_clips(tmp_path, audio_format=FORMAT)) == 1


def test_archives_in_an_otherwise_empty_folder_are_named(tmp_path):
    for name in ("speech.zip", "train.parquet"):
        (tmp_path / name).touch()
    with pytest.raises(DataError, match="found none; unpack first .*: speech.zip, train.parquet"):
        load_clips(tmp_path)
