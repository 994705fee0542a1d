"""From a run folder to figures: what can be measured is, and what cannot is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ganlib.audio.codec import SpectrogramCodec
from ganlib.clinic.copies import copy_signs
from ganlib.clinic.curves import curve_signs
from ganlib.clinic.recordings import recordings_of
from ganlib.clinic.sounds import heard_signs, painted_signs, signal_signs, speak
from ganlib.clinic.steps import read_steps
from ganlib.errors import RunError
from ganlib.evaluation.measuring.ear import Ear, shipped_ear
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training.config import Config
from ganlib.training.engine.history import read_history
from ganlib.training.hearing import load_generator
from ganlib.training.recipes import get_recipe

CLIPS = 60  # that are heard
_PHASE_ONLY = ("iterations",)  # settings of a codec that change the phase, not the picture


@dataclass(frozen=True)
class Examination:
    """What was measured of a run.

    Args:
        run: name of its folder.
        model: its recipe.
        figures: name -> number; see `curve_signs`, `heard_signs`, `painted_signs`, `who_moves`.
        skipped: sentences about what could not be looked at.
        clips: float32 (clips, time, channels); empty without a checkpoint.
        labels: int32 (clips,), what was asked for.
        sample_rate: in Hz.

    Example:
        >>> Examination("run", "specgan", {"level_db": -20.0}).figures["level_db"]
        -20.0
    """

    run: str
    model: str
    figures: dict[str, float]
    skipped: tuple[str, ...] = ()
    clips: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, 1), "float32"), repr=False)
    labels: np.ndarray = field(default_factory=lambda: np.zeros(0, "int32"), repr=False)
    sample_rate: int = 0


def examine(folder: str | Path, ear: Ear | None = None, count: int = CLIPS) -> Examination:
    """Measure everything about a run that its folder allows.

    Args:
        folder: of a run of any recipe that makes sound.
        ear: the classifier; None takes the one that ships.
        count: clips to hear.

    Raises:
        RunError: if the folder holds no run, a model without sound of its own, or neither history
            nor sound.
        WeightsError: if its files are damaged.

    Example:
        >>> examine("no_such_run")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: no_such_run holds no run ...
    """
    folder = Path(folder)
    config = Config.read(folder)
    recipe = get_recipe(config.model)
    if recipe.generator is None or recipe.instrument != "synthesizer":
        raise RunError(f"{folder} is a run of {config.model}, which makes no sound of its own.")
    figures = read_steps(folder)
    skipped = [] if figures else ["who moves whom was not recorded (ganlib.clinic.record_steps)"]
    curves = curve_signs(read_history(folder / "history.csv"), str(config.options.get("loss")))
    if not curves:
        skipped.append("the history is too short to say anything about the two players")
    elif "discriminator_loss" not in curves:
        skipped.append("a Wasserstein loss has no level, so neither a winner nor a circle is seen")
    name = folder.resolve().name
    if not (folder / "generator.json").is_file():
        if not curves:
            raise RunError(f"{folder} has neither a history nor a checkpoint yet: train it longer.")
        skipped.append("there is no checkpoint yet, so nothing was heard")
        return Examination(name, config.model, figures | curves, tuple(skipped))
    synthesizer = load_generator(folder)
    clips, labels, found, missing = _hear(config, synthesizer, ear or shipped_ear(), count)
    rate = synthesizer.audio_format.sample_rate
    every = figures | curves | found
    return Examination(name, config.model, every, (*skipped, *missing), clips, labels, rate)


def _hear(config: Config, synthesizer: Synthesizer, ear: Ear, count: int) -> tuple:
    clips, pictures, labels = speak(synthesizer, count)
    broken = {"broken_weights": float(_broken(synthesizer.generator))}
    if not np.isfinite(clips).all():
        return clips, labels, broken, ("a weight is no finite number, so nothing was heard",)
    mono, rate = clips.mean(axis=-1, keepdims=True), synthesizer.audio_format.sample_rate
    real = recordings_of(config, synthesizer, ear)
    heard = ear.listen(mono, rate)
    figures = broken | signal_signs(mono, rate)
    figures |= heard_signs(mono, labels, synthesizer.label_names, heard, real, ear)
    trained = None
    if pictures is not None and config.codec is not None:
        trained = SpectrogramCodec.from_dict(config.codec)
        figures |= painted_signs(synthesizer, pictures, clips, trained)
        figures["codec_differences"] = float(len(codec_differences(trained, synthesizer.codec)))
    figures |= copy_signs(mono, pictures, heard.features, real, trained)
    return clips, labels, figures, tuple(filter(None, (real.note,)))


def _broken(generator) -> int:
    return sum(not np.isfinite(weight).all() for weight in generator.get_weights())


def codec_differences(trained: SpectrogramCodec, speaking: SpectrogramCodec | None) -> list[str]:
    """The settings in which two codecs paint differently.

    Example:
        >>> from ganlib.training.recipes import get_recipe
        >>> recipe = get_recipe("specgan")
        >>> one, other = (SpectrogramCodec.from_dict(recipe.unmeasured_codec(
        ...     recipe.options("quick", {"fmax_hz": highest}))) for highest in (3900.0, 2000.0))
        >>> codec_differences(one, other)
        ['fmax_hz']
    """
    if speaking is None:
        return []
    here, there = trained.to_dict(), speaking.to_dict()
    for fields in (here, there):
        fields |= fields.pop("audio_format")
    return sorted(name for name in here if here[name] != there[name] and name not in _PHASE_ONLY)
