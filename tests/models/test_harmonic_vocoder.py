"""A vocoder that speaks before it is trained, and says what it is told to."""

import keras
import numpy as np
import pytest

from ganlib.audio.files import read_audio
from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import log_mel
from ganlib.audio.pitch import track_pitch
from ganlib.metrics.perceptual import stoi_score
from ganlib.models.harmonic_vocoder import harmonic_vocoder

SMALL = {"width": 16, "blocks": 1, "pitch_width": 8, "pitch_blocks": 1}
SOUND = AudioFormat(16000, 32768, 1, 1024, 256, 80, 0.0, 8000.0)


def array(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


@pytest.fixture(scope="module")
def untrained() -> keras.Model:
    keras.utils.set_random_seed(0)
    return harmonic_vocoder(80, **SMALL)


def test_the_shipped_size_has_as_many_parameters_as_its_layers_say():
    """A block: depthwise k + 1, norm 2, dense 2 * expansion * w + expansion + 1, times w."""

    def block(width, expansion):
        return width * (7 + 1 + 2 + 2 * expansion * width + expansion + 1)

    def trunk(read, width, blocks, expansion, written):
        ends = 7 * read * width + width + 4 * width + width * written + written
        return ends + blocks * block(width, expansion)

    expected = trunk(82, 192, 5, 3, 2 * 2 * 257) + trunk(80, 96, 3, 2, 98)
    assert harmonic_vocoder(80).count_params() == expected


def test_without_training_it_already_speaks(untrained):
    """Told the pitch, with magnitudes of the mel bands: understood, by a measure of others."""
    pytest.importorskip("pystoi")
    clip, _ = read_audio("datasets/voice/wavs/conf-now-recording.flac", 16000)
    clip = clip[: len(clip) // 256 * 256]
    mel = array(log_mel(clip[None], SOUND))[:, :-1]
    pitch = track_pitch(clip, 16000, 256)[:-1]
    made = array(untrained(np.concatenate([mel, pitch[None, :, None]], -1))[0])
    assert stoi_score(clip[None], np.clip(made[..., 0], -1, 1), 16000)[0] > 0.85


def test_the_pitch_that_is_given_is_the_pitch_that_is_heard(untrained):
    mel = np.full((1, 64, 80), -2.0, "float32")
    for hz in (110.0, 220.0):
        given = np.full((1, 64, 1), hz, "float32")
        made = array(untrained(np.concatenate([mel, given], -1))[0])[0, :, 0]
        heard = track_pitch(made, 16000, 256)[8:-8]
        np.testing.assert_allclose(np.median(heard), hz, rtol=0.01)


def test_any_number_of_frames_gives_as_many_hops(untrained):
    for frames in (8, 13):
        clip, scores = untrained(np.full((2, frames, 81), -1.0, "float32"))
        assert tuple(clip.shape) == (2, frames * 256, 1)
        assert tuple(scores.shape) == (2, frames, 98)


def test_frames_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match="divides"):
        harmonic_vocoder(80, written_n_fft=300, **SMALL)
