"""What instruments share on disk: a description and weights, `NAME.json` and `NAME.weights.h5`.

Both are written complete or not at all, and read with one sentence about what is wrong.
"""

import io
import json
import os
import re
import tempfile
import warnings
from pathlib import Path

import h5py
import keras

from ganlib.errors import WeightsError, reason

FRAME_BYTES = 2**13  # HDF5's own need for each layer and each array, generously


def save_weights(model: keras.Model, path: str | Path, dtype: str = "float32") -> Path:
    """Write a model's weights, or leave `path` as it was.

    Args:
        model: any built model.
        path: ends in `.weights.h5`, in a folder that exists.
        dtype: "float32", or "float16" for half the size.

    Returns:
        The path.

    Raises:
        WeightsError: if there is no space, no permission or no folder.

    Example:
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = save_weights(model, f"{folder}/small.weights.h5", "float16")
        ...     load_weights(model, path)
    """
    path = Path(path)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".saving-") as folder:
            part = Path(folder) / path.name
            _reserve(part, model)
            model.save_weights(part)
            if dtype != "float32":
                part.write_bytes(_converted(part, dtype))
            os.replace(part, path)
    except OSError as error:
        raise WeightsError(f"Could not write {path}: {error.strerror or error}.") from error
    return path


def load_weights(model: keras.Model, path: str | Path) -> None:
    """Give a model the weights of a file, of any float type.

    Raises:
        WeightsError: if the file is missing, damaged or made for another model.

    Example:
        >>> load_weights(keras.Sequential(), "none.weights.h5")
        Traceback (most recent call last):
        ...
        ganlib.errors.WeightsError: none.weights.h5 does not exist: train or fetch the model first.
    """
    if not Path(path).is_file():
        raise WeightsError(f"{path} does not exist: train or fetch the model first.")
    try:
        with warnings.catch_warnings():  # of Keras, before the error that says it shortly
            warnings.simplefilter("ignore")
            model.load_weights(path)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(f"{path} does not fit the model: {_complaint(error)}.") from None


def instrument_paths(stem: str | Path) -> tuple[Path, Path]:
    """The files of a trained thing: its description and its weights.

    Example:
        >>> [path.name for path in instrument_paths("runs/first/generator")]
        ['generator.json', 'generator.weights.h5']
    """
    return Path(f"{stem}.json"), Path(f"{stem}.weights.h5")


def write_description(path: Path, content: dict) -> None:
    """Write a JSON file, complete or not at all.

    Raises:
        WeightsError: if there is no space, no permission or no folder.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_description(Path(folder) / "tiny.json", {"kind": "vocoder"})
        ...     read_description(Path(folder) / "tiny.json")
        {'kind': 'vocoder'}
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WeightsError(f"Could not write {path}: {error.strerror}.") from error


def read_description(path: Path) -> dict:
    """Read what `write_description` wrote: plain data, never code.

    Raises:
        WeightsError: if the file is missing or no JSON object.

    Example:
        >>> read_description(Path("none.json"))
        Traceback (most recent call last):
        ...
        ganlib.errors.WeightsError: none.json does not exist: train or fetch the model first.
    """
    if not path.is_file():
        raise WeightsError(f"{path} does not exist: train or fetch the model first.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} does not describe a model: {error!r}") from None
    if not isinstance(content, dict):
        raise WeightsError(f"{path} does not describe a model: it holds no JSON object.")
    return content


def _reserve(path: Path, model: keras.Model) -> None:
    """Find out with a plain file whether there is room.

    HDF5 on a full disk prints tracebacks that none can catch, and may take the process with it.
    """
    arrays = sum(variable.size * 4 for variable in map(keras.ops.convert_to_numpy, model.weights))
    size = arrays + FRAME_BYTES * (2 + len(model.layers) + len(model.weights))
    with open(path, "wb") as stream:
        for start in range(0, size, 2**20):
            stream.write(bytes(min(2**20, size - start)))
        stream.flush()
        os.fsync(stream.fileno())
    path.unlink()


def _converted(path: Path, dtype: str) -> bytes:
    """The same file with every array as `dtype`; empty groups stay, Keras looks for them."""
    buffer = io.BytesIO()
    with h5py.File(path, "r") as source, h5py.File(buffer, "w") as target:

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Dataset):
                target.create_dataset(name, data=item[()].astype(dtype))
            else:
                target.require_group(name)

        for key, value in source.attrs.items():
            target.attrs[key] = value
        source.visititems(copy)
    return buffer.getvalue()


def _complaint(error: Exception) -> str:
    """What Keras or HDF5 says, in a few words."""
    shapes = re.search(
        r"variable\.shape=(\([^)]*\)), Received: value\.shape=(\([^)]*\))", str(error)
    )
    if shapes:
        return f"it needs an array of shape {shapes[1]}, and the file has {shapes[2]}"
    missing = re.search(r"Layer '(\w+)' expected (\d+) variables, but received (\d+)", str(error))
    if missing:
        return f"its layer {missing[1]} needs {missing[2]} arrays, and the file has {missing[3]}"
    return reason(error).rstrip(".")
