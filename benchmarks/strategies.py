"""Compare the strategies that keep a GAN alive, each trained for the same time on the same task.

    ganlib data get fsdd
    python -m benchmarks.strategies       # 5 minutes each, on a machine that does nothing else
    python -m benchmarks.strategies --only digits --only wgan_gp --minutes 15

Every row trains a model that says digits on demand, and is then measured as `ganlib evaluate` does.
Stop it whenever you like: the same command goes on with the run that was interrupted, and rows that
are done are not done again.
"""

import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

import click
import keras

from ganlib import backend
from ganlib.data import load_clips
from ganlib.data.catalog import default_digits
from ganlib.errors import GanlibError
from ganlib.evaluation.measuring.ear import shipped_ear
from ganlib.evaluation.measuring.evaluate import evaluate
from ganlib.evaluation.measuring.figures import write_json, write_whole
from ganlib.evaluation.measuring.reference import reference_of
from ganlib.evaluation.measuring.sources import of_run
from ganlib.training import runs
from ganlib.training.checks import continued
from ganlib.training.engine.history import read_history
from ganlib.training.recipes import get_recipe

ENDLESS = 10**7  # updates: the clock ends a run, not its number of steps
FIGURES = ("recogniser_accuracy", "conditional_accuracy", "kernel_distance", "coverage")


@dataclass(frozen=True)
class Strategy:
    """A way to train.

    Attributes:
        title: what differs from the first row, in words.
        options: the same, as options of the recipe.
        model: name of the recipe.
    """

    title: str
    options: dict = field(default_factory=dict)
    model: str = "digits"


# The first row: narrower than the preset, with plain batch normalisation, so that minutes tell.
TASK = {"digits": {"dim": 16, "conditional_batch_normalization": False, "truncation": 0.0}}
_SLOW = {"generator_learning_rate": 1e-4, "discriminator_learning_rate": 1e-4}
_DCGAN = {
    "generator_learning_rate": 2e-4, "discriminator_learning_rate": 2e-4, "beta_1": 0.5,
    "beta_2": 0.999, "penalty": "none",
}  # fmt: skip
_WASSERSTEIN = {"loss": "wasserstein", "discriminator_steps": 5, "penalty_interval": 1}
_WGAN_GP = {**_WASSERSTEIN, **_SLOW, "penalty": "wgan_gp", "penalty_weight": 10.0, "beta_1": 0.5,
            "beta_2": 0.9}  # fmt: skip
STRATEGIES = {
    "digits": Strategy("the recipe `digits`: non-saturating, lazy R1, rates 1e-3"),
    "no_penalty": Strategy("no penalty", {"penalty": "none"}),
    "r1_always": Strategy("R1 at every step", {"penalty_interval": 1}),
    "minimax": Strategy("minimax, no penalty", {"loss": "minimax", "penalty": "none"}),
    "least_squares": Strategy("least squares, as DCGAN", {**_DCGAN, "loss": "least_squares"}),
    "batch_normalization": Strategy("batch normalisation in D, as DCGAN",
                                    {**_DCGAN, "discriminator_normalization": "batch"}),
    "dcgan": Strategy("the recipe `dcgan`, with labels", {"conditional": True}, "dcgan"),
    "hinge_spectral": Strategy(
        "hinge, spectral normalisation, rates 2e-4 and 4e-4",
        {"loss": "hinge", "penalty": "none", "discriminator_normalization": "spectral",
         "generator_learning_rate": 2e-4, "discriminator_learning_rate": 4e-4},
    ),
    "weight_clip": Strategy(
        "Wasserstein, weights clipped at 0.01, RMSProp 5e-5, 5 steps of D",
        {**_WASSERSTEIN, "penalty": "none", "weight_clip": 0.01, "optimizer": "rmsprop",
         "generator_learning_rate": 5e-5, "discriminator_learning_rate": 5e-5},
    ),
    "wgan_gp": Strategy("Wasserstein, gradient penalty, 5 steps of D (the papers')", _WGAN_GP),
    "wgan_gp_layer": Strategy("the same, layer normalisation in D",
                              {**_WGAN_GP, "discriminator_normalization": "layer"}),
    "dragan": Strategy("DRAGAN's penalty at every step",
                       {"penalty": "dragan", "penalty_weight": 10.0, "penalty_interval": 1}),
    "label_smoothing": Strategy("real labels of 0.9", {"label_smoothing": 0.1}),
    "two_stages": Strategy("D alone for 200 updates, then both", {"discriminator_first": 200}),
    "two_time_scales": Strategy("rates 5e-4 and 2e-3", {"generator_learning_rate": 5e-4,
                                                        "discriminator_learning_rate": 2e-3}),
    "minibatch_stddev": Strategy("minibatch standard deviation", {"minibatch_stddev": True}),
    "instance_noise": Strategy("instance noise of 0.1 deviations", {"instance_noise": 0.1}),
    "no_shift": Strategy("clips not shifted", {"time_shift": 0}),
    "augmentation": Strategy(
        "clips also brightened, and bands of time and frequency cut out",
        {"augmentation": "gain+time_cutout+frequency_cutout"},
    ),
    "no_average": Strategy("no moving average of the generator", {"average_decay": 0.0}),
    "concat": Strategy("label as a channel of the picture", {"label_head": "concat"}),
    "auxiliary": Strategy("auxiliary classifier", {"label_head": "auxiliary"}),
}  # fmt: skip


