#!/usr/bin/env bash
# pesq 0.0.4 (the wheel that most speech projects measure PESQ with) takes level, sign and delay out
# before it judges, and hardly hears a constant offset: a recording beside its own negative, or
# beside itself 40 dB lower, gets the best score that the scale has. That is what ITU-T P.862 asks
# for (a telephone line may do all of that), but a generator or a vocoder with such a fault goes
# unnoticed, so whoever shows PESQ has to show level, offset, polarity and delay beside it.
#
# Speech: 8 s of a recorded telephone prompt (8 kHz) from Debian 12's package
# asterisk-core-sounds-en-wav 1.6.1-1, half a second of silence before and after. Needs Python 3.11
# or 3.12, a C compiler and, on another system than Debian, `ar`, `tar` and the file of the package in
# the present folder.
#
# Seen, narrow band, on Linux with Python 3.11 and NumPy 1.26.4:
#   the same                  4.549
#   its negative              4.549
#   40 dB lower               4.549
#   half a second late        4.549
#   plus an offset of 0.2     4.549
#   with noise, SNR 20 dB     1.961
#   with noise, its negative  1.961
# It ends with 1 if one of the first five is below 4.4, or noise is not heard.
set -euo pipefail

here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

package=asterisk-core-sounds-en-wav_1.6.1-1_all.deb
if [ -f "$here/$package" ]; then cp "$here/$package" .; else
  apt-get download -qq asterisk-core-sounds-en-wav=1.6.1-1
fi
ar p "$package" data.tar.xz | tar -xJ ./usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav

"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet numpy==1.26.4 cython==3.0.11 setuptools==75.8.0 wheel==0.45.1
venv/bin/pip install --quiet --no-build-isolation --no-deps pesq==0.0.4

venv/bin/python - <<'PYTHON'
import sys
import wave

import numpy as np
from pesq import pesq

with wave.open("usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav") as file:
    rate, data = file.getframerate(), file.readframes(8 * file.getframerate())
assert rate == 8000
speech = np.pad(np.frombuffer(data, "<i2") / 32768, 4000).astype("float32")
random = np.random.default_rng(0)
noise = (random.normal(size=speech.shape) * speech.std() / 10).astype("float32")
blind = {
    "the same": speech,
    "its negative": -speech,
    "40 dB lower": 0.01 * speech,
    "half a second late": np.roll(speech, 4000),
    "plus an offset of 0.2": speech + 0.2,
}
heard = {
    "with noise, SNR 20 dB": speech + noise,
    "with noise, its negative": -speech - noise,
}
score = {
    name: pesq(rate, speech, estimate.astype("float32"), "nb")
    for name, estimate in (blind | heard).items()
}
for name, value in score.items():
    print(f"{name:<26}{value:.3f}")
as_before = min(score[name] for name in blind) > 4.4 and max(score[name] for name in heard) < 4
sys.exit(not as_before)
PYTHON
