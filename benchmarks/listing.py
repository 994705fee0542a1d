"""What `ganlib models` takes, beside building every network to count its parameters.

python -m benchmarks.listing --help
"""

import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.step_share import put_into

PAGE = Path(__file__).with_name("README.md")
MARKS = ("<!-- listing: written by the command -->", "<!-- end of listing -->")
WAYS = {
    "`ganlib models`": ("-m", "ganlib", "models"),
    "building every network": (
        "-c",
        "from ganlib.training.listing import described\n"
        "from ganlib.training.recipes import RECIPES\n"
        "for recipe in RECIPES.values(): described(recipe)",
    ),
}
# In a process of its own: on Linux the peak memory of a child begins with that of its parent.
METER = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True)
seconds, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


class Cost(NamedTuple):
    """Of a process, from its start to its end."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


def cost(words: tuple[str, ...]) -> Cost:
    """Run `python WORDS` without its output, and read off what it took.

    Args:
        words: arguments of this Python.

    Raises:
        click.ClickException: if the process fails.
    """
    done = subprocess.run([sys.executable, "-c", METER, *words], capture_output=True, text=True)
    if done.returncode:
        raise click.ClickException(f"python {' '.join(words)} failed: {done.stderr[-300:]}")
    seconds, processor_seconds, peak = map(float, done.stdout.split())
    return Cost(seconds, processor_seconds, int(peak) * (1 if sys.platform == "darwin" else 1024))


def table(costs: dict[str, list[Cost]]) -> str:
    """Medians of each way, and how many times less the first one takes than the second."""
    rows = [
        (
            name,
            *(statistics.median(values) for values in zip(*several, strict=True)),
        )
        for name, several in costs.items()
    ]
    (_, *first), (_, *second) = rows
    lines = ["| | seconds | processor seconds | peak memory, MB |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {a:.2f} | {b:.2f} | {c / 1e6:,.0f} |" for name, a, b, c in rows]
    times = " | ".join(f"{old / new:,.0f}" for old, new in zip(second, first, strict=True))
    return "\n".join([*lines, f"| **times less** | {times} |"])


@click.command()
@click.option("--repetitions", type=click.IntRange(1), default=3, show_default=True)
@click.option("--write", is_flag=True, help="Put the table into benchmarks/README.md.")
def main(repetitions, write):
    """Time both ways in turn, each in a process of its own.

    \b
    Example:
      python -m benchmarks.listing --write
    """
    costs: dict[str, list[Cost]] = {name: [] for name in WAYS}
    for _ in range(repetitions):
        for name, words in WAYS.items():
            costs[name].append(cost(words))
    told = f"Medians of {repetitions} runs in turn.\n\n{table(costs)}"
    click.echo(told)
    if write:
        put_into(PAGE, told, MARKS)
        click.echo(f"Written into {PAGE.name}.", err=True)


if __name__ == "__main__":
    main()
