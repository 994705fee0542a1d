"""Convolution in groups of channels, which is slow on every CPU, as ordinary convolutions."""

import keras
import numpy as np
from keras import ops

METHODS = ("ordinary", "native")
TOGETHER = 32  # channels of narrow groups that one ordinary convolution sees


def grouped_convolution(inputs, kernel, stride: int, groups: int):
    """Compute a grouped convolution, without padding, by a few ordinary ones.

    Channel c of group g sees its own group only: the kernel as an ordinary convolution has it is
    zero but in blocks along its diagonal. A few narrow groups are computed together, zeros
    included; wide groups one by one.

    Args:
        inputs: (batch, time, channels).
        kernel: (kernel_size, channels / groups, filters), Keras's layout.
        stride: how many times shorter the output is, at least 1.
        groups: divides channels and filters.

    Returns:
        (batch, (time - kernel_size) // stride + 1, filters).

    Example:
        >>> x = np.random.default_rng(0).normal(size=(2, 12, 4)).astype("float32")
        >>> w = np.random.default_rng(1).normal(size=(5, 2, 6)).astype("float32")
        >>> pairs = (x[..., :2], w[..., :3]), (x[..., 2:], w[..., 3:])
        >>> halves = [ops.conv(*pair, 2) for pair in pairs]
        >>> y = grouped_convolution(x, w, 2, 2)
        >>> bool(np.allclose(ops.concatenate(halves, -1), y, atol=1e-5))
        True

    Reference: Krizhevsky, Sutskever and Hinton (2012), ImageNet classification with deep
        convolutional neural networks, NIPS 25, section 3.5: one group for each of two GPUs.
    """
    size, own, filters = kernel.shape
    fits = [n for n in range(1, groups + 1) if groups % n == 0 and n * own <= TOGETHER]
    some = max(fits, default=1)
    parts, each = groups // some, filters // groups
    diagonal = ops.cast(np.eye(some).reshape(1, some, 1, 1, some, 1), kernel.dtype)
    kernel = ops.reshape(kernel, (size, 1, own, parts, some, each)) * diagonal
    convolved = [
        ops.conv(
            inputs[..., part * some * own : (part + 1) * some * own],
            ops.reshape(kernel[:, :, :, part], (size, some * own, some * each)),
            stride,
            padding="valid",
            data_format="channels_last",
        )
        for part in range(parts)
    ]
    return ops.concatenate(convolved, axis=-1)


@keras.saving.register_keras_serializable("ganlib")
class GroupedConv1D(keras.layers.Conv1D):
    """`keras.layers.Conv1D` with groups and no padding, quick on a CPU too.

    It owns the same weights and computes the same function. On a CPU TensorFlow leaves grouped
    convolutions to XLA, and there their gradients take many times as long as those of ordinary
    ones, on JAX too. Which way is taken is the caller's choice, since no layer asks for the device.

    Args:
        filters: output channels, a multiple of `groups`.
        kernel_size: in input samples.
        strides: factor by which time shrinks.
        groups: of channels, that see nothing of each other.
        method: "ordinary", see `grouped_convolution`, or "native", the engine's own.

    Raises:
        ValueError: if the method is unknown.

    Example:
        >>> layer = GroupedConv1D(8, kernel_size=5, strides=2, groups=4)
        >>> layer(np.zeros((2, 65, 4), "float32")).shape == (2, 31, 8)
        True
    """

    def __init__(self, filters, kernel_size, strides=1, groups=1, method="ordinary", **kwargs):
        kwargs = {**kwargs, "padding": "valid", "data_format": "channels_last"}
        super().__init__(filters, kernel_size, strides, groups=groups, **kwargs)
        if method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}.")
        self.method = method

    def call(self, inputs):
        if self.method == "native":
            return super().call(inputs)
        outputs = grouped_convolution(inputs, self.kernel, self.strides[0], self.groups)
        return self.activation(outputs + self.bias if self.use_bias else outputs)

    def get_config(self):
        return {**super().get_config(), "method": self.method}
