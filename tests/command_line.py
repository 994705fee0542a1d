"""The command line as the tests call it, and small data to call it on."""

import inspect
from pathlib import Path
from typing import NamedTuple

import numpy as np
from click.testing import CliRunner

from ganlib.audio.files import write_audio
from ganlib.cli import command_line

# The smallest run that makes sound: one hidden layer, 128 samples, no second derivatives.
TINY = {
    "hidden": 2, "hidden_layers": 1, "latent_dim": 2, "clip_samples": 128, "batch_size": 2,
    "penalty": "none", "signal_scale": 0.1, "steps": 2,
}  # fmt: skip


class Answer(NamedTuple):
    code: int
    out: str
    err: str


def invoke(*words: object) -> Answer:
    """Run `ganlib WORDS` in this process; an exception that is no exit is raised here."""
    separate = "mix_stderr" in inspect.signature(CliRunner).parameters  # click 8.1
    runner = CliRunner(mix_stderr=False) if separate else CliRunner()
    result = runner.invoke(command_line, [str(word) for word in words], catch_exceptions=False)
    return Answer(result.exit_code, result.stdout, result.stderr)


def train_tiny(data: object, out: object, *words: object, **options: object) -> Answer:
    """`ganlib train dense_gan` with the options of TINY and these."""
    changes = [f"--set={key}={value}" for key, value in (TINY | options).items()]
    return invoke("train", "dense_gan", "--data", data, "--out", out, *changes, *words)


def write_folder(folder: Path, labels: tuple[str, ...] = ("0", "7"), clips: int = 2) -> Path:
    """A folder with noises of a quarter of a second, in a folder for each label."""
    random = np.random.default_rng(0)
    for label in labels:
        (folder / label).mkdir(parents=True)
        for number in range(clips):
            write_audio(folder / label / f"{number}.wav", random.uniform(-0.5, 0.5, 2000), 8000)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every path below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"folder"
        for path in sorted(folder.rglob("*"))
    }
