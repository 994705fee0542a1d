"""What is measured of sound, on sound whose fault is known."""

from dataclasses import replace

import numpy as np
import pytest

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.audio.signals import tone, white_noise
from ganlib.clinic.copies import copy_signs
from ganlib.clinic.examination import codec_differences
from ganlib.clinic.recordings import Recordings
from ganlib.clinic.sounds import heard_signs, painted_signs, signal_signs
from ganlib.data import load_clips
from ganlib.evaluation.measuring.ear import Heard, shipped_ear
from ganlib.evaluation.measuring.reference import shipped
from ganlib.instruments.synthesizer import Synthesizer

SOUND = AudioFormat(8000, 8192, n_fft=512, hop_length=256, n_mels=32, fmin_hz=40, fmax_hz=3900)


@pytest.fixture(scope="module")
def painted():
    """Real digits, a codec measured on them, and their pictures."""
    clips = load_clips("digits", audio_format=SOUND).samples[:16]
    codec = SpectrogramCodec.fit(clips, SOUND, "mel", iterations=60, floor=1e-3)
    return codec, codec.encode(clips)


def signs(codec: SpectrogramCodec, trained: SpectrogramCodec, pictures: np.ndarray) -> dict:
    speaker = Synthesizer(None, codec.audio_format, codec=codec)
    return painted_signs(speaker, pictures, codec.decode(pictures), trained)


def test_sixty_iterations_are_as_patient_as_sixty_iterations(painted):
    codec, pictures = painted
    assert signs(codec, codec, pictures)["impatience"] == 1.0


def test_a_guessed_phase_loses_what_patience_would_have_kept(painted):
    codec, pictures = painted
    assert signs(replace(codec, iterations=0), codec, pictures)["impatience"] > 4
    assert signs(replace(codec, iterations=16), codec, pictures)["impatience"] < 1.7


def test_other_mel_bands_repaint_another_picture(painted):
    codec, pictures = painted
    other = replace(codec, audio_format=replace(SOUND, fmin_hz=0.0, fmax_hz=2000.0))
    assert signs(codec, codec, pictures)["repainted"] < 0.02
    assert signs(other, codec, pictures)["repainted"] > 0.08
    assert codec_differences(codec, other) == ["fmax_hz", "fmin_hz"]


def test_the_number_of_iterations_is_no_other_picture(painted):
    codec, _ = painted
    assert codec_differences(codec, replace(codec, iterations=1)) == []


def test_a_steady_tone_at_an_upsampling_line_stands_out():
    noise = np.stack([white_noise(1.024, 8000, rms=0.1, seed=seed) for seed in range(8)])
    buzz = noise + tone(1000.0, 1.024, 8000, amplitude=0.1)
    assert signal_signs(noise[..., None], 8000)["tone_excess_db"] < 4
    found = signal_signs(buzz[..., None], 8000)
    assert found["tone_excess_db"] > 15 and found["tone_hz"] == 1000.0


def test_clips_too_short_for_spectra_have_no_signal_signs():
    assert signal_signs(np.zeros((3, 32, 1)), 8000) == {}


def test_training_recordings_are_copies_and_test_recordings_are_none():
    reference = shipped("fsdd")
    real = Recordings(reference.train.heard.features, reference.train.labels,
                      reference.test.heard.features)  # fmt: skip
    shares = []
    for split in (reference.train, reference.test):
        heard = split.select(np.arange(0, len(split), 5)).heard
        shares.append(copy_signs(np.zeros((1, 1, 1)), None, heard.features, real, None)["copies"])
    assert shares[0] == 1.0 and shares[1] < 0.1


def test_a_painted_copy_is_seen_in_its_picture(painted):
    codec, _ = painted
    train, test = (load_clips("digits", split, SOUND) for split in ("train", "test"))
    real = Recordings(np.zeros((2, 128)), test=np.zeros((2, 128)), sound=train, test_sound=test)
    shares = []
    for split in (train, test):
        samples = split.samples[::10]
        pictures = codec.encode(samples / np.abs(samples).max(axis=(1, 2), keepdims=True))
        noise = np.random.default_rng(0).normal(0, 0.01, pictures.shape)
        found = copy_signs(samples, pictures + noise, np.zeros((len(samples), 128)), real, codec)
        shares.append(found["copies"])
    assert shares[0] > 0.9 and shares[1] < 0.1


def test_one_recording_repeated_has_no_spread_and_one_digit():
    reference, ear = shipped("fsdd"), shipped_ear()
    one = reference.train.select(np.full(60, 7)).heard
    real = Recordings(reference.train.heard.features, reference.train.labels)
    found = heard_signs(np.zeros((60, 1, 1)), np.zeros(60, int), (), one, real, ear)
    assert found["spread"] < 1e-3 and found["digits"] < 1.5
    assert abs(found["few_digits"] - 3.0) < 0.01


def test_recordings_of_what_was_asked_are_named_so_and_shuffled_labels_are_chance():
    reference, ear = shipped("fsdd"), shipped_ear()
    test = reference.test
    real = Recordings(reference.train.heard.features, reference.train.labels)
    shuffled = np.random.default_rng(0).permutation(test.labels)
    names, clips = ear.label_names, np.zeros((len(test), 1, 1))
    right = heard_signs(clips, test.labels, names, test.heard, real, ear)
    wrong = heard_signs(clips, shuffled, names, test.heard, real, ear)
    assert right["named_as_asked"] > 0.9
    assert wrong["named_as_asked"] < wrong["by_chance"] == pytest.approx(0.1 + 3 * np.sqrt(0.0003))
    assert right["spread_within_labels"] == pytest.approx(1.0, abs=0.1)


def test_words_that_are_no_digits_are_not_counted_as_digits():
    features = np.random.default_rng(0).normal(size=(30, 128))
    heard = Heard(features, np.full((30, 10), 0.1))
    found = heard_signs(np.zeros((30, 1, 1)), np.zeros(30, int), ("cat", "dog"), heard,
                        Recordings(features), shipped_ear())  # fmt: skip
    assert sorted(found) == ["spread"]
