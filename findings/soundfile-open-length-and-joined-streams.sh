#!/usr/bin/env bash
# soundfile 0.13.1 (libsndfile 1.2.2) and two kinds of valid files:
# - FLAC whose encoder wrote into a pipe has 0 for "number of samples unknown" (RFC 9639, 8.2).
#   soundfile then has 2**63 - 1 frames: read() fails with a ValueError of NumPy, and reading block
#   by block fails on the way, because soundfile seeks after every read. The decoder itself reads the
#   file to its end if it is not asked to seek.
# - Of joined Ogg streams (RFC 3533, section 4: "chaining") the first is read, and nothing tells that
#   there are others.
#
# Input: one second of a tone at 16 kHz, written by soundfile; the number of samples set to 0, and an
# Ogg Vorbis file written twice.
#
# Seen on Linux with Python 3.11 and NumPy 1.26.4:
# FLAC of open length, frames                     9223372036854775807
# FLAC of open length, read()                     ValueError after 0 samples
# FLAC of open length, in blocks                  LibsndfileError after 12000 samples
# FLAC of open length, in blocks without seeking  16000 samples
# Ogg Vorbis twice, in blocks                     16000 samples
# It ends with 1 if one of these changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet numpy==1.26.4 soundfile==0.13.1

venv/bin/python - <<'PYTHON'
import io
import sys

import numpy as np
import soundfile

RATE = 16000
tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)


def encoded(container: str) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, tone, RATE, format=container)
    return stream.getvalue()


def read(data: bytes, seek: bool = True, **options: int) -> str:
    sound, got = soundfile.SoundFile(io.BytesIO(data)), 0
    if not seek:
        sound.seekable = lambda: False
    try:
        while block := len(sound.read(**options)):
            got += block
        return f"{got} samples"
    except (ValueError, soundfile.SoundFileError) as error:
        return f"{type(error).__name__} after {got} samples"


flac = bytearray(encoded("FLAC"))
flac[21:26] = bytes([flac[21] & 0xF0, 0, 0, 0, 0])
found = {
    "FLAC of open length, frames": str(soundfile.info(io.BytesIO(flac)).frames),
    "FLAC of open length, read()": read(bytes(flac)),
    "FLAC of open length, in blocks": read(bytes(flac), frames=4000),
    "FLAC of open length, in blocks without seeking": read(bytes(flac), False, frames=4000),
    "Ogg Vorbis twice, in blocks": read(2 * encoded("OGG"), frames=4000),
}
for name, value in found.items():
    print(f"{name:<48}{value}")
expected = ["9223372036854775807", "ValueError after 0 samples"]
expected += ["LibsndfileError after 12000 samples", "16000 samples", "16000 samples"]
sys.exit(list(found.values()) != expected)
PYTHON
