"""Figures of voices: how like a recording a vocoder sounds, and how well a reader is understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import keras
import numpy as np

from ganlib.audio.mel import mel_to_magnitude
from ganlib.audio.phase import griffin_lim
from ganlib.errors import OptionError
from ganlib.instruments.reader import Reader
from ganlib.instruments.vocoder import Vocoder
from ganlib.metrics.dictation import Dictation
from ganlib.metrics.differences import pair_differences
from ganlib.metrics.naturalness import dnsmos
from ganlib.metrics.perceptual import pesq_score, stoi_score
from ganlib.metrics.words import word_error_rate
from ganlib.text import read

ITERATIONS = 60  # of Griffin-Lim
Way = Callable[[np.ndarray], np.ndarray]


def copies_by(vocoder: Vocoder) -> Way:
    """What a vocoder makes of the frames of a recording, as a function of the recording.

    Args:
        vocoder: which.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
        >>> small = {"n_mels": 32, "width": 8, "blocks": 1}
        >>> vocoder = Vocoder.build("istft_vocoder", small, sound)
        >>> copies_by(vocoder)(np.zeros(1000, "float32")).shape
        (1000,)
    """

    def way(sound: np.ndarray) -> np.ndarray:
        return vocoder(vocoder.frames(_whole(sound, vocoder)[None, :, None]))[0, : len(sound), 0]

    return way


def copies_by_griffin_lim(vocoder: Vocoder) -> Way:
    """The same frames without a network: non-negative inverse of the mel bands, phases guessed.

    Args:
        vocoder: whose frames.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
        >>> small = {"n_mels": 32, "width": 8, "blocks": 1}
        >>> vocoder = Vocoder.build("istft_vocoder", small, sound)
        >>> copies_by_griffin_lim(vocoder)(np.zeros(1000, "float32")).shape
        (1000,)
    """
    sound_format = vocoder.audio_format

    def way(sound: np.ndarray) -> np.ndarray:
        whole = _whole(sound, vocoder)
        frames = vocoder.frames(whole[None, :, None])
        magnitudes = keras.ops.convert_to_numpy(mel_to_magnitude(np.exp(frames), sound_format))
        magnitudes = np.pad(magnitudes, [(0, 0), (0, 1), (0, 0)])
        sizes = sound_format.n_fft, sound_format.hop_length, ITERATIONS
        made = griffin_lim(magnitudes, *sizes, length=len(whole))
        return np.clip(keras.ops.convert_to_numpy(made)[0, : len(sound)], -1.0, 1.0)

    return way


def _whole(sound: np.ndarray, vocoder: Vocoder) -> np.ndarray:
    return np.pad(np.asarray(sound, "float32"), (0, -len(sound) % vocoder.audio_format.hop_length))


def likeness(sounds: Sequence[np.ndarray], way: Way, sample_rate: int) -> dict[str, float]:
    """How like recordings their copies are: PESQ, STOI and DNSMOS, as means.

    Beside them, because PESQ hears neither, the mean of how many dB louder a copy is and of how
    late, in milliseconds. A figure whose package is not installed is left out.

    Args:
        sounds: recordings, float (time,).
        way: makes a copy of a recording.
        sample_rate: in Hz.

    Example:
        >>> from ganlib.audio.signals import vowel
        >>> likeness([vowel(120.0, "head", 1.0, 16000)], lambda sound: sound, 16000)["stoi"]
        1.0
    """
    found: dict[str, list[float]] = {"pesq": [], "stoi": [], "dnsmos": []}
    apart: dict[str, list[float]] = {"level_db": [], "delay_ms": []}
    missing: set[str] = set()
    for sound in sounds:
        pair = sound[None], way(sound)[None]
        differences = pair_differences(*pair, sample_rate)
        apart["level_db"].append(float(differences["level_db"][0]))
        apart["delay_ms"].append(1000.0 * float(differences["delay_seconds"][0]))
        for name, figure in (
            ("pesq", lambda real, made: pesq_score(real, made, sample_rate)),
            ("stoi", lambda real, made: stoi_score(real, made, sample_rate)),
            ("dnsmos", lambda real, made: dnsmos(made, sample_rate)["overall"]),
        ):
            if name not in missing:
                try:
                    found[name].append(float(figure(*pair)[0]))
                except OptionError as error:
                    if "install" not in str(error):
                        raise
                    missing.add(name)
    kept = {name: values for name, values in found.items() if name not in missing}
    return {name: round(float(np.nanmean(values)), 3) for name, values in (kept | apart).items()}


def spoken_words(text: str) -> list[str]:
    """The words of a text as they are said, in lower case; none of what cannot be read.

    Example:
        >>> spoken_words("Room 12, please.")
        ['room', 'twelve', 'please']
    """
    try:
        return [word.text.lower() for sentence in read(text) for word in sentence.words]
    except OptionError:
        return []


def understood(
    sounds: Sequence[np.ndarray], texts: Sequence[str], sample_rate: int, listener: Dictation
) -> float:
    """The word error rate of a listener who writes down what is said.

    Args:
        sounds: float (time,) each.
        texts: what is said in each.
        sample_rate: in Hz.
        listener: who writes.

    Example:
        >>> class Parrot:
        ...     def write(self, sound, sample_rate):
        ...         return "Room 12."
        >>> understood([np.zeros(8)], ["Room twelve, please."], 16000, Parrot())
        0.3333
    """
    heard = [spoken_words(listener.write(sound, sample_rate)) for sound in sounds]
    return round(word_error_rate([spoken_words(text) for text in texts], heard), 4)


def voice_figures(
    instrument: Vocoder | Reader, sounds: Sequence[np.ndarray], texts: Sequence[str]
) -> dict[str, dict[str, float]]:
    """What is measured of a voice, beside what is measured of recordings.

    Args:
        instrument: a vocoder: copy synthesis of the recordings, and Griffin-Lim from the same
            frames; a reader: its reading of their texts.
        sounds: recordings at the instrument's sample rate, float (time,).
        texts: what is said in each.

    Returns:
        For each way its figures; those whose package is not installed are left out.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> sound = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
        >>> small = {"n_mels": 32, "width": 8, "blocks": 1}
        >>> vocoder = Vocoder.build("istft_vocoder", small, sound)
        >>> tone = 0.1 * np.sin(np.arange(8000.0))
        >>> list(voice_figures(vocoder, [tone], ["a tone"]))
        ['vocoder', 'Griffin-Lim', 'recordings']
    """
    rate = instrument.audio_format.sample_rate
    real = likeness(sounds, lambda sound: sound, rate)
    if isinstance(instrument, Vocoder):
        copies = likeness(sounds, copies_by(instrument), rate)
        guessed = likeness(sounds, copies_by_griffin_lim(instrument), rate)
        return {"vocoder": copies, "Griffin-Lim": guessed, "recordings": real}
    made, listener = read_aloud(instrument, texts), Dictation()
    said = {"word_error_rate": understood(made, texts, rate, listener)}
    natural = likeness(made, lambda sound: sound, rate)
    both = {"word_error_rate": understood(sounds, texts, rate, listener)}
    kept = ("dnsmos",)  # of a reading there is no recording beside which it could be judged
    said |= {name: natural[name] for name in kept if name in natural}
    both |= {name: real[name] for name in kept if name in real}
    return {"reader": said, "recordings": both}


def read_aloud(reader: Reader, texts: Sequence[str]) -> list[np.ndarray]:
    """What a reader makes of each text.

    Args:
        reader: which.
        texts: English.

    Example:
        >>> read_aloud(None, [])
        []
    """
    return [reader.say(text) for text in texts]
