"""Longer by a whole factor: transposed convolution in both its forms, and repeat + convolution."""

import keras
from keras import ops


def _same_padding(kernel_size: int, stride: int) -> int:
    """Samples cut from the left so that the output is exactly `stride` times as long."""
    return max(kernel_size - stride, 0) // 2


def zero_insertion_transposed_convolution(inputs, kernel, stride: int):
    """Transpose a strided convolution the way the textbook draws it: insert zeros, then convolve.

    With left padding p = (k - s) // 2, `y[n] = sum_i x[i] w[n + p - s i]`: every input sample adds
    one scaled copy of the kernel, `s` samples after the one before it.

    Args:
        inputs: (batch, time, channels).
        kernel: (kernel_size, filters, channels), Keras's layout of a transposed convolution.
        stride: how many times longer the output is, at least 1.

    Returns:
        (batch, time * stride, filters).

    Example:
        >>> import numpy as np
        >>> one = np.ones((1, 1, 1), "float32")
        >>> y = zero_insertion_transposed_convolution(one, np.ones((2, 1, 1), "float32"), 2)
        >>> ops.convert_to_numpy(y).ravel().tolist()
        [1.0, 1.0]

    Reference: Dumoulin and Visin (2016), A guide to convolution arithmetic for
        deep learning, arXiv 1603.07285, chapter 4.
    """
    size = kernel.shape[0]
    _, time, channels = inputs.shape
    left = _same_padding(size, stride)
    spread = ops.pad(ops.expand_dims(inputs, 2), [[0, 0], [0, 0], [0, stride - 1], [0, 0]])
    spread = ops.reshape(spread, (-1, time * stride, channels))  # x0 0 0 0 x1 0 0 0 ...
    # Sample n needs spread[n + left - j] for j in 0..size-1.
    spread = ops.pad(spread, [[0, 0], [size - 1 - left, left], [0, 0]])
    kernel = ops.transpose(ops.flip(kernel, axis=0), (0, 2, 1))
    return ops.conv(spread, kernel, padding="valid", data_format="channels_last")


def polyphase_transposed_convolution(inputs, kernel, stride: int):
    """Compute the same function without multiplying by a single inserted zero.

    Output sample n = s m + r has phase r. Each phase is an ordinary short convolution,
    `y[s m + r] = sum_d x[m - d] w[s d + r + p]`, so one convolution with `s * filters` channels
    computes all phases and a reshape interleaves them.

    Args:
        inputs: (batch, time, channels).
        kernel: (kernel_size, filters, channels), the kernel of the zero-insertion form.
        stride: how many times longer the output is, at least 1.

    Returns:
        (batch, time * stride, filters), equal to the zero-insertion form.

    Example:
        >>> import numpy as np
        >>> x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
        >>> w = np.random.default_rng(1).normal(size=(7, 4, 3)).astype("float32")
        >>> slow = zero_insertion_transposed_convolution(x, w, 3)
        >>> bool(np.allclose(slow, polyphase_transposed_convolution(x, w, 3), atol=1e-4))
        True

    Reference: Vaidyanathan (1990), Multirate digital filters, Proc. IEEE 78(1), section II.
    """
    size, filters, channels = kernel.shape
    time = ops.shape(inputs)[1]  # inside a graph perhaps a number that is not known yet
    left = _same_padding(size, stride)
    first = -((stride - 1 + left) // stride)  # smallest d that meets the kernel in some phase
    last = (size - 1 - left) // stride
    taps = last - first + 1
    before = -(stride * first + left)  # zeros in front, so that entry (d, r) is w[s d + r + p]
    kernel = ops.pad(kernel, [[before, taps * stride - size - before], [0, 0], [0, 0]])
    kernel = ops.reshape(kernel, (taps, stride, filters, channels))
    kernel = ops.transpose(ops.flip(kernel, axis=0), (0, 3, 1, 2))  # taps, channels, phase, filters
    kernel = ops.reshape(kernel, (taps, channels, stride * filters))
    padded = ops.pad(inputs, [[0, 0], [last, -first], [0, 0]])
    phases = ops.conv(padded, kernel, padding="valid", data_format="channels_last")
    return ops.reshape(phases, (-1, time * stride, filters))  # phases: ..., phase * filters


_METHODS = {
    "polyphase": polyphase_transposed_convolution,
    "zero_insertion": zero_insertion_transposed_convolution,
}


@keras.saving.register_keras_serializable("ganlib")
class TransposedConv1D(keras.layers.Layer):
    """Make a signal `strides` times longer with learned kernels ("same" padding).

    Both methods own the same kernel and compute the same function; `polyphase` is the fast one.

    Args:
        filters: output channels.
        kernel_size: in output samples. A multiple of `strides` whistles less (chapter 06).
        strides: factor by which time grows, at least 1.
        method: "polyphase" or "zero_insertion".
        kernel_initializer: as in Keras; Glorot uniform over the fan of the zero-insertion form.

    Raises:
        ValueError: if `method` is unknown or a size is below 1.

    Example:
        >>> import numpy as np
        >>> layer = TransposedConv1D(filters=8, kernel_size=24, strides=4)
        >>> layer(np.zeros((2, 16, 3), "float32")).shape == (2, 64, 8)
        True
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int,
        method: str = "polyphase",
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if method not in _METHODS:
            raise ValueError(f"method must be one of {sorted(_METHODS)}, not {method!r}.")
        if min(filters, kernel_size, strides) < 1:
            raise ValueError(
                "filters, kernel_size and strides must be at least 1, "
                f"not {filters}, {kernel_size} and {strides}."
            )
        self.filters, self.kernel_size, self.strides = filters, kernel_size, strides
        self.method = method
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        shape = (self.kernel_size, self.filters, input_shape[-1])
        self.kernel = self.add_weight(
            name="kernel", shape=shape, initializer=self.kernel_initializer
        )
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, inputs):
        return _METHODS[self.method](inputs, self.kernel, self.strides) + self.bias

    def compute_output_shape(self, input_shape):
        time = input_shape[1]
        return (input_shape[0], None if time is None else time * self.strides, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "method": self.method,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


@keras.saving.register_keras_serializable("ganlib")
class UpsampleConv1D(keras.layers.Layer):
    """Repeat every sample `strides` times, then convolve: longer without a checkerboard.

    Args:
        filters: output channels.
        kernel_size: in output samples.
        strides: factor by which time grows, at least 1.

    Example:
        >>> import numpy as np
        >>> UpsampleConv1D(8, kernel_size=9, strides=4)(np.zeros((2, 16, 3), "float32")).shape[1]
        64

    Reference: Odena, Dumoulin and Olah (2016), Deconvolution and checkerboard artifacts, Distill.
    """

    def __init__(self, filters: int, kernel_size: int, strides: int, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size, self.strides = filters, kernel_size, strides
        self.convolution = keras.layers.Conv1D(
            filters,
            kernel_size,
            padding="same",
            data_format="channels_last",
            dtype=self.dtype_policy,
        )

    def build(self, input_shape):
        self.convolution.build(input_shape)

    def call(self, inputs):
        return self.convolution(ops.repeat(inputs, self.strides, axis=1))

    def compute_output_shape(self, input_shape):
        time = input_shape[1]
        return (input_shape[0], None if time is None else time * self.strides, self.filters)

    def get_config(self):
        sizes = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
        }
        return {**super().get_config(), **sizes}
