"""The weights that ship with ganlib, each with a card that says where they come from.

    NAME.json         how to build the generator, and its card
    NAME.weights.h5   its weights, float16

A card says under `title`, `data`, `licence`, `recipe`, `command`, `time` and `scores` what the
weights are, what they were made from and how, and how good they were measured to be; `sha256`
identifies the weights.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ganlib.errors import WeightsError

if TYPE_CHECKING:
    from ganlib.synthesizer import Synthesizer

FOLDER = Path(__file__).parent
FIELDS = ("title", "data", "licence", "recipe", "command", "time", "scores")


def names() -> tuple[str, ...]:
    """The names that `load` knows, sorted.

    Example:
        >>> list(names()) == sorted(names())
        True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def card(name: str) -> dict:
    """The card of some weights.

    Args:
        name: one of `names()`.

    Returns:
        The fields of `FIELDS`, `sha256`, and what else its maker wrote down.

    Raises:
        WeightsError: if there are no such weights or the card is damaged.

    Example:
        >>> all("licence" in card(name) for name in names())
        True
    """
    if name not in names():
        known = ", ".join(names())
        raise WeightsError(
            f"Unknown pretrained weights {name!r}: "
            + (f"there are {known}." if known else "this installation has none; train a model.")
        )
    path = FOLDER / f"{name}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))["card"]
        missing = [field for field in (*FIELDS, "sha256") if field not in content]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} is not the card of a model: {error!r}") from None
    if missing:
        raise WeightsError(f"{path} does not say: {', '.join(missing)}.")
    return content


def load(name: str) -> Synthesizer:
    """The generator with these weights, verified and ready to speak.

    Args:
        name: one of `names()`.

    Raises:
        WeightsError: if there are no such weights, or the file is missing, altered or of another
            shape.
    """
    expected = card(name)["sha256"]
    weights = FOLDER / f"{name}.weights.h5"
    if not weights.is_file():
        raise WeightsError(f"{weights} is missing: install ganlib again.")
    came = _sha256(weights)
    if came != expected:
        raise WeightsError(
            f"{weights} is altered or incomplete: expected SHA-256 {expected}, got {came}; "
            "install ganlib again."
        )
    from ganlib.synthesizer import Synthesizer

    return Synthesizer.load(FOLDER / name)


def save(name: str, synthesizer: Synthesizer, card: dict, folder: Path | None = None) -> Path:
    """Write weights in float16 with their card, ready to ship.

    Args:
        name: what `load` will call them.
        synthesizer: the trained generator.
        card: at least the `FIELDS`; `sha256` is added.
        folder: None means where `load` looks.

    Returns:
        The path of the description with the card.

    Raises:
        WeightsError: if the card lacks a field or the files cannot be written.
    """
    missing = [field for field in FIELDS if not card.get(field)]
    if missing:
        raise WeightsError(f"The card of {name} does not say: {', '.join(missing)}.")
    description, weights = synthesizer.save((folder or FOLDER) / name, "float16")
    content = synthesizer.describe() | {"card": card | {"sha256": _sha256(weights)}}
    part = description.with_name(f".{description.name}.part")
    part.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, description)
    return description


def _sha256(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
