"""Two optimizers, one for each network, and what is done to weights after a step."""

import keras
from keras import ops

from ganlib.errors import OptionError


class BothOptimizers:
    """Shows Keras's `fit` the variables of both optimizers under one name.

    Example:
        >>> both = BothOptimizers(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.4))
        >>> round(float(both.learning_rate), 1), len(both.variables)
        (0.1, 4)
    """

    built = True

    def __init__(self, generator: keras.optimizers.Optimizer, discriminator):
        self.generator, self.discriminator = generator, discriminator

    @property
    def variables(self) -> list:
        return [*self.generator.variables, *self.discriminator.variables]

    @property
    def iterations(self):
        return self.generator.iterations

    @property
    def learning_rate(self):
        return self.generator.learning_rate


def optimizer_of(network: str, options: dict) -> keras.optimizers.Optimizer:
    """The optimizer of one network, as the options say.

    Args:
        network: "generator" or "discriminator"; each has its own learning rate.
        options: of a recipe.

    Raises:
        OptionError: if the optimizer or the decay of the learning rate is unknown.

    Example:
        >>> options = {"optimizer": "rmsprop", "generator_learning_rate": 5e-5, "beta_2": 0.99,
        ...            "learning_rate_decay": "none"}
        >>> optimizer_of("generator", options).rho
        0.99
    """
    kind, rate = options["optimizer"], _rate(network, options)
    if kind == "adam":
        return keras.optimizers.Adam(rate, beta_1=options["beta_1"], beta_2=options["beta_2"])
    if kind == "rmsprop":
        return keras.optimizers.RMSprop(rate, rho=options["beta_2"])
    raise OptionError(f'optimizer must be "adam" or "rmsprop", not {kind!r}.')


def _rate(network: str, options: dict):
    rate, decay = options[f"{network}_learning_rate"], options["learning_rate_decay"]
    if decay == "none":
        return rate
    if decay != "cosine":
        raise OptionError(f'learning_rate_decay must be "none" or "cosine", not {decay!r}.')
    if network == "discriminator":
        steps = options["steps"] * options["discriminator_steps"]
    else:
        steps = options["steps"] - options["discriminator_first"]
    return keras.optimizers.schedules.CosineDecay(rate, steps)


def clip_weights(variables: list, limit: float) -> None:
    """Bring every weight back into [-c, c], which bounds how steep a network can be.

    Args:
        variables: of the network.
        limit: c; 0 clips nothing.

    Example:
        >>> variable = keras.Variable([0.5, -0.001])
        >>> clip_weights([variable], 0.01)
        >>> [round(float(value), 3) for value in variable.value]
        [0.01, -0.001]

    Reference: Arjovsky, Chintala and Bottou (2017), Wasserstein GAN, arXiv 1701.07875, algorithm 1,
        line 7.
    """
    if limit:
        for variable in variables:
            variable.assign(ops.clip(variable.value, -limit, limit))
