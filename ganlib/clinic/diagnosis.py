"""A diagnosis: the likely illness of a run, the evidence, and what to try."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from ganlib.clinic.examination import CLIPS, Examination, examine
from ganlib.clinic.illnesses import ILLNESSES
from ganlib.clinic.signs import Illness
from ganlib.evaluation.measuring.ear import Ear

HEALTHY = "healthy"
EARLY = 300  # updates, below which a healthy training still makes noise
WIDTH = 96  # letters in a line


@dataclass(frozen=True)
class Diagnosis:
    """What a run seems to suffer from.

    Args:
        examination: what was measured.
        found: (illness, evidence) of all that fit, the likeliest first.

    Example:
        >>> healthy = Diagnosis(Examination("run", "specgan", {"level_db": -20.0}), ())
        >>> healthy.illness, healthy.healthy, healthy.evidence
        ('healthy', True, ())
    """

    examination: Examination
    found: tuple[tuple[Illness, tuple[str, ...]], ...]

    @property
    def illness(self) -> str:
        """Name of the likeliest illness, or "healthy"."""
        return self.found[0][0].name if self.found else HEALTHY

    @property
    def healthy(self) -> bool:
        """Whether nothing was found."""
        return not self.found

    @property
    def evidence(self) -> tuple[str, ...]:
        """Sentences with the figures that crossed their bounds, of the likeliest illness."""
        return self.found[0][1] if self.found else ()

    @property
    def advice(self) -> tuple[str, ...]:
        """What to try, with the options of `ganlib train`."""
        return self.found[0][0].advice if self.found else ()

    def lines(self) -> list[str]:
        """The diagnosis for a terminal.

        Example:
            >>> print(*Diagnosis(Examination("run", "specgan", {"spread": 0.9}), ()).lines()[:2],
            ...       sep="\\n")
            run (specgan): healthy
            Nothing in its history and its clips is beyond a bound.
        """
        told = [f"{self.examination.run} ({self.examination.model}): {self.illness}"]
        if self.healthy:
            told.append("Nothing in its history and its clips is beyond a bound.")
        for place, (illness, evidence) in enumerate(self.found):
            told.append(f"{'' if place == 0 else f'Also {illness.name}: '}{illness.title}.")
            told += _listed(evidence)
            if place == 0:
                told += ["What to try:", *_listed(illness.advice)]
        if self.examination.figures.get("updates", EARLY) < EARLY:
            updates = self.examination.figures["updates"]
            told.append(f"After {updates:.0f} updates even a healthy training makes noise.")
        told += ["Measured:", *_listed(self._measured())]
        if self.examination.skipped:
            told += ["Not looked at:", *_listed(self.examination.skipped)]
        return told

    def _measured(self) -> list[str]:
        figures = self.examination.figures.items()
        return [", ".join(f"{name} {value:.3g}" for name, value in figures)]

    def to_dict(self) -> dict:
        """Everything as plain data for a JSON file."""
        return {
            "run": self.examination.run,
            "model": self.examination.model,
            "illness": self.illness,
            "found": [
                {"name": illness.name, "title": illness.title, "evidence": list(evidence),
                 "advice": list(illness.advice)}
                for illness, evidence in self.found
            ],
            "figures": {k: float(f"{v:.6g}") for k, v in self.examination.figures.items()},
            "skipped": list(self.examination.skipped),
        }  # fmt: skip


def diagnose(run: str | Path, ear: Ear | None = None, count: int = CLIPS) -> Diagnosis:
    """Name the likely illness of a run from its history and its samples.

    Args:
        run: folder of a run of any recipe that makes sound.
        ear: the classifier; None takes the one that ships.
        count: clips to hear.

    Raises:
        RunError, WeightsError: see `examine`.

    Example:
        >>> diagnose("no_such_run")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: no_such_run holds no run ...
    """
    return judge(examine(run, ear, count))


def judge(examination: Examination) -> Diagnosis:
    """Which illnesses the figures show; what cannot be measured is nobody's symptom.

    Example:
        >>> judge(Examination("run", "wavegan", {"level_db": -90.0})).illness
        'silence'
    """
    found = [(illness, tuple(illness.seen(examination.figures))) for illness in ILLNESSES]
    return Diagnosis(examination, tuple((one, seen) for one, seen in found if seen))


def _listed(sentences) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in wrap(sentence, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    ]
