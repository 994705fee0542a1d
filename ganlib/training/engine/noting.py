"""Scalars that a model notes from batch to batch, in variables that are no weights.

Keras carries the variables of metrics through `fit` and `evaluate` on every engine. These are not
saved: they say nothing about the next step.
"""

import keras
from keras import ops

EVALUATED = ("discriminator_loss", "generator_loss", "real_logit", "fake_logit")
UPDATED = (*EVALUATED, "penalty")


class _Noted(keras.metrics.Metric):
    """A variable for each scalar, and one that counts."""

    def __init__(self, names: tuple, name: str):
        super().__init__(name=name)
        self.values = {key: self.add_variable((), "zeros", name=key) for key in names}
        self.count = self.add_variable((), "zeros", name="count")

    def save_own_variables(self, store) -> None:
        """Nothing."""

    def load_own_variables(self, store) -> None:
        """Nothing."""


class Means(_Noted):
    """The mean of each scalar over the clips of all batches.

    Example:
        >>> means = Means()
        >>> zeros = dict.fromkeys(EVALUATED, 0.0)
        >>> _ = means.include({**zeros, "real_logit": 1.0}, 3)
        >>> float(means.include({**zeros, "real_logit": 5.0}, 1)["real_logit"])
        2.0
    """

    def __init__(self, names: tuple = EVALUATED):
        super().__init__(names, "held_out")

    def include(self, scalars: dict, size) -> dict:
        """Add the means over one batch of `size` clips; return those so far."""
        size = ops.cast(size, "float32")
        self.count.assign_add(size)
        for key, variable in self.values.items():
            variable.assign_add(ops.cast(scalars[key], "float32") * size)
        return self.result()

    def result(self) -> dict:
        """The means so far; 0 without a batch."""
        count = ops.maximum(self.count, 1.0)
        return {key: variable / count for key, variable in self.values.items()}


class LastUpdate(_Noted):
    """The logs of the last update, for a batch that takes part in none; counts such batches.

    Example:
        >>> last = LastUpdate()
        >>> _ = last.note(dict.fromkeys(UPDATED, 0.5))
        >>> float(last.repeat()["penalty"]), float(last.count)
        (0.5, 1.0)
    """

    def __init__(self):
        super().__init__(UPDATED, "last_update")

    def note(self, logs: dict) -> dict:
        """Remember the logs, and return them."""
        logs = {key: ops.cast(logs[key], "float32") for key in self.values}
        for key, variable in self.values.items():
            variable.assign(logs[key])
        return logs

    def repeat(self) -> dict:
        """The logs that were noted last, once more."""
        self.count.assign_add(1.0)
        return {key: ops.copy(variable.value) for key, variable in self.values.items()}

    def result(self) -> dict:
        """Nothing that belongs into the report of an epoch."""
        return {}

    def reset_state(self) -> None:
        """Nothing: an epoch may begin with a batch that is left out."""
