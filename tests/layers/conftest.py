"""What the tests of layers share: a compiled call that keeps what the layer assigns."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.layers import TransposedConv1D

# name: (layer with a kernel, input shape, the kernel's axis of output channels)
KERNELS = {
    "dense": (lambda: layers.Dense(5), (3, 7), 1),
    "conv1d": (lambda: layers.Conv1D(6, 3, padding="same"), (2, 9, 4), 2),
    "strided": (lambda: layers.Conv1D(6, 5, strides=2), (2, 9, 4), 2),
    "grouped": (lambda: layers.Conv1D(6, 3, groups=2), (2, 9, 4), 2),
    "conv2d": (lambda: layers.Conv2D(6, 3), (2, 9, 9, 4), 3),
    "keras_transposed": (lambda: layers.Conv1DTranspose(6, 5, 2, padding="same"), (2, 9, 4), 1),
    "transposed_2d": (lambda: layers.Conv2DTranspose(3, 3, 2), (2, 5, 5, 4), 2),
    "our_transposed": (lambda: TransposedConv1D(6, 5, 2), (2, 9, 4), 1),
}


def compile_with_state(function, variables=(), xla: bool = False):
    """Compile a function of arrays that reads and assigns `variables`, on either engine."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(function, jit_compile=xla)

    import jax

    variables = list(variables)

    @jax.jit
    def pure(values, *arguments):
        with keras.StatelessScope(list(zip(variables, values, strict=True))) as scope:
            outputs = function(*arguments)
        return outputs, [scope.get_current_value(variable) for variable in variables]

    def call(*arguments):
        outputs, values = pure([variable.value for variable in variables], *arguments)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return outputs

    return call


@pytest.fixture
def compiled():
    """The function `compile_with_state`."""
    return compile_with_state


@pytest.fixture
def array():
    """A function that turns tensors and variables into NumPy arrays."""

    def convert(x) -> np.ndarray:
        return ops.convert_to_numpy(x.value if isinstance(x, keras.Variable) else x)

    return convert


@pytest.fixture(params=KERNELS)
def kernel_name(request):
    """The name of each kind of kernel in turn."""
    return request.param


@pytest.fixture
def built():
    """A function: wrapper and kernel's name -> wrapped layer, an input, its output axis."""

    def build(wrapper, name, **options):
        make, shape, axis = KERNELS[name]
        layer = wrapper(make(), **options)
        layer.build(shape)
        return layer, np.random.default_rng(1).normal(size=shape).astype("float32"), axis

    return build
