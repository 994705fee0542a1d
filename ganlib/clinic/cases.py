"""The patients: eleven sick runs and three healthy ones, how each was made, and what cures it.

All are tiny and learned for a minute or two, so none speaks well. They learned from the Free Spoken
Digit Dataset (CC BY-SA 4.0), except the memoriser, whose recordings come with ganlib, so that it
can be found out. A sick run differs from a healthy one in nothing but what its case says, and the
cure takes that back. `python -m benchmarks.clinic` makes all of them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ganlib.clinic.bugs import ForgottenStopGradient, FrozenDiscriminator
from ganlib.errors import OptionError
from ganlib.training.engine.gan import GAN
from ganlib.training.recipes import get_recipe

HEALTHY = "healthy"

_PICTURES = {
    "dim": 8, "latent_dim": 16, "kernel_size": 4, "batch_size": 16, "n_mels": 32,
    "n_fft": 512, "hop_length": 256, "iterations": 16, "floor": 1e-3, "time_shift": 1,
}  # fmt: skip
_WAVES = {"dim": 4, "latent_dim": 16, "kernel_size": 16, "batch_size": 8}


@dataclass(frozen=True)
class Case:
    """A run, well or ill, and how it came to be.

    Args:
        name: of the case; a sick one is called as its illness.
        model: the recipe.
        symptom: what one hears and sees, in words.
        changes: options in which it differs from the healthy run of its recipe.
        steps: updates.
        cured_by: name of the case that the cure leads to.
        bug: None, or the `GAN` whose one method is wrong.
        recordings: of each digit, that it learned from; 0 for all.
        data: name of the set.
        heard_with: settings of the codec that speaks, where they are not those of the training.
        trained_as: the case whose training this is, where only the hearing differs.
        seed: of everything that is drawn.

    Example:
        >>> get_case("silence").options()["signal_scale"]
        0.0001
    """

    name: str
    model: str
    symptom: str
    changes: dict = field(default_factory=dict)
    steps: int = 1500
    cured_by: str = ""
    bug: type[GAN] | None = None
    recordings: int = 0
    data: str = "fsdd"
    heard_with: dict = field(default_factory=dict)
    trained_as: str = ""
    seed: int = 0

    @property
    def diagnosis(self) -> str:
        """What `diagnose` must call it."""
        return self.name if self.cured_by else HEALTHY

    def options(self) -> dict:
        """Every option of the run."""
        size = _WAVES if self.model == "wavegan" else _PICTURES
        labels = {"conditional": self.model != "specgan"}
        changes = {**size, **labels, **self.changes, "steps": self.steps}
        return get_recipe(self.model).options("quick", changes)

    def cure(self) -> dict:
        """The options that make it the healthy case: name -> value. Empty where a bug is to mend.

        Example:
            >>> get_case("silence").cure()["signal_scale"]
            0.0
        """
        if not self.cured_by:
            return {}
        healthy = get_case(self.cured_by).options()
        return {name: healthy[name] for name, value in self.options().items()
                if healthy[name] != value}  # fmt: skip


CASES = (
    Case(
        "mode_collapse",
        "specgan",
        "One sound, again and again, whatever the latent vector. Both learning rates are a hundred "
        "times too high: the first steps throw the generator to where all its units are dead.",
        {"generator_learning_rate": 0.1, "discriminator_learning_rate": 0.1},
        steps=150,
        cured_by="healthy_specgan",
    ),
    Case(
        "discriminator_wins",
        "specgan",
        "Noise that never becomes speech. The discriminator's loss falls to nothing at once, and "
        "the minimax loss has no slope left there.",
        {"loss": "minimax", "penalty": "none", "generator_learning_rate": 1e-4,
         "discriminator_learning_rate": 2e-3, "discriminator_first": 100},
        steps=400,
        cured_by="healthy_specgan",
    ),
    Case(
        "oscillation",
        "specgan",
        "Now this noise, now that: the losses swing wider and wider, and what was learned is "
        "unlearned half a turn later.",
        {"penalty": "none", "beta_1": 0.9, "generator_learning_rate": 5e-3,
         "discriminator_learning_rate": 5e-3},
        steps=500,
        cured_by="healthy_specgan",
    ),
    Case(
        "silence",
        "wavegan",
        "Nothing to hear, though the losses look alive: the networks were told that recordings are "
        "80 dB below full scale.",
        {"signal_scale": 1e-4},
        steps=60,
        cured_by="healthy_wavegan",
    ),
    Case(
        "buzzing",
        "wavegan",
        "Steady tones over everything: kernels of 25 overlap unevenly at strides of 4, and in a "
        "hundred updates, without normalisation or phase shuffle, nobody unlearns the pattern.",
        {"kernel_size": 25, "phase_shuffle": 0, "batch_normalization": False},
        steps=100,
        cured_by="healthy_wavegan",
    ),
    Case(
        "metallic_phase",
        "specgan",
        "Speech from a tin: the pictures are those of the healthy run, but the phase is a guess.",
        {"iterations": 0},
        cured_by="healthy_specgan",
        trained_as="healthy_specgan",
    ),
    Case(
        "ignored_labels",
        "digits",
        "Any digit, never the one that was asked for: nobody tells the discriminator, so nobody "
        "tells the generator.",
        {"label_head": "auxiliary", "auxiliary_weight": 0.0},
        cured_by="healthy_digits",
    ),
    Case(
        "memoriser",
        "digits",
        "Astonishingly good digits, each always in the same words of the same voice: the ten "
        "recordings that it learned from, by heart.",
        {"time_shift": 0, "penalty_weight": 0.05},
        steps=2000,
        cured_by="healthy_digits",
        recordings=1,
        data="digits",
    ),
    Case(
        "mel_mismatch",
        "specgan",
        "The voice of another animal: the mel bands that speak are not those that were learned.",
        cured_by="healthy_specgan",
        trained_as="healthy_specgan",
        heard_with={"fmin_hz": 0.0, "fmax_hz": 2000.0},
    ),
    Case(
        "frozen_discriminator",
        "specgan",
        "Noise of one kind. The generated clips pass for real better than recordings do, and the "
        "generator has nothing more to learn.",
        steps=200,
        cured_by="healthy_specgan",
        bug=FrozenDiscriminator,
    ),
    Case(
        "forgotten_stop_gradient",
        "specgan",
        "Noise. Both losses are finite and the bar moves, but the generator is pulled forward and "
        "back in turn.",
        steps=200,
        cured_by="healthy_specgan",
        bug=ForgottenStopGradient,
    ),
    Case("healthy_digits", "digits", "A digit on demand, hoarse, and mostly the right one."),
    Case("healthy_specgan", "specgan", "Something like digits, each clip another."),
    Case(
        "healthy_wavegan", "wavegan", "Rough syllables in noise, no tone that stays.", steps=4000
    ),
)  # fmt: skip


def cases() -> tuple[Case, ...]:
    """All cases, the sick ones first.

    Example:
        >>> len(cases()), sum(case.diagnosis == HEALTHY for case in cases())
        (14, 3)
    """
    return CASES


def get_case(name: str) -> Case:
    """Look up a case by its name.

    Raises:
        OptionError: if there is none of this name.

    Example:
        >>> get_case("plague")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: Unknown case 'plague': choose one of mode_collapse, ...
    """
    for case in CASES:
        if case.name == name:
            return case
    known = ", ".join(case.name for case in CASES)
    raise OptionError(f"Unknown case {name!r}: choose one of {known}.")
