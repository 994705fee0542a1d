"""Make the patients of the failure clinic again: train each, keep what is small, and examine it.

    ganlib data get fsdd
    python -m benchmarks.clinic                          # a minute or two each on two idle cores
    python -m benchmarks.clinic --only silence --seed 1  # another seed; examined, not kept

Stop it whenever you like: the same command goes on with the run that was interrupted, and patients
that are trained are only examined. With seed 0 and FSDD they go to `ganlib/clinic/ward`.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import click
import keras
import numpy as np

from ganlib.clinic import (
    ILLNESSES,
    Diagnosis,
    cases,
    diagnose,
    get_case,
    record_steps,
    with_bug,
)
from ganlib.clinic.cases import Case
from ganlib.clinic.patients import FOLDER
from ganlib.clinic.steps import FILE
from ganlib.data import load_clips
from ganlib.data.clips import Clips
from ganlib.evaluation.measuring.figures import write_json, write_whole
from ganlib.training import runs
from ganlib.training.config import Config, create
from ganlib.training.engine.feeding import as_seen, digest, measured, prepared
from ganlib.training.engine.history import read_history
from ganlib.training.engine.state import restore
from ganlib.training.hearing import load_generator
from ganlib.training.recipes import get_recipe

ROWS = 200  # of a history that ships, at most
LICENCES = {
    "fsdd": "CC BY-SA 4.0, as the Free Spoken Digit Dataset (Zohar Jackson and others), its source",
    "digits": "CC0 1.0: learned from synthesised digits only, see datasets/digits/LICENSE.md",
}


def recordings(case: Case, data: str) -> Clips:
    """What a case learns from."""
    options = case.options()
    clips = load_clips(data, audio_format=get_recipe(case.model).audio_format(options))
    if not case.recordings:
        return clips
    places = [np.flatnonzero(clips.labels == label) for label in range(len(clips.label_names))]
    return clips.select(np.concatenate([some[: case.recordings] for some in places]))


def begun(case: Case, clips: Clips, data: str, folder: Path) -> Config:
    """The configuration of a case's run, in its folder; an earlier one is taken up."""
    if (folder / "config.json").is_file():
        return Config.read(folder, case.model)
    options, recipe = case.options(), get_recipe(case.model)
    if options["signal_scale"] == 0.0:
        options["signal_scale"] = round(float(np.std(prepared(clips, options).samples)), 4)
    codec = measured(clips, options).to_dict() if recipe.needs_codec(options) else None
    names = list(clips.label_names)
    config = Config(case.model, data, digest(clips), "quick", options, names, case.seed, codec)
    create(folder, config)
    return config


def train(case: Case, data: str, folder: Path) -> None:
    """Train a case, or go on with it; before the first step, find out who moves whom."""
    keras.utils.clear_session()  # forget the networks of the case before
    clips = recordings(case, data)
    config = begun(case, clips, data, folder)
    model = runs.build(config)
    if case.bug is not None:
        with_bug(model, case.bug)
    if not (folder / FILE).is_file():
        seen = as_seen(clips, config.options, config.codec)
        batch, labels = seen.batch(0, config.options["batch_size"], config.seed)
        record_steps(folder, model, batch, labels if config.options["conditional"] else None)
    restore(folder, model)
    runs.train(folder, config, clips, model)


def keep(case: Case, trained: Path, folder: Path) -> None:
    """What ships of a run: the generator in float16, a thinned history, a card."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    config = Config.read(trained)
    replace(config, options=config.options | case.changes).write(folder)
    shutil.copy(trained / FILE, folder / FILE)
    synthesizer = load_generator(trained)
    if synthesizer.codec is not None:
        codec = replace(synthesizer.codec, iterations=case.options()["iterations"])
        sound = replace(codec.audio_format, **case.heard_with)
        synthesizer = replace(synthesizer, codec=replace(codec, audio_format=sound))
    synthesizer.save(folder / "generator", "float16")
    rows = (trained / "history.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    every = -(-len(read_history(trained / "history.csv")) // ROWS)
    text = "".join([rows[0], *rows[1:][every - 1 :: every]])
    (folder / "history.csv").write_text(text, encoding="utf-8")
    write_json(folder / "card.json", card(case, config))


def card(case: Case, config: Config) -> dict:
    """Where a patient comes from."""
    return {
        "title": case.symptom, "diagnosis": case.diagnosis, "data": config.data,
        "licence": LICENCES.get(config.data, "as its data"),
        "recipe": case.model, "seed": case.seed, "steps": case.steps,
        "differs": case.changes | case.heard_with, "bug": case.bug and case.bug.__name__,
        "recordings_of_each_digit": case.recordings or "all", "trained_as": case.trained_as,
        "command": f"python -m benchmarks.clinic --only {case.name}",
    }  # fmt: skip


def table(found: dict[str, Diagnosis]) -> str:
    """Every bound beside what the sick case and the healthy cases measured, as Markdown."""
    lines = [
        "# The failure clinic, measured", "",
        "Written by `python -m benchmarks.clinic`: what `ganlib diagnose` measures of the cases "
        "that ship with ganlib (`ganlib.clinic`), beside the bounds of its rules. Rows of one "
        "illness with the same number must all hold; other numbers are alternatives.", "",
        "| Illness | Rule | Figure | Ill where | The sick case | The healthy cases |",
        "|---|---:|---|---|---:|---:|",
    ]  # fmt: skip
    healthy = [
        one.examination.figures for name, one in found.items() if not get_case(name).cured_by
    ]
    for illness in ILLNESSES:
        sick = found[illness.name].examination.figures if illness.name in found else {}
        for number, together in enumerate(illness.signs, 1):
            for sign in together:
                others = [_told(figures, sign.figure) for figures in healthy]
                lines.append(
                    f"| `{illness.name}` | {number} | {sign.figure} | {sign.relation} {sign.limit} "
                    f"| {_told(sick, sign.figure)} | {', '.join(others)} |"
                )
    return "\n".join([*lines, ""])


def _told(figures: dict, name: str) -> str:
    return f"{figures[name]:.3g}" if name in figures else "-"


@click.command()
@click.option("--only", multiple=True, type=click.Choice([case.name for case in cases()]))
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--data", help="Set or folder of digits.  [default: that of the case]")
@click.option("--runs", "home", type=click.Path(path_type=Path), default=Path("build/clinic"),
              show_default=True, help="Where the trainings go.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Where the patients go.")
def main(only, seed, data, home, out) -> None:
    """Train the cases of the failure clinic and examine them."""
    kept = out or (FOLDER if seed == 0 and data is None else home / f"kept-{seed}")
    wrong, found = [], {}
    for name in only or [case.name for case in cases()]:
        case = replace(get_case(name), seed=seed)
        trained = home / f"{data or case.data}-{seed}" / (case.trained_as or name)
        train(replace(get_case(case.trained_as or name), seed=seed), data or case.data, trained)
        keep(case, trained, kept / name)
        found[name] = diagnosis = diagnose(kept / name)
        click.echo("\n".join(diagnosis.lines()))
        if diagnosis.illness != case.diagnosis:
            wrong.append(f"{name} is called {diagnosis.illness}")
    if kept == FOLDER and len(found) == len(cases()):
        write_whole("docs/clinic.md", table(found).encode("utf-8"))
    click.echo("\n".join(wrong) or "All are called by their names.")


if __name__ == "__main__":
    main()
