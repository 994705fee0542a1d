"""What `fit` watches without being asked: weights that are finite, batches that are left out.

A loss is no witness: on a CPU, a TensorFlow graph fuses matrix product, bias and ReLU into one
operation that turns NaN into 0, and a discriminator of such layers shows the loss of a game that
ended well, 2 ln 2, with weights that are all NaN (findings/tensorflow_fused_relu_hides_nan.sh).
"""

import keras
from tqdm.auto import tqdm

from ganlib import backend
from ganlib.errors import OptionError, RunError
from ganlib.training.engine.callbacks import StopOnNaN, steps_done

LOOK_EVERY = 50  # updates; a look waits for the step that is running


def broken_weights(model: keras.Model) -> str:
    """A sentence about weights that are NaN or infinite; empty if there are none.

    Example:
        >>> dense = keras.layers.Dense(1, name="last")
        >>> model = keras.Sequential([keras.Input((1,)), dense], name="judge")
        >>> broken_weights(model)
        ''
        >>> _ = model.layers[0].bias.assign([float("nan")])
        >>> broken_weights(model)
        '1 of 2 weights are no longer finite numbers (such as judge/last/bias)'
    """
    backend.sync(model)
    if backend.all_finite(model.weights):
        return ""
    broken = [weight.path for weight in model.weights if not backend.all_finite([weight])]
    return (
        f"{len(broken)} of {len(model.weights)} weights are no longer finite numbers "
        f"(such as {broken[0]})"
    )


class FiniteWeights(keras.callbacks.Callback):
    """Raise an error when a weight is no longer finite: every n-th step and after each epoch.

    It looks at the beginning of a step, so that Keras need not wait for the end of each, and it
    comes before callbacks that save, so that they keep what was good.

    Args:
        every: look before every n-th step.

    Raises:
        RunError: from within `fit`.

    Example:
        >>> FiniteWeights(every=10).every
        10
    """

    def __init__(self, every: int = LOOK_EVERY):
        super().__init__()
        self.every, self.steps = every, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.steps += 1
        if self.steps % self.every == 0:
            self.look()

    def on_epoch_end(self, epoch, logs=None):
        self.look()

    def look(self) -> None:
        """Look now."""
        if broken := broken_weights(self.model):
            raise RunError(
                f"After {steps_done(self.model)} updates {broken}, whatever the losses say. Look "
                "at the clips first (np.isfinite(clips).all()); if they are finite, lower the "
                "learning rates or choose a stronger penalty. Begin again: nothing heals a NaN."
            )


class TellTerminateOnNaN(StopOnNaN):
    """Tell Keras's `TerminateOnNaN`, which asks for a "loss" that a GAN has not, what it missed.

    Example:
        >>> TellTerminateOnNaN(keras.callbacks.TerminateOnNaN()).failed_at is None
        True
    """

    def __init__(self, told: keras.callbacks.TerminateOnNaN):
        super().__init__()
        self.told = told

    def fail(self, batch):
        super().fail(batch)
        self.told.on_batch_end(batch, {"loss": float("nan")})


class LeftOut(keras.callbacks.Callback):
    """Say once that batches had too few clips for the discriminator's steps.

    Args:
        say: takes the sentence.

    Raises:
        OptionError: from within `fit`, after an epoch of nothing but such batches.

    Example:
        >>> LeftOut().said
        False
    """

    def __init__(self, say=tqdm.write):
        super().__init__()
        self.say, self.said = say, False

    def on_train_begin(self, logs=None):
        self.before = self._count()
        self.began = steps_done(self.model)

    def on_epoch_end(self, epoch, logs=None):
        if self.said or not (count := self._count() - self.before):
            return
        steps = self.model.discriminator_steps
        if steps_done(self.model) == self.began:
            raise OptionError(
                f"No batch had a clip for each of the {steps} discriminator steps, so nothing was "
                f"learned: give at least {steps} clips, and as large a batch_size."
            )
        self.said = True
        batches = "1 batch" if count == 1 else f"{count} batches"
        self.say(
            f"Left out: {batches} an epoch with fewer than {steps} clips, one for each "
            "discriminator step."
        )

    def _count(self) -> int:
        return int(keras.ops.convert_to_numpy(self.model.last_update.count))


def guarded(callbacks) -> list:
    """The callbacks of a `fit`, after those that watch over it.

    Args:
        callbacks: None, a callback, or a list of them.

    Example:
        >>> [type(one).__name__ for one in guarded(keras.callbacks.History())]
        ['FiniteWeights', 'LeftOut', 'History']
        >>> [type(one).__name__ for one in guarded([StopOnNaN()])]
        ['LeftOut', 'StopOnNaN']
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return callbacks  # a list that is already set up, as somebody wanted it
    given = keras.tree.flatten(callbacks) if callbacks else []
    if any(isinstance(one, StopOnNaN) for one in given):
        return [LeftOut(), *given]
    told = [one for one in given if isinstance(one, keras.callbacks.TerminateOnNaN)]
    return [*([TellTerminateOnNaN(told[0])] if told else [FiniteWeights()]), LeftOut(), *given]
