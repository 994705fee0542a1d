"""What a run was asked to do, and the folder that remembers it."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ganlib.errors import RunError
from ganlib.training.recipes import get_recipe


@dataclass(frozen=True)
class Config:
    """What a run was asked to do. `options` is complete, so later defaults cannot change it.

    A model that paints spectrograms also has a `codec`, measured on the data.

    Example:
        >>> Config("wavegan", "fsdd", "", "cpu", {"steps": 10}, ["0", "1"], seed=0).options["steps"]
        10
    """

    model: str
    data: str
    data_digest: str
    preset: str
    options: dict
    label_names: list
    seed: int
    codec: dict | None = None

    def write(self, folder: Path) -> None:
        """Write `config.json`, complete or not at all."""
        part = folder / ".config.json.part"
        part.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        os.replace(part, folder / "config.json")

    @classmethod
    def read(cls, folder: Path, model: str | None = None) -> "Config":
        """Read it back.

        Args:
            folder: of the run.
            model: the recipe that it must be a run of; None takes any.

        Raises:
            RunError: if the folder holds no run, a damaged one, or one of another model.
        """
        path = folder / "config.json"
        try:
            config = cls(**json.loads(path.read_text(encoding="utf-8")))
            if not isinstance(config.options, dict):
                raise TypeError("options is no dictionary")
        except (FileNotFoundError, NotADirectoryError):
            raise RunError(
                f"{folder} holds no run (no config.json): check the path, or start a run there "
                "without --resume."
            ) from None
        except (OSError, ValueError, TypeError) as error:
            raise RunError(f"{path} cannot be read or is damaged: {error}.") from None
        if model is not None:
            config.must_be_of(model, folder)
        return config

    def must_be_of(self, model: str, folder: Path) -> None:
        """Refuse a run of another model, or of a version of ganlib that knew fewer options."""
        if self.model != model:
            raise RunError(f"{folder} is a run of {self.model}, not of {model}.")
        missing = set(get_recipe(model).defaults) - set(self.options)
        if missing:
            raise RunError(
                f"{folder} was begun by another version of ganlib, without the options "
                f"{', '.join(sorted(missing))}: continue it with that version or start another run."
            )


def refuse_used(folder: Path) -> None:
    """Make sure that a new run may have this folder.

    Raises:
        RunError: if it holds something already, is no folder or cannot be looked into.

    Example:
        >>> refuse_used(Path("no_such_folder"))
    """
    try:
        used = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise RunError(f"Cannot use {folder} for a run: {error.strerror}.") from None
    if used:
        raise RunError(
            f"{folder} is not empty: choose a new folder, or continue the run with --resume."
            if folder.is_dir()
            else f"{folder} is a file: choose a new folder for the run."
        )


def create(folder: Path, config: Config) -> None:
    """Make the folder of a run with its configuration, or leave nothing behind.

    Raises:
        RunError: if the folder is in use or cannot be made.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     create(Path(folder), Config("dense_gan", "", "", "quick", {}, [], seed=0))
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['checkpoints', 'config.json', 'samples']
    """
    refuse_used(folder)
    existed = folder.exists()
    try:
        (folder / "checkpoints").mkdir(parents=True)  # one of two that come at once gets through
        (folder / "samples").mkdir()
        config.write(folder)
    except FileExistsError:
        raise RunError(f"{folder} was taken by another run just now: choose another.") from None
    except OSError as error:
        abandon(folder, keep=existed)
        raise RunError(f"Cannot create the run folder {folder}: {error.strerror}.") from None


def abandon(folder: Path, keep: bool = False) -> None:
    """Remove what `create` made, where a run came to nothing before its first checkpoint.

    Args:
        folder: of the run; what does not belong to a run stays, and then the folder stays too.
        keep: leave the empty folder.

    Example:
        >>> abandon(Path("no_such_folder"))
    """
    files = ("config.json", ".config.json.part", "history.csv", ".history.csv.part")
    for path in (*(folder / name for name in files), folder / "checkpoints", folder / "samples"):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
    if not keep:
        with contextlib.suppress(OSError):
            folder.rmdir()


@contextlib.contextmanager
def told_as_run_error(folder: Path) -> Iterator[None]:
    """Turn the system's complaints while writing into one sentence that says how to go on.

    Raises:
        RunError: for any OSError inside the block.

    Example:
        >>> with told_as_run_error(Path("run")):  # doctest: +ELLIPSIS
        ...     raise OSError(28, "No space left on device")
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: Could not write to run: No space left on device. ...
    """
    try:
        yield
    except OSError as error:
        raise RunError(
            f"Could not write to {folder}: {error.strerror or error}. Checkpoints so far are kept; "
            "make room or get permission to write, then resume."
        ) from error
