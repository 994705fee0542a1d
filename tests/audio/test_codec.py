"""Pictures of sound against librosa, and the way back against the sound that went in."""

import librosa
import numpy as np
import pytest
from keras import ops

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.audio.painting import PaintPicture
from ganlib.audio.signals import vowel, white_noise
from ganlib.backend import input_gradient
from ganlib.data import load_clips
from ganlib.errors import OptionError

MEL = AudioFormat(8000, 8192, n_fft=512, hop_length=128, n_mels=64, fmin_hz=40.0, fmax_hz=3900.0)
LINEAR = AudioFormat(16000, 16384, n_fft=256, hop_length=128)
FLOOR = 1e-3


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    """Real clips at full level, in an order that mixes the voices."""
    clips = load_clips("digits", audio_format=MEL).samples[::97]
    return clips / np.abs(clips).max(axis=1, keepdims=True)


def librosa_logs(clip: np.ndarray, sound: AudioFormat, scale: str) -> np.ndarray:
    """Log-magnitudes (frames, rows) of one clip, without the last frame."""
    spectrum = np.abs(librosa.stft(clip, n_fft=sound.n_fft, hop_length=sound.hop_length))
    if scale == "linear":
        spectrum = spectrum[:-1]
    else:
        spectrum = (
            librosa.filters.mel(
                sr=sound.sample_rate, n_fft=sound.n_fft, n_mels=sound.n_mels,
                fmin=sound.fmin_hz, fmax=sound.fmax_hz,
            ) @ spectrum
        )  # fmt: skip
    return np.log(np.maximum(spectrum.T[:-1], FLOOR))


def noises(sound: AudioFormat, count: int = 3) -> np.ndarray:
    seconds = sound.duration_seconds
    clips = [white_noise(seconds, sound.sample_rate, seed=seed) for seed in range(count)]
    return np.stack([clip * 0.9**seed for seed, clip in enumerate(clips)])[..., None]


@pytest.mark.parametrize(("sound", "scale"), [(MEL, "mel"), (LINEAR, "linear")])
def test_a_picture_is_what_librosa_and_a_standardisation_by_hand_give(sound, scale):
    clips = noises(sound)
    codec = SpectrogramCodec.fit(clips, sound, scale, floor=FLOOR)
    logs = np.stack([librosa_logs(clip[:, 0], sound, scale) for clip in clips])
    mean, deviation = logs.mean(axis=(0, 1)), logs.std(axis=(0, 1))
    np.testing.assert_allclose(codec.mean, mean, atol=1e-3)
    np.testing.assert_allclose(codec.deviation, deviation, atol=1e-3)
    expected = np.clip((logs - mean) / (3 * deviation), -1.0, 1.0)
    np.testing.assert_allclose(codec.encode(clips)[..., 0], expected, atol=2e-3)


def test_the_pictures_of_both_presets_are_square():
    assert SpectrogramCodec.fit(noises(MEL), MEL, "mel").picture_shape == (64, 64, 1)
    assert SpectrogramCodec.fit(noises(LINEAR), LINEAR, "linear").picture_shape == (128, 128, 1)


def test_every_row_of_the_training_pictures_has_mean_0_and_a_deviation_of_a_third(speech):
    pictures = SpectrogramCodec.fit(speech, MEL, "mel", floor=FLOOR).encode(speech)[..., 0]
    assert np.abs(pictures).max() <= 1.0
    np.testing.assert_allclose(pictures.mean(axis=(0, 1)), 0.0, atol=0.02)  # 3 deviations clip
    np.testing.assert_allclose(pictures.std(axis=(0, 1)), 1 / 3, atol=0.03)


def test_many_clips_are_encoded_like_one_at_a_time(speech):
    codec = SpectrogramCodec.fit(speech, MEL, "mel", floor=FLOOR)
    many = np.concatenate([speech] * 8)[:70]  # more than one batch
    alone = codec.encode(many[68:69])
    np.testing.assert_allclose(codec.encode(many)[68:69], alone, atol=1e-5)


