"""What a discriminator can see only by looking at several examples at once."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganlib")
class MinibatchStandardDeviation(keras.layers.Layer):
    """Append a channel that says how much an example's group varies, so that collapse is visible.

    `s = mean over positions and channels of sqrt(mean over the group of (x - group mean)^2 + e)`,
    the same number at every position of every example of the group.

    A batch of n examples is dealt into `m = max(1, n // group_size)` groups like cards: example i
    belongs to group i mod m. Where n is a multiple of `group_size` these are StyleGAN's groups;
    elsewhere the left-over examples join existing groups, which then have up to
    `2 group_size - 1` members, and no group is smaller than `group_size` unless the batch is.

    Args:
        group_size: examples in a group, at least 1; with 1 the new channel says nothing.
        epsilon: e, added to the variance inside the root.

    Call with (batch, ..., channels); returns (batch, ..., channels + 1).

    Raises:
        ValueError: if `group_size` is below 1.

    Example:
        >>> import numpy as np
        >>> x = np.array([[0.0], [1.0], [4.0], [5.0]], "float32")  # groups {0, 4} and {1, 5}
        >>> y = MinibatchStandardDeviation(group_size=2)(x)
        >>> [round(float(value), 4) for value in y[:, 1]]
        [2.0, 2.0, 2.0, 2.0]

    Reference: Karras, Aila, Laine and Lehtinen (2018), Progressive growing of GANs for improved
        quality, stability, and variation, arXiv 1710.10196, section 3; groups as in StyleGAN,
        arXiv 1812.04948.
    Differs: StyleGAN's code refuses a batch that its group size does not divide.
    """

    def __init__(self, group_size: int = 4, epsilon: float = 1e-8, **kwargs: Any):
        super().__init__(**kwargs)
        if group_size < 1:
            raise ValueError(f"group_size must be at least 1, not {group_size}.")
        self.group_size, self.epsilon = group_size, epsilon

    def call(self, inputs):
        precision = "float64" if self.compute_dtype == "float64" else "float32"
        same_group = self._shares(ops.shape(inputs)[0], precision)
        x = ops.reshape(ops.cast(inputs, precision), (ops.shape(inputs)[0], -1))
        mean = ops.matmul(same_group, x)  # (batch, features): of each example's own group
        variance = ops.matmul(same_group, ops.square(x - mean))
        deviation = ops.mean(ops.sqrt(variance + self.epsilon), axis=1)
        column = ops.reshape(deviation, (-1, *[1] * (len(inputs.shape) - 1)))
        channel = ops.cast(column, self.compute_dtype) * ops.ones_like(inputs[..., :1])
        return ops.concatenate([inputs, channel], axis=-1)

    def _shares(self, batch, dtype: str):
        """Matrix (batch, batch): 1 / group's size where two examples share a group, else 0."""
        group = ops.arange(batch, dtype="int32") % ops.maximum(1, batch // self.group_size)
        same = ops.cast(group[:, None] == group[None, :], dtype)
        return same / ops.sum(same, axis=1, keepdims=True)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        config = {"group_size": self.group_size, "epsilon": self.epsilon}
        return {**super().get_config(), **config}
