"""Mel bands against librosa, and their inverse against non-negative least squares."""

import librosa
import numpy as np
import pytest
import scipy.optimize
from keras import ops

from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import (
    format_filterbank,
    hz_to_mel,
    log_mel,
    mel_filterbank,
    mel_to_hz,
    mel_to_magnitude,
)
from ganlib.audio.signals import chirp, vowel, white_noise
from ganlib.errors import OptionError

FORMAT = AudioFormat(sample_rate=16000, n_fft=512, hop_length=128, n_mels=40)


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_the_mel_scale_agrees_with_librosa_and_inverts(scale):
    frequencies_hz = np.linspace(0.0, 11025.0, 200)
    mels = hz_to_mel(frequencies_hz, scale)
    expected = librosa.hz_to_mel(frequencies_hz, htk=scale == "htk")
    np.testing.assert_allclose(mels, expected, rtol=1e-12)
    np.testing.assert_allclose(mel_to_hz(mels, scale), frequencies_hz, atol=1e-9)


@pytest.mark.parametrize("scale", ["slaney", "htk"])
@pytest.mark.parametrize(
    ("sample_rate", "n_fft", "n_mels", "fmin_hz", "fmax_hz"),
    [
        (16000, 1024, 64, 0.0, None),
        (22050, 1024, 80, 0.0, 8000.0),
        (8000, 512, 40, 50.0, 3800.0),
        (24000, 1200, 20, 125.5, 7600.0),
    ],
)
def test_the_filterbank_agrees_with_librosa(sample_rate, n_fft, n_mels, fmin_hz, fmax_hz, scale):
    ours = mel_filterbank(sample_rate, n_fft, n_mels, fmin_hz, fmax_hz, scale)
    librosas = librosa.filters.mel(
        sr=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin_hz, fmax=fmax_hz, htk=scale == "htk"
    )
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, librosas.T, atol=1e-7)


def test_every_band_has_area_one():
    filterbank = mel_filterbank(16000, 16384, 20)
    np.testing.assert_allclose(filterbank.sum(axis=0) * 16000 / 16384, 1.0, rtol=2e-3)


def test_a_band_without_a_bin_is_refused():
    with pytest.raises(OptionError, match="of 80 mel bands hold no frequency bin at n_fft=128"):
        mel_filterbank(16000, 128, 80)


def test_an_unknown_scale_is_refused():
    for call in (hz_to_mel, mel_to_hz):
        with pytest.raises(OptionError, match="'slaney' or 'htk', got 'bark'"):
            call(np.ones(1), "bark")


def test_nobody_can_spoil_the_filterbank_that_all_share():
    with pytest.raises(ValueError, match="read-only"):
        mel_filterbank(16000, 1024, 40)[0, 0] = 1.0


def test_log_mel_agrees_with_librosa():
    audio = np.stack([vowel(120.0, "had", 0.3), white_noise(0.3, 16000)])
    expected = librosa.feature.melspectrogram(
        y=audio.astype("float64"), sr=16000, n_fft=512, hop_length=128, n_mels=40, power=1.0
    ).swapaxes(1, 2)
    frames = ops.convert_to_numpy(log_mel(audio, FORMAT))
    assert frames.shape == (2, 1 + 4800 // 128, 40)
    np.testing.assert_allclose(np.exp(frames), np.maximum(expected, 1e-5), rtol=1e-4, atol=1e-6)
    loud = expected > 1e-3
    assert np.abs(frames - np.log(expected))[loud].max() < 1e-4


def test_log_mel_of_silence_is_the_log_of_its_floor():
    frames = log_mel(np.zeros((1, 1000), "float32"), FORMAT, floor=1e-3)
    np.testing.assert_allclose(ops.convert_to_numpy(frames), np.log(1e-3), rtol=1e-6)


# With 64 bands in 257 bins the pseudo-inverse of a noisy frame has negative values to mend.
FINE = AudioFormat(sample_rate=16000, n_fft=512, hop_length=128, n_mels=64)


def mel_error(spectrum, mel) -> float:
    rebuilt = ops.convert_to_numpy(spectrum) @ format_filterbank(FINE)
    return float(np.linalg.norm(rebuilt - mel) / np.linalg.norm(mel))


def uneven_mel() -> np.ndarray:
    clips = [vowel(120.0, "hod", 0.1), white_noise(0.05, 16000), chirp(200.0, 3000.0, 0.1, 16000)]
    return np.exp(ops.convert_to_numpy(log_mel(np.concatenate(clips)[None], FINE)))


def test_the_inverse_of_mel_is_never_negative_and_never_gets_worse():
    mel = uneven_mel()
    found = [mel_to_magnitude(mel, FINE, iterations) for iterations in (0, 1, 4, 16, 64)]
    assert min(float(ops.min(spectrum)) for spectrum in found) >= 0.0
    errors = [mel_error(spectrum, mel) for spectrum in found]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0] / 2


def test_the_inverse_of_mel_is_close_to_the_least_squares_optimum_and_beats_librosas():
    mel = uneven_mel()
    filterbank = format_filterbank(FINE).astype("float64")
    optimum = np.stack([scipy.optimize.nnls(filterbank.T, frame)[0] for frame in mel[0]])
    librosas = librosa.feature.inverse.mel_to_stft(mel[0].T, sr=16000, n_fft=512, power=1.0).T
    ours = mel_error(mel_to_magnitude(mel, FINE), mel)
    assert ours < 0.2 * mel_error(librosas[None], mel)  # librosa stops at the clipped inverse
    assert ours < mel_error(optimum[None], mel) + 0.002


def test_the_inverse_of_mel_leaves_uncovered_bins_at_zero():
    audio_format = AudioFormat(n_fft=512, hop_length=128, n_mels=20, fmin_hz=510.0, fmax_hz=3990.0)
    spectrum = ops.convert_to_numpy(mel_to_magnitude(np.ones((1, 2, 20), "float32"), audio_format))
    bins_hz = np.arange(257) * 16000 / 512
    outside = (bins_hz < 510.0) | (bins_hz > 3990.0)
    assert spectrum[..., outside].max() == 0.0
    assert spectrum[..., ~outside].max() > 0.0


def test_the_inverse_of_silence_is_silence():
    spectrum = mel_to_magnitude(np.zeros((1, 2, 40), "float32"), FORMAT)
    assert float(ops.max(spectrum)) < 1e-6
