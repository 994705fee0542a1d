"""Shorter by a whole factor: a strided convolution, and the same without a stride."""

import keras
from keras import ops


def polyphase_convolution(inputs, kernel, stride: int):
    """Compute a strided convolution ("same" padding) as one without a stride.

    `y[m] = sum_k x[s m + k - p] w[k]` with p = (K - s) // 2. Write k = s d + r: the samples of
    phase r are r-th channels of blocks of s samples, so `y[m] = sum_d sum_r x_r[m + d] w[s d + r]`
    is an ordinary convolution over blocks. On a CPU its gradients are up to three times as fast.

    Args:
        inputs: (batch, time, channels), time a multiple of `stride`.
        kernel: (kernel_size, channels, filters), with kernel_size at least `stride`.
        stride: how many times shorter the output is, at least 1.

    Returns:
        (batch, time / stride, filters).

    Example:
        >>> import numpy as np
        >>> x = np.random.default_rng(0).normal(size=(2, 12, 3)).astype("float32")
        >>> w = np.random.default_rng(1).normal(size=(7, 3, 4)).astype("float32")
        >>> plain = ops.conv(x, w, strides=3, padding="same")
        >>> bool(np.allclose(plain, polyphase_convolution(x, w, 3), atol=1e-4))
        True

    Reference: Vaidyanathan (1990), Multirate digital filters, Proc. IEEE 78(1), section II.
    """
    size, channels, filters = kernel.shape
    time = inputs.shape[1]
    taps = -(-size // stride)  # in blocks of one stride
    left = (size - stride) // 2
    inputs = ops.pad(inputs, [[0, 0], [left, (taps - 1) * stride - left], [0, 0]])
    blocks = ops.reshape(inputs, (-1, time // stride + taps - 1, stride * channels))
    kernel = ops.pad(kernel, [[0, taps * stride - size], [0, 0], [0, 0]])
    kernel = ops.reshape(kernel, (taps, -1, filters))
    return ops.conv(blocks, kernel, padding="valid", data_format="channels_last")


@keras.saving.register_keras_serializable("ganlib")
class StridedConv1D(keras.layers.Conv1D):
    """`keras.layers.Conv1D` with stride and "same" padding, computed in polyphase form.

    It owns the same weights and computes the same function.

    Args:
        filters: output channels.
        kernel_size: in input samples, at least `strides`.
        strides: factor by which time shrinks; it must divide the input's length.

    Raises:
        ValueError: if `kernel_size` is below `strides`, or the length is no multiple of it.

    Example:
        >>> import numpy as np
        >>> StridedConv1D(8, kernel_size=25, strides=4)(np.zeros((2, 64, 3), "float32")).shape[1]
        16
    """

    def __init__(self, filters: int, kernel_size: int, strides: int = 1, **kwargs):
        kwargs = {**kwargs, "padding": "same", "data_format": "channels_last"}
        super().__init__(filters, kernel_size, strides, **kwargs)
        if self.kernel_size[0] < self.strides[0]:
            raise ValueError(
                f"kernel_size must be at least strides, not {kernel_size} below {strides}."
            )

    def build(self, input_shape):
        if input_shape[1] is None or input_shape[1] % self.strides[0]:
            raise ValueError(
                f"The input's length must be a multiple of {self.strides[0]}, not {input_shape[1]}."
            )
        super().build(input_shape)

    def call(self, inputs):
        outputs = polyphase_convolution(inputs, self.kernel, self.strides[0])
        return self.activation(outputs + self.bias if self.use_bias else outputs)
