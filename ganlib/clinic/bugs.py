"""Two bugs of hand-written training loops, each in one overridden method of `GAN`.

Nothing complains about either: the losses are finite, the bar moves, and the clips stay noise. Read
them beside `GAN.update_discriminator`, which is right.
"""

from keras import ops

from ganlib import backend
from ganlib.training.engine.gan import GAN


class FrozenDiscriminator(GAN):
    """The discriminator's optimizer was given the wrong variables: those of a copy.

    It happens where a network is cloned, wrapped or loaded after its optimizer was made.

    Example:
        >>> issubclass(FrozenDiscriminator, GAN)
        True
    """

    def update_discriminator(self, real, labels) -> dict:
        """Learn, but write what was learned into a copy that nobody ever asks."""
        variables = self.discriminator.trainable_variables
        before = [ops.copy(variable.value) for variable in variables]
        logs = super().update_discriminator(real, labels)
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)  # the judge is as wise as it was
        return logs


class ForgottenStopGradient(GAN):
    """The discriminator's loss flows on into the generator, and moves it too.

    It happens where `ops.stop_gradient` (`detach` in PyTorch) is left out and all variables are
    trained: half of all steps then teach the generator to be found out.

    Example:
        >>> issubclass(ForgottenStopGradient, GAN)
        True
    """

    def update_discriminator(self, real, labels) -> dict:
        """Take a step that moves both networks."""
        own, others = self.discriminator.trainable_variables, self.generator.trainable_variables

        def loss_function():
            fake = self.generate(ops.shape(real)[0], labels)  # here ops.stop_gradient is missing
            real_logits, _ = self.judge(real, labels)
            fake_logits, _ = self.judge(fake, labels)
            loss = self.discriminator_loss(real_logits, fake_logits, **self.loss_options)
            penalty = self.smoothness(real, fake, labels)
            logits = {"real_logit": ops.mean(real_logits), "fake_logit": ops.mean(fake_logits)}
            logs = {"discriminator_loss": loss, "penalty": penalty, **logits}
            return loss + self.penalty_weight * penalty, logs

        (_, logs), gradients = backend.value_and_grad(loss_function, [*own, *others])
        self.optimizer.discriminator.apply(gradients[: len(own)], own)
        self.optimizer.generator.apply(gradients[len(own) :], others)
        return logs


def with_bug(gan: GAN, bug: type[GAN]) -> GAN:
    """The same networks, optimizers and options with the method of another class.

    Args:
        gan: as a recipe builds it, not yet trained; it is changed.
        bug: a subclass of `GAN`.

    Example:
        >>> import keras
        >>> networks = [keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])] * 2
        >>> type(with_bug(GAN(*networks), FrozenDiscriminator)).__name__
        'FrozenDiscriminator'
    """
    gan.__class__ = bug
    return gan