# One row -----------------------------------------------------------------------------------------


def train(folder: Path, strategy: Strategy, settings: dict, clips) -> tuple[float, int]:
    """Train until the time is used up, going on where an earlier call stopped.

    Returns:
        Minutes and updates of all calls together.
    """
    limit = {"steps": ENDLESS if settings["steps"] is None else settings["steps"]}
    kwargs = {"minutes": _left(folder, settings["minutes"]), "quiet": False}
    if not (folder / "config.json").is_file():
        options = TASK.get(strategy.model, {}) | strategy.options
        options |= {"learning_rate_decay": "none"} | limit
        summary = runs.start(folder, strategy.model, clips, settings["data"], "cpu", options,
                             settings["seed"], **kwargs)  # fmt: skip
    elif kwargs["minutes"] > 0:
        steps = continued(folder, strategy.model, options=limit)["steps"]
        summary = runs.resume(folder, strategy.model, clips, steps, **kwargs)
    else:
        history = read_history(folder / "history.csv")
        return history[-1]["seconds"] / 60, history[-1]["step"]
    rows = read_history(folder / "history.csv")
    return (rows[-1]["seconds"] / 60 if rows else 0.0), summary.steps


def _left(folder: Path, minutes: float) -> float:
    rows = read_history(folder / "history.csv")
    return minutes - rows[-1]["seconds"] / 60 if rows else minutes


def measured(folder: Path, settings: dict, ear, reference, names: tuple = FIGURES) -> dict:
    """The figures of a run's averaged generator, each with its interval."""
    count, seed = settings["count"], settings["seed"]
    found = evaluate(of_run(folder, ear, count, seed), reference, ear, seed).to_dict()
    return {name: found["figures"][name] for name in names if name in found["figures"]}


def row_of(name: str, folder: Path, settings: dict, clips, ear, reference) -> dict:
    """Train and measure one strategy; a run that fails is a row too, until the next call."""
    strategy = STRATEGIES[name]
    keras.utils.clear_session()  # forget the networks of the row before
    row = {"title": strategy.title, "model": strategy.model, "options": strategy.options}
    try:
        minutes, steps = train(folder, strategy, settings, clips)
    except GanlibError as error:
        return row | {"failed": str(error)}
    return row | {
        "minutes": round(minutes, 2), "steps": steps,
        "figures": measured(folder, settings, ear, reference),
    }  # fmt: skip


# The table ---------------------------------------------------------------------------------------


