#!/usr/bin/env bash
# speechmos 0.0.1.1 (DNSMOS P.835 and P.808 of Microsoft, as ONNX models): two things that one would
# not guess.
# 1. Digital silence gets an overall 1.84 and a signal part of 2.51, more than speech gets that is
#    hard to hear; and white noise 80 dB below full scale gets more than silence. A generator that
#    says nothing beats one that says something badly.
# 2. The overall, signal and background parts depend on the level of the recording; the P.808 part
#    hardly does, because its input is taken relative to its own maximum (until the sound reaches the
#    floor of that spectrum). So figures at different levels do not compare: bring all clips to one
#    level first.
#
# Speech: 9 s of a recorded telephone prompt (8 kHz, repeated samples filtered to 16 kHz by SciPy)
# from Debian 12's package asterisk-core-sounds-en-wav 1.6.1-1. Needs Python 3.11 or 3.12 and, on
# another system than Debian, `ar`, `tar` and the file of the package in the present folder.
#
# Seen on Linux with Python 3.11, onnxruntime 1.32.0 and librosa 0.11.0:
#                         overall   signal  background   P.808
#   speech as it is          3.43     3.63        4.21    3.67
#   speech -20 dB            3.28     3.56        4.16    3.67
#   speech -40 dB            2.40     2.84        3.97    3.61
#   speech -60 dB            1.77     2.28        3.80    2.73
#   digital silence          1.84     2.51        3.47    2.15
#   noise at -80 dBFS        2.11     2.75        3.83    2.08
#   noise at -26 dBFS        1.12     1.17        1.11    2.13
# It ends with 1 if silence is below 1.5 or below faint speech, if the overall part no longer depends
# on the level, or the P.808 part does.
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
venv/bin/pip install --quiet numpy==1.26.4 scipy==1.15.3 librosa==0.11.0 onnxruntime==1.32.0 \
  requests==2.32.3 tqdm==4.67.1
venv/bin/pip install --quiet --no-deps speechmos==0.0.1.1

venv/bin/python - <<'PYTHON'
import sys
import wave

import numpy as np
from scipy.signal import resample_poly
from speechmos import dnsmos

SAMPLES = 144160  # 9.01 s at 16 kHz, what the networks take
with wave.open("usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav") as file:
    data = file.readframes(SAMPLES // 2)
speech = resample_poly(np.frombuffer(data, "<i2") / 32768, 2, 1)
random = np.random.default_rng(0)
sounds = {"speech as it is": speech}
for decibels in (-20, -40, -60):
    sounds[f"speech {decibels} dB"] = speech * 10 ** (decibels / 20)
sounds["digital silence"] = np.zeros(SAMPLES)
sounds["noise at -80 dBFS"] = 1e-4 * random.normal(size=SAMPLES)
sounds["noise at -26 dBFS"] = 0.05 * random.normal(size=SAMPLES)

print(f"{'':<20}{'overall':>9}{'signal':>9}{'background':>12}{'P.808':>8}")
overall, p808 = {}, {}
for name, sound in sounds.items():
    found = dnsmos.run(np.clip(sound, -1, 1).astype("float32"), 16000)
    overall[name], p808[name] = float(found["ovrl_mos"]), float(found["p808_mos"])
    print(f"{name:<20}{overall[name]:9.2f}{found['sig_mos']:9.2f}{found['bak_mos']:12.2f}"
          f"{p808[name]:8.2f}")
as_before = (
    overall["digital silence"] > 1.5
    and overall["noise at -80 dBFS"] > overall["digital silence"] > overall["speech -60 dB"]
    and overall["speech as it is"] - overall["speech -20 dB"] > 0.1
    and overall["speech as it is"] - overall["speech -40 dB"] > 0.5
    and abs(p808["speech as it is"] - p808["speech -20 dB"]) < 0.02
    and abs(p808["speech as it is"] - p808["speech -40 dB"]) < 0.1
)
sys.exit(not as_before)
PYTHON
