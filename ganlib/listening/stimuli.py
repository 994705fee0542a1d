"""The clips of a listening test: what the models say, hidden real recordings, a low anchor."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ganlib import pretrained
from ganlib.audio.files import fit_length, read_audio, resample
from ganlib.data.catalog import DATASETS
from ganlib.data.folders import Recording
from ganlib.data.layouts import DIGIT_WORDS
from ganlib.data.loading import choose_split, find_recordings, short_name
from ganlib.data.namesakes import tell_of_namesake
from ganlib.errors import AudioFileError, OptionError
from ganlib.instruments.synthesizer import Synthesizer

REAL, LOW = "real recordings", "low anchor"
LONGEST_SECONDS = 4.0
SHORTEST_LOW = 3
NOISE_Q_DB = -10.0


@dataclass(frozen=True)
class Sound:
    """One clip of a test: who made it, the digit it should say, where it is from.

    Example:
        >>> Sound("real recordings", "7", "7_ann_0.wav", np.zeros(8), 8000).label
        '7'
    """

    system: str
    label: str  # "0" to "9", or "" where nobody knows
    source: str
    samples: np.ndarray  # float32 (time,)
    sample_rate: int


def gather(models: Sequence[str], data: str, count: int, seed: int = 0) -> list[Sound]:
    """All clips of a test: `count` of each model, `count` real ones, and half as many low anchors.

    Args:
        models: names of pretrained weights, run folders, or folders of audio with labels.
        data: name or folder of the real recordings; the test split where there is one.
        count: clips of each model, at least 3.
        seed: of the choice and of what the models say.

    Returns:
        Sounds at one sample rate and of one length, so that neither tells who made them.

    Raises:
        OptionError: if a model is unknown, named twice, or has too few clips.
        DataError: if the data cannot be used.

    Example:
        >>> sounds = gather(["digits"], "digits", 3)
        >>> [(sound.system, sound.label) for sound in sounds[2:5]]
        [('digits', '2'), ('real recordings', '0'), ('real recordings', '1')]
    """
    if count < SHORTEST_LOW:
        raise OptionError(
            f"a listening test needs {SHORTEST_LOW} clips a model or more, not {count}"
        )
    names = [_name(model, models) for model in models]
    for name in names:
        if names.count(name) > 1 or name in (REAL, LOW):
            raise OptionError(f"{name}: named twice; name every model of the test once")
    sounds: list[Sound] = []
    for name, model in zip(names, models, strict=True):
        sounds += clips_of(model, name, count, seed)
    lows = max(SHORTEST_LOW, (count + 1) // 2)
    real = recordings_of(data, REAL, count + lows, seed, "test")
    return _alike(sounds + real[:count] + [_low_anchor(x, seed) for x in real[count:]])


def _name(model: str, models: Iterable[str]) -> str:
    short = Path(model).name or model
    return short if [Path(other).name for other in models].count(short) == 1 else str(model)


def clips_of(model: str, name: str, count: int, seed: int) -> list[Sound]:
    """Clips of one model: pretrained weights, a run folder, or a folder (or set) of audio.

    Raises:
        OptionError: if it is none of these, or the audio has no digits as labels.

    Example:
        >>> [sound.label for sound in clips_of("digits", "a set", 3, seed=0)]
        ['0', '1', '2']
    """
    folder = Path(model).expanduser()
    if model in pretrained.names():
        tell_of_namesake(model, pretrained.FOLDER / model, "pretrained weights")
        synthesizer = pretrained.load(model)
    elif (folder / "generator.json").is_file():
        synthesizer = Synthesizer.load(folder / "generator")
    elif (folder / "config.json").is_file() and (folder / "history.csv").is_file():
        raise OptionError(f"{model} is a run without a generator: train it longer with --resume")
    elif folder.is_dir() or model in DATASETS:
        return recordings_of(model, name, count, seed, "all")
    else:
        known = ", ".join(pretrained.names())
        raise OptionError(
            f"{model}: expected pretrained weights ({known}), a run folder or a folder of audio, "
            "and found none of this name"
        )
    clips, labels = synthesizer.generate(count, seed=seed)
    words = synthesizer.label_names
    return [
        Sound(
            name,
            digit_of(words[label], name) if words else "",
            f"seed {seed + index}",
            clip.mean(axis=-1),
            synthesizer.audio_format.sample_rate,
        )
        for index, (clip, label) in enumerate(zip(clips, labels, strict=True))
    ]


def recordings_of(data: str, name: str, count: int, seed: int, split: str) -> list[Sound]:
    """Recordings of a set or folder, drawn by chance, as many of each label as can be.

    Raises:
        DataError: if the data cannot be used.
        OptionError: if there are fewer than `count` or a label is no digit.

    Example:
        >>> [sound.label for sound in recordings_of("digits", "real", 12, 0, "test")][-3:]
        ['9', '0', '1']
    """
    folder, found = find_recordings(data)
    split = split if any(item.split == split for item in found) else "all"
    chosen = choose_split(found, split, data)
    sounds: list[Sound] = []
    for item in _in_turn(chosen, seed):
        if len(sounds) == count:
            return sounds
        with contextlib.suppress(AudioFileError):  # a broken file: the next one takes its place
            samples, rate = read_audio(item.path)
            label = digit_of(item.label, data)
            source = short_name(item.path, folder)
            sounds.append(Sound(name, label, source, samples, rate))
    if len(sounds) < count:
        raise OptionError(
            f"{data}: the test needs {count} clips of it, and it has {len(sounds)} that can be "
            "read; take a smaller --count or add recordings"
        )
    return sounds


def _in_turn(recordings: list[Recording], seed: int) -> list[Recording]:
    """In a random order in which the labels take turns: 0 1 2 … 9 0 1 …"""
    order = np.random.default_rng([seed, len(recordings)]).permutation(len(recordings))
    turns: dict[str, int] = {}
    keyed = []
    for place in order:
        item = recordings[place]
        turns[item.label] = turns.get(item.label, -1) + 1
        keyed.append((turns[item.label], item.label, item))
    return [item for _, _, item in sorted(keyed, key=lambda entry: entry[:2])]


def digit_of(label: str, name: str) -> str:
    """The digit that a label means, or an empty string where there is no label.

    Raises:
        OptionError: if it means none.

    Example:
        >>> digit_of("seven", "data"), digit_of("7", "data"), digit_of("", "data")
        ('7', '7', '')
    """
    digit = str(DIGIT_WORDS.index(label.lower())) if label.lower() in DIGIT_WORDS else label
    if digit in tuple("0123456789") or label in ("", "unlabelled"):
        return digit if digit != "unlabelled" else ""
    raise OptionError(
        f"{name} has the label '{label}': the listening test asks for digits, "
        "so labels must be 0 to 9, zero to nine, or none"
    )


def _low_anchor(sound: Sound, seed: int) -> Sound:
    noise = np.random.default_rng([seed, 7]).normal(size=len(sound.samples))
    spoiled = modulated_noise(sound.samples, noise, NOISE_Q_DB)
    source = f"{sound.source}, modulated noise, Q {NOISE_Q_DB:g} dB"
    return Sound(LOW, sound.label, source, spoiled, sound.sample_rate)


def modulated_noise(samples: np.ndarray, noise: np.ndarray, q_db: float) -> np.ndarray:
    """Speech with noise that follows its envelope: $y = x\\,(1 + 10^{-Q/20} n)$.

    Args:
        samples: (time,).
        noise: (time,), variance 1.
        q_db: power of the speech over that of the noise in dB; at -10 little is left of a word.

    Returns:
        float32 (time,).

    Example:
        >>> modulated_noise(np.array([0.5, 0.0]), np.array([1.0, 1.0]), 0.0).tolist()
        [1.0, 0.0]

    Reference: ITU-T P.810 (1996), the modulated noise reference unit, equation 1.
    Differs: without its band-pass filters, which belong to a telephone line.
    """
    return (samples * (1 + 10 ** (-q_db / 20) * noise)).astype("float32")


def _alike(sounds: list[Sound]) -> list[Sound]:
    """The same at the highest rate and with the greatest length (at most 4 s) of them all."""
    rate = max(sound.sample_rate for sound in sounds)
    samples = [resample(sound.samples, sound.sample_rate, rate) for sound in sounds]
    length = min(max(len(clip) for clip in samples), int(LONGEST_SECONDS * rate))
    return [
        Sound(sound.system, sound.label, sound.source, fit_length(clip, length), rate)
        for sound, clip in zip(sounds, samples, strict=True)
    ]
