"""Build the digits: `python datasets/digits/build.py` (Debian 12; see README.md)."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from voices import DIGITS, ESPEAK_TAKES, HUMAN, VOICES, Voice, stretch_takes

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

import building  # noqa: E402 - found by the path above

PROGRAMS = {
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "ffmpeg": "ffmpeg",
    "espeak-ng": "espeak-ng",
    "flite": "flite",
    "festival": "festival",
}
PACKAGES = {
    "espeak-ng": "1.51+dfsg-10+deb12u2",
    "espeak-ng-data": "1.51+dfsg-10+deb12u2",
    "flite": "2.2-5",
    "libflite1": "2.2-5",
    "festival": "1:2.5.0-9",
    "festlex-cmu": "2.4-2",
    "festlex-poslex": "2.4-1",
    "festvox-kallpc16k": "2.4-1",
    "festvox-kdlpc16k": "1.4.0-6.1",
    "festvox-us-slt-hts": "0.2010.10.25-4",
}
LONGEST_SECONDS = 1.0
Take = tuple[str, list[np.ndarray]]  # the settings in words, and the ten digits at 16 kHz


def render_espeak(voice: Voice, scratch: Path) -> Iterator[Take]:
    """Speak the digits with espeak-ng, once for each take."""
    for pitch, rate, mark in ESPEAK_TAKES:
        options = ["-v", voice.engine_voice, "-p", str(pitch), "-s", str(rate)]
        clips = []
        for word in DIGITS:
            path = scratch / "espeak.wav"
            subprocess.run(["espeak-ng", *options, "-w", path, word + mark], check=True)
            clips.append(building.read_at_16khz(path))
        yield f"pitch={pitch} rate={rate} mark={mark}", clips


def render_flite(voice: Voice, scratch: Path) -> Iterator[Take]:
    """Speak the digits with flite, once for each take."""
    for stretch, pitch in stretch_takes(voice):
        settings = ["--setf", f"duration_stretch={stretch}", "--setf", f"f0_shift={pitch}"]
        clips = []
        for word in DIGITS:
            path = scratch / "flite.wav"
            command = ["flite", "-voice", voice.engine_voice, *settings, "-t", word, "-o", path]
            subprocess.run(command, check=True)
            clips.append(building.read_at_16khz(path))
        yield f"stretch={stretch} pitch={pitch}", clips


def render_festival(voice: Voice, scratch: Path) -> Iterator[Take]:
    """Speak the digits with festival, once for each take."""
    for stretch, pitch in stretch_takes(voice):
        if voice.engine_voice.endswith("_hts"):
            rate = f'("-r" {1 / stretch:.3f})'
            setup = f"(set! hts_engine_params (append '({rate}) hts_engine_params))"
        else:
            setup = (
                f"(Parameter.set 'Duration_Stretch {stretch})"
                f"(set! int_lr_params '((target_f0_mean {105 * pitch:.1f}) (target_f0_std 14)"
                " (model_f0_mean 170) (model_f0_std 34)))"
            )
        yield f"stretch={stretch} pitch={pitch}", _festival(voice, setup, scratch)


def _festival(voice: Voice, setup: str, scratch: Path) -> list[np.ndarray]:
    lines = [f"(voice_{voice.engine_voice})", setup]
    for word in DIGITS:
        utterance = f'(utt.synth (Utterance Text "{word}"))'
        lines.append(f'(utt.save.wave {utterance} "{scratch / word}.wav" \'riff)')
    script = scratch / "speak.scm"
    script.write_text("\n".join(lines), encoding="utf-8")
    subprocess.run(["festival", "-b", script], check=True)
    return [building.read_at_16khz(scratch / f"{word}.wav") for word in DIGITS]


def decode_human(voice: Voice, packages: Path) -> Iterator[Take]:
    """Decode the ten recorded digits."""
    folder = packages / building.SOUND_FOLDER / "digits"
    yield "recording", [building.decode_g722(folder / f"{d}.g722") for d in range(10)]


RENDER = {"espeak-ng": render_espeak, "flite": render_flite, "festival": render_festival}


def make_clips(packages: Path, scratch: Path) -> tuple[list[dict], list[np.ndarray], list[str]]:
    """Make every clip: rows of the metadata, 16-bit samples, and what was dropped and why."""
    rows, clips, dropped, seen = [], [], [], {}
    for voice in VOICES:
        human = voice is HUMAN
        takes = decode_human(voice, packages) if human else RENDER[voice.source](voice, scratch)
        for number, (settings, spoken) in enumerate(takes):
            for label, samples in enumerate(spoken):
                clip = building.to_pcm(building.set_level(building.trim_silence(samples)))
                row = describe(voice, label, number, settings, clip.size)
                digest = hashlib.sha256(clip.tobytes()).hexdigest()
                if digest in seen:
                    dropped.append(f"{row['file']}: the same audio as {seen[digest]}")
                elif clip.size > LONGEST_SECONDS * building.SAMPLE_RATE:
                    dropped.append(f"{row['file']}: {row['seconds']} s is too long")
                else:
                    seen[digest] = row["file"]
                    rows.append(row)
                    clips.append(clip)
    return rows, clips, dropped


def describe(voice: Voice, label: int, take: int, settings: str, samples: int) -> dict:
    """Describe one clip: a row of `metadata.csv`."""
    return {
        "file": f"{building.CLIP_FILES}/{label}_{voice.name}_{take}.flac",
        "label": label,
        "voice": voice.name,
        "split": voice.split,
        "transcript": DIGITS[label],
        "source": voice.source,
        "speaker": voice.speaker,
        "take": take,
        "settings": settings,
        "seconds": f"{samples / building.SAMPLE_RATE:.4f}",
    }


def build() -> None:
    """Build the set in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=Path("build/datasets"), metavar="FOLDER")
    parser.add_argument("--any-version", action="store_true", help="accept other engine versions")
    options = parser.parse_args()
    building.require_programs(PROGRAMS)
    building.require_versions(PACKAGES, options.any_version)
    packages = building.unpack_recordings(options.packages.resolve())
    with tempfile.TemporaryDirectory() as scratch:
        rows, clips, dropped = make_clips(packages, Path(scratch))
    building.write_set(FOLDER, rows, clips)
    print(*dropped, sep="\n", end="\n" if dropped else "")
    print(building.summarise(FOLDER, rows), f"{len(dropped)} dropped", sep="; ")


if __name__ == "__main__":
    building.stop_with_advice(build)
