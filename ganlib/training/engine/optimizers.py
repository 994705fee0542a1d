"""Two optimizers, one for each network, and what is done to weights after a step."""

import keras
from keras import ops

from ganlib.errors import OptionError


class BothOptimizers(keras.optimizers.Optimizer):
    """A generator's and a discriminator's optimizer, as one that Keras and its callbacks know.

    `learning_rate` is the generator's; whoever sets it (`LearningRateScheduler`,
    `ReduceLROnPlateau`) moves both, and their ratio stays. `save_weights` keeps the state of each.

    Args:
        generator, discriminator: an optimizer, its name ("adam") or its configuration; two, never
            the same one twice.

    Raises:
        OptionError: if both networks are to share one optimizer.

    Example:
        >>> both = BothOptimizers(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.4))
        >>> round(float(both.learning_rate), 1), len(both.variables)
        (0.1, 4)
        >>> both.learning_rate = 0.01
        >>> round(float(both.discriminator.learning_rate), 4)
        0.04
    """

    def __init__(self, generator, discriminator, name: str = "both_optimizers"):
        super().__init__(learning_rate=0.0, name=name)  # a number of its own that nobody asks for
        self.generator = keras.optimizers.get(generator)
        self.discriminator = keras.optimizers.get(discriminator)
        if self.generator is self.discriminator:
            raise OptionError(
                "Both networks were given the same optimizer, which remembers the steps of one: "
                "make two."
            )
        self.ratio = 1.0
        self.ratio = self._present_ratio()

    def build(self, variables) -> None:
        """Nothing: `AdversarialModel.compile` builds each with the weights of its own network."""
        self.built = True

    @property
    def variables(self) -> list:
        return [*self.generator.variables, *self.discriminator.variables]

    @property
    def iterations(self):
        return self.generator.iterations

    @property
    def learning_rate(self):
        return self.generator.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        if any(_follows_a_schedule(each) for each in (self.generator, self.discriminator)):
            raise OptionError(
                "A learning rate that follows a schedule cannot be set: give both optimizers a "
                "number (learning_rate_decay=none), or leave the callback out."
            )
        self.ratio = self._present_ratio()
        self.generator.learning_rate = rate
        self.discriminator.learning_rate = float(rate) * self.ratio

    def _present_ratio(self) -> float:
        """Discriminator's rate by generator's; where that is 0, as it was before."""
        rate, other = (float(each.learning_rate) for each in (self.generator, self.discriminator))
        return other / rate if rate else self.ratio

    def finalize_variable_values(self, var_list) -> None:
        """What `fit` ends with: weights become their averages, where an optimizer has `use_ema`."""
        for each in (self.generator, self.discriminator):
            each.finalize_variable_values(each._trainable_variables)

    def save_own_variables(self, store) -> None:
        """Nothing: Keras finds both optimizers, and each keeps its own."""

    def load_own_variables(self, store) -> None:
        """Nothing, see `save_own_variables`."""

    def get_config(self) -> dict:
        both = {"generator": self.generator, "discriminator": self.discriminator}
        return {key: keras.optimizers.serialize(each) for key, each in both.items()}


def _follows_a_schedule(optimizer) -> bool:
    return not isinstance(optimizer.learning_rate, keras.Variable)


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
