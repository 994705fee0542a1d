"""Paired distances against closed forms, hand-written loops, librosa and SciPy."""

import librosa
import numpy as np
import pytest
import scipy.fft
import scipy.signal

from ganlib.audio import AudioFormat
from ganlib.audio.signals import chirp, tone, white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics.paired import (
    log_spectral_distance,
    mel_cepstral_distortion,
    multi_resolution_stft_distance,
    si_sdr,
)

RATE = 8000
DISTANCES = [log_spectral_distance, mel_cepstral_distortion, multi_resolution_stft_distance]


@pytest.fixture(scope="module")
def speech():
    """Six recorded digits, (6, 8192, 1)."""
    return load_clips("digits", "test", AudioFormat(RATE, 8192)).samples[:60:10]


@pytest.fixture(scope="module")
def noisy(speech):
    return speech + np.random.default_rng(0).normal(0, 0.01, speech.shape).astype("float32")


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("rate", [8000, 16000, 22050])
def test_equal_clips_have_no_distance(distance, rate):
    noise = white_noise(0.5, rate)[None]
    assert distance(noise, noise.copy(), rate).tolist() == [0.0]


@pytest.mark.parametrize("distance", DISTANCES)
def test_more_noise_is_a_larger_distance_in_every_clip(distance, speech, noisy):
    noisier = speech + 3 * (noisy - speech)
    assert (distance(speech, noisy, RATE) < distance(speech, noisier, RATE)).all()


@pytest.mark.parametrize("measure", [*DISTANCES, lambda x, y, rate: si_sdr(x, y)])
def test_each_clip_is_measured_alone(measure, speech, noisy):
    alone = [measure(speech[i : i + 1], noisy[i : i + 1, :, 0][..., None], RATE) for i in range(6)]
    np.testing.assert_allclose(measure(speech, noisy, RATE), np.concatenate(alone), rtol=1e-9)


@pytest.mark.parametrize("measure", [*DISTANCES, lambda x, y, rate: si_sdr(x, y)])
def test_clips_that_are_no_pair_are_refused(measure):
    clips = np.ones((2, 8000))
    with pytest.raises(OptionError, match="same shape"):
        measure(clips, clips[:, 1:], RATE)
    with pytest.raises(OptionError, match="estimate must be finite"):
        measure(clips, clips * np.nan, RATE)


@pytest.mark.parametrize(("distance", "samples"), zip(DISTANCES, (256, 256, 400), strict=True))
def test_a_clip_shorter_than_a_frame_is_refused(distance, samples):
    noise = white_noise(1.0, RATE)[None]
    assert distance(noise[:, :samples], noise[:, -samples:], RATE)[0] > 0
    with pytest.raises(OptionError, match=f"at least {samples} samples"):
        distance(noise[:, : samples - 1], noise[:, 1:samples], RATE)


@pytest.mark.parametrize("gain_db", [-20.0, -6.0, 6.0])
def test_a_gain_is_its_own_log_spectral_distance(gain_db):
    noise = white_noise(1.0, RATE)[None]
    distance = log_spectral_distance(noise, noise * 10 ** (gain_db / 20), RATE)
    assert distance[0] == pytest.approx(abs(gain_db), abs=1e-2)


def test_the_log_spectral_distance_follows_its_formula(speech, noisy):
    expected = []
    for real, fake in zip(speech[..., 0], noisy[..., 0], strict=True):
        frames = []
        for start in range(0, 8192 - 256 + 1, 64):
            window = scipy.signal.get_window("hann", 256)
            levels = []
            for clip in (real, fake):
                bins = np.abs(scipy.fft.rfft(window * clip[start : start + 256].astype("float64")))
                levels.append(20 * np.log10(np.maximum(bins / 64, 1e-5)))
            frames.append(np.sqrt(np.mean((levels[0] - levels[1]) ** 2)))
        expected.append(np.mean(frames))
    np.testing.assert_allclose(log_spectral_distance(speech, noisy, RATE), expected, rtol=1e-6)


