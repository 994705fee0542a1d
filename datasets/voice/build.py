"""Build the voice set: `python datasets/voice/build.py` (Debian 12; see README.md)."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
from transcripts import (
    choose_split,
    expected_seconds,
    normalise,
    read_transcripts,
    why_left_out,
    without_gloss,
)

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

import building  # noqa: E402 - found by the path above

PROGRAMS = {"apt-get": "apt", "dpkg-deb": "dpkg", "ffmpeg": "ffmpeg"}
SLOWEST, FASTEST = 1.6, 0.6  # duration of the speech relative to what its text lets us expect


def judge(prompt: str, transcript: str, samples: np.ndarray) -> str:
    """Say why a recording is left out, or return nothing."""
    reason = why_left_out(prompt, transcript)
    if reason:
        return reason
    speech = building.trim_silence(samples, range_db=45.0, before=0.0, after=0.0)
    seconds = speech.size / building.SAMPLE_RATE
    ratio = seconds / expected_seconds(normalise(prompt, transcript))
    if not FASTEST <= ratio <= SLOWEST:
        return f"{seconds:.2f} s of speech are {ratio:.2f} times what the text lets us expect"
    return ""


def make_clips(packages: Path) -> tuple[list[dict], list[np.ndarray], list[dict]]:
    """Decode every prompt: rows of the metadata, 16-bit samples, and what was left out and why."""
    rows, clips, left_out, seen = [], [], [], set()
    sounds = packages / building.SOUND_FOLDER
    transcripts = read_transcripts(packages / building.TRANSCRIPT_FILE)
    for prompt in sorted(transcripts):
        transcript = without_gloss(transcripts[prompt])
        path = sounds / f"{prompt}.g722"
        if not path.exists():
            left_out.append({"prompt": prompt, "reason": "the package has no such recording"})
            continue
        clip = building.to_pcm(building.decode_g722(path))
        digest = hashlib.sha256(clip.tobytes()).hexdigest()
        reason = judge(prompt, transcript, clip / 32768)
        if not reason and digest in seen:
            reason = "the same audio as another prompt"
        if reason:
            left_out.append({"prompt": prompt, "reason": reason})
            continue
        seen.add(digest)
        rows.append(describe(prompt, transcript, clip.size))
        clips.append(clip)
    return rows, clips, left_out


def describe(prompt: str, transcript: str, samples: int) -> dict:
    """Describe one clip: a row of `metadata.csv`."""
    normalised = normalise(prompt, transcript)
    return {
        "file": f"{building.CLIP_FILES}/{building.slug(prompt)}.flac",
        "transcript": transcript,
        "normalized_transcript": normalised,
        "split": choose_split(normalised),
        "speaker": "Allison Smith",
        "prompt": prompt,
        "seconds": f"{samples / building.SAMPLE_RATE:.4f}",
    }


def build() -> None:
    """Build the set in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=Path("build/datasets"), metavar="FOLDER")
    options = parser.parse_args()
    building.require_programs(PROGRAMS)
    packages = building.unpack_recordings(options.packages.resolve())
    rows, clips, left_out = make_clips(packages)
    building.write_set(FOLDER, rows, clips)
    building.write_table(FOLDER / "left_out.csv", left_out)
    print(building.summarise(FOLDER, rows), f"{len(left_out)} left out (left_out.csv)", sep="; ")


if __name__ == "__main__":
    building.stop_with_advice(build)
