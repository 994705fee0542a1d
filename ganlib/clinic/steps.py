"""Who moves whom: the blood test of a training loop, taken before a training begins.

RUN/steps.json   by how much each player's step changes each network, see `who_moves`
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from keras import Model, ops

from ganlib.errors import RunError
from ganlib.evaluation.measuring.figures import write_json
from ganlib.training.engine.gan import GAN
from ganlib.training.engine.state import state_variables

FILE = "steps.json"


def who_moves(gan: GAN, clips: np.ndarray, labels: np.ndarray | None = None) -> dict[str, float]:
    """Let each player take one step, see which weights change, and put everything back.

    The change is $\\lVert w' - w \\rVert / \\lVert w \\rVert$ over a network's trainable weights.

    Args:
        gan: compiled.
        clips: one batch of what the discriminator is trained with.
        labels: of the batch, where the networks take any.

    Returns:
        `own_step`: of the discriminator by its own step; 0 means that it cannot learn.
        `foreign_step`: of the generator by the discriminator's step; must be 0.
        `generator_step`: of the generator by its own.
        `backward_step`: of the discriminator by the generator's step; must be 0.

    Example:
        >>> import keras
        >>> generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> gan = GAN(generator, discriminator, seed=0)
        >>> gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
        >>> moved = who_moves(gan, np.ones((4, 1), "float32"))
        >>> moved["own_step"] > 0, moved["foreign_step"], moved["backward_step"]
        (True, 0.0, 0.0)
    """
    real = ops.convert_to_tensor(clips)
    asked = None if labels is None else ops.convert_to_tensor(labels)
    discriminator, generator = gan.discriminator, gan.generator
    first = _changes(gan, lambda: gan.update_discriminator(real, asked), discriminator, generator)
    second = _changes(
        gan, lambda: gan.update_generator(len(clips), asked), generator, discriminator
    )
    names = ("own_step", "foreign_step", "generator_step", "backward_step")
    return dict(zip(names, (*first, *second), strict=True))


def _changes(gan: GAN, step, *networks: Model) -> list[float]:
    state = state_variables(gan)
    kept = [np.array(ops.convert_to_numpy(variable.value)) for variable in state]
    before = [_weights(network) for network in networks]
    step()
    found = [
        float(np.linalg.norm(_weights(network) - old) / max(float(np.linalg.norm(old)), 1e-12))
        for network, old in zip(networks, before, strict=True)
    ]
    for variable, value in zip(state, kept, strict=True):
        variable.assign(value)
    return found


def _weights(network: Model) -> np.ndarray:
    values = [ops.convert_to_numpy(v.value).ravel() for v in network.trainable_variables]
    return np.concatenate(values).astype("float64")


def record_steps(
    folder: str | Path, gan: GAN, clips: np.ndarray, labels: np.ndarray | None = None
) -> dict[str, float]:
    """Measure `who_moves` and keep it in the folder of a run, where `diagnose` finds it.

    Example:
        >>> record_steps("no_such_run", None, None)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: no_such_run is no folder ...
    """
    if not Path(folder).is_dir():
        raise RunError(f"{folder} is no folder of a run: start the run first.")
    moved = who_moves(gan, clips, labels)
    write_json(Path(folder) / FILE, moved)
    return moved


def read_steps(folder: Path) -> dict[str, float]:
    """What `record_steps` wrote; empty where nobody measured it.

    Raises:
        RunError: if the file is damaged.

    Example:
        >>> read_steps(Path("no_such_run"))
        {}
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: float(found[name]) for name in ("own_step", "foreign_step")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path} cannot be read or is damaged: {error!r}.") from None
