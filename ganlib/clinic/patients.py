"""The cases as they ship: a run folder each, with its sound, its history and its diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ganlib.clinic.cases import Case, get_case
from ganlib.clinic.diagnosis import Diagnosis, judge
from ganlib.clinic.examination import Examination, examine
from ganlib.errors import WeightsError
from ganlib.training.engine.history import read_history

FOLDER = Path(__file__).parent / "ward"


@dataclass(frozen=True)
class Patient:
    """A case that ships with ganlib. Nothing is computed before it is asked for.

    Args:
        case: how it came to be.
        folder: of its run, as `ganlib diagnose` takes it.

    Example:
        >>> patient = load("silence")
        >>> patient.case.model, len(patient.history) > 0
        ('wavegan', True)
    """

    case: Case
    folder: Path

    @cached_property
    def history(self) -> list[dict]:
        """Losses and logits, a dict a row, as `plot_training` takes them."""
        return read_history(self.folder / "history.csv")

    @cached_property
    def examination(self) -> Examination:
        """All that was measured."""
        return examine(self.folder)

    @property
    def clips(self) -> np.ndarray:
        """What it says: float32 (60, time, 1), digits on demand in turn."""
        return self.examination.clips

    @property
    def sample_rate(self) -> int:
        """Of the clips, in Hz."""
        return self.examination.sample_rate

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What it suffers from."""
        return judge(self.examination)


def load(name: str) -> Patient:
    """A case that ships, with samples, history and diagnosis.

    Args:
        name: of one of `cases()`.

    Raises:
        OptionError: if there is no such case.
        WeightsError: if its files are missing.

    Example:
        >>> load("healthy_specgan").case.diagnosis
        'healthy'
    """
    case, folder = get_case(name), FOLDER / name
    if not (folder / "config.json").is_file():
        raise WeightsError(f"{folder} is missing: install ganlib again.")
    return Patient(case, folder)
