"""From what a run was asked to do to a compiled model."""

import keras

from ganlib.errors import OptionError
from ganlib.training.config import Config
from ganlib.training.engine.limits import as_option_error
from ganlib.training.recipes import get_recipe


def build(config: Config) -> keras.Model:
    """The compiled model of a run with its initial weights.

    Raises:
        OptionError: if its options do not fit together.

    Example:
        >>> options = get_recipe("dense_gan").options("quick", {"signal_scale": 0.1})
        >>> build(Config("dense_gan", "", "", "quick", options, [], seed=0)).built
        True
    """
    keras.utils.set_random_seed(config.seed)
    policy = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy(config.options["precision"])
    except (ValueError, TypeError) as error:
        raise OptionError(f"precision: {error}") from None
    try:
        options = config.options | {"codec": config.codec}
        return get_recipe(config.model).build(options, tuple(config.label_names))
    except Exception as error:
        raise as_option_error(config.model, error) from error
    finally:
        keras.config.set_dtype_policy(policy)
