"""The adversarial part that all GAN recipes share: options, and how they make a `GAN`."""

import keras

from ganlib.errors import OptionError
from ganlib.training.engine.gan import GAN
from ganlib.training.engine.optimizers import optimizer_of
from ganlib.training.recipes.augmentation import augmentation_of

ADVERSARIAL = {
    "loss": "wasserstein",
    "label_smoothing": 0.0,
    "penalty": "wgan_gp",
    "penalty_weight": 10.0,
    "penalty_interval": 1,
    "discriminator_steps": 5,
    "discriminator_first": 0,
    "weight_clip": 0.0,
    "latent_distribution": "uniform",
    "optimizer": "adam",
    "generator_learning_rate": 1e-4,
    "discriminator_learning_rate": 1e-4,
    "learning_rate_decay": "none",
    "beta_1": 0.5,
    "beta_2": 0.9,
    "average_decay": 0.999,
    "time_shift": 0,
    "augmentation": "none",
    "instance_noise": 0.0,
    "batch_size": 64,
    "steps": 200_000,
    "precision": "float32",
    "peak_normalize": True,
    "conditional": False,
}

# What the discriminators of the convolutional recipes can have besides.
CONVOLUTIONAL = {
    "discriminator_normalization": "none",
    "minibatch_stddev": False,
    "label_head": "projection",
    "auxiliary_weight": 1.0,
}

NOTES = {
    "loss": "minimax, non_saturating, least_squares, hinge or wasserstein",
    "penalty": "none, wgan_gp, dragan, r1 or r2",
    "discriminator_first": "updates with the discriminator alone, before both learn",
    "weight_clip": "largest weight of the discriminator after a step; 0 for any",
    "optimizer": "adam or rmsprop, whose memory is beta_2",
    "augmentation": "none, or some of shift, gain, time_cutout, frequency_cutout joined by +",
    "instance_noise": "on real and generated, in units of signal_scale",
    "discriminator_normalization": "none, batch, layer or spectral; batch without a penalty only",
    "label_head": "how the discriminator judges labels: projection, concat or auxiliary",
    "auxiliary_weight": "of naming the label, with label_head=auxiliary",
    "conditional": "true, false or auto: told the labels where the data have two or more",
}

# What a preset switches on for labels, and what it is where there are none.
NEED_LABELS = {"conditional_batch_normalization": False, "label_deviation": False}

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
    "conditional": "auto",
}


def adversarial(
    generator: keras.Model,
    discriminator: keras.Model,
    options: dict,
    shows: keras.layers.Layer | None = None,
) -> GAN:
    """A compiled GAN of two networks, as the options say.

    Args:
        generator: its clips, or pictures, may be shifted in time, and so may the real ones.
        discriminator: judges what comes out of that, or out of `shows`.
        options: of a recipe.
        shows: a layer that turns clips into what the discriminator is shown.

    Example:
        >>> generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> options = {**ADVERSARIAL, **FAST, "signal_scale": 1.0}
        >>> adversarial(generator, discriminator, options).penalty.__name__
        'r1_penalty'
    """
    _check(options)
    smoothing = options["label_smoothing"]
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
        auxiliary_weight=options.get("auxiliary_weight", 1.0),
        discriminator_steps=options["discriminator_steps"],
        discriminator_first=options["discriminator_first"],
        weight_clip=options["weight_clip"],
        latent_distribution=options["latent_distribution"],
        augmentation=augmentation_of(options, generator.output_shape, shows),
        average_decay=options["average_decay"],
    )
    gan.compile(optimizer_of("generator", options), optimizer_of("discriminator", options))
    return gan


def discriminator_choices(options: dict) -> dict:
    """The arguments of a convolutional discriminator that the options name.

    Example:
        >>> sorted(discriminator_choices(CONVOLUTIONAL))
        ['label_head', 'minibatch_stddev', 'normalization']
    """
    return {
        "normalization": options["discriminator_normalization"],
        "minibatch_stddev": options["minibatch_stddev"],
        "label_head": options["label_head"],
    }


def _check(options: dict) -> None:
    if options.get("discriminator_normalization") == "batch" and options["penalty"] != "none":
        raise OptionError(
            "A gradient penalty bounds how each logit follows its own clip, and with batch "
            "normalisation it follows the whole batch: --set discriminator_normalization=layer "
            "(or spectral, or none), or --set penalty=none."
        )
    if options["discriminator_first"] >= options["steps"]:
        raise OptionError(
            f"discriminator_first must be below the {options['steps']} steps, "
            f"not {options['discriminator_first']}: the generator would never learn."
        )


def label_count(options: dict, label_names: tuple) -> int:
    """How many labels a model takes, as the option `conditional` says.

    Args:
        options: with "conditional": True, False, or "auto", which is True for two labels or more.
        label_names: of the data.

    Raises:
        OptionError: if it is True and the data have fewer than two labels.

    Example:
        >>> label_count({"conditional": True}, ("no", "yes"))
        2
        >>> label_count({"conditional": "auto"}, ("yes",))
        0
    """
    if options["conditional"] is True and len(label_names) < 2:
        raise OptionError(
            "conditional=true needs data with at least two labels, and these have "
            f"{len(label_names)}: leave conditional at auto, or --set conditional=false, or give "
            "labels by folder or metadata.csv."
        )
    return len(label_names) if options["conditional"] and len(label_names) > 1 else 0


def labels_decided(options: dict, label_names: tuple, changes: dict | None = None) -> dict:
    """The options with `conditional` as true or false, the way a run records them.

    Where "auto" finds fewer than two labels, what a preset switches on for labels goes too.

    Args:
        options: of a recipe, complete.
        label_names: of the data.
        changes: what the user asked for by name; that stays.

    Example:
        >>> labels_decided({"conditional": "auto", "label_deviation": True}, ("yes",))
        {'conditional': False, 'label_deviation': False}
        >>> labels_decided({"conditional": "auto", "label_deviation": True}, ("no", "yes"))
        {'conditional': True, 'label_deviation': True}
    """
    if options.get("conditional") != "auto":
        return options
    decided = {"conditional": label_count(options, label_names) > 0}
    if not decided["conditional"]:
        asked = changes or {}
        decided |= {k: v for k, v in NEED_LABELS.items() if k in options and k not in asked}
    return options | decided
