"""Name every digit with pocketsphinx: `python datasets/digits/recognise.py` (recognition.csv)."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import soundfile
from pocketsphinx import Decoder

FOLDER = Path(__file__).resolve().parent
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def make_decoder() -> Decoder:
    """US English decoder whose grammar is one of ten digits."""
    grammar = f"#JSGF V1.0;\ngrammar digits;\npublic <digit> = {' | '.join(DIGITS)};\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.gram"
        path.write_text(grammar, encoding="utf-8")
        return Decoder(jsgf=str(path), loglevel="FATAL")


def recognise(decoder: Decoder, samples: np.ndarray) -> str:
    """Name one clip (time,) at 16 kHz, with a quarter of a second of faint noise around it."""
    noise = np.random.default_rng(0).normal(scale=1e-3, size=samples.size + 8000)
    noise[4000:-4000] += samples
    decoder.start_utt()
    decoder.process_raw((noise.clip(-1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""


def main() -> None:
    """Count, voice by voice, the clips that are named rightly."""
    clips, named = Counter(), Counter()
    decoder = make_decoder()
    with open(FOLDER / "metadata.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            samples, _ = soundfile.read(FOLDER / row["file"])
            voice = (row["voice"], row["source"], row["split"])
            clips[voice] += 1
            named[voice] += recognise(decoder, samples) == row["transcript"]
    with open(FOLDER / "recognition.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["voice", "source", "split", "clips", "named_rightly", "percent"])
        for voice, total in clips.items():
            writer.writerow([*voice, total, named[voice], round(100 * named[voice] / total)])
    print(f"{named.total()} of {clips.total()} named rightly")


if __name__ == "__main__":
    main()