@pytest.mark.parametrize(("sound", "scale", "limit_db"), [(MEL, "mel", 4.0)])
def test_speech_that_was_painted_and_sung_back_keeps_its_spectrum(speech, sound, scale, limit_db):
    """Compared by librosa where the original lies within 40 dB of its loudest."""
    codec = SpectrogramCodec.fit(speech, sound, scale, floor=FLOOR)
    back = codec.decode(codec.encode(speech))
    assert back.shape == speech.shape and back.dtype == np.float32
    decibels = 20 / np.log(10)
    for before, after in zip(speech, back, strict=True):
        first = decibels * librosa_logs(before[:, 0], sound, scale)
        second = decibels * librosa_logs(after[:, 0], sound, scale)
        heard = first > first.max() - 40.0
        assert np.abs(first - second)[heard].mean() < limit_db


def test_another_clip_is_farther_away_than_the_same_one_sung_back(speech):
    """What the last test calls near means something: other words are much farther away."""
    codec = SpectrogramCodec.fit(speech, MEL, "mel", floor=FLOOR)
    pictures = codec.encode(speech)
    again = codec.encode(codec.decode(pictures))
    distance = np.abs(pictures[:, None] - again[None]).mean(axis=(2, 3, 4))
    np.testing.assert_array_equal(distance.argmin(axis=1), np.arange(len(speech)))
    others = distance[~np.eye(len(speech), dtype=bool)]
    assert np.diag(distance).max() < 0.5 * others.min()


def test_decoding_gives_the_same_sound_every_time_and_for_each_clip_alone(speech):
    codec = SpectrogramCodec.fit(speech, MEL, "mel", iterations=4, floor=FLOOR)
    pictures = codec.encode(speech[:3])
    first = codec.decode(pictures)
    np.testing.assert_array_equal(first, codec.decode(pictures))
    np.testing.assert_allclose(codec.decode(pictures[2:3]), first[2:3], atol=1e-4)


def test_a_louder_clip_is_a_brighter_picture():
    """6 dB add ln 2 to every log-magnitude, wherever the picture is neither black nor white."""
    clip = 0.4 * vowel(125.0, "hod", 1.024, 8000)[None, :8192, None]
    codec = SpectrogramCodec(MEL, "mel", (0.0,) * 64, (4.0,) * 64, floor=FLOOR)
    quiet, loud = codec.encode(clip), codec.encode(2 * clip)
    inside = (quiet > np.log(2 * FLOOR) / 12) & (loud < 1)
    assert inside.mean() > 0.3
    np.testing.assert_allclose((loud - quiet)[inside], np.log(2) / 12, atol=1e-4)


def test_gradients_reach_the_clip_through_a_picture():
    clip = noises(MEL, 1)
    layer = PaintPicture(SpectrogramCodec.fit(clip, MEL, "mel", floor=FLOOR))
    weights = np.random.default_rng(0).normal(size=(1, 64, 64, 1)).astype("float32")

    def value(x):
        return ops.sum(layer(x) * weights)

    gradient = ops.convert_to_numpy(input_gradient(value, clip))
    assert np.isfinite(gradient).all()
    direction = gradient / np.linalg.norm(gradient)
    step = 1e-3
    ends = [float(value((clip + sign * step * direction).astype("float32"))) for sign in (-1, 1)]
    assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(np.linalg.norm(gradient), rel=0.02)


def test_a_codec_survives_being_written_down(speech):
    codec = SpectrogramCodec.fit(speech, MEL, "mel", iterations=3, floor=FLOOR)
    again = SpectrogramCodec.from_dict(codec.to_dict())
    assert again == codec
    layer = PaintPicture.from_config(PaintPicture(codec).get_config())
    assert layer.codec == codec


@pytest.mark.parametrize(
    "change",
    [
        {"scale": "bark"},
        {"mean": [0.0] * 63},
        {"deviation": [0.0] * 64},
        {"audio_format": {"rate": 1}},
        {"colour": "red"},
    ],
)
def test_a_description_that_makes_no_codec_is_refused(change):
    codec = SpectrogramCodec(MEL, "mel", (0.0,) * 64, (1.0,) * 64)
    with pytest.raises(OptionError):
        SpectrogramCodec.from_dict(codec.to_dict() | change)
