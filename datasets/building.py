"""What both build scripts share: Debian packages in, trimmed and levelled FLAC files out."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import soundfile
import soxr

SAMPLE_RATE = 16_000
CLIP_FILES = "wavs"

# name: (version, SHA-256 of the package file)
RECORDINGS = {
    "asterisk-core-sounds-en-g722": (
        "1.6.1-1",
        "38c5261820b406dcb0ecb37675720da2b0864850690690352ca52707eb623806",
    ),
    "asterisk-core-sounds-en": (
        "1.6.1-1",
        "973e797d28e37fa6ca3c0a9d6fa717e77cf1268ae916bf09fd3503113cdffa50",
    ),
}
SOUND_FOLDER = "asterisk-core-sounds-en-g722/usr/share/asterisk/sounds/en_US_f_Allison"
TRANSCRIPT_FILE = (
    "asterisk-core-sounds-en/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"
)


class BuildError(RuntimeError):
    """Something that the build needs is missing or not what it should be."""


def stop_with_advice(build: Callable[[], None]) -> None:
    """Run `build()`, and turn a BuildError into one line and exit code 2."""
    try:
        build()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


def require_programs(programs: dict[str, str]) -> None:
    """Refuse to start unless every program (name: Debian package) is on the path."""
    missing = {package for program, package in programs.items() if not shutil.which(program)}
    if missing:
        raise BuildError(f"missing programs; apt-get install {_words(sorted(missing))}")


def require_versions(packages: dict[str, str], any_version: bool = False) -> None:
    """Refuse other versions of the Debian packages than those the set was made with."""
    for package, expected in packages.items():
        query = ["dpkg-query", "--show", "--showformat=${Version}", package]
        installed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        if not installed:
            raise BuildError(f"package {package} is missing; apt-get install {package}")
        if installed != expected and not any_version:
            raise BuildError(
                f"{package} is {installed}, the set was made with {expected}; "
                "install that version, or pass --any-version and expect other audio"
            )


def unpack_recordings(folder: Path) -> Path:
    """Download the pinned packages of recordings into `folder`, verify and unpack them there."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, (version, digest) in RECORDINGS.items():
        archive = folder / f"{package}_{version}_all.deb"
        if not archive.exists():
            _download_package(package, version, folder)
        if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
            raise BuildError(f"{archive} is not the package it should be; delete it and try again")
        subprocess.run(["dpkg-deb", "--extract", archive, folder / package], check=True)
    return folder


def _download_package(package: str, version: str, folder: Path) -> None:
    command = ["apt-get", "download", f"{package}={version}"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(
            f"`{_words(command)}` failed ({result.stderr.strip().splitlines()[-1]}); fetch "
            f"{package}_{version}_all.deb from snapshot.debian.org and put it into {folder}"
        )


def decode_g722(path: Path) -> np.ndarray:
    """Decode one 64 kbit/s G.722 recording to samples (time,) in [-1, 1] at 16 kHz."""
    command = ["ffmpeg", "-v", "error", "-f", "g722", "-i", path, "-f", "s16le", "-"]
    decoded = subprocess.run(command, capture_output=True, check=False)
    if decoded.returncode:
        raise BuildError(f"ffmpeg cannot decode {path}: {decoded.stderr.decode().strip()}")
    return np.frombuffer(decoded.stdout, dtype="<i2").astype(np.float64) / 32768


def read_at_16khz(path: Path) -> np.ndarray:
    """Read a mono file and resample it to 16 kHz: samples (time,)."""
    samples, rate = soundfile.read(path)
    return soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ")


def frame_levels_db(samples: np.ndarray, frame: int = 160) -> np.ndarray:
    """Root mean square of each 10 ms frame in dB relative to full scale, at least -120."""
    frames = samples[: samples.size // frame * frame].reshape(-1, frame)
    return 20 * np.log10(np.sqrt(np.mean(frames**2, axis=1)) + 1e-6)


def trim_silence(
    samples: np.ndarray, range_db: float = 40.0, before: float = 0.04, after: float = 0.06
) -> np.ndarray:
    """Cut the ends that are `range_db` below the loudest 10 ms; keep a margin (s), faded."""
    levels = frame_levels_db(samples)
    loud = np.flatnonzero(levels > levels.max() - range_db) * 160
    start = max(0, loud[0] - round(before * SAMPLE_RATE))
    end = min(samples.size, loud[-1] + 160 + round(after * SAMPLE_RATE))
    trimmed = samples[start:end].copy()
    fade = np.linspace(0.0, 1.0, 80)  # 5 ms
    trimmed[:80] *= fade
    trimmed[-80:] *= fade[::-1]
    return trimmed


def set_level(samples: np.ndarray, level_db: float = -22.0, peak_limit: float = 0.9) -> np.ndarray:
    """Scale to a root mean square of `level_db`, less where the peak would pass `peak_limit`."""
    samples = samples - samples.mean()
    gain = 10 ** (level_db / 20) / np.sqrt(np.mean(samples**2))
    return samples * min(gain, peak_limit / np.abs(samples).max())


def to_pcm(samples: np.ndarray) -> np.ndarray:
    """Round samples in [-1, 1) to 16-bit integers."""
    return np.round(samples * 32768).clip(-32768, 32767).astype(np.int16)


def write_set(folder: Path, rows: list[dict], clips: Iterable[np.ndarray]) -> None:
    """Replace the clips (16-bit, 16 kHz, FLAC), `metadata.csv` and `SHA256SUMS` of a set."""
    shutil.rmtree(folder / CLIP_FILES, ignore_errors=True)
    (folder / CLIP_FILES).mkdir()
    for row, clip in zip(rows, clips, strict=True):
        soundfile.write(folder / row["file"], clip, SAMPLE_RATE, "PCM_16", compression_level=1.0)
    write_table(folder / "metadata.csv", rows)
    files = ["metadata.csv", *sorted(row["file"] for row in rows)]
    lines = [f"{hashlib.sha256((folder / f).read_bytes()).hexdigest()}  {f}\n" for f in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


def write_table(path: Path, rows: list[dict]) -> None:
    """Write rows as a CSV file: UTF-8, commas, one header row, Unix line ends."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def summarise(folder: Path, rows: list[dict]) -> str:
    """Count clips, seconds and bytes in one line."""
    size = sum(path.stat().st_size for path in (folder / CLIP_FILES).iterdir())
    seconds = sum(float(row["seconds"]) for row in rows)
    return f"{folder.name}: {len(rows)} clips, {seconds:.1f} s, {size / 1e6:.2f} MB of FLAC"


def slug(text: str) -> str:
    """Lower-case letters, digits and single hyphens only."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _words(items: Iterable[object]) -> str:
    return " ".join(str(item) for item in items)
