"""Calling a layer with a kernel computed from its own: what the weight normalisations share.

The wrapped layer keeps the variable that the optimizer moves and reads a kernel computed from it
during each call. Nothing is written back, so calling a network, in training or not, never changes
its weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from ganlib.layers.upsampling import TransposedConv1D

SMALLEST_SQUARE = 1e-24  # a squared length below it counts as zero, so that nothing divides by zero

# Their kernels are laid out (time, out, in), all others (..., in, out).
_TRANSPOSED = (
    keras.layers.Conv1DTranspose,
    keras.layers.Conv2DTranspose,
    keras.layers.Conv3DTranspose,
    TransposedConv1D,
)
_DEPTHWISE = (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D)


class KernelWrapper(keras.layers.Wrapper):
    """Call the wrapped layer with a kernel computed from its own, without assigning it.

    Subclasses say how in `effective_kernel`. Arithmetic on the kernel is done in float32 (float64
    for a float64 layer) whatever the dtype policy; the wrapped layer's policy decides the dtype of
    the outputs.

    Args:
        layer: a layer that keeps its weights in one `kernel`: Dense, EinsumDense, Conv1D/2D/3D
            (grouped and dilated too), Conv1D/2D/3DTranspose, TransposedConv1D.

    Raises:
        TypeError: if the layer, once built, has no such `kernel`, or if it is a depthwise
            convolution, whose kernel has no axis of output channels.
    """

    def __init__(self, layer: keras.layers.Layer, **kwargs: Any):
        # In full precision whatever the policy around it, and inputs pass through as they are.
        super().__init__(layer, dtype=layer.variable_dtype, autocast=False, **kwargs)
        self.supports_masking = layer.supports_masking

    def build(self, input_shape):
        super().build(input_shape)
        if not isinstance(self._kernel, keras.Variable) or isinstance(self.layer, _DEPTHWISE):
            raise TypeError(
                f"{type(self).__name__} expects a layer with one kernel, such as Dense or Conv1D, "
                f"not {type(self.layer).__name__}: wrap the layers inside it one by one, and write "
                "a depthwise convolution as one with as many groups as channels."
            )

    def effective_kernel(self):
        """Return the kernel that the wrapped layer computes with, in full precision."""
        raise NotImplementedError

    def call(self, inputs):
        kernel = ops.cast(self.effective_kernel(), self.layer.compute_dtype)
        with _reads_kernel(self.layer, kernel):
            return self.layer(inputs)

    def fold(self) -> keras.layers.Layer:
        """Write the effective kernel into the wrapped layer and return that layer, for export.

        The wrapper stays usable and still computes the same function.
        """
        self._kernel.assign(self.effective_kernel())
        return self.layer

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        config = super().get_config()
        del config["dtype"]  # the wrapped layer's policy decides
        return config

    @property
    def _kernel(self) -> keras.Variable:
        """The variable that the optimizer moves (looked up: kept here it would be saved twice)."""
        return vars(self.layer).get(_kernel_attribute(self.layer))

    def _full_precision(self) -> str:
        return "float64" if self.layer.variable_dtype == "float64" else "float32"

    def _own_kernel(self):
        """Return the optimizer's kernel, in full precision."""
        return ops.cast(self._kernel, self._full_precision())

    def _output_axis(self) -> int:
        """Return the kernel's axis of output channels."""
        return len(self._kernel.shape) - (2 if isinstance(self.layer, _TRANSPOSED) else 1)


def euclidean_length(x, axis=None):
    """Return `sqrt(sum x^2)` over the axes, at least 1e-12, with a finite gradient at zero."""
    return ops.sqrt(ops.maximum(ops.sum(ops.square(x), axis=axis), SMALLEST_SQUARE))


def _kernel_attribute(layer: keras.layers.Layer) -> str:
    """Return where a layer keeps its kernel: Dense and Conv have `_kernel` behind a property."""
    return "_kernel" if "_kernel" in vars(layer) else "kernel"


@contextmanager
def _reads_kernel(layer: keras.layers.Layer, kernel) -> Iterator[None]:
    """Let the layer find `kernel` in the place of its variable while the block runs."""
    # Through the instance's dict: Keras's __setattr__ would track the tensor as new state.
    attributes, name = vars(layer), _kernel_attribute(layer)
    variable = attributes[name]
    attributes[name] = kernel
    try:
        yield
    finally:
        attributes[name] = variable
