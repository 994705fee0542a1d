"""Which numbers make sense as options of a recipe."""

import math

import keras

from ganlib.errors import GanlibError, OptionError, is_out_of_memory, reason
from ganlib.losses import get_losses

AT_LEAST_ONE = frozenset(
    [
        "steps",
        "batch_size",
        "discriminator_steps",
        "penalty_interval",
        "sample_rate",
        "clip_samples",
        "channels",
        "dim",
        "latent_dim",
        "kernel_size",
        "hidden",
        "width",
    ]
)
ABOVE_ZERO = frozenset(["generator_learning_rate", "discriminator_learning_rate", "learning_rate"])
BELOW_ONE = frozenset(["beta_1", "beta_2", "average_decay", "dropout", "label_smoothing"])

WRONG_OPTIONS = (ValueError, TypeError, ArithmeticError)


def check_options(options: dict) -> None:
    """Refuse options whose numbers no training can use.

    Args:
        options: option -> value of the right type, as `Recipe.options` gives them.

    Raises:
        OptionError: naming the option, what is allowed and what came.

    Example:
        >>> check_options({"dim": 16, "beta_1": 0.5})
        >>> check_options({"dim": 0})
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: Option dim must be 1 or more, not 0.
    """
    for name, value in options.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        if not _fits(name, value):
            raise OptionError(f"Option {name} must be {_allowed(name)}, not {value}.")


def check_names(options: dict) -> None:
    """Refuse a loss or a precision that does not exist, before the data are read.

    Args:
        options: of a recipe.

    Raises:
        OptionError: with those there are.

    Example:
        >>> check_names({"loss": "hinge", "precision": "float32"})
    """
    if "loss" in options:
        get_losses(options["loss"])
    try:
        keras.DTypePolicy(options["precision"])
    except (ValueError, TypeError) as error:
        raise OptionError(f"precision: {error}") from None


def _fits(name: str, value: float) -> bool:
    if not math.isfinite(value) or value < 0:
        return False
    if name in AT_LEAST_ONE:
        return value >= 1
    if name in ABOVE_ZERO:
        return value > 0
    return name not in BELOW_ONE or value < 1


def _allowed(name: str) -> str:
    if name in AT_LEAST_ONE:
        return "1 or more"
    if name in ABOVE_ZERO:
        return "above 0"
    return "from 0 to below 1" if name in BELOW_ONE else "0 or more"


def check_update(
    discriminator_steps: int, penalty_interval: int, latent_distribution: str, average_decay: float
) -> None:
    """Refuse numbers and names with which a GAN could not be updated.

    Raises:
        OptionError: naming what is out of range.

    Example:
        >>> check_update(5, 1, "normal", 0.999)
    """
    if min(discriminator_steps, penalty_interval) < 1:
        raise OptionError(
            "discriminator_steps and penalty_interval must be at least 1, "
            f"not {discriminator_steps} and {penalty_interval}."
        )
    if latent_distribution not in ("normal", "uniform"):
        raise OptionError(
            f'latent_distribution must be "normal" or "uniform", not {latent_distribution!r}.'
        )
    if not 0 <= average_decay < 1:
        raise OptionError(f"average_decay must be in [0, 1), not {average_decay}.")


def check_seed(seed: int) -> None:
    """Refuse a seed that Keras or NumPy cannot take.

    Raises:
        OptionError: if it is not from 0 to 2**32 - 1.

    Example:
        >>> check_seed(0)
    """
    if not 0 <= seed < 2**32:
        raise OptionError(f"seed must be from 0 to {2**32 - 1}, not {seed}.")


def as_option_error(model: str, error: Exception) -> Exception:
    """What an error before the first step says about the options; a bug stays what it is.

    Args:
        model: name of the recipe.
        error: what Keras or the engine raised.

    Example:
        >>> as_option_error("wavegan", ValueError("units must be positive"))
        OptionError('The options of wavegan do not fit together: units must be positive')
    """
    if is_out_of_memory(error):
        return OptionError(
            f"There is not enough memory for {model}: choose a smaller preset, model or batch_size."
        )
    if isinstance(error, OptionError):
        return OptionError(reason(error))
    if isinstance(error, GanlibError) or not isinstance(error, WRONG_OPTIONS):
        return error
    return OptionError(f"The options of {model} do not fit together: {reason(error)}")
