"""How many minutes to a word: train from nothing, as a reader would, and measure what speaks.

    ganlib data get fsdd
    python -m benchmarks.minutes                  # 54 minutes in all
    python -m benchmarks.minutes --only digits-2

Each row is one call of `ganlib train MODEL --preset cpu --minutes N`, and what `ganlib evaluate`
then finds. It writes docs/minutes.json and docs/minutes.md after every row; the same command goes
on with the rows that are missing, each from its beginning.
"""

import itertools
import shutil
import subprocess
import sys
from pathlib import Path

import click

from benchmarks.strategies import cores_of, measured, read, told
from ganlib.evaluation.measuring.ear import Ear, shipped_ear
from ganlib.evaluation.measuring.figures import write_json, write_whole
from ganlib.evaluation.measuring.reference import Reference, reference_of
from ganlib.training.engine.history import read_history

GOALS = {"digits-2": 0.50, "digits-15": 0.75, "wavegan-10": 0.50}
"""Model and minutes, and the share that PocketSphinx should then name as asked."""
FIGURES = (
    "recogniser_accuracy", "conditional_accuracy", "kernel_distance", "coverage", "speakers",
)  # fmt: skip


def command(goal: str, seed: int, data: str, folder: Path) -> list[str]:
    """The words of one training.

    Example:
        >>> " ".join(command("digits-2", 0, "fsdd", Path("run")))
        'ganlib train digits --data fsdd --preset cpu --minutes 2 --seed 0 --out run'
    """
    model, minutes = goal.split("-")
    return [
        "ganlib", "train", model, "--data", data, "--preset", "cpu", "--minutes", minutes,
        "--seed", str(seed), "--out", str(folder),
    ]  # fmt: skip


def row_of(words: list[str], settings: dict, ear: Ear, reference: Reference) -> dict:
    """Train in a new folder, and measure."""
    folder = Path(words[-1])
    shutil.rmtree(folder, ignore_errors=True)  # of a row that was interrupted
    subprocess.run([sys.executable, "-m", *words], check=True)
    last = read_history(folder / "history.csv")[-1]
    figures = measured(folder, settings, ear, reference, FIGURES)
    return {"minutes": last["seconds"] / 60, "steps": last["step"], "figures": figures}


def table(content: dict) -> str:
    """The rows as Markdown."""
    settings = content["settings"]
    lines = [
        "# Two minutes to a word, fifteen to a voice", "",
        "Written by `python -m benchmarks.minutes`: the command "
        f"`ganlib train MODEL --data {settings['data']} --preset cpu --minutes N --seed S`, from "
        f"nothing, on {settings['machine']}. Then {settings['count']} clips, all digits in turn, "
        "measured as `ganlib evaluate` does; 95 % intervals in brackets.", "",
        "| Model | Minutes | Seed | Updates | Goal | Named as asked, by PocketSphinx | "
        "by the classifier | Kernel distance | Coverage | Effective voices of six |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(_line(name, row) for name, row in content["rows"].items()), "",
    ]  # fmt: skip
    real = {row["figures"]["recogniser_accuracy"]["real"] for row in content["rows"].values()}
    lines += [f"Of real test clips PocketSphinx names {told_share(real)}; chance is 0.10.", ""]
    return "\n".join(lines)


def told_share(shares: set) -> str:
    """One number, or the two ends of several.

    Example:
        >>> told_share({0.76}), told_share({0.76, 0.5})
        ('0.76', '0.50 to 0.76')
    """
    return " to ".join(sorted({f"{min(shares):.2f}", f"{max(shares):.2f}"}))


def _line(name: str, row: dict) -> str:
    goal, _, seed = name.rpartition("-")
    cells = [goal.partition("-")[0], f"{row['minutes']:.1f}", seed, f"{row['steps']:,}"]
    cells.append(f"{GOALS[goal]:.2f}")
    return f"| {' | '.join(cells + [told(row['figures'].get(name)) for name in FIGURES])} |"


@click.command()
@click.option("--only", type=click.Choice(list(GOALS)), multiple=True, help="These goals.")
@click.option("--seed", "seeds", type=click.IntRange(0), multiple=True, default=(0, 1),
              show_default=True)  # fmt: skip
@click.option("--count", type=click.IntRange(24), default=200, show_default=True, help="Clips.")
@click.option("--data", default="fsdd", show_default=True)
@click.option("--runs", "home", type=click.Path(path_type=Path), default=Path("build/minutes"),
              show_default=True, help="Where the run folders go.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=Path("docs"), show_default=True,
              help="Folder of minutes.json and minutes.md.")  # fmt: skip
def main(only, seeds, count, data, home, out) -> None:
    """Train for some minutes with some seeds, and write a table."""
    settings = {"count": count, "seed": 0, "data": data, "machine": cores_of()}
    ear = shipped_ear()
    reference = reference_of(data, ear)
    out.mkdir(parents=True, exist_ok=True)
    content = read(out / "minutes.json", settings)
    for goal, seed in itertools.product(only or GOALS, seeds):
        name = f"{goal}-{seed}"
        if name not in content["rows"]:
            words = command(goal, seed, data, home / name)
            click.echo(" ".join(words))
            content["rows"][name] = row_of(words, settings, ear, reference)
            write_json(out / "minutes.json", content)
            write_whole(out / "minutes.md", table(content).encode("utf-8"))
    click.echo(table(content))


if __name__ == "__main__":
    main()
