"""The weights that ship with ganlib, each with a card that says where they come from.

    NAME.json         how to build the generator, and its card
    NAME.weights.h5   its weights, float16
    NAME.DATA.npz     what a classifier makes of the recordings of a set

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
from ganlib.instruments.kinds import kind_of

if TYPE_CHECKING:
    from ganlib.instruments.loading import Instrument
    from ganlib.instruments.synthesizer import Synthesizer
    from ganlib.instruments.vocoder import Vocoder

FOLDER = Path(__file__).parent
CLASSIFIER = "digit-classifier"
"""It lies here too, with a card as the others, but it has no voice; see `ganlib.evaluation`."""
FIELDS = ("title", "data", "licence", "recipe", "command", "time", "scores")


def names() -> tuple[str, ...]:
    """The generators that `load` knows, sorted.

    Example:
        >>> list(names()) == sorted(names())
        True
    """
    return tuple(name for name, kind in instruments().items() if kind == "synthesizer")


def vocoders() -> tuple[str, ...]:
    """The vocoders that `load_vocoder` knows, sorted.

    Example:
        >>> all(name.startswith("vocoder-") for name in vocoders())
        True
    """
    return tuple(name for name, kind in instruments().items() if kind == "vocoder")


def instruments() -> dict[str, str]:
    """Everything that ships and makes sound, sorted: name -> kind.

    Example:
        >>> set(names()) | set(vocoders()) <= set(instruments())
        True
    """
    here = sorted(path.stem for path in FOLDER.glob("*.json"))
    return {name: _kind(FOLDER / f"{name}.json") for name in here if name != CLASSIFIER}


def _kind(path: Path) -> str:
    """As its description says; what is damaged is told by whoever reads all of it."""
    try:
        return kind_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, AttributeError):
        return kind_of({})


def card(name: str) -> dict:
    """The card of some weights.

    Args:
        name: one of `instruments()`, or `CLASSIFIER`.

    Returns:
        The fields of `FIELDS`, `sha256`, and what else its maker wrote down.

    Raises:
        WeightsError: if there are no such weights or the card is damaged.

    Example:
        >>> all("licence" in card(name) for name in names())
        True
    """
    if name not in (*instruments(), CLASSIFIER):
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
    if name == CLASSIFIER:
        raise WeightsError(f"{name} makes no sound: choose one of {', '.join(names())}.")
    verified(name)
    from ganlib.instruments.synthesizer import Synthesizer

    return Synthesizer.load(FOLDER / name)


def load_vocoder(name: str) -> Vocoder:
    """The vocoder with these weights, verified.

    Args:
        name: one of `vocoders()`.

    Raises:
        WeightsError: if there is no such vocoder, or the file is missing, altered or of another
            shape.
    """
    if name not in vocoders():
        raise WeightsError(f"there are the vocoders {', '.join(vocoders()) or '(none)'}.")
    verified(name)
    from ganlib.instruments.vocoder import Vocoder

    return Vocoder.load(FOLDER / name)


def verified(name: str) -> Path:
    """The file with these weights, once it is known to be the one that the card describes.

    Args:
        name: one of `instruments()`, or `CLASSIFIER`.

    Raises:
        WeightsError: if there are no such weights, or the file is missing or altered.

    Example:
        >>> all(verified(name).name == f"{name}.weights.h5" for name in names())
        True
    """
    expected = card(name)["sha256"]
    weights = FOLDER / f"{name}.weights.h5"
    if not weights.is_file():
        raise WeightsError(f"{weights} is missing: install ganlib again.")
    came = sha256(weights)
    if came != expected:
        raise WeightsError(
            f"{weights} is altered or incomplete: expected SHA-256 {expected}, got {came}; "
            "install ganlib again."
        )
    return weights


def save(name: str, instrument: Instrument, card: dict, folder: Path | None = None) -> Path:
    """Write weights in float16 with their card, ready to ship.

    Args:
        name: what `load` will call them.
        instrument: the trained synthesizer, vocoder or other instrument.
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
    description, weights = instrument.save((folder or FOLDER) / name, "float16")
    return write_card(description, instrument.describe(), card | {"sha256": sha256(weights)})


def write_card(description: Path, content: dict, card: dict) -> Path:
    """Write a description with its card, complete or not at all.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_card(Path(folder) / "tiny.json", {}, {"title": "tiny"}).name
        'tiny.json'
    """
    part = description.with_name(f".{description.name}.part")
    text = json.dumps(content | {"card": card}, indent=2, ensure_ascii=False)
    part.write_text(text + "\n", encoding="utf-8")
    os.replace(part, description)
    return description


def sha256(path: Path) -> str:
    """The digest of a file, as cards name it.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     (Path(folder) / "empty").touch()
        ...     sha256(Path(folder) / "empty")[:8]
        'e3b0c442'
    """
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
