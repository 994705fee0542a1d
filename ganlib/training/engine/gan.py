"""The adversarial update, on one screen."""

from collections.abc import Callable
from inspect import signature

import keras
from keras import ops

from ganlib import backend
from ganlib.errors import OptionError
from ganlib.losses import classification_loss, get_losses, get_penalty
from ganlib.training.engine.keras_model import AdversarialModel
from ganlib.training.engine.limits import check_update
from ganlib.training.engine.optimizers import clip_weights
from ganlib.training.engine.precision import full_precision
from ganlib.training.engine.state import frozen_copy, iterate_powers, unchanged_statistics


class GAN(AdversarialModel):
    """A generator and a discriminator that learn from each other.

    A batch given to `fit` holds `discriminator_steps` times the clips of one discriminator step:
    the first part trains the discriminator once, the next part again, and then the generator steps
    once. Labels, if the networks take any, come as the targets: `gan.fit(clips, labels)`. What
    Keras users do besides (`evaluate`, `save_weights`, callbacks) stands in `AdversarialModel`.

    Args:
        generator: from `latent` or `[latent, label]` to clips in [-1, 1].
        discriminator: from `clip` or `[clip, label]` to one logit a clip; or from `clip` to
            `[logits, class logits]`, with an auxiliary classifier.
        loss: family of adversarial losses, see `ganlib.losses.get_losses`.
        loss_options: keywords of the discriminator's loss, such as `label_smoothing`.
        penalty: None, or the name of a gradient penalty, see `ganlib.losses.get_penalty`.
        penalty_weight: its weight in the discriminator's loss (for R1 that is gamma / 2).
        penalty_interval: compute it on every n-th discriminator step only, with n times the weight.
        auxiliary_weight: of the label's cross-entropy in both losses, with such a classifier.
        discriminator_steps: discriminator steps for each generator step, at least 1.
        discriminator_first: updates in which the discriminator learns alone, before both do.
        weight_clip: clip the discriminator's weights to [-c, c] after each of its steps; 0: don't.
        latent_distribution: "normal" or "uniform" (on [-1, 1]).
        augmentation: a layer that real and generated clips go through before the discriminator.
        average_decay: of the moving average of the generator's weights, in [0, 1).
        seed: of the latent vectors and the penalty's random points.

    Raises:
        OptionError: if an option is unknown or out of range.

    Example:
        >>> import numpy as np
        >>> generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> gan = GAN(generator, discriminator, seed=0)
        >>> gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
        >>> history = gan.fit(np.ones((8, 1), "float32"), batch_size=4, verbose=0)
        >>> sorted(history.history)[:2]
        ['discriminator_loss', 'fake_logit']

    Reference: Goodfellow et al. (2014), arXiv 1406.2661, algorithm 1; lazy penalties: Karras et al.
        (2020), arXiv 1912.04958, appendix B; averaged weights: Yazici et al. (2019), 1806.04498.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        loss: str = "non_saturating",
        loss_options: dict | None = None,
        penalty: str | None = None,
        penalty_weight: float = 10.0,
        penalty_interval: int = 1,
        auxiliary_weight: float = 1.0,
        discriminator_steps: int = 1,
        discriminator_first: int = 0,
        weight_clip: float = 0.0,
        latent_distribution: str = "normal",
        augmentation: keras.layers.Layer | None = None,
        average_decay: float = 0.999,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_update(discriminator_steps, penalty_interval, latent_distribution, average_decay)
        self.generator, self.discriminator = generator, discriminator
        self.generator_loss, self.discriminator_loss = get_losses(loss)
        self.loss_options = options = loss_options or {}
        if unknown := sorted(set(options) - set(signature(self.discriminator_loss).parameters)):
            raise OptionError(f"The loss {loss!r} has no option {', '.join(unknown)}.")
        self.penalty: Callable | None = None if penalty is None else get_penalty(penalty)
        self.penalty_weight, self.penalty_interval = penalty_weight, penalty_interval
        self.auxiliary_weight, self.weight_clip = auxiliary_weight, weight_clip
        self.discriminator_steps = discriminator_steps
        self.discriminator_first = discriminator_first
        self.latent_distribution = latent_distribution
        self.augmentation, self.average_decay = augmentation, average_decay
        self.average_generator = frozen_copy(generator)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.updates = self.add_weight(name="updates", dtype="int32", trainable=False)  # 0
        self.built = True

    # The update -------------------------------------------------------------------------------

    def update(self, data) -> dict:
        """Train the discriminator `discriminator_steps` times and the generator once.

        Args:
            data: `(clips, labels)` or `clips`; see the class.

        Returns:
            Scalars: both losses, the mean logits of real and generated clips, and the penalty.
        """
        clips, labels = self.clips_and_labels(data)
        size = ops.shape(clips)[0] // self.discriminator_steps
        logs, part = {}, None
        for step in range(self.discriminator_steps):
            rows = slice(step * size, (step + 1) * size)
            part = None if labels is None else labels[rows]
            logs = self.update_discriminator(clips[rows], part)
        logs["generator_loss"] = self.second_stage(lambda: self.update_generator(size, part))
        self.update_average()
        self.updates.assign_add(1)
        return logs

    def update_discriminator(self, real, labels) -> dict:
        """Take one step that tells `real` from fresh generated clips; the generator stays."""
        iterate_powers(self.discriminator)
        with unchanged_statistics(self.generator):
            fake = ops.stop_gradient(self.generate(ops.shape(real)[0], labels))

        def loss_function():
            real_logits, real_names = self.judge(real, labels)
            fake_logits, fake_names = self.judge(fake, labels)
            loss = self.discriminator_loss(real_logits, fake_logits, **self.loss_options)
            penalty = self.smoothness(real, fake, labels)
            named = self.misnaming(real_names, labels) + self.misnaming(fake_names, labels)
            total = loss + self.penalty_weight * penalty + self.auxiliary_weight * named
            logits = {"real_logit": ops.mean(real_logits), "fake_logit": ops.mean(fake_logits)}
            return total, {"discriminator_loss": loss, "penalty": penalty, **logits}

        variables = self.discriminator.trainable_variables
        (_, logs), gradients = backend.value_and_grad(loss_function, variables)
        self.optimizer.discriminator.apply(gradients, variables)
        clip_weights(variables, self.weight_clip)
        return logs

    def update_generator(self, size, labels):
        """Take one step towards clips that pass for real; the discriminator stays."""
        iterate_powers(self.generator)

        def loss_function():
            logits, names = self.judge(self.generate(size, labels), labels)
            loss = self.generator_loss(logits)
            return loss + self.auxiliary_weight * self.misnaming(names, labels), loss

        variables = self.generator.trainable_variables
        with unchanged_statistics(self.discriminator):
            (_, loss), gradients = backend.value_and_grad(loss_function, variables)
        self.optimizer.generator.apply(gradients, variables)
        return loss

    def second_stage(self, step: Callable):
        """Take the generator's step and return its loss, 0 while the discriminator is alone."""
        if not self.discriminator_first:
            return step()
        return backend.when(ops.greater_equal(self.updates, self.discriminator_first), step)

    def update_average(self) -> None:
        """Move the averaged weights, batch-norm statistics included, towards the present ones."""
        count = ops.cast(self.updates, "float32")
        decay = ops.minimum(self.average_decay, (1.0 + count) / (10.0 + count))
        pairs = zip(self.average_generator.weights, self.generator.weights, strict=True)
        for average, weight in pairs:
            average.assign(average + (1.0 - decay) * (weight - average))

    # Its parts --------------------------------------------------------------------------------

    def generate(self, size, labels, training=True):
        """Make `size` clips with the present weights; to evaluate, always of the same latents."""
        shape = (size, self.generator.inputs[0].shape[-1])
        seed = self.seed_generator if training else 0
        if self.latent_distribution == "normal":
            latent = keras.random.normal(shape, seed=seed)
        else:
            latent = keras.random.uniform(shape, -1.0, 1.0, seed=seed)
        return self.generator(
            [latent, labels] if len(self.generator.inputs) > 1 else latent, training=training
        )

    def judge(self, clips, labels, training=True) -> tuple:
        """Logits of clips, after the augmentation that real and generated ones go through.

        And class logits, or None without an auxiliary classifier.
        """
        return self.logits(self.seen(clips, training), labels, training)

    def seen(self, clips, training=True):
        """What the discriminator is shown of clips."""
        return clips if self.augmentation is None else self.augmentation(clips, training=training)

    def logits(self, seen, labels, training=True) -> tuple:
        """Logits and class logits of what the discriminator is shown."""
        inputs = [seen, labels] if len(self.discriminator.inputs) > 1 else seen
        answer, names = self.discriminator(inputs, training=training), None
        if len(self.discriminator.outputs) > 1:
            answer, names = answer
        return ops.cast(answer, "float32"), names

    def misnaming(self, names, labels):
        """What it costs that an auxiliary classifier hears other labels; 0 without one."""
        return 0.0 if names is None else classification_loss(names, labels)

    def smoothness(self, real, fake, labels):
        """The gradient penalty, times its interval on the steps where it is due, else 0.

        The gradient is by what the discriminator is shown.
        """
        penalty = self.penalty
        if penalty is None:
            return ops.zeros(())

        def scaled():
            pair = self.seen(real), self.seen(fake)
            with full_precision(self.discriminator):
                value = penalty(
                    lambda seen: self.logits(seen, labels)[0], *pair, seed=self.seed_generator
                )
            return self.penalty_interval * value

        if self.penalty_interval == 1:
            return scaled()
        step = self.optimizer.discriminator.iterations
        return backend.when(ops.equal(step % self.penalty_interval, 0), scaled)
