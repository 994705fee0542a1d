#!/usr/bin/env bash
# pystoi 0.4.1 gives a constant in the place of speech a score of its own: 0.4 and more, above white
# noise, although nothing is to be heard in it; zeros get 0. The rounding errors that the constant
# leaves in the bands above 150 Hz are brought to the level of the reference, because STOI takes the
# level of every band out. So an estimate that is stuck at a value has to be recognised before.
#
# Input: synthetic. The reference is white noise whose level swings 4 times a second, 2 s at 8 kHz.
#
# Seen on Linux with Python 3.11, NumPy 1.26.4 and SciPy 1.15.3:
#   itself                1.000
#   zeros                 0.000
#   a constant of 0.3     0.432
#   white noise           0.259
# It ends with 1 if the constant no longer gets more than zeros do.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet numpy==1.26.4 scipy==1.15.3 pystoi==0.4.1

venv/bin/python - <<'PYTHON'
import sys

import numpy as np
from pystoi import stoi

random, time = np.random.default_rng(0), np.arange(16000) / 8000
reference = 0.1 * random.normal(size=16000) * (1.1 + np.sin(2 * np.pi * 4 * time))
estimates = {
    "itself": reference,
    "zeros": np.zeros(16000),
    "a constant of 0.3": np.full(16000, 0.3),
    "white noise": 0.1 * random.normal(size=16000),
}
score = {name: float(stoi(reference, estimate, 8000)) for name, estimate in estimates.items()}
for name, value in score.items():
    print(f"{name:<20}{value:.3f}")
sys.exit(not score["a constant of 0.3"] > score["zeros"] + 0.1)
PYTHON
