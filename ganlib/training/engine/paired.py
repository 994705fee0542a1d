"""The update of a GAN that is told what to make: of a condition, the clip that belongs to it."""

from collections.abc import Callable

import keras
from keras import ops

from ganlib import backend
from ganlib.errors import OptionError
from ganlib.losses import feature_distance, get_losses
from ganlib.training.engine.keras_model import AdversarialModel
from ganlib.training.engine.state import frozen_copy


class PairedGAN(AdversarialModel):
    """A generator that makes clips of conditions, and judges of several kinds who hear them.

    `fit(conditions, clips)`: a vocoder's conditions are mel frames, and the clips are the
    recordings that they were made of. The generator learns from three terms:

        distance_weight * distance(clip, made)         what it can measure
        + feature_weight * feature_distance            what the judges note on their way
        + its adversarial loss                         what the judges say

    Args:
        generator: from conditions to clips (batch, time, 1).
        discriminator: from clips to a list for each judge: what its layers answer, and logits last.
        distance: function of (real, made) that returns a scalar.
        loss: family of adversarial losses, see `ganlib.losses.get_losses`; the judges' mean counts.
        distance_weight: of the distance.
        feature_weight: of the feature distance.
        discriminator_from: updates without the judges, in which the distance alone teaches.
        average_decay: of the moving average of the generator's weights, in [0, 1).

    Raises:
        OptionError: if the loss is unknown or a number is out of range.

    Example:
        >>> import numpy as np
        >>> clip = keras.Input((8, 1))
        >>> features = keras.layers.Conv1D(2, 3)(clip)
        >>> judge = keras.Model(clip, [[features, keras.layers.Conv1D(1, 3)(features)]])
        >>> generator = keras.Sequential([keras.Input((8, 2)), keras.layers.Dense(1)])
        >>> gan = PairedGAN(generator, judge, lambda real, made: ops.mean(ops.abs(real - made)))
        >>> gan.compile("adam", "adam")
        >>> history = gan.fit(np.ones((4, 8, 2)), np.ones((4, 8, 1)), batch_size=2, verbose=0)
        >>> sorted(history.history)[:2]
        ['discriminator_loss', 'distance']

    Reference: Isola et al. (2017), pix2pix, arXiv 1611.07004, equation 4; the terms of vocoders:
        Kong, Kim and Bae (2020), HiFi-GAN, arXiv 2010.05646, equations 5 and 6.
    """

    augmentation = None
    discriminator_steps = 1
    evaluated = ("distance",)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        distance: Callable,
        *,
        loss: str = "hinge",
        distance_weight: float = 10.0,
        feature_weight: float = 2.0,
        discriminator_from: int = 0,
        average_decay: float = 0.999,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not 0.0 <= average_decay < 1.0 or discriminator_from < 0:
            raise OptionError(
                "expected average_decay in [0, 1) and discriminator_from of 0 or more, got "
                f"{average_decay} and {discriminator_from}"
            )
        self.generator, self.discriminator = generator, discriminator
        self.distance = distance
        self.generator_loss, self.discriminator_loss = get_losses(loss)
        self.distance_weight, self.feature_weight = distance_weight, feature_weight
        self.discriminator_from, self.average_decay = discriminator_from, average_decay
        self.average_generator = frozen_copy(generator)
        self.updates = self.add_weight(name="updates", dtype="int32", trainable=False)  # 0
        self.built = True

    # The update -------------------------------------------------------------------------------

    def update(self, data) -> dict:
        """Train the judges once and the generator once.

        Args:
            data: `(conditions, clips)`.

        Returns:
            Scalars: both losses, the distance and the feature distance.
        """
        conditions, clips, _ = keras.utils.unpack_x_y_sample_weight(data)
        judged = ops.greater_equal(self.updates, self.discriminator_from)
        loss = backend.when(judged, lambda: self.update_discriminator(conditions, clips))
        logs = self.update_generator(conditions, clips, judged)
        self.update_average()
        self.updates.assign_add(1)
        return {"discriminator_loss": loss, **logs}

    def update_discriminator(self, conditions, clips):
        """Take one step that tells recordings from what is made; the generator stays."""
        made = ops.stop_gradient(self.generator(conditions, training=True))
        both, count = ops.concatenate([clips, made]), ops.shape(clips)[0]

        def loss_function():
            logits = [answers[-1] for answers in self.hear(both)]
            losses = [self.discriminator_loss(one[:count], one[count:]) for one in logits]
            return sum(losses) / len(losses), ()

        variables = self.discriminator.trainable_variables
        (loss, _), gradients = backend.value_and_grad(loss_function, variables)
        self.optimizer.discriminator.apply(gradients, variables)
        return loss

    def update_generator(self, conditions, clips, judged) -> dict:
        """Take one step towards the recordings; the judges stay."""

        def loss_function():
            made = self.generator(conditions, training=True)
            distance = self.distance(clips, made)
            opinion = backend.when(judged, lambda: self.opinion(clips, made))
            return self.distance_weight * distance + opinion, (distance, opinion)

        variables = self.generator.trainable_variables
        (loss, (distance, opinion)), gradients = backend.value_and_grad(loss_function, variables)
        self.optimizer.generator.apply(gradients, variables)
        return {"generator_loss": loss, "distance": distance, "opinion": opinion}

    def opinion(self, clips, made):
        """What the judges make of it: adversarial loss plus weighted feature distance."""
        heard, known = self.hear(made), self.hear(clips)
        passing = sum(self.generator_loss(answers[-1]) for answers in heard)
        alike = sum(
            feature_distance(real[:-1], fake[:-1]) for real, fake in zip(known, heard, strict=True)
        )
        return (passing + self.feature_weight * alike) / len(heard)

    def hear(self, clips) -> list:
        """What each judge answers: of its layers, and logits last."""
        answers = self.discriminator(clips, training=True)
        return answers if isinstance(answers[0], list | tuple) else [answers]  # Keras unpacks [x]

    def update_average(self) -> None:
        """Move the averaged weights towards the present ones."""
        count = ops.cast(self.updates, "float32")
        decay = ops.minimum(self.average_decay, (1.0 + count) / (10.0 + count))
        pairs = zip(self.average_generator.weights, self.generator.weights, strict=True)
        for average, weight in pairs:
            average.assign(average + (1.0 - decay) * (weight - average))

    def examine(self, data) -> dict:
        """The distance so far of clips that nobody learns from; nothing moves."""
        conditions, clips, _ = keras.utils.unpack_x_y_sample_weight(data)
        made = self.generator(conditions, training=False)
        return self.held_out.include({"distance": self.distance(clips, made)}, ops.shape(clips)[0])
