"""The whole difference between TensorFlow and JAX: gradients, one branch, one compiled update.

Everything else in ganlib is written on `keras.ops`. TensorFlow changes variables in place; JAX
cannot, so there a function that assigns runs inside a scope that remembers the new values, and
the scope around it takes them over. A scope that forgot would silently freeze a batch-norm
statistic or a random seed.
"""

from collections.abc import Callable

import keras

ENGINE = keras.backend.backend()

if ENGINE == "tensorflow":
    import tensorflow as tf

    def value_and_grad(function: Callable, variables: list):
        """Call `function() -> (loss, extra)`; return `(loss, extra), gradients` by `variables`."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            for variable in variables:
                tape.watch(variable.value)
            loss, extra = function()
        return (loss, extra), tape.gradient(loss, [variable.value for variable in variables])

    def input_gradient(function: Callable, inputs):
        """Gradient of `sum(function(inputs))` by `inputs`; differentiable once more."""
        inputs = tf.convert_to_tensor(inputs)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            total = tf.reduce_sum(tf.cast(function(inputs), "float32"))
        return tape.gradient(total, inputs)

    def when(predicate, function: Callable):
        """The float32 scalar `function()` where `predicate` holds, else 0 without computing it."""
        return tf.cond(predicate, lambda: tf.cast(function(), "float32"), lambda: 0.0)

    def if_any(count, function: Callable, otherwise: Callable) -> dict:
        """The scalars `function()` where `count` is above 0, else `otherwise()`; each may assign.

        In a graph the number of clips in a batch is not known before it comes.
        """
        known = tf.get_static_value(count)
        if known is not None:
            return function() if known > 0 else otherwise()
        return tf.cond(count > 0, function, otherwise)

    def train_step(model, data):
        """One update of a model whose `learn(data)` assigns variables and returns logs."""
        return model.learn(data)

    def evaluation_step(model, data):
        """What `model.examine(data)` measures; it may assign nothing but metrics."""
        return model.examine(data)

    def _finite(values: list):
        return tf.reduce_all([tf.reduce_all(tf.math.is_finite(value)) for value in values])

    def compiled(function: Callable) -> Callable:
        """Compile a function of arrays that assigns no variables, without XLA on a CPU."""
        return tf.function(function, jit_compile=has_gpu())

    def has_gpu() -> bool:
        """Whether an accelerator is present."""
        return bool(tf.config.list_physical_devices("GPU"))

elif ENGINE == "jax":
    import jax

    class _Scope(keras.StatelessScope):
        """A scope that reads through to the one around it and lists what was assigned inside."""

        def __init__(self, state_mapping=()):
            super().__init__(state_mapping=state_mapping)
            self.assigned = {}

        def add_update(self, update):
            self.assigned[id(update[0])] = update[0]
            super().add_update(update)

        def get_current_value(self, variable):
            value = super().get_current_value(variable)
            if value is None and self.original_scope is not None:
                value = self.original_scope.get_current_value(variable)
            return value

    def _pure(function: Callable, given: list, assigned: list) -> Callable:
        """Turn `function`, which may assign, into one that returns what it assigned.

        `given` variables take the values passed in; `assigned` is filled while tracing.
        """

        def pure(values, *arguments):
            with _Scope(zip(given, values, strict=True)) as scope:
                outputs = function(*arguments)
            assigned[:] = scope.assigned.values()
            return outputs, [scope.get_current_value(variable) for variable in assigned]

        return pure

    def _assign(variables: list, values: list) -> None:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    def value_and_grad(function: Callable, variables: list):
        """Call `function() -> (loss, extra)`; return `(loss, extra), gradients` by `variables`."""
        assigned: list = []
        pure = _pure(function, variables, assigned)

        def loss_first(values):
            (loss, extra), updates = pure(values)
            return loss, (extra, updates)

        gradient_function = jax.value_and_grad(loss_first, has_aux=True)
        (loss, (extra, updates)), gradients = gradient_function([v.value for v in variables])
        _assign(assigned, updates)
        return (loss, extra), gradients

    def input_gradient(function: Callable, inputs):
        """Gradient of `sum(function(inputs))` by `inputs`; differentiable once more."""
        assigned: list = []
        pure = _pure(function, [], assigned)

        def total(inputs):
            outputs, updates = pure([], inputs)
            return jax.numpy.sum(outputs.astype("float32")), updates

        gradient, updates = jax.grad(total, has_aux=True)(jax.numpy.asarray(inputs))
        _assign(assigned, updates)
        return gradient

    def when(predicate, function: Callable):
        """The float32 scalar `function()` where `predicate` holds, else 0 without computing it."""
        assigned: list = []
        pure = _pure(lambda: jax.numpy.asarray(function(), "float32"), [], assigned)
        jax.eval_shape(lambda: pure([]))  # find out what it assigns

        def unchanged():
            return jax.numpy.zeros((), "float32"), [variable.value for variable in assigned]

        order = list(assigned)
        outputs, updates = jax.lax.cond(predicate, lambda: pure([]), unchanged)
        _assign(order, updates)
        return outputs

    def if_any(count, function: Callable, otherwise: Callable) -> dict:
        """The scalars `function()` where `count` is above 0, else `otherwise()`."""
        return function() if count > 0 else otherwise()

    def _carried(function: Callable, groups: tuple, state, data) -> tuple:
        """Logs of `function(data)` and the new values of groups of variables, given the old."""
        mapping = [
            pair
            for group, values in zip(groups, state, strict=True)
            for pair in zip(group, values, strict=True)
        ]
        with _Scope(mapping) as scope:
            logs = function(data)
        return logs, tuple([scope.get_current_value(v) for v in group] for group in groups)

    # One name for each engine, and their steps take different arguments.
    def train_step(model, state, data):  # type: ignore[misc]
        """One update of a model whose `learn(data)` assigns variables and returns logs.

        Keras hands all state in and expects it back in the same four groups.
        """
        groups = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
        return _carried(model.learn, groups, state, data)

    def evaluation_step(model, state, data):  # type: ignore[misc]
        """What `model.examine(data)` measures; all state but the metrics comes back as it was."""
        *weights, _ = state
        groups = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.metrics_variables,
        )
        logs, (*_, metrics) = _carried(model.examine, groups, state, data)
        return logs, (*weights, metrics)

    @jax.jit
    def _finite(values: list):
        return jax.numpy.stack([jax.numpy.isfinite(value).all() for value in values]).all()

    def compiled(function: Callable) -> Callable:
        """Compile a function of arrays that assigns no variables."""
        return jax.jit(function)

    def has_gpu() -> bool:
        """Whether an accelerator is present."""
        return jax.default_backend() != "cpu"

else:
    raise ImportError(
        f"ganlib runs on Keras with TensorFlow or JAX, not {ENGINE!r}: set KERAS_BACKEND to "
        "'tensorflow' or 'jax' before Python starts."
    )


def all_finite(variables: list) -> bool:
    """Whether no value is NaN or infinite; there is one number to wait for.

    Example:
        >>> all_finite([keras.Variable([1.0]), keras.Variable([0.0, float("inf")])])
        False
    """
    values = [v.value for v in variables if keras.backend.is_float_dtype(v.dtype)]
    return not values or bool(_finite(values))


def prefers_xla() -> bool:
    """Whether to compile with XLA: always on JAX, on TensorFlow only with a GPU.

    On two CPU cores XLA made a WaveGAN step five to eight times slower than TensorFlow's graph.

    Example:
        >>> prefers_xla() == (ENGINE == "jax" or has_gpu())
        True
    """
    return ENGINE == "jax" or has_gpu()


def device_name() -> str:
    """Engine and device that will compute, in words, e.g. "tensorflow on 2 CPU cores".

    Example:
        >>> device_name().split(" on ")[0] == ENGINE
        True
    """
    import os

    return f"{ENGINE} on {'a GPU' if has_gpu() else f'{os.cpu_count()} CPU cores'}"


def sync(model) -> None:
    """Put the values that a running `fit` holds back into the model's variables.

    Example:
        >>> sync(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    """
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()
