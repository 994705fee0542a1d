"""Any instrument, by the name of weights that ship or by where it lies: `ganlib.load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ganlib import pretrained
from ganlib.errors import WeightsError

if TYPE_CHECKING:
    from ganlib.instruments.loading import Instrument


def find(name: str | Path) -> Instrument:
    """The instrument of that name, or at that place. A name that ships comes before a file.

    Args:
        name: one of `ganlib.pretrained.instruments()`; or a path: `NAME.json`, the same without its
            ending, or the folder of a run.

    Raises:
        WeightsError: if there is none, or its files are damaged, altered or of an unknown kind.

    Example:
        >>> find("no_such_thing")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.WeightsError: There is no instrument 'no_such_thing': expected one that ...
    """
    from ganlib.instruments.loading import load

    if name == pretrained.CLASSIFIER:
        raise WeightsError(f"{name} makes no sound: {_choices()}.")
    if name in pretrained.instruments():
        pretrained.verified(str(name))
        return load(pretrained.FOLDER / name)
    stem = _stem(Path(name).expanduser())
    if stem is None:
        raise WeightsError(f"There is no instrument {str(name)!r}: {_choices()}.")
    return load(stem)


def _stem(path: Path) -> Path | None:
    """The path of an instrument's files without their endings; None where there is none."""
    if path.suffix == ".json":
        path = path.with_suffix("")
    for stem in (path, path / "generator"):
        try:
            if Path(f"{stem}.json").is_file():
                return stem
        except OSError:  # no name that the system could have
            return None
    return None


def _choices() -> str:
    ships = ", ".join(pretrained.instruments()) or "none in this installation"
    return (
        f"expected one that ships ({ships}), the path of its description NAME.json, or the folder "
        "of a run that has a checkpoint"
    )
