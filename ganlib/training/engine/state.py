"""All that training remembers, as one file that is complete or not there."""

import contextlib
import errno
import io
import os
from pathlib import Path

import h5py
import keras
import numpy as np

from ganlib import backend
from ganlib.errors import RunError

KEPT_CHECKPOINTS = 2


def state_variables(model: keras.Model) -> list[keras.Variable]:
    """Every variable that the next step depends on: weights, averages, optimizers, random seeds.

    Example:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> [variable.name for variable in state_variables(model)][:2]
        ['kernel', 'bias']
    """
    seen: dict[int, keras.Variable] = {}
    for variable in [*model.variables, *model.optimizer.variables]:
        seen.setdefault(id(variable), variable)
    return list(seen.values())


def save_state(path: Path, model: keras.Model) -> None:
    """Write the state to `path`, or leave `path` as it was.

    Args:
        path: file to write; a temporary neighbour is written, flushed to disk and renamed.
        model: a compiled model; a `fit` may be running.

    Raises:
        RunError: if a value is not finite or the disk does not take the file.

    Example:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_state(Path(folder) / "state.h5", model)
        ...     load_state(Path(folder) / "state.h5", model)
    """
    backend.sync(model)
    part = path.with_name(f".{path.name}.part")
    values = [np.asarray(keras.ops.convert_to_numpy(v.value)) for v in state_variables(model)]
    bad = sum(v.dtype.kind == "f" and not np.isfinite(v).all() for v in values)
    if bad:
        raise RunError(f"{bad} variables are not finite, so {path.name} was not written.")
    buffer = io.BytesIO()  # on a full disk HDF5 itself would print a traceback that none can catch
    with h5py.File(buffer, "w") as file:
        for index, value in enumerate(values):
            file.create_dataset(f"{index:04d}", data=value)
    try:
        with open(part, "wb") as stream:
            stream.write(buffer.getbuffer())
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = "no space left on the device" if _is_full(error) else str(error)
        raise RunError(
            f"Could not write {path}: {reason}. Earlier checkpoints are kept; make room or choose "
            "another folder, then resume."
        ) from None


def _is_full(error: Exception) -> bool:
    return getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error)


def load_state(path: Path, model: keras.Model) -> None:
    """Give a model the state that `save_state` wrote.

    Raises:
        RunError: if the file cannot be read or belongs to another model.

    Example:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_state(Path(folder) / "state.h5", model)
        ...     load_state(Path(folder) / "state.h5", model)
    """
    variables = state_variables(model)
    try:
        with h5py.File(path, "r") as file:
            values = [file[name][()] for name in sorted(file)]
    except (OSError, RuntimeError, KeyError) as error:
        raise RunError(f"{path} cannot be read: {error}.") from None
    shapes = [tuple(v.shape) for v in variables]
    if [value.shape for value in values] != shapes:
        raise RunError(
            f"{path} holds the state of another model: it has {len(values)} arrays where this one "
            f"has {len(shapes)}, or their shapes differ."
        )
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def checkpoints(folder: Path) -> list[Path]:
    """The checkpoints of a run, oldest first.

    Example:
        >>> checkpoints(Path("no_such_run"))
        []
    """
    return sorted((folder / "checkpoints").glob("step-*.h5"))


def forget_old(folder: Path) -> None:
    """Delete all checkpoints of a run but the last two.

    Example:
        >>> forget_old(Path("no_such_run"))
    """
    for path in checkpoints(folder)[:-KEPT_CHECKPOINTS]:
        path.unlink()


def restore(folder: Path, model: keras.Model) -> str:
    """Load the newest checkpoint that can be read; without any, the run begins again.

    Args:
        folder: of the run.
        model: as it was when the run began.

    Returns:
        A sentence where the run goes on from an earlier state than one would think, else "".

    Raises:
        RunError: if there are checkpoints and none can be read.

    Example:
        >>> restore(Path("no_such_run"), None)
        'no_such_run has no checkpoint, so it begins again at step 0.'
    """
    errors: list[str] = []
    for path in reversed(checkpoints(folder)):
        try:
            load_state(path, model)
        except RunError as error:
            errors.append(str(error))
        else:
            return f"{' '.join(errors)} The run goes on from {path.name}." if errors else ""
    if errors:
        raise RunError(" ".join(errors))
    return f"{folder} has no checkpoint, so it begins again at step 0."


def frozen_copy(model: keras.Model) -> keras.Model:
    """The same model with variables of its own, which no optimizer moves.

    Example:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> len(frozen_copy(model).trainable_variables)
        0
    """
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.trainable = False
    return copy


@contextlib.contextmanager
def unchanged_statistics(model: keras.Model):
    """Put back what a model's layers note in passing (batch-norm statistics) after the block.

    Example:
        >>> layer = keras.layers.BatchNormalization()
        >>> model = keras.Sequential([keras.Input((1,)), layer])
        >>> with unchanged_statistics(model):
        ...     _ = model(np.ones((4, 1), "float32"), training=True)
        >>> float(layer.moving_mean[0])
        0.0
    """
    variables = model.non_trainable_weights
    before = [keras.ops.copy(variable.value) for variable in variables]
    yield
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)


def iterate_powers(model: keras.Model) -> None:
    """Let spectral normalisation follow the weights: once before each of the model's own steps.

    Example:
        >>> iterate_powers(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    """
    for layer in model._flatten_layers():
        if hasattr(layer, "power_iteration"):
            layer.power_iteration()
