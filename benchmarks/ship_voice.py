"""Make what ships of a voice: a vocoder and a reader, float16, with cards of measured scores.

    ganlib train vocoder --data voice --preset cpu --seed 0 --out VOCODER
    ganlib train reader --data voice --preset cpu --seed 0 --set vocoder=VOCODER --out READER
    python -m benchmarks.ship_voice vocoder --run VOCODER --time "..." --limits "..."
    python -m benchmarks.ship_voice reader --run READER --time "..." --limits "..."

The vocoder's scores are of copy synthesis of the 60 test recordings of the set `voice`, beside
Griffin-Lim from the same frames and the recordings themselves; the reader's are word error rates of
Whisper tiny.en, which took no part in training: the test prompts, read and as recorded, and twenty
everyday sentences (benchmarks/everyday.txt). They are measured of the weights that ship.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from ganlib import pretrained
from ganlib.audio.files import read_audio
from ganlib.data.loading import choose_split, find_recordings
from ganlib.evaluation.measuring.voices import (
    ITERATIONS,
    copies_by,
    copies_by_griffin_lim,
    likeness,
    read_aloud,
    understood,
)
from ganlib.instruments.reader import Reader
from ganlib.instruments.vocoder import Vocoder
from ganlib.metrics.dictation import Dictation
from ganlib.pretrained.finding import find

DATA = (
    "The set voice of this repository, training split: 484 telephone prompts, 20 minutes, by "
    "Allison Smith (datasets/voice)"
)
LICENCE = "CC BY-SA 3.0, as the recordings it was trained on"
EVERYDAY = Path(__file__).with_name("everyday.txt")
CARDS = {
    "vocoder": {
        "title": "A woman's voice from 80 mel bands at 16 kHz, by its pitch and an inverse STFT",
        "data": DATA,
        "licence": LICENCE,
        "recipe": (
            "vocoder, preset cpu: harmonic vocoder of width 192, magnitudes around those of the "
            "mel bands, phases around those of a pulse train at the pitch; STFT distance at four "
            "resolutions (weight 10), four period and two resolution judges from the 1,000th "
            "update on, hinge loss, feature distance (weight 2); Adam 1e-3 and 5e-4 (0.8, 0.95), "
            "cosine decay over 12,000 steps, batch 8 of 0.5 s, averaged generator (ADR 0016)"
        ),
        "command": "ganlib train vocoder --data voice --preset cpu --seed 0 --out runs/vocoder",
    },
    "reader": {
        "title": "English text to speech in a woman's voice: durations, pitch, energy, frames",
        "data": DATA + ", with the phones of alignment.csv",
        "licence": LICENCE,
        "recipe": (
            "reader, preset cpu: width 192, 4 blocks over phones and 6 over frames; L1 of mel "
            "bands and pitch (weight 10), two judges of patches from the 1,500th update on, least"
            " squares, feature distance (weight 2); Adam 1e-3 and 5e-4 (0.8, 0.98), cosine decay "
            "over 5,000 steps, batch 6 of 4.1 s, averaged generator; it speaks by vocoder-voice "
            "(ADR 0017)"
        ),
        "command": "ganlib train reader --data voice --preset cpu --seed 0 --out runs/reader",
    },
}


def test_recordings() -> tuple[list, list[str]]:
    """The sounds of the test split of `voice`, and what is said in them."""
    _, recordings = find_recordings("voice")
    chosen = choose_split(recordings, "test", "voice")
    return [read_audio(one.path, 16000)[0] for one in chosen], [one.transcript for one in chosen]


def vocoder_scores(vocoder: Vocoder) -> dict:
    """Copy synthesis of the test recordings."""
    sounds, _ = test_recordings()
    ways = {
        "copies": copies_by(vocoder),
        "griffin_lim": copies_by_griffin_lim(vocoder),
        "real": lambda sound: sound,
    }
    found: dict = {name: likeness(sounds, way, 16000) for name, way in ways.items()}
    found["protocol"] = (
        f"copy synthesis of {len(sounds)} recordings, the test split of voice; griffin_lim: the "
        f"same frames, {ITERATIONS} iterations; means of PESQ (wide band), STOI, DNSMOS (overall)"
    )
    return found


def reader_scores(reader: Reader) -> dict:
    """Word error rates of what it reads, beside those of the recordings."""
    sounds, texts = test_recordings()
    everyday = EVERYDAY.read_text(encoding="utf-8").split("\n")
    everyday = [line for line in everyday if line]
    listener = Dictation()
    read_back, anew = read_aloud(reader, texts), read_aloud(reader, everyday)
    return {
        "word_error_rate": understood(read_back, texts, 16000, listener),
        "word_error_rate_of_recordings": understood(sounds, texts, 16000, listener),
        "word_error_rate_everyday": understood(anew, everyday, 16000, listener),
        "dnsmos": likeness(read_back, lambda sound: sound, 16000).get("dnsmos"),
        "protocol": (
            f"Whisper tiny.en writes down {len(texts)} prompts of the test split of voice, read "
            f"and as recorded, and {len(everyday)} everyday sentences (benchmarks/everyday.txt)"
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=sorted(CARDS))
    parser.add_argument("--run", type=Path, required=True)
    for field in ("time", "limits"):
        parser.add_argument(f"--{field}", required=True, help="For the card.")
    given = parser.parse_args()
    card = CARDS[given.kind] | {"time": given.time, "limits": given.limits}
    stem, unmeasured = given.run / "generator", {"scores": {"protocol": "not measured yet"}}
    if given.kind == "vocoder":
        name, vocoder = "vocoder-voice", replace(Vocoder.load(stem), name="vocoder-voice")
        pretrained.save(name, vocoder, card | unmeasured)
        card["scores"] = vocoder_scores(pretrained.load_vocoder(name))
        print(pretrained.save(name, vocoder, card))
        return
    name, spoken_by = "reader-voice", pretrained.load_vocoder("vocoder-voice")
    reader = replace(Reader.load(stem), vocoder=spoken_by, name="reader-voice")
    pretrained.save(name, reader, card | unmeasured)
    card["scores"] = reader_scores(find(name))
    print(pretrained.save(name, reader, card))


if __name__ == "__main__":
    main()
