"""The benchmark of the way back, and the marks of a vocoder's card, on tiny networks."""

import numpy as np
import pytest

from benchmarks.ship_vocoder import by_griffin_lim, marks
from benchmarks.speaking import compared
from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.instruments.vocoder import Vocoder

SOUND = AudioFormat(8000, 2048, n_fft=256, hop_length=128, n_mels=16)


@pytest.fixture(scope="module")
def vocoder() -> Vocoder:
    arguments = {"n_mels": 16, "width": 8, "blocks": 1}
    return Vocoder.build("istft_vocoder", arguments, SOUND, floor=1e-3)


def test_both_ways_are_timed_on_the_same_pictures(vocoder, monkeypatch):
    codec = SpectrogramCodec(SOUND, "mel", (-5.0,) * 16, (1.0,) * 16, iterations=2, floor=1e-3)
    seen = []
    decode = SpectrogramCodec.decode
    monkeypatch.setattr(
        SpectrogramCodec, "decode", lambda self, x: seen.append(np.array(x)) or decode(self, x)
    )
    heard = Vocoder.__call__
    monkeypatch.setattr(
        Vocoder, "__call__", lambda self, mel: seen.append(np.array(mel)) or heard(self, mel)
    )
    arguments = {"frames": 16, "rows": 16, "dim": 2, "latent_dim": 4}
    speaker = Synthesizer.build("specgan_generator", arguments, SOUND, codec=codec, vocoder=vocoder)
    found = compared(speaker, count=3, turns=2)
    assert list(found) == [
        "painting",
        "Griffin-Lim",
        "vocoder",
        "whole clips, Griffin-Lim",
        "whole clips, vocoder",
    ]
    assert min(found.values()) > 0
    assert len(seen) == 3 * 4  # a first call that is not counted, and two turns
    np.testing.assert_array_equal(codec.log_magnitudes(seen[0]), seen[1])


def test_griffin_lim_beside_it_gets_the_same_frames(vocoder):
    real = tone(500.0, 0.256, 8000)[None, :2048, None].astype("float32") * 0.5
    made = by_griffin_lim(vocoder, vocoder.frames(real))
    assert made.shape == real.shape
    spectrum = np.abs(np.fft.rfft(made[0, :, 0]))
    assert abs(spectrum.argmax() * 8000 / 2048 - 500.0) < 150.0  # a band is wider


def test_marks_are_perfect_for_the_recording_itself():
    real = np.random.default_rng(0).normal(0.0, 0.1, (2, 8192, 1)).astype("float32")
    found = marks(real, real, np.array([1, 2]), 8000)
    assert found["distance_of_spectra"] == 0.0 and found["stoi"] == pytest.approx(1.0, abs=1e-3)
    assert marks(real, 0.1 * real, np.array([1, 2]), 8000)["distance_of_spectra"] > 1.0
