"""The failure clinic: sick runs to hear, and a diagnosis of any run from its history and samples.

bugs.py           two bugs, each in one method
cases.py          eleven sick runs and three healthy ones: how each is made, and its cure
patients.py       the same as they ship
curves.py  sounds.py  recordings.py  steps.py     figures
examination.py    all figures of a run
illnesses.py      which figures mean what
diagnosis.py      the answer
"""

from ganlib.clinic.bugs import ForgottenStopGradient, FrozenDiscriminator, with_bug
from ganlib.clinic.cases import Case, cases, get_case
from ganlib.clinic.diagnosis import Diagnosis, diagnose
from ganlib.clinic.illnesses import ILLNESSES
from ganlib.clinic.patients import Patient, load
from ganlib.clinic.steps import record_steps, who_moves

__all__ = [
    "ILLNESSES",
    "Case",
    "Diagnosis",
    "ForgottenStopGradient",
    "FrozenDiscriminator",
    "Patient",
    "cases",
    "diagnose",
    "get_case",
    "load",
    "record_steps",
    "who_moves",
    "with_bug",
]
