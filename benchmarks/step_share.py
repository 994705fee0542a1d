"""How much of the machine each recipe's training step uses, and what its data cost.

Two questions for every recipe. A step is mostly products with kernels: at which share of the speed
of a plain matrix product does this machine compute them? And a step waits for its batch: which
share of the time goes there? Under 5 % is the bar.

python -m benchmarks.step_share --help
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import prod
from pathlib import Path

import click
import keras
import numpy as np

from benchmarks.operations import of_networks
from benchmarks.wavegan_step import matrix_product, peak, seconds
from ganlib import backend
from ganlib.data import load_clips
from ganlib.data.clips import Clips
from ganlib.layers import TransposedConv1D
from ganlib.training.building import build
from ganlib.training.config import Config
from ganlib.training.engine.feeding import as_seen, batches, measured, prepared
from ganlib.training.recipes import RECIPES, get_recipe

# A vocoder spends its steps on Fourier transforms and judges, whose operations are not counted.
COUNTED = [name for name, recipe in RECIPES.items() if recipe.instrument == "synthesizer"]
TRANSPOSED = (TransposedConv1D, keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose)
PAGE = Path(__file__).with_name("README.md")
MARKS = ("<!-- step share: written by the command -->", "<!-- end of step share -->")


@dataclass(frozen=True)
class Row:
    """What was measured of one recipe; seconds are medians."""

    recipe: str
    batch_size: int
    operations: int
    step_seconds: float
    draw_seconds: float

    @property
    def waiting(self) -> float:
        """The share of a step's time that its data take."""
        return self.draw_seconds / (self.draw_seconds + self.step_seconds)


# Counting -----------------------------------------------------------------------------------------


def of_layers(model: keras.Model, batch: int) -> list[list[int]]:
    """Operations of a forward pass, layer by layer, of each network inside a model.

    A kernel meets every position of its output; that of a transposed convolution meets every
    position of its input.
    """
    inner = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    if inner:
        return [found for network in inner for found in of_layers(network, batch)]
    counted = []
    for layer in model.layers:
        size = sum(prod(w.shape) for w in layer.weights if w.path.endswith("/kernel"))
        if size:
            transposed = isinstance(getattr(layer, "layer", layer), TRANSPOSED)
            seen = layer.input if transposed else layer.output
            counted.append(2 * batch * prod(seen.shape[1:-1]) * size)
    return [counted]


def of_a_step(model: keras.Model, options: dict) -> int:
    """Operations of one training step of a compiled model."""
    batch = options["batch_size"]
    if hasattr(model, "discriminator"):
        (generator,) = of_layers(model.generator, batch)
        return of_networks(generator, of_layers(model.discriminator, batch), options)
    (classifier,) = of_layers(model, batch)
    return 3 * sum(classifier) - classifier[0]  # no gradient by the clips


# Timing -------------------------------------------------------------------------------------------


def ready(name: str, preset: str, data: str, **changes) -> tuple[keras.Model, Clips, Config]:
    """A recipe's compiled model as a run builds it, and its training clips."""
    recipe = get_recipe(name)
    options = recipe.options(preset, changes)
    clips = load_clips(data, split="train", audio_format=recipe.audio_format(options))
    if options.get("signal_scale") == 0.0:
        options["signal_scale"] = round(float(np.std(prepared(clips, options).samples)), 4)
    codec = measured(clips, options).to_dict() if recipe.needs_codec(options) else None
    config = Config(name, data, "", preset, options, list(clips.label_names), 0, codec)
    return build(config), clips, config


def measure(name: str, preset: str, data: str, repetitions: int, warm_up: int) -> Row:
    """Draw and train in turn, as a run does, and time both."""
    model, clips, config = ready(name, preset, data)
    stream = batches(as_seen(clips, config.options, config.codec), config.options, 0, 0, 10**9)
    for samples, labels in islice(stream, warm_up):
        model.train_on_batch(samples, labels)
    drawn, trained = [], []
    for _ in range(repetitions):
        batch: list = []
        drawn.append(seconds(partial(_draw, stream, batch))[0])
        trained.append(seconds(partial(model.train_on_batch, *batch))[0])
    return Row(
        name,
        config.options["batch_size"],
        of_a_step(model, config.options),
        statistics.median(trained),
        statistics.median(drawn),
    )


def _draw(stream: Iterator[tuple], batch: list) -> None:
    batch.extend(next(stream))


# The table ----------------------------------------------------------------------------------------


def table(rows: list[Row], best: float) -> str:
    """What was measured, a line for each recipe; `best` is in operations a second."""
    lines = [
        "| recipe | batch | GFLOP a step | ms a step | GFLOP/s | share of the peak | "
        "ms a batch | waiting for data |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        speed = row.operations / row.step_seconds
        lines.append(
            f"| {row.recipe} | {row.batch_size} | {row.operations / 1e9:.2f} | "
            f"{1e3 * row.step_seconds:.1f} | {speed / 1e9:.0f} | {speed / best:.0%} | "
            f"{1e3 * row.draw_seconds:.2f} | {row.waiting:.1%} |"
        )
    return "\n".join(lines)


def put_into(page: Path, text: str, marks: tuple[str, str]) -> None:
    """Replace what stands between the two marks of a page."""
    old, (begin, end) = page.read_text(encoding="utf-8"), marks
    if begin not in old or end not in old:
        raise click.ClickException(f"{page} lacks the two lines that the table belongs between.")
    before, after = old.split(begin)[0], old.split(end)[1]
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


@click.command(epilog="Engine: KERAS_BACKEND=tensorflow (as it is) or KERAS_BACKEND=jax.")
@click.option("--recipe", "names", multiple=True, type=click.Choice(COUNTED),
              help="One recipe; may be given again.  [all]")  # fmt: skip
@click.option("--preset", type=click.Choice(["quick", "cpu"]), default="cpu", show_default=True)
@click.option("--data", default="digits", show_default=True, metavar="NAME_OR_FOLDER")
@click.option("--repetitions", type=click.IntRange(1), default=40, show_default=True,
              help="Steps that are timed.")  # fmt: skip
@click.option("--warm-up", type=click.IntRange(1), default=10, show_default=True,
              help="Steps before the clock runs.")  # fmt: skip
@click.option("--matrix", type=click.IntRange(1), default=2048, show_default=True,
              help="Size of the matrix product.")  # fmt: skip
@click.option("--write", is_flag=True, help="Put the table into benchmarks/README.md.")
def main(names, preset, data, repetitions, warm_up, matrix, write):
    """Time the training step of each recipe, and count what it computes.

    \b
    Examples:
      python -m benchmarks.step_share --write
      python -m benchmarks.step_share --recipe digits --repetitions 200
    """
    rows = []
    for name in names or COUNTED:
        rows.append(measure(name, preset, data, repetitions, warm_up))
        click.echo(f"{name}: {1e3 * rows[-1].step_seconds:.1f} ms a step", err=True)
    best = peak(matrix_product(matrix, half=False), matrix)
    told = (
        f"Preset {preset}, data {data}, medians of {repetitions} steps, {backend.device_name()}; "
        f"a matrix product of {matrix} x {matrix} in float32 reaches {best / 1e9:.0f} GFLOP/s.\n\n"
        + table(rows, best)
    )
    click.echo(told)
    if write:
        put_into(PAGE, told, MARKS)
        click.echo(f"Written into {PAGE.name}.", err=True)


if __name__ == "__main__":
    main()
