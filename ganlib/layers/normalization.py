"""Normalising weights (spectral norm, length and direction) and activations (pixel norm)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganlib.layers.kernel_wrapper import KernelWrapper, euclidean_length

FIRST_ITERATIONS = 15  # enough that a new layer starts near its true spectral norm


@keras.saving.register_keras_serializable("ganlib")
class SpectralNormalization(KernelWrapper):
    """Divide a layer's kernel by its largest singular value: `W / s`, with `s = |W u|`.

    W is the kernel as a matrix of shape (everything else, output channels) and u the estimate of
    its right singular vector, a constant for the gradient. Calls never change u. It moves only in
    `power_iteration()`, which the training loop calls once before each step of the network's
    optimizer, so that D(real), D(fake) and the generator's step see one and the same network:

        for layer in discriminator._flatten_layers():
            if hasattr(layer, "power_iteration"):
                layer.power_iteration()

    `ganlib.training.engine.gan.GAN` does this for you; a loop of your own must do it.

    Args:
        layer: the layer to normalise; see `KernelWrapper`.
        power_iterations: iterations in each `power_iteration()`, at least 1.

    Raises:
        ValueError: if `power_iterations` is below 1.
        TypeError: if the layer, once built, has no single kernel.

    Example:
        >>> import numpy as np
        >>> dense = keras.layers.Dense(3, kernel_initializer="ones", use_bias=False)
        >>> y = SpectralNormalization(dense)(np.ones((1, 4), "float32"))
        >>> [round(float(value), 4) for value in y[0]]  # 4 / sqrt(4 * 3)
        [1.1547, 1.1547, 1.1547]

    Reference: Miyato, Kataoka, Koyama and Yoshida (2018), Spectral normalization for generative
        adversarial networks, arXiv 1802.05957, equations 7 to 9 and algorithm 1.
    Differs: one iteration a step instead of one a forward pass; unlike Keras's layer of this name
        it never assigns the kernel.
    """

    def __init__(self, layer: keras.layers.Layer, power_iterations: int = 1, **kwargs: Any):
        super().__init__(layer, **kwargs)
        if power_iterations < 1:
            raise ValueError(f"power_iterations must be at least 1, not {power_iterations}.")
        self.power_iterations = power_iterations

    def build(self, input_shape):
        super().build(input_shape)
        self.vector = self.add_weight(
            name="vector",
            shape=(self._kernel.shape[self._output_axis()],),
            initializer=self._first_vector,
            dtype=self._full_precision(),
            trainable=False,
        )

    def power_iteration(self) -> None:
        """Improve the estimate of the singular vector: `v = Wu / |Wu|`, then `u = W'v / |W'v|`."""
        self.vector.assign(_iterate(self._matrix(), self.vector, self.power_iterations))

    def spectral_norm(self):
        """Return the estimate of the kernel's largest singular value: a scalar, never above it."""
        # With u held constant the gradient of |Wu| by W is v u', the paper's.
        return euclidean_length(ops.matmul(self._matrix(), ops.stop_gradient(_unit(self.vector))))

    def effective_kernel(self):
        return self._own_kernel() / self.spectral_norm()

    def get_config(self):
        return {**super().get_config(), "power_iterations": self.power_iterations}

    def _matrix(self):
        kernel = ops.moveaxis(self._own_kernel(), self._output_axis(), -1)
        return ops.reshape(kernel, (-1, kernel.shape[-1]))

    def _first_vector(self, shape, dtype):
        start = keras.initializers.RandomNormal()(shape, dtype=dtype)
        return _iterate(self._matrix(), start, FIRST_ITERATIONS)


def _iterate(matrix, vector, iterations: int):
    """Power iteration: matrix (rows, columns) and vector (columns,) -> unit vector (columns,)."""
    for _ in range(iterations):
        vector = _unit(ops.matmul(_unit(ops.matmul(matrix, vector)), matrix))
    return vector


def _unit(x):
    return x / euclidean_length(x)


@keras.saving.register_keras_serializable("ganlib")
class WeightNormalization(KernelWrapper):
    """Learn the length and the direction of each output channel's weights: `w = g v / |v|`.

    v is the wrapped layer's kernel, g one number for each output channel. The norm is taken over
    all but the output channels: the last axis of Dense and of ordinary and grouped convolutions
    (time, in / groups, out), the axis before the last of transposed ones (time, out, in). g starts
    at |v|, so wrapping a layer does not change what it computes.

    Args:
        layer: the layer to normalise; see `KernelWrapper`.
        axis: the kernel's axis that keeps lengths of its own; None finds the output channels.

    Raises:
        TypeError: if the layer, once built, has no single kernel.

    Example:
        >>> layer = WeightNormalization(keras.layers.Dense(2, kernel_initializer="ones"))
        >>> layer.build((None, 4))
        >>> [float(value) for value in layer.length.value]  # sqrt(1 + 1 + 1 + 1)
        [2.0, 2.0]

    Reference: Salimans and Kingma (2016), Weight normalization: a simple reparameterization to
        accelerate training of deep neural networks, arXiv 1602.07868, equation 2.
    Differs: without the paper's data-dependent start. PyTorch's `weight_norm` keeps one length for
        each *input* channel of a transposed convolution unless told otherwise: `axis=-1` here.
    """

    def __init__(self, layer: keras.layers.Layer, axis: int | None = None, **kwargs: Any):
        super().__init__(layer, **kwargs)
        self.axis = axis

    def build(self, input_shape):
        super().build(input_shape)
        self.length = self.add_weight(
            name="length",
            shape=(self._kernel.shape[self._kept_axis()],),
            initializer=self._first_length,
            dtype=self._full_precision(),
        )

    def effective_kernel(self):
        shape = [1] * len(self._kernel.shape)
        shape[self._kept_axis()] = -1
        return self._own_kernel() * ops.reshape(self.length / self._kernel_length(), shape)

    def fold(self) -> keras.layers.Layer:
        layer = super().fold()
        self.length.assign(self._kernel_length())  # the sign of a negative g is now in the kernel
        return layer

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}

    def _kept_axis(self) -> int:
        return self._output_axis() if self.axis is None else self.axis % len(self._kernel.shape)

    def _kernel_length(self):
        others = [axis for axis in range(len(self._kernel.shape)) if axis != self._kept_axis()]
        return euclidean_length(self._own_kernel(), tuple(others))

    def _first_length(self, shape, dtype):
        return ops.cast(self._kernel_length(), dtype)


@keras.saving.register_keras_serializable("ganlib")
class PixelNormalization(keras.layers.Layer):
    """Scale the channels at every position to a mean square of 1: `x / sqrt(mean x^2 + e)`.

    Nothing is learned, and nothing is shared between positions or examples. In float32 at least.

    Args:
        epsilon: e, added to the mean square.

    Example:
        >>> import numpy as np
        >>> y = PixelNormalization()(np.array([[3.0, 4.0]], "float32"))
        >>> [round(float(value), 4) for value in y[0]]
        [0.8485, 1.1314]

    Reference: Karras, Aila, Laine and Lehtinen (2018), Progressive growing of GANs for improved
        quality, stability, and variation, arXiv 1710.10196, section 4.2.
    """

    def __init__(self, epsilon: float = 1e-8, **kwargs: Any):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs):
        x = ops.cast(inputs, "float64" if self.compute_dtype == "float64" else "float32")
        mean_square = ops.mean(ops.square(x), axis=-1, keepdims=True)
        return ops.cast(x * ops.rsqrt(mean_square + self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
