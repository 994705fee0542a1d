"""Listeners with known opinions, and the files that their browsers would download."""

from pathlib import Path

import numpy as np

from ganlib.listening.checking import COLUMNS, checksum
from ganlib.listening.stimuli import LOW, REAL

# What an attentive listener thinks on average, and how often the digit is heard.
TRUTH = {REAL: (4.6, 0.97), "good": (3.6, 0.85), "poor": (2.0, 0.35), LOW: (1.3, 0.2)}
STRICTNESS = 0.25  # one listener rates this much above or below the others at most


def make_key(count: int = 10) -> dict:
    """A key with `count` clips of each system of TRUTH (half as many low anchors)."""
    clips, systems = {}, list(TRUTH)
    for system in systems:
        for number in range(count // 2 if system == LOW else count):
            clips[f"k{len(clips):08x}"] = {"system": system, "label": str(number % 10)}
    anchors = {"real": REAL, "low": LOW}
    return {
        "version": 1, "test": "t00000000000a", "systems": systems, "anchors": anchors,
        "clips": clips,
    }  # fmt: skip


def line(key: dict, clip: str, position: int, /, **changes: object) -> dict[str, str]:
    """One line as the page writes it."""
    row = {
        "test": key["test"], "listener": "Ann", "session": "s00000001", "seed": 1,
        "position": position, "clip": clip, "naturalness": 3, "digit": "7", "plays": 1,
        "milliseconds": 2500,
    }  # fmt: skip
    text = {name: str(value) for name, value in (row | changes).items()}
    return text | {"check": checksum(text)}


def lines_of(key: dict, listener: str, seed: int, careless: bool = False) -> list[dict[str, str]]:
    """All clips in an order of the listener's own, answered by TRUTH or without listening."""
    random = np.random.default_rng(seed)
    strictness = random.uniform(-STRICTNESS, STRICTNESS)
    rows = []
    for position, clip in enumerate(random.permutation(list(key["clips"])), 1):
        opinion, heard = TRUTH[key["clips"][clip]["system"]]
        # Rounded up or down by chance, so that the mean of many is the opinion exactly.
        score = int(np.floor(opinion + strictness + random.random()))
        right = random.random() < heard
        digit = key["clips"][clip]["label"] if right else str(random.choice(["unclear", "x"]))
        if digit == "x":
            digit = str((int(key["clips"][clip]["label"]) + 1) % 10)
        if careless:
            score, digit = 3, "1"
        who = {"listener": listener, "session": f"s{seed:08x}", "seed": seed}
        rows.append(line(key, clip, position, naturalness=score, digit=digit, **who))
    return rows


def write_table(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    """A file as the page downloads it, or as a spreadsheet saves it with another delimiter."""
    lines = [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)]
    text = "".join(delimiter.join(words) + "\r\n" for words in lines)
    path.write_bytes(("\ufeff" + text).encode())
    return path
