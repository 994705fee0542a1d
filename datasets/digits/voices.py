"""Who speaks in the digits, in which split, and with which settings of its engine."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Voice:
    """One voice; `speaker` is the person whose recordings it was made from, where there is one."""

    name: str
    source: str  # human, espeak-ng, flite or festival
    engine_voice: str
    speaker: str
    split: str


HUMAN = Voice("human-allison", "human", "en_US_f_Allison", "Allison Smith", "test")

# Voices of one speaker stay in one split, whatever engine speaks.
CONCATENATED = (
    Voice("flite-kal", "flite", "kal16", "kal", "train"),
    Voice("flite-awb", "flite", "awb", "awb", "train"),
    Voice("flite-slt", "flite", "slt", "slt", "train"),
    Voice("flite-rms", "flite", "rms", "rms", "test"),
    Voice("festival-kal", "festival", "kal_diphone", "kal", "train"),
    Voice("festival-slt", "festival", "cmu_us_slt_arctic_hts", "slt", "train"),
    Voice("festival-ked", "festival", "ked_diphone", "ked", "test"),
)

_ESPEAK = {
    "train": (
        "en-us en-gb-scotland en-us+Denis en-us+announcer en-us+anika en-us+david en-us+edward "
        "en-us+f1 en-us+f2 en-us+f3 en-us+f5 en-us+klatt2 en-us+m4 en-us+miguel en-us+pablo "
        "en-us+paul"
    ),
    "test": "en-gb-x-rp en-us+Annie en-us+Storm en-us+belinda",
}


def espeak_voices() -> tuple[Voice, ...]:
    """The espeak-ng voices; each is a formant synthesiser, so each counts as its own speaker."""
    return tuple(
        Voice(name, "espeak-ng", engine_voice, name, split)
        for split, voices in _ESPEAK.items()
        for engine_voice in voices.split()
        for name in ["espeak-" + engine_voice.split("+")[-1].lower()]
    )


VOICES = (HUMAN, *CONCATENATED, *espeak_voices())

# espeak-ng: base pitch (0-99), words a minute, and the mark that shapes the melody.
ESPEAK_TAKES = ((50, 170, "."), (40, 150, "!"), (60, 190, "."), (55, 145, "?"))

# flite and festival: duration factor, pitch factor.
_STRETCH_AND_PITCH = ((1.0, 1.0), (0.85, 1.0), (1.0, 0.9), (1.1, 1.06), (0.9, 1.12), (0.8, 0.95))
_STRETCH_ONLY = tuple((factor, 1.0) for factor in (1.0, 0.78, 0.84, 0.9, 0.95, 1.08))
_FIXED_PITCH = {"flite-rms", "festival-slt"}  # these two ignore a request for another pitch


def stretch_takes(voice: Voice) -> tuple[tuple[float, float], ...]:
    """The six takes (duration factor, pitch factor) of a flite or festival voice."""
    return _STRETCH_ONLY if voice.name in _FIXED_PITCH else _STRETCH_AND_PITCH
