"""Make what ships of a trained vocoder: float16 weights, and a card with measured scores.

    ganlib data get fsdd
    ganlib train vocoder --data fsdd --preset cpu --seed 0 --out RUN
    python -m benchmarks.ship_vocoder --run RUN --name vocoder-fsdd --title "..." --recipe "..." \
        --command "ganlib train ..." --time "..." --limits "..."

The scores are of copy synthesis: the 300 recordings of the official test split, as they are, by the
vocoder from their own frames, and by Griffin-Lim from the same frames. They are measured of the
weights that ship. What needs a package that is not here is left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import keras
import numpy as np

from benchmarks.ship import DATA, LICENCE
from ganlib import pretrained
from ganlib.audio.mel import mel_to_magnitude
from ganlib.audio.phase import griffin_lim
from ganlib.data import load_clips
from ganlib.evaluation.measuring.recogniser import recognised_digits, whispered_digits
from ganlib.instruments.vocoder import Vocoder
from ganlib.losses import stft_distance
from ganlib.metrics.perceptual import stoi_score

ITERATIONS = 60  # of Griffin-Lim


def by_griffin_lim(vocoder: Vocoder, frames: np.ndarray) -> np.ndarray:
    """The sound of the same frames without a network."""
    sound = vocoder.audio_format
    magnitudes = keras.ops.convert_to_numpy(mel_to_magnitude(np.exp(frames), sound))
    magnitudes = np.pad(magnitudes, [(0, 0), (0, 1), (0, 0)])
    length = frames.shape[1] * sound.hop_length
    audio = griffin_lim(magnitudes, sound.n_fft, sound.hop_length, ITERATIONS, length=length)
    return np.clip(keras.ops.convert_to_numpy(audio), -1.0, 1.0)[..., None]


def marks(real: np.ndarray, made: np.ndarray, digits: np.ndarray, rate: int) -> dict[str, float]:
    """What is measured of one way back.

    Example:
        >>> silence = np.zeros((1, 8192, 1), "float32")
        >>> marks(silence, silence, np.array([3]), 8000)["distance_of_spectra"]
        0.0
    """
    found = {"distance_of_spectra": round(float(stft_distance(real, made)), 3)}
    intelligible = stoi_score(real, made, rate)
    if not np.isnan(intelligible).all():
        found["stoi"] = round(float(np.nanmean(intelligible)), 3)
    for name, listener in (("pocketsphinx", recognised_digits), ("whisper", whispered_digits)):
        heard = listener(made, rate)
        if heard is not None:
            found[name] = round(float(np.mean(heard == digits)), 3)
    return found


def scores(vocoder: Vocoder) -> dict:
    """The card's scores."""
    test = load_clips("fsdd", "test", vocoder.audio_format)
    rate = test.audio_format.sample_rate
    real = test.samples / np.abs(test.samples).max(axis=(1, 2), keepdims=True)
    digits = np.array([int(test.label_names[label]) for label in test.labels])
    frames = vocoder.frames(real)
    ways = {
        "copies": vocoder(frames),
        "griffin_lim": by_griffin_lim(vocoder, frames),
        "real": real,
    }
    found: dict = {way: marks(real, made, digits, rate) for way, made in ways.items()}
    found["protocol"] = (
        f"copy synthesis of {len(real)} recordings, the test split of fsdd, at full level; "
        f"griffin_lim: the same frames, {ITERATIONS} iterations; stoi, and shares of digits named "
        "by PocketSphinx (ten-digit grammar) and by Whisper tiny.en (the likeliest of ten words)"
    )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", required=True, help="What the weights are called: vocoder-...")
    for field in ("title", "recipe", "command", "time", "limits"):
        parser.add_argument(f"--{field}", required=True, help="For the card.")
    given = vars(parser.parse_args())
    run, name = given.pop("run"), given.pop("name")
    vocoder = Vocoder.load(run / "generator")
    card = {"title": given.pop("title"), "data": DATA, "licence": LICENCE} | given
    pretrained.save(name, vocoder, card | {"scores": {"protocol": "not measured yet"}})
    shipped = pretrained.load_vocoder(name)
    print(pretrained.save(name, vocoder, card | {"scores": scores(shipped)}))


if __name__ == "__main__":
    main()
