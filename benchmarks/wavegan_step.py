"""Time one iteration of WaveGAN in ganlib and in a PyTorch twin, turn by turn, in one run.

python -m benchmarks.wavegan_step --help
"""

import statistics
import sys
import time
from collections.abc import Callable
from types import ModuleType

import click
import keras
import numpy as np

from benchmarks.operations import of_an_iteration
from ganlib import backend
from ganlib.training.building import build
from ganlib.training.config import Config
from ganlib.training.recipes import get_recipe

LABELS = tuple("0123456789")
PRESETS = {"paper": "gpu", "fast": "cpu"}
ONE_JUDGE = {"judge": "wave", "label_deviation": False, "penalty_weight": 0.5}
SMALL = {"paper": {"dim": 16, "batch_size": 16}, "fast": ONE_JUDGE}
PAUSE = 0.2  # seconds in which the other engine's threads fall asleep


def options_of(recipe: str, changes: dict) -> dict:
    """All options of the recipe "wavegan" for a run of the benchmark."""
    given = {key: value for key, value in changes.items() if value is not None}
    options = get_recipe("wavegan").options(PRESETS[recipe], SMALL[recipe] | given)
    options["signal_scale"] = options["signal_scale"] or 0.1  # 0 stands for "measure the data"
    return options


def data_of(options: dict) -> tuple[np.ndarray, np.ndarray | None]:
    """Noise in the shape of one iteration's clips, and labels if the networks take any."""
    draw = np.random.default_rng(0)
    count = options["discriminator_steps"] * options["batch_size"]
    shape = (count, options["clip_samples"], options["channels"])
    clips = draw.normal(0.0, 0.1, shape).astype("float32")
    labels = draw.integers(0, len(LABELS), count).astype("int32")
    return clips, labels if options["conditional"] else None


# The two that are timed ---------------------------------------------------------------------------


def ours(options: dict) -> tuple[Callable[[], dict], tuple[int, int]]:
    """One iteration of ganlib, and the parameters of its two networks."""
    gan = build(Config("wavegan", "", "", "cpu", options, list(LABELS), seed=0))
    clips, labels = data_of(options)
    clips = keras.ops.convert_to_tensor(clips)
    labels = None if labels is None else keras.ops.convert_to_tensor(labels)

    def iterate() -> dict:
        return gan.train_on_batch(clips, labels, return_dict=True)

    return iterate, (gan.generator.count_params(), gan.discriminator.count_params())


def theirs(
    torch: ModuleType, options: dict, compiled: bool
) -> tuple[Callable[[], dict], tuple[int, int]]:
    """One iteration of the PyTorch twin, and the parameters of its two networks."""
    from benchmarks.wavegan_torch import Twin

    device = "cuda" if torch.cuda.is_available() else "cpu"
    classes = len(LABELS) if options["conditional"] else 0
    twin = Twin(options, classes, device, compiled)
    clips, labels = data_of(options)
    clips = torch.from_numpy(clips).transpose(1, 2).contiguous().to(device)
    labels = None if labels is None else torch.from_numpy(labels).to(device)

    def iterate() -> dict:
        logs = twin.iteration(clips, labels)
        return {key: float(value) for key, value in logs.items()}  # waits for the device

    sizes = [
        # Keras counts a batch normalisation's two statistics too.
        sum(p.numel() for p in network.parameters())
        + sum(b.numel() for b in network.buffers() if b.is_floating_point())
        for network in (twin.generator, twin.discriminator)
    ]
    return iterate, (sizes[0], sizes[1])


def seconds(function: Callable[[], object]) -> tuple[float, float]:
    """Seconds that a call takes, by the clock and of all processors together."""
    begin, busy = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - begin, time.process_time() - busy


Times = list[tuple[float, float]]


def turn_by_turn(functions: list[Callable[[], dict]], repetitions: int) -> list[Times]:
    """Seconds of every repetition of each function; they take turns and share the noise."""
    taken: list[Times] = [[] for _ in functions]
    with click.progressbar(range(repetitions), label="Measuring", file=sys.stderr) as bar:
        for _ in bar:
            for function, list_ in zip(functions, taken, strict=True):
                time.sleep(PAUSE)
                list_.append(seconds(function))
    return taken


# The machine's best -------------------------------------------------------------------------------


def matrix_product(size: int, half: bool) -> Callable[[], float]:
    """A square matrix product in ganlib's engine."""
    kind = "bfloat16" if half else "float32"
    matrix = keras.ops.ones((size, size), dtype=kind)
    product = backend.compiled(lambda a: keras.ops.max(keras.ops.matmul(a, a)))
    return lambda: float(product(matrix))


