"""Where streams lie in WAV, FLAC and Ogg files, and windows onto them."""

import io
import os

import numpy as np
import soundfile

from ganlib.audio.ogg import ogg_layout
from ganlib.audio.parts import Part, Window, flac_layout, wav_layout
from tests.sound_cases import encoded, number, patched, sound

WHOLE = (Part(),)


def test_a_window_is_a_file_of_its_own():
    window = Window(io.BytesIO(b"0123456789"), Part(3, 8, b"ab"))
    assert window.readable() and window.seekable()
    assert window.read() == b"ab34567"
    assert (window.seek(-2, os.SEEK_END), window.read(9), window.tell()) == (5, b"67", 7)
    assert (window.seek(1), window.read(1), window.seek(1, os.SEEK_CUR)) == (1, b"b", 3)
    assert window.read(2) == b"45"
    assert window.seek(50) == 50 and window.read(1) == b""


def test_a_wav_of_unknown_length_is_given_one_that_means_to_the_end():
    wav = encoded(sound(), "WAV")
    assert wav_layout(io.BytesIO(wav)) == (WHOLE, None, True)
    unknown = wav_layout(io.BytesIO(patched(wav, (4, bytes(4)), (40, bytes(4)))))
    assert not unknown.plain and unknown.parts[0].start == 44
    assert unknown.parts[0].head[40:] == b"\xff\xff\xff\xff"
    more = wav_layout(io.BytesIO(patched(wav, (40, number(2**32 - 1)))))
    assert (more.parts, more.plain) == (WHOLE, False)


def test_an_empty_wav_with_a_chunk_behind_its_data_stays_empty():
    tail = b"LIST" + number(4) + b"INFO"
    wav = patched(encoded(sound()[:0], "WAV") + tail, (4, number(36 + len(tail))))
    assert wav_layout(io.BytesIO(wav)).parts == WHOLE
    assert wav_layout(io.BytesIO(wav[:30])).parts == WHOLE  # no data at all


def test_joined_flac_is_found_also_across_the_stretches_that_are_searched(monkeypatch):
    flac = encoded(sound(0.1), "FLAC")
    for searched in (64, 100, len(flac) + 3, len(flac) + 8):
        monkeypatch.setattr("ganlib.audio.parts.SEARCHED", searched)
        found = flac_layout(io.BytesIO(3 * flac))
        assert [part.start for part in found.parts] == [0, len(flac), 2 * len(flac)]
    assert flac_layout(io.BytesIO(flac)) == (WHOLE, None, True)


def test_joined_ogg_is_divided_where_a_stream_begins():
    ogg = encoded(sound(), "OGG", "VORBIS")
    assert ogg_layout(io.BytesIO(ogg)) == (WHOLE, None, True)
    assert ogg_layout(io.BytesIO(ogg + ogg)).parts == (Part(0, len(ogg)), Part(len(ogg), None))
    assert ogg_layout(io.BytesIO(ogg + bytes(50))).whole_seconds is None  # zeros are no page


def test_an_ogg_whose_last_page_is_cut_ends_at_the_page_before():
    ogg = encoded(sound(), "OGG", "VORBIS")
    found = ogg_layout(io.BytesIO(ogg[:-1]))
    [part] = found.parts
    assert found.whole_seconds == 0.0 and part.end < len(ogg) - 1
    assert ogg[part.end : part.end + 4] == b"OggS"
    assert len(soundfile.read(Window(io.BytesIO(ogg), part))[0]) < len(sound())


def test_a_part_of_a_file_decodes_like_the_file_that_it_was():
    flac = encoded(sound(), "FLAC")
    window = Window(io.BytesIO(bytes(99) + flac + bytes(99)), Part(99, 99 + len(flac)))
    np.testing.assert_array_equal(soundfile.read(window)[0], soundfile.read(io.BytesIO(flac))[0])
