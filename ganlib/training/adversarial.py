"""The adversarial part that all GAN recipes share: options, and how they make a `GAN`."""

import keras

from ganlib.errors import OptionError
from ganlib.layers import PhaseShuffle, RandomTimeShift
from ganlib.training.gan import GAN

ADVERSARIAL = {
    "loss": "wasserstein",
    "label_smoothing": 0.0,
    "penalty": "wgan_gp",
    "penalty_weight": 10.0,
    "penalty_interval": 1,
    "discriminator_steps": 5,
    "latent_distribution": "uniform",
    "generator_learning_rate": 1e-4,
    "discriminator_learning_rate": 1e-4,
    "learning_rate_decay": "none",
    "beta_1": 0.5,
    "beta_2": 0.9,
    "average_decay": 0.999,
    "time_shift": 0,
    "batch_size": 64,
    "steps": 200_000,
    "precision": "float32",
    "peak_normalize": True,
    "conditional": False,
}

# What makes a GAN learn quickly on a CPU: one cheap discriminator step, a lazy penalty, high rates.
FAST = {
    "loss": "non_saturating",
    "penalty": "r1",
    "penalty_weight": 0.5,  # gamma / 2 with gamma = 1
    "penalty_interval": 8,
    "discriminator_steps": 1,
    "latent_distribution": "normal",
    "generator_learning_rate": 1e-3,
    "discriminator_learning_rate": 1e-3,
    "beta_1": 0.0,
    "beta_2": 0.99,
    "conditional": True,
}


def adversarial(generator: keras.Model, discriminator: keras.Model, options: dict) -> GAN:
    """A compiled GAN of two networks, as the options say.

    Example:
        >>> generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> options = {**ADVERSARIAL, **FAST, "signal_scale": 1.0}
        >>> adversarial(generator, discriminator, options).penalty.__name__
        'r1_penalty'
    """
    smoothing = options["label_smoothing"]
    shift = options["time_shift"]
    # R1 and R2 square a gradient by the input, so their weight depends on the input's unit: it is
    # meant for standardised clips, and a gradient by x is one by x / scale, divided by scale.
    unit = options["signal_scale"] ** 2 if options["penalty"] in ("r1", "r2") else 1.0
    gan = GAN(
        generator,
        discriminator,
        loss=options["loss"],
        loss_options={"label_smoothing": smoothing} if smoothing else None,
        penalty=None if options["penalty"] == "none" else options["penalty"],
        penalty_weight=options["penalty_weight"] * unit,
        penalty_interval=options["penalty_interval"],
        discriminator_steps=options["discriminator_steps"],
        latent_distribution=options["latent_distribution"],
        augmentation=_shift(generator, shift) if shift else None,
        average_decay=options["average_decay"],
    )
    gan.compile(_adam("generator", options), _adam("discriminator", options))
    return gan


def _shift(generator: keras.Model, radius: int) -> keras.layers.Layer:
    """Clips are shifted into silence; pictures, whose silence has no one value, are mirrored."""
    return (RandomTimeShift if len(generator.output_shape) == 3 else PhaseShuffle)(radius)


def _adam(network: str, options: dict) -> keras.optimizers.Optimizer:
    rate, decay = options[f"{network}_learning_rate"], options["learning_rate_decay"]
    if decay == "cosine":
        steps = options["steps"]
        steps *= options["discriminator_steps"] if network == "discriminator" else 1
        rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    elif decay != "none":
        raise OptionError(f'learning_rate_decay must be "none" or "cosine", not {decay!r}.')
    return keras.optimizers.Adam(rate, beta_1=options["beta_1"], beta_2=options["beta_2"])


def label_count(options: dict, label_names: tuple) -> int:
    """How many labels a model takes: 0 unless the option `conditional` is set.

    Raises:
        OptionError: if it is set and the data have fewer than two labels.

    Example:
        >>> label_count({"conditional": True}, ("no", "yes"))
        2
    """
    if not options["conditional"]:
        return 0
    if len(label_names) < 2:
        raise OptionError(
            "conditional=true needs data with at least two labels, and these have "
            f"{len(label_names)}: set conditional=false, or give labels by folder or metadata.csv."
        )
    return len(label_names)
