"""What Keras users do with a model, for two networks: compile, fit, evaluate, save."""

from typing import NoReturn

import keras
from keras import ops

from ganlib import backend
from ganlib.errors import OptionError, WeightsError
from ganlib.training.engine.guards import broken_weights, guarded
from ganlib.training.engine.noting import EVALUATED, LastUpdate, Means
from ganlib.training.engine.optimizers import BothOptimizers

NOT_A_FILE = (
    "A GAN is two networks and the way they learn, which one .keras file cannot hold: save what "
    "speaks (gan.average_generator.save), or the state (gan.save_weights), or train in a run "
    "folder (ganlib train)."
)


class AdversarialModel(keras.Model):
    """The Keras side of a `GAN`, which adds the update.

    `fit` stops with a `RunError` soon after a weight has become NaN or infinite, whatever the
    losses say; see `ganlib.training.engine.guards`. A batch with fewer clips than discriminator
    steps is left out. `evaluate(clips, return_dict=True)` and `validation_data=clips` give the
    losses on clips that nobody learns from: in inference mode, with latent vectors that are always
    the same, without the penalty.

    Example:
        >>> import numpy as np
        >>> from ganlib.training.engine.gan import GAN
        >>> generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> gan = GAN(generator, discriminator, seed=0)
        >>> gan.compile("adam", "adam")
        >>> sorted(gan.evaluate(np.ones((8, 1), "float32"), verbose=0, return_dict=True))
        ['discriminator_loss', 'fake_logit', 'generator_loss', 'real_logit']
    """

    generator: keras.Model
    discriminator: keras.Model
    average_generator: keras.Model
    augmentation: keras.layers.Layer | None
    discriminator_steps: int
    evaluated: tuple = EVALUATED  # names of what `examine` finds

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.last_update, self.held_out = LastUpdate(), Means(self.evaluated)

    def compile(self, generator_optimizer, discriminator_optimizer, **kwargs):
        """Set both optimizers: each an optimizer, its name or its configuration.

        Keywords go to `keras.Model.compile`.

        Raises:
            OptionError: if both are the same object, or a loss or a metric is given.
        """
        if given := sorted({"loss", "loss_weights", "metrics", "weighted_metrics"} & set(kwargs)):
            raise OptionError(
                f"compile takes no {' and no '.join(given)} here: choose the losses in "
                'GAN(..., loss="hinge"), and measure clips with ganlib.metrics.'
            )
        xla = backend.prefers_xla() and not kwargs.get("run_eagerly")
        both = BothOptimizers(generator_optimizer, discriminator_optimizer)
        super().compile(both, **{"jit_compile": xla, "auto_scale_loss": False, **kwargs})
        if self.augmentation is not None and not self.augmentation.built:
            self.augmentation.build(self.generator.output_shape)  # or JAX's fit calls us
        both.generator.build(self.generator.trainable_variables)
        both.discriminator.build(self.discriminator.trainable_variables)
        both.build(self.trainable_variables)

    def call(self, inputs, training=False):
        """Clips from `latent` or `[latent, label]`, made by the averaged weights."""
        return self.average_generator(inputs, training=training)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        **kwargs,
    ):
        """As `keras.Model.fit`, with an eye on the weights and on batches that are left out.

        Raises:
            RunError: if a weight is no longer finite; with `keras.callbacks.TerminateOnNaN` among
                the callbacks, that one is told instead.
            OptionError: if no batch had a clip for each discriminator step.
        """
        watched = guarded(callbacks)
        return super().fit(x, y, batch_size, epochs, verbose, watched, **kwargs)

    # What one batch goes through ---------------------------------------------------------------

    train_step = backend.train_step
    test_step = backend.evaluation_step

    def learn(self, data) -> dict:
        """One `update`, or the logs of the last one where the batch is too small to be divided."""
        if self.discriminator_steps == 1:
            return self.update(data)
        clips, *_ = keras.utils.unpack_x_y_sample_weight(data)
        parts = ops.shape(clips)[0] // self.discriminator_steps
        noted = self.last_update
        return backend.if_any(parts, lambda: noted.note(self.update(data)), noted.repeat)

    def update(self, data) -> dict:
        raise NotImplementedError("GAN says how.")

    def clips_and_labels(self, data) -> tuple:
        """The parts of a batch.

        Raises:
            OptionError: if labels are missing, or a clip for a discriminator step.
        """
        clips, labels = self._labelled(data)
        count = clips.shape[0]
        if count is not None and count < self.discriminator_steps:
            raise OptionError(
                f"{self.discriminator_steps} discriminator steps need as many clips or more in a "
                f"batch, not {count}."
            )
        return clips, labels

    def _labelled(self, data) -> tuple:
        clips, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        if labels is None and max(len(self.generator.inputs), len(self.discriminator.inputs)) > 1:
            raise OptionError("The networks take labels: give them as targets, (clips, labels).")
        return clips, labels

    def examine(self, data) -> dict:
        """Losses and mean logits so far, of clips that nobody learns from; nothing moves."""
        clips, labels = self._labelled(data)
        size = ops.shape(clips)[0]
        real_logits, _ = self.judge(clips, labels, training=False)
        fake = self.generate(size, labels, training=False)
        fake_logits, _ = self.judge(fake, labels, training=False)
        found = {
            "discriminator_loss": self.discriminator_loss(
                real_logits, fake_logits, **self.loss_options
            ),
            "generator_loss": self.generator_loss(fake_logits),
            "real_logit": ops.mean(real_logits),
            "fake_logit": ops.mean(fake_logits),
        }
        return self.held_out.include(found, size)

    # What is kept ------------------------------------------------------------------------------

    def save_weights(self, filepath, *args, **kwargs):
        """As `keras.Model.save_weights`: weights, averages, both optimizers and seeds.

        Raises:
            WeightsError: if a weight is not finite; what `filepath` holds stays.
        """
        if broken := broken_weights(self):
            raise WeightsError(f"{broken}, so {filepath} was not written.")
        super().save_weights(filepath, *args, **kwargs)

    def save_own_variables(self, store) -> None:
        """The model's own weights, and the random seeds, which Keras would forget."""
        super().save_own_variables(store)
        for place, seed in enumerate(self._seeds()):
            store[f"seed_{place}"] = ops.convert_to_numpy(seed.value)

    def load_own_variables(self, store) -> None:
        """What `save_own_variables` wrote; seeds stay where a file has none."""
        kept = {key: store[key] for key in store.keys()}  # noqa: SIM118
        seeds = {key: kept.pop(key) for key in list(kept) if key.startswith("seed_")}
        super().load_own_variables(kept)
        for place, seed in enumerate(self._seeds()):
            if f"seed_{place}" in seeds:
                seed.assign(seeds[f"seed_{place}"])

    def _seeds(self) -> list:
        weights = {id(weight) for weight in self.weights}
        return [variable for variable in self.variables if id(variable) not in weights]

    def save(self, *args, **kwargs) -> NoReturn:
        """Refused, see the error.

        Raises:
            WeightsError: with what to do instead.
        """
        raise WeightsError(NOT_A_FILE)

    def get_config(self) -> NoReturn:
        raise WeightsError(NOT_A_FILE)
