"""Griffin-Lim: the same samples as librosa's, and sound from a magnitude alone."""

import librosa
import numpy as np
import pytest
from keras import ops

from ganlib.audio.fourier import magnitude, stft
from ganlib.audio.phase import griffin_lim, spectral_convergence
from ganlib.audio.signals import chirp, tone, vowel, white_noise
from ganlib.errors import OptionError

RATE, N_FFT, HOP = 8000, 256, 64
CLIPS = {
    "tone": tone(500.0, 0.25, RATE),
    "vowel": vowel(120.0, "hod", 0.25, RATE),
    "chirp": chirp(100.0, 3500.0, 0.25, RATE),
    "noise": white_noise(0.25, RATE),
}


def spectrum(*clips: np.ndarray) -> np.ndarray:
    return ops.convert_to_numpy(magnitude(*stft(np.stack(clips), N_FFT, HOP)))


def librosas(target: np.ndarray, iterations: int, seed: int) -> np.ndarray:
    return librosa.griffinlim(
        target[0].T,
        n_iter=iterations,
        hop_length=HOP,
        n_fft=N_FFT,
        momentum=0.99,
        random_state=np.random.default_rng(seed),
    )[None]


@pytest.mark.parametrize("name", CLIPS)
def test_from_the_same_phase_it_returns_the_samples_of_librosa(name):
    target = spectrum(CLIPS[name])
    ours = ops.convert_to_numpy(griffin_lim(target, N_FFT, HOP, iterations=8, seed=5))
    np.testing.assert_allclose(ours, librosas(target, 8, seed=5), atol=1e-4)


@pytest.mark.parametrize("name", CLIPS)
def test_it_converges_no_worse_than_librosa(name):
    target = spectrum(CLIPS[name])
    ours = griffin_lim(target, N_FFT, HOP, iterations=32)
    missed = spectral_convergence(target, ours, N_FFT, HOP)
    missed_by_librosa = spectral_convergence(target, librosas(target, 32, 0), N_FFT, HOP)
    assert missed <= missed_by_librosa * 1.001  # float32 takes another path after many steps
    assert missed < 0.15


def test_the_fast_variant_comes_closer_than_the_one_of_1984():
    target = spectrum(*CLIPS.values())
    fast = spectral_convergence(target, griffin_lim(target, N_FFT, HOP), N_FFT, HOP)
    slow = spectral_convergence(target, griffin_lim(target, N_FFT, HOP, momentum=0.0), N_FFT, HOP)
    assert (fast < 0.8 * slow).all()


def test_without_momentum_the_error_never_rises():
    target = spectrum(CLIPS["vowel"])
    errors = [
        spectral_convergence(
            target, griffin_lim(target, N_FFT, HOP, count, momentum=0.0), N_FFT, HOP
        )[0]
        for count in range(6)
    ]
    assert errors == sorted(errors, reverse=True)


def test_a_seed_repeats_the_samples_and_another_does_not():
    target = spectrum(CLIPS["vowel"])
    first, same, other = (
        ops.convert_to_numpy(griffin_lim(target, N_FFT, HOP, 4, seed=seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other).max() > 0.01


def test_the_sound_of_an_example_does_not_depend_on_its_neighbours():
    both = griffin_lim(spectrum(CLIPS["vowel"], CLIPS["chirp"]), N_FFT, HOP, 4)
    for number, name in enumerate(("vowel", "chirp")):
        alone = griffin_lim(spectrum(CLIPS[name]), N_FFT, HOP, 4)
        np.testing.assert_allclose(
            ops.convert_to_numpy(both)[number], ops.convert_to_numpy(alone)[0], atol=1e-5
        )


def test_the_pitch_of_a_tone_comes_back():
    target = spectrum(CLIPS["tone"])
    audio = ops.convert_to_numpy(griffin_lim(target, N_FFT, HOP))[0]
    assert np.abs(np.fft.rfft(audio)).argmax() * RATE / len(audio) == pytest.approx(500.0, abs=4.0)


def test_the_length_is_whole_hops_or_the_one_asked_for():
    target = spectrum(CLIPS["vowel"])
    hops = HOP * (target.shape[1] - 1)
    assert griffin_lim(target, N_FFT, HOP, 1).shape == (1, hops)
    for length in (2000, hops - 300, hops + 300):
        assert griffin_lim(target, N_FFT, HOP, 2, length=length).shape == (1, length)


def test_silence_stays_silent_and_finite():
    audio = ops.convert_to_numpy(griffin_lim(np.zeros((1, 9, 129), "float32"), N_FFT, HOP, 3))
    assert np.abs(audio).max() == 0.0


def test_spectral_convergence_is_zero_for_a_match_and_one_for_silence():
    audio = np.stack([CLIPS["vowel"], CLIPS["noise"]])
    target = spectrum(*audio)
    np.testing.assert_allclose(spectral_convergence(target, audio, N_FFT, HOP), 0.0, atol=1e-6)
    np.testing.assert_allclose(spectral_convergence(target, 0 * audio, N_FFT, HOP), 1.0, atol=1e-4)
    half = spectral_convergence(target, 0.5 * audio, N_FFT, HOP)
    np.testing.assert_allclose(half, 0.5, atol=1e-4)


@pytest.mark.parametrize(
    ("shape", "options", "words"),
    [
        ((9, 129), {}, r"shape \(batch, frames, 129\).*got \(9, 129\)"),
        ((1, 9, 128), {}, r"got \(1, 9, 128\)"),
        ((1, 9, 129), {"iterations": -1}, "got -1"),
        ((1, 9, 129), {"momentum": -0.5}, "got 32 and -0.5"),
        ((1, 9, 129), {"hop_length": 256}, "too long"),
    ],
)
def test_impossible_requests_are_refused(shape, options, words):
    options = {"hop_length": HOP, **options}
    with pytest.raises(OptionError, match=words):
        griffin_lim(np.ones(shape, "float32"), N_FFT, **options)
