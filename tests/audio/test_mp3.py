"""Frames of MP3 files, counted and told to the decoder."""

import io

import pytest
import soundfile

from ganlib.audio.mp3 import mp3_layout, read_header
from ganlib.audio.parts import Part
from tests.sound_cases import MP3_CASES, encoded, id3_tag, sound, without_xing

WHOLE = (Part(),)


def layout(data: bytes):
    return mp3_layout(io.BytesIO(data))


@pytest.mark.parametrize(
    ("header", "size", "samples", "rate"),
    [  # table of bit rates and formula of ISO/IEC 11172-3 and 13818-3, by hand
        ("fffb9064", 417, 1152, 44100),  # 128 kbit/s: 144 * 128000 / 44100
        ("fffb9264", 418, 1152, 44100),  # the same with padding
        ("fff384c4", 192, 576, 24000),  # MPEG-2, 64 kbit/s: 72 * 64000 / 24000
        ("ffe318c4", 72, 576, 8000),  # MPEG-2.5, 8 kbit/s
    ],
)
def test_a_header_tells_the_size_and_the_samples_of_its_frame(header, size, samples, rate):
    frame = read_header(bytes.fromhex(header))
    assert (frame.size, frame.samples, frame.rate) == (size, samples, rate)


@pytest.mark.parametrize(
    "header", ["00000000", "fffb0064", "fffbf064", "fffb9c64", "fffd9064", "ffeb9064", "ff"]
)
def test_what_is_no_header_of_layer_iii_is_none(header):
    assert read_header(bytes.fromhex(header)) is None


def test_a_file_whose_xing_header_tells_the_truth_stays_as_it_is():
    mp3 = encoded(sound(), "MP3")
    for data in (mp3, id3_tag(777) + mp3, mp3 + b"TAG" + bytes(125), id3_tag(5) + mp3 + bytes(100)):
        assert layout(data) == (WHOLE, None, True)


def test_frames_without_a_xing_header_are_counted_between_all_kinds_of_tags():
    frames = without_xing(encoded(sound(), "MP3"))
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + (64).to_bytes(4, "little")
    tags = ape + bytes(4) + b"\0\0\0\xa0" + bytes(8) + bytes(32) + b"APETAGEX" + bytes(24)
    [bare] = layout(frames).parts
    [tagged] = layout(id3_tag(300) + id3_tag(44) + frames + tags + b"TAG" + bytes(125)).parts
    assert bare.head == tagged.head and (bare.start, bare.end) == (0, len(frames))
    assert (tagged.start, tagged.end) == (364, 364 + len(frames))


def test_rubbish_between_frames_is_stepped_over():
    frames = (MP3_CASES / "vbr44_noxing.mp3").read_bytes()[44:]
    rubbish = b"\xff\xfb\xff" + bytes(3000)
    first, second = layout(frames[:704] + rubbish + frames[704:]).parts  # behind two frames
    assert (first.end, second.start) == (704, 704 + len(rubbish))


def test_a_last_frame_that_is_cut_is_no_sound_and_is_told():
    frames = (MP3_CASES / "vbr44_noxing.mp3").read_bytes()[44:]
    whole, cut = layout(frames), layout(frames[:-10])
    assert (whole.whole_seconds, cut.whole_seconds) == (None, 0.0)
    assert cut.parts[0].end == len(frames) - 522


def test_what_only_begins_like_an_mp3_is_left_to_the_decoder():
    for data in (
        b"\xff\xfb",
        b"\xff\xfb\x90\x64" + bytes(5000),
        id3_tag(9) + encoded(sound(), "FLAC"),
    ):
        assert layout(data) == (WHOLE, None, True)


def test_the_end_of_an_mp3_that_breaks_off_is_not_taken_for_padding():
    mp3 = encoded(sound(2.0), "MP3")
    mark, kept = mp3.index(b"Xing"), len(mp3) // 2
    delay, padding = mp3[mark + 141] << 4 | mp3[mark + 142] >> 4, mp3[mark + 142 : mark + 144]
    [part] = layout(mp3[:kept]).parts
    data = part.head + mp3[part.start : part.end]
    frames = int.from_bytes(part.head[mark + 8 : mark + 12], "big")
    assert padding[0] & 15 or padding[1]  # the whole file has some at its end
    assert len(soundfile.read(io.BytesIO(data))[0]) == 576 * frames - 529 - delay
