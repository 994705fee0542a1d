"""What one training update of the full-size presets needs: operations, memory, time.

Answers two questions before somebody rents a GPU: does it fit, and how long will it take? Memory is
what XLA reserves for the compiled update on the device at hand: the state (weights, their moving
average, the optimizers), which stays, and the working memory, which each update needs anew. A GPU's
convolution library may ask for some more on top.

KERAS_BACKEND=jax python -m benchmarks.full_size --help
"""

import statistics
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.step_share import of_a_step, put_into, ready
from benchmarks.wavegan_step import seconds
from ganlib import backend
from ganlib.training.engine.feeding import as_seen, batches

PAGE = Path(__file__).with_name("README.md")
MARKS = ("<!-- full size: written by the command -->", "<!-- end of full size -->")
RECIPES = ("wavegan", "specgan", "dcgan", "digits")
GIB = 2**30
LONG_RUN = 200_000  # generator updates of the WaveGAN paper


@dataclass(frozen=True)
class Row:
    """What was found of one recipe; `step_seconds` is None where nothing was run."""

    recipe: str
    precision: str
    batch_size: int
    clips: int  # of one update, all discriminator steps together
    generator_weights: int
    discriminator_weights: int
    operations: int
    state_bytes: int
    working_bytes: int
    step_seconds: float | None


def measure(name: str, preset: str, precision: str, data: str, repetitions: int) -> Row:
    """Compile one update of a recipe, ask what it reserves, and time it."""
    import jax

    model, clips, config = ready(name, preset, data, precision=precision)
    options = config.options
    drawn = next(batches(as_seen(clips, options, config.codec), options, 0, 0, 1))
    batch = tuple(np.asarray(part) for part in drawn)
    state = tuple(
        [variable.value for variable in group]
        for group in (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
    )
    update = jax.jit(lambda state, batch: backend.train_step(model, state, batch), donate_argnums=0)
    compiled = update.lower(state, batch).compile()
    needs = compiled.memory_analysis()
    held = [state]  # each update consumes the state and gives a new one

    def once() -> None:
        logs, new = jax.block_until_ready(compiled(held.pop(), batch))
        held.append(new)
        if not np.isfinite(float(logs["generator_loss"])):
            raise click.ClickException(f"{name}, {precision}: the loss is {logs}.")

    times = [seconds(once)[0] for _ in range(repetitions + 1 if repetitions else 0)]
    return Row(
        name,
        precision,
        options["batch_size"],
        len(batch[0]),
        model.generator.count_params(),
        model.discriminator.count_params(),
        of_a_step(model, options),
        needs.argument_size_in_bytes,
        needs.temp_size_in_bytes + needs.output_size_in_bytes - needs.alias_size_in_bytes,
        statistics.median(times[1:]) if times else None,
    )


def table(rows: list[Row]) -> str:
    """What was found, a line for each recipe."""
    lines = [
        "| recipe | precision | batch | clips an update | weights, G + D | GFLOP an update | "
        "state, GiB | working, GiB | s an update | GFLOP/s | 200,000 updates |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        timed = ["", "", ""]
        if row.step_seconds is not None:
            days = LONG_RUN * row.step_seconds / 86_400
            speed = row.operations / row.step_seconds / 1e9
            timed = [f"{row.step_seconds:.3g}", f"{speed:,.0f}", f"{days:,.1f} days"]
        cells = [
            row.recipe,
            row.precision,
            str(row.batch_size),
            str(row.clips),
            f"{row.generator_weights / 1e6:.2f} + {row.discriminator_weights / 1e6:.2f} million",
            f"{row.operations / 1e9:,.0f}",
            f"{row.state_bytes / GIB:.2f}",
            f"{row.working_bytes / GIB:.2f}",
            *timed,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


@click.command(epilog="Needs KERAS_BACKEND=jax, whose compiler says what it reserves.")
@click.option("--recipe", "names", multiple=True, type=click.Choice(RECIPES),
              help="One recipe; may be given again.  [all]")  # fmt: skip
@click.option("--preset", type=click.Choice(["quick", "cpu", "gpu"]), default="gpu",
              show_default=True)  # fmt: skip
@click.option("--precision", "precisions", multiple=True, default=["float32"],
              type=click.Choice(["float32", "mixed_bfloat16"]), show_default=True,
              help="May be given again.")  # fmt: skip
@click.option("--data", default="digits", show_default=True, metavar="NAME_OR_FOLDER")
@click.option("--repetitions", type=click.IntRange(0), default=3, show_default=True,
              help="Updates that are timed after a first one; 0 compiles only.")  # fmt: skip
@click.option("--write", is_flag=True, help="Put the table into benchmarks/README.md.")
def main(names, preset, precisions, data, repetitions, write):
    """Say what one update of the full-size presets needs.

    \b
    Examples:
      KERAS_BACKEND=jax python -m benchmarks.full_size --repetitions 0
      KERAS_BACKEND=jax python -m benchmarks.full_size --recipe wavegan --precision float32 \\
          --precision mixed_bfloat16 --repetitions 50
    """
    if backend.ENGINE != "jax":
        raise click.ClickException(
            f"This needs JAX, and Keras runs on {backend.ENGINE}: set KERAS_BACKEND=jax."
        )
    rows = []
    for name in names or RECIPES:
        for precision in precisions:
            rows.append(measure(name, preset, precision, data, repetitions))
            click.echo(f"{name}, {precision}: done", err=True)
    told = f"Preset {preset}, data {data}, {backend.device_name()}.\n\n{table(rows)}"
    click.echo(told)
    if write:
        put_into(PAGE, told, MARKS)
        click.echo(f"Written into {PAGE.name}.", err=True)


if __name__ == "__main__":
    main()
