"""From the package's list of prompts to what is spoken: rules without any audio."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

# Numbers, symbols and slips of the pen, as they are spoken in these recordings.
SPOKEN = {
    "H.323": "H three two three",
    "3D": "three D",
    "*": "star",
    "#": "pound",
    "www.asterisk.org": "w w w dot asterisk dot org",
    "De-activated": "deactivated",
    "re-entered": "reentered",
    "re-enter": "reenter",
    "re-record": "rerecord",
    "exclaimation-point": "exclamation point",
    "fourtieth": "fortieth",
    "represenatives": "representatives",
    "thru": "through",
    "umute": "unmute",
    "Un-indentified": "unidentified",
    "witheld": "withheld",
}
SPELLED = {"iax", "ip", "ivr", "mgcp", "pbx", "usb"}

# Heard otherwise: pocketsphinx, given the grammar of both readings, chose another than the text.
CONTRACTED = {  # prompt: (in the text, in the recording)
    "demo-echotest": ("you are about", "you're about"),
    "dir-instr": ("you are looking", "you're looking"),
    "followme/pls-hold-while-try": ("you are calling", "you're calling"),
    "followme/sorry": ("you are calling", "you're calling"),
    "invalid": ("i am sorry that's", "i'm sorry that is"),
    "privacy-unident": ("you are trying", "you're trying"),
}
OTHER_WORDS = {  # prompt: what differs
    "demo-congrats": '"help you get started", not "help you to get started"',
    "demo-instruct": 'no "finally" before the last sentence',
    "pbx-invalid": '"but that\'s not", not "that\'s not"',
    "pbx-invalidpark": '"but there is no call", not "there is no call"',
}


def read_transcripts(path: Path) -> dict[str, str]:
    """Read `prompt: transcript` lines; `;` begins a comment."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line for line in file if ":" in line and not line.startswith(";")]
    pairs = (line.split(":", 1) for line in lines)
    return {prompt: re.sub(r"\s+", " ", text).strip() for prompt, text in pairs}


def without_gloss(transcript: str) -> str:
    """Remove the symbol that is named: `dash [-]` becomes `dash`."""
    return re.sub(r"(?<=\w) \[.\]$", "", transcript)


def is_described(transcript: str) -> bool:
    """Say whether brackets describe a sound (tone, silence, monkeys) or comment on the text."""
    return bool(re.search(r"[\[\]()<>]", transcript))


def normalise(prompt: str, transcript: str) -> str:
    """Write out what is said, in lower-case words: numbers, symbols, spelled abbreviations."""
    for written, spoken in SPOKEN.items():
        pattern = rf"(?<!\w){re.escape(written)}(?!\w)"
        transcript = re.sub(pattern, f" {spoken} ", transcript, flags=re.IGNORECASE)
    transcript = re.sub(r"\d", lambda digit: f" {DIGITS[int(digit.group())]} ", transcript)
    words = re.sub(r"[^a-z' ]+", " ", transcript.lower()).split()
    text = " ".join(" ".join(word) if word in SPELLED else word for word in words)
    return text.replace(*CONTRACTED.get(prompt, ("", "")))


def spoken_letters(normalised: str) -> int:
    """Count letters; the name of a single letter (`m` is said like "em") counts as four."""
    return sum(4 if len(word) == 1 and word != "a" else len(word) for word in normalised.split())


def expected_seconds(normalised: str) -> float:
    """Predict how long this speaker takes: 0.34 s, and 0.068 s a letter (fitted to the set)."""
    return 0.34 + 0.068 * spoken_letters(normalised)


def why_left_out(prompt: str, transcript: str) -> str:
    """Say why a transcript rules its recording out, or return nothing."""
    if is_described(transcript):
        return "the transcript has brackets: a tone, silence, an effect or a comment"
    if prompt in OTHER_WORDS:
        return f"other words are spoken: {OTHER_WORDS[prompt]}"
    return ""


def choose_split(normalised: str) -> str:
    """Send a tenth of the texts, by hash, and the ten digits to `test`; equal texts share it."""
    if normalised in DIGITS:
        return "test"
    letters = re.sub(r"[^a-z]", "", normalised)
    return "test" if int(hashlib.sha256(letters.encode()).hexdigest(), 16) % 10 == 0 else "train"