def test_the_floor_is_100_db_below_a_sine_of_full_scale():
    # Every frame of this sine has one bin at 0 dB, two at -6.02 and the others at the floor.
    sine, silence = tone(2000, 1.0, RATE, amplitude=1.0)[None], np.zeros((1, RATE), "float32")
    level = 20 * np.log10(0.5)
    expected = np.sqrt((100**2 + 2 * (100 + level) ** 2) / 129)
    assert log_spectral_distance(sine, silence, RATE)[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_mel_cepstral_distortion_agrees_with_librosa_and_scipy(noisy, rate):
    size, noisier = round(0.032 * rate), noisy + white_noise(1.024, RATE, rms=0.02)[:, None]
    cepstra = []
    for clips in (noisy, noisier):
        mel = librosa.feature.melspectrogram(
            # librosa puts a short window into the middle of a long frame.
            y=np.pad(clips[..., 0], ((0, 0), (size // 2, size // 2))).astype("float64"),
            sr=rate,
            n_fft=2 * size,
            win_length=size,
            hop_length=round(0.008 * rate),
            center=False,
            n_mels=40,
        )
        cepstra.append(scipy.fft.dct(np.log(mel), axis=1, norm="ortho")[:, 1:14] / np.sqrt(40))
    distances = np.sqrt(np.sum((cepstra[0] - cepstra[1]) ** 2, axis=1)).mean(axis=1)
    expected = 10 / np.log(10) * distances  # c = orthonormal / sqrt(2 J), and sqrt(2) stays
    np.testing.assert_allclose(mel_cepstral_distortion(noisy, noisier, rate), expected, rtol=1e-4)


def test_the_mel_cepstral_distortion_does_not_hear_the_level():
    loud = 0.1 * white_noise(1.0, RATE)[None]
    assert mel_cepstral_distortion(loud, loud * 4, RATE)[0] == pytest.approx(0, abs=1e-6)


def test_with_all_coefficients_the_distortion_is_an_rms_in_db_over_the_bands():
    noise, other = white_noise(0.032, RATE)[None], white_noise(0.032, RATE, seed=1)[None]
    levels = []
    for clip in (noise[0], other[0]):
        power = np.abs(np.fft.rfft(np.hanning(257)[:-1] * clip, 512)) ** 2
        filters = librosa.filters.mel(sr=RATE, n_fft=512, n_mels=40)
        levels.append(10 * np.log10(filters @ power))
    difference = levels[0] - levels[1]
    expected = np.std(difference)  # the mean, which is the level, is taken off
    ours = mel_cepstral_distortion(noise, other, RATE, coefficients=39)
    assert ours[0] == pytest.approx(expected, rel=1e-4)
    assert mel_cepstral_distortion(noise, other, RATE, coefficients=38)[0] < ours[0]


@pytest.mark.parametrize("coefficients", [0, 40])
def test_a_number_of_coefficients_out_of_range_is_refused(coefficients):
    with pytest.raises(OptionError, match="coefficients must lie in"):
        mel_cepstral_distortion(np.ones((1, 8000)), np.ones((1, 8000)), RATE, coefficients)


@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 25.0])
def test_noise_at_a_known_ratio_has_that_si_sdr(snr_db):
    sine = tone(1000, 10.0, RATE, amplitude=np.sqrt(2)).astype("float64")
    noise = white_noise(10.0, RATE, rms=10 ** (-snr_db / 20))
    noise = (
        noise - noise.mean() - (noise @ sine) / (sine @ sine) * sine
    )  # nothing of the sine in it
    noise *= 10 ** (-snr_db / 20) / np.sqrt(np.mean(noise**2))
    assert si_sdr(sine[None], (sine + noise)[None])[0] == pytest.approx(snr_db, abs=1e-6)


def test_si_sdr_ignores_scale_sign_and_offset(speech, noisy):
    expected = si_sdr(speech, noisy)
    for changed in (5 * noisy, -noisy, noisy + 0.3):
        np.testing.assert_allclose(si_sdr(speech, changed), expected, rtol=1e-4)
    np.testing.assert_allclose(si_sdr(speech * 0.1 + 0.2, noisy), expected, rtol=1e-4)


def test_si_sdr_is_the_squared_cotangent_of_the_angle(speech, noisy):
    real, fake = (clips[..., 0].astype("float64") for clips in (speech, noisy))
    cosine = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(real, fake, strict=True)])
    expected = 10 * np.log10(cosine**2 / (1 - cosine**2))
    np.testing.assert_allclose(si_sdr(speech, noisy), expected, rtol=1e-6)


