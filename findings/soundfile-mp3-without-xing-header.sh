#!/usr/bin/env bash
# soundfile 0.13.1 (libsndfile 1.2.2, libmpg123) guesses the length of an MP3 file of variable bit
# rate that has no Xing header, from the bit rate of its first frame and the size of the file. What
# lies behind the guess is never read, and no error or warning tells it: of a file that begins loud,
# more than half is lost; of one that begins quiet, three times as many samples are promised as there
# are. A Xing header is missing where an encoder wrote into a pipe or a recording was cut.
#
# Input: 4 s of noise and 1 s of silence at 16 kHz, 80,000 samples, written by soundfile itself (LAME,
# variable bit rate); then without the first frame, which holds no sound but the length.
#
# Seen on Linux with Python 3.11 and NumPy 1.26.4 (samples; the true number includes the encoder's
# delay, which only the Xing header could take away, and fills the last frame):
# noise first    with header 80000   without: promised  33768, read  33768, true 81216
# silence first  with header 80000   without: promised 268992, read  81216, true 81216
# It ends with 1 if the files without a header are read to their true length and promise no more.
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

RATE, FRAME = 16000, 576  # samples in a frame of MPEG-2
noise = 0.3 * np.random.default_rng(0).standard_normal(4 * RATE)
pause = np.zeros(RATE)
surprises = []
for name, parts in (("noise first", (noise, pause)), ("silence first", (pause, noise))):
    stream = io.BytesIO()
    soundfile.write(stream, np.concatenate(parts), RATE, format="MP3")
    whole = stream.getvalue()
    bare = whole[whole.index(b"\xff\xf3", 4) :]  # the second frame and all others
    frames = int.from_bytes(whole[whole.index(b"Xing") + 8 :][:4], "big")
    with_header = len(soundfile.read(io.BytesIO(whole))[0])
    promised = soundfile.info(io.BytesIO(bare)).frames
    read = len(soundfile.read(io.BytesIO(bare))[0])
    print(
        f"{name:<15}with header {with_header:<8}without: promised {promised:>6}, read {read:>6}, "
        f"true {frames * FRAME}"
    )
    surprises += [read < frames * FRAME, promised > frames * FRAME]
sys.exit(not any(surprises))
PYTHON
