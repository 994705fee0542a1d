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


@keras.saving.register_keras_serializable("ganlib")
class LabelStandardDeviation(keras.layers.Layer):
    """Append a channel that says how much the examples of one label differ from each other.

    `s = mean over positions and channels of sqrt(sum (x - mean)^2 / (n - 1) + e)`, sum and mean
    over the n examples of the batch that have the example's label; where it is the only one, s is
    sqrt(e). A generator that says each word in one single way gives itself away here, while
    `MinibatchStandardDeviation` sees ten words and finds them diverse.

    Args:
        epsilon: e, added to the variance inside the root.

    Call with `(features, labels)`: features (batch, ..., channels) and integer labels (batch,);
    returns (batch, ..., channels + 1).

    Example:
        >>> import numpy as np
        >>> x = np.array([[0.0], [5.0], [2.0]], "float32")
        >>> y = LabelStandardDeviation()((x, np.array([7, 1, 7])))
        >>> [round(float(value), 3) for value in y[:, 1]]  # 7: 0 and 2; 1: alone
        [1.414, 0.0, 1.414]

    Reference: after Karras et al. (2018), arXiv 1710.10196, section 3.
    Differs: an example's group is its label, and its variance is unbiased, since groups are small.
    """

    def __init__(self, epsilon: float = 1e-8, **kwargs: Any):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs):
        features, labels = inputs
        precision = "float64" if self.compute_dtype == "float64" else "float32"
        labels = ops.cast(labels, "int32")
        same = ops.cast(labels[:, None] == labels[None, :], precision)
        count = ops.sum(same, axis=1, keepdims=True)
        x = ops.reshape(ops.cast(features, precision), (ops.shape(features)[0], -1))
        mean = ops.matmul(same, x) / count  # (batch, features): of each example's label
        total = ops.matmul(same, ops.square(x - mean))
        variance = total / ops.maximum(count - 1.0, 1.0)
        deviation = ops.mean(ops.sqrt(variance + self.epsilon), axis=1)
        column = ops.reshape(deviation, (-1, *[1] * (len(features.shape) - 1)))
        channel = ops.cast(column, self.compute_dtype) * ops.ones_like(features[..., :1])
        return ops.concatenate([features, channel], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], input_shape[0][-1] + 1)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
