#!/usr/bin/env bash
# tensorflow-io 0.37.1 (with TensorFlow 2.17.1), three things about WAV files and resampling:
# - `tfio.audio.decode_wav` refuses a WAV file of 32-bit integers as what it is, and takes it as
#   float32: the bits of the integers are read as if they were floating-point numbers, so a tone of
#   half of full scale becomes numbers from 1e-38 to 1e38.
# - a WAV file whose encoder wrote into a pipe (its lengths are all ones) is refused; libsndfile
#   reads it to its end.
# - `tfio.audio.resample` does not take away the delay of its filter: half its length, 32 samples of
#   the input where the rate rises and 32 of the output where it falls. A click moves.
#
# Input: a tone and a click at 16 kHz, written by soundfile 0.13.1.
#
# Seen on Linux with Python 3.11 and NumPy 1.26.4:
# 32-bit integers as int32                InvalidArgumentError
# 32-bit integers as float32              16000 samples, peak 2e+38
# 16-bit integers                         16000 samples, peak 2e+04
# 16-bit integers, lengths of all ones    InvalidArgumentError
# a click at 50 ms, resampled to 8 kHz    at 54.0 ms
# a click at 50 ms, resampled to 32 kHz   at 52.0 ms
# It ends with 1 if one of these changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet numpy==1.26.4 soundfile==0.13.1 tensorflow==2.17.1 \
    tensorflow-io==0.37.1 tensorflow-io-gcs-filesystem==0.37.1

TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'PYTHON'
import io
import sys

import numpy as np
import soundfile
import tensorflow as tf
import tensorflow_io as tfio

RATE = 16000
tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)


def wav(subtype: str) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, tone, RATE, format="WAV", subtype=subtype)
    return stream.getvalue()


def decoded(data: bytes, dtype: tf.DType) -> str:
    try:
        samples = tfio.audio.decode_wav(data, dtype=dtype).numpy()
    except tf.errors.OpError as error:
        return type(error).__name__
    return f"{len(samples)} samples, peak {np.abs(samples[np.isfinite(samples)]).max():.0e}"


piped = bytearray(wav("PCM_16"))
piped[4:8] = piped[40:44] = b"\xff" * 4
click = np.zeros((1600, 1), "float32")
click[800] = 1.0
down, up = (np.abs(tfio.audio.resample(click, RATE, to)).argmax() for to in (8000, 32000))
found = {
    "32-bit integers as int32": decoded(wav("PCM_32"), tf.int32),
    "32-bit integers as float32": decoded(wav("PCM_32"), tf.float32),
    "16-bit integers": decoded(wav("PCM_16"), tf.int16),
    "16-bit integers, lengths of all ones": decoded(bytes(piped), tf.int16),
    "a click at 50 ms, resampled to 8 kHz": f"at {down / 8:.1f} ms",
    "a click at 50 ms, resampled to 32 kHz": f"at {up / 32:.1f} ms",
}
for name, value in found.items():
    print(f"{name:<40}{value}")
expected = ["InvalidArgumentError", "16000 samples, peak 2e+38", "16000 samples, peak 2e+04"]
expected += ["InvalidArgumentError", "at 54.0 ms", "at 52.0 ms"]
sys.exit(list(found.values()) != expected)
PYTHON