def their_matrix_product(torch: ModuleType, size: int, half: bool) -> Callable[[], float]:
    """The same in PyTorch."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    kind = torch.bfloat16 if half else torch.float32
    matrix = torch.ones((size, size), dtype=kind, device=device)
    return lambda: float((matrix @ matrix).max())


def peak(product: Callable[[], float], size: int) -> float:
    """Operations a second of the fastest of ten matrix products."""
    product()
    return 2 * size**3 / min(seconds(product)[0] for _ in range(10))


# The table ----------------------------------------------------------------------------------------


def table(names: list[str], taken: list[Times], peaks: list[float], work: int) -> str:
    """What was measured, a column for each name."""
    times = [[clock for clock, _ in column] for column in taken]
    busy = [statistics.median(processors for _, processors in column) for column in taken]
    middle = [statistics.median(column) for column in times]
    rows: list[tuple[str, list[str]]] = [
        ("seconds an iteration, median", [f"{value:.4f}" for value in middle]),
        ("  fastest", [f"{min(column):.4f}" for column in times]),
        ("  slowest", [f"{max(column):.4f}" for column in times]),
        ("processor seconds, median", [f"{value:.4f}" for value in busy]),
        ("iterations a second", [f"{1 / value:.2f}" for value in middle]),
        ("GFLOP an iteration", [f"{work / 1e9:.1f}"] * len(names)),
        ("GFLOP/s", [f"{work / value / 1e9:.0f}" for value in middle]),
        ("GFLOP/s of a matrix product", [f"{value / 1e9:.0f}" for value in peaks]),
        (
            "share of it",
            [f"{work / value / best:.0%}" for value, best in zip(middle, peaks, strict=True)],
        ),
    ]
    lines = [f"{'':32}" + "".join(f"{name:>22}" for name in names)]
    lines += [f"{title:32}" + "".join(f"{cell:>22}" for cell in cells) for title, cells in rows]
    if len(times) == 2:
        pairs = [b / a for a, b in zip(*times, strict=True)]
        lines.append(
            f"\n{names[0]} is {middle[1] / middle[0]:.2f} times as fast as {names[1]} "
            f"(turn by turn {min(pairs):.2f} to {max(pairs):.2f}; "
            f"by processor seconds {busy[1] / busy[0]:.2f})."
        )
    return "\n".join(lines)


@click.command(epilog="Engine: KERAS_BACKEND=tensorflow (as it is) or KERAS_BACKEND=jax.")
@click.option(
    "--recipe", type=click.Choice(list(PRESETS)), default="paper", show_default=True,
    help="paper: WGAN-GP, 5 discriminator steps and 1 generator step. "
    "fast: non-saturating, lazy R1, 1 + 1, labels, batch norm: the preset cpu with one judge.",
)  # fmt: skip
@click.option("--dim", type=click.IntRange(1), help="Width.  [paper and fast: 16]")
@click.option("--batch", type=click.IntRange(1), help="Clips a step.  [paper: 16, fast: 32]")
@click.option("--samples", type=click.Choice(["8192", "16384", "32768", "65536"]),
              help="Length of a clip.  [paper: 16384, fast: 8192]")  # fmt: skip
@click.option("--repetitions", type=click.IntRange(1), default=10, show_default=True)
@click.option("--warm-up", type=click.IntRange(1), default=3, show_default=True,
              help="Iterations of each before the clock runs.")  # fmt: skip
@click.option("--precision", type=click.Choice(["float32", "mixed_bfloat16"]), default="float32",
              show_default=True)  # fmt: skip
@click.option("--compile", "compiled", is_flag=True, help="torch.compile the twin.")
@click.option("--alone", is_flag=True, help="Time ganlib only; PyTorch is not needed.")
@click.option("--matrix", type=click.IntRange(1), help="Size of the matrix product.  "
              "[2048, on a GPU 8192]")  # fmt: skip
def main(recipe, dim, batch, samples, repetitions, warm_up, precision, compiled, alone, matrix):
    """Time an iteration of WaveGAN in ganlib and in a PyTorch twin of the same sizes.

    \b
    Examples:
      python -m benchmarks.wavegan_step
      python -m benchmarks.wavegan_step --recipe fast --repetitions 50
      KERAS_BACKEND=jax python -m benchmarks.wavegan_step --dim 64 --batch 64 --compile
    """
    torch = None if alone else _torch()
    sizes = {"dim": dim, "batch_size": batch, "clip_samples": samples and int(samples)}
    options = options_of(recipe, sizes | {"precision": precision})
    names, runners = [f"ganlib, {keras.backend.backend()}"], [ours(options)]
    size, half = matrix or (8192 if backend.has_gpu() else 2048), precision != "float32"
    products = [matrix_product(size, half)]
    if torch is not None:
        names.append(f"PyTorch {torch.__version__}")
        runners.append(theirs(torch, options, compiled))
        products.append(their_matrix_product(torch, size, half))
        if runners[0][1] != runners[1][1]:
            raise click.ClickException(f"The twins differ in size: {[r[1] for r in runners]}.")
    generator, discriminator = runners[0][1]
    click.echo(
        f"{recipe}: dim {options['dim']}, batch {options['batch_size']}, "
        f"{options['clip_samples']} samples, {precision}; generator {generator:,} and "
        f"discriminator {discriminator:,} parameters; {backend.device_name()}"
    )
    for iterate, _ in runners:
        for _ in range(warm_up):
            logs = iterate()
        if not all(np.isfinite(value) for value in logs.values()):
            raise click.ClickException(f"A loss is not finite: {logs}.")
    times = turn_by_turn([iterate for iterate, _ in runners], repetitions)
    peaks = [peak(product, size) for product in products]
    click.echo(table(names, times, peaks, of_an_iteration(options, options["batch_size"])))


def _torch() -> ModuleType:
    """PyTorch, or a sentence about how to get it."""
    try:
        import torch
    except ModuleNotFoundError:
        raise click.ClickException(
            "PyTorch is not installed: pip install torch==2.13.0, or give --alone."
        ) from None
    return torch


if __name__ == "__main__":
    main()