def table(content: dict) -> str:
    """The rows as Markdown, the best understood first."""
    settings, rows = content["settings"], content["rows"]
    order = sorted(rows, key=lambda name: -_value(rows[name], FIGURES[0]))
    lines = [
        "# Strategies, compared", "",
        "Written by `python -m benchmarks.strategies`. Each row differs from the recipe `digits`, "
        "with 16 channels, plain batch normalisation and no truncation, in nothing but what it "
        "says.", "",
        f"Data: {settings['data']}. {settings['minutes']:g} minutes of training each"
        + ("" if settings["steps"] is None else f" or {settings['steps']:,} updates")
        + f", seed {settings['seed']}, on {settings['machine']}. Then {settings['count']} clips, "
        "all digits in turn, measured as `ganlib evaluate` does; 95 % intervals in brackets.", "",
        "| Strategy | Minutes | Updates | Named as asked, by PocketSphinx | by the classifier | "
        "Kernel distance | Coverage |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_line(name, rows[name]) for name in order), "",
        "Chance names 10 %. PocketSphinx was trained by others; the classifier by us, on the same "
        "recordings. One seed and a few minutes do not rank rows whose intervals overlap.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _value(row: dict, name: str) -> float:
    value = row.get("figures", {}).get(name, {}).get("value")
    return -1.0 if value is None else value


def _line(name: str, row: dict) -> str:
    title = f"`{name}`: {row['title']}"
    if "failed" in row:
        return f"| {title} | {row['failed']} | | | | | |"
    cells = [title, f"{row['minutes']:.1f}", f"{row['steps']:,}"]
    cells += [told(row["figures"].get(figure)) for figure in FIGURES]
    return f"| {' | '.join(cells)} |"


def told(figure: dict | None) -> str:
    if figure is None or figure["value"] is None:
        return "-"
    ends = "" if figure["low"] is None else f" ({figure['low']:.2f} to {figure['high']:.2f})"
    return f"{figure['value']:.2f}{ends}"


def cores_of() -> str:
    """The machine as this process may use it.

    Example:
        >>> "cores" in cores_of()
        True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.machine()}, cores: {cores}, {backend.ENGINE}"


def read(path: Path, settings: dict) -> dict:
    """What an earlier call with the same settings wrote, or an empty table."""
    if path.is_file():
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["settings"] == settings:
            return content
    return {"settings": settings, "rows": {}}


@click.command()
@click.option("--minutes", type=click.FloatRange(0, min_open=True), default=5.0, show_default=True,
              help="Of training, for each row.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1), help="At most so many updates each.")
@click.option("--count", type=click.IntRange(24), default=300, show_default=True, help="Clips.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--data", help="Set or folder.  [default: fsdd if fetched, otherwise digits]")
@click.option("--only", multiple=True, type=click.Choice(list(STRATEGIES)), help="These rows.")
@click.option("--runs", "home", type=click.Path(path_type=Path), default=Path("build/strategies"),
              show_default=True, help="Where the run folders go.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=Path("docs"), show_default=True,
              help="Folder of strategies.json and strategies.md.")  # fmt: skip
def main(minutes, steps, count, seed, data, only, home, out) -> None:
    """Compare strategies on one small task, and write a table."""
    settings = {"minutes": minutes, "steps": steps, "count": count, "seed": seed,
                "data": data or default_digits(), "machine": cores_of()}  # fmt: skip
    recipe = get_recipe("digits")
    clips = load_clips(settings["data"], audio_format=recipe.audio_format(recipe.options("cpu")))
    ear = shipped_ear()
    reference = reference_of(settings["data"], ear)
    out.mkdir(parents=True, exist_ok=True)
    content = read(out / "strategies.json", settings)
    for name in only or STRATEGIES:
        if "figures" not in content["rows"].get(name, {}):
            click.echo(f"{name}: {STRATEGIES[name].title}")
            folder = home / f"minutes-{minutes:g}-steps-{steps}-seed-{seed}" / name
            content["rows"][name] = row_of(name, folder, settings, clips, ear, reference)
            write_json(out / "strategies.json", content)
            write_whole(out / "strategies.md", table(content).encode("utf-8"))
    click.echo(table(content))


if __name__ == "__main__":
    main()
