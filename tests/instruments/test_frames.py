"""Two ways to make frames differ in what they say."""

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.instruments.frames import MelFrames, differences, told


def test_frames_of_one_kind_do_not_differ_whatever_their_clips_are():
    one, other = AudioFormat(16000, 32768), AudioFormat(16000, 8192)
    assert differences(MelFrames(one, 1e-5), MelFrames(other, 1e-5)) == {}


def test_every_difference_is_told_from_both_sides():
    sound = AudioFormat(8000, 8192, 1, 256, 128, 16)
    codec = SpectrogramCodec(sound, "linear", (0.0,) * 128, (1.0,) * 128, floor=1e-3)
    found = differences(MelFrames(sound, 1e-5), codec)
    assert found == {"scale": ("mel", "linear"), "floor": (1e-5, 1e-3)}
    assert (
        told(found, 0) == "scale mel, floor 1e-05" and told(found, 1) == "scale linear, floor 0.001"
    )