def test_si_sdr_of_equal_and_of_unrelated_clips_has_an_end():
    sine, cosine = tone(1000, 1.0, RATE), tone(1000, 1.0, RATE, phase=np.pi / 2)
    constant = np.full(RATE, 0.1)
    real = np.stack([sine] * 4)
    fake = np.stack([sine, 0 * sine, constant, cosine])
    scores = si_sdr(real, fake)
    assert scores[:3].tolist() == [100.0, -100.0, -100.0]
    assert scores[3] < -90


@pytest.mark.parametrize("constant", [0.0, 0.1])
def test_si_sdr_to_a_constant_reference_is_refused(constant):
    sine = tone(1000, 1.0, RATE)
    with pytest.raises(OptionError, match="1 of 2"):
        si_sdr(np.stack([sine, np.full(RATE, constant)]), np.stack([sine, sine]))


@pytest.mark.parametrize("gain", [0.5, 3.0])
def test_a_gain_has_the_stft_distance_of_the_closed_form(gain):
    noise = white_noise(1.0, RATE, rms=0.05)[None]
    distance = multi_resolution_stft_distance(noise, gain * noise, RATE)
    assert distance[0] == pytest.approx(abs(1 - gain) + abs(np.log(gain)), rel=1e-3)


def test_the_stft_distance_divides_by_the_reference():
    quiet, loud = white_noise(1.0, RATE, rms=0.01)[None], white_noise(1.0, RATE, rms=0.04)[None]
    assert multi_resolution_stft_distance(quiet, loud, RATE)[0] == pytest.approx(
        3 + np.log(4), 1e-3
    )
    assert multi_resolution_stft_distance(loud, quiet, RATE)[0] == pytest.approx(
        0.75 + np.log(4), 1e-3
    )


def test_the_stft_distance_follows_its_formula(speech, noisy):
    expected = np.zeros(6)
    for size, hop, n_fft in ((400, 80, 512), (200, 40, 256), (80, 16, 128)):
        window = scipy.signal.get_window("hann", size)
        for clip in range(6):
            spectra = []
            for samples in (speech[clip, :, 0], noisy[clip, :, 0]):
                starts = range(0, 8192 - size + 1, hop)
                frames = [window * samples[start : start + size] for start in starts]
                magnitudes = np.abs(scipy.fft.rfft(np.array(frames), n_fft)) / (size / 4)
                spectra.append(np.maximum(magnitudes, 1e-5))
            real, fake = spectra
            expected[clip] += np.sqrt(np.sum((real - fake) ** 2) / np.sum(real**2)) / 3
            expected[clip] += np.mean(np.abs(np.log(real) - np.log(fake))) / 3
    ours = multi_resolution_stft_distance(speech, noisy, RATE)
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_the_three_resolutions_see_what_one_of_them_misses():
    # Two chirps that cross have the same long-time spectrum, and not the same short-time one.
    up, down = chirp(500, 3500, 1.0, RATE)[None], chirp(3500, 500, 1.0, RATE)[None]
    assert multi_resolution_stft_distance(up, down, RATE)[0] > 2
