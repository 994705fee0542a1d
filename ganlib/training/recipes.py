"""What to train with what: model, loss, optimizers, sizes."""

import keras

from ganlib import backend
from ganlib.errors import OptionError
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.models.digit_classifier import digit_classifier
from ganlib.training.adversarial import ADVERSARIAL, FAST, adversarial, label_count
from ganlib.training.gan import GAN
from ganlib.training.paper_vocoder_recipes import HIFIGAN, MELGAN
from ganlib.training.picture_recipes import DCGAN, DIGITS, SPECGAN
from ganlib.training.recipe import Recipe
from ganlib.training.vocoder_recipe import PICTURE_VOCODER, VOCODER
from ganlib.training.wavegan_recipe import WAVEGAN

# Dense GAN --------------------------------------------------------------------------------------


def _dense_generator(options: dict, label_names: tuple) -> tuple[str, dict]:
    return "dense_generator", {
        "output_shape": [options["clip_samples"], options["channels"]],
        "latent_dim": options["latent_dim"],
        "hidden": [options["hidden"]] * options["hidden_layers"],
        "classes": label_count(options, label_names),
        "output_activation": "tanh",
        "output_scale": options["signal_scale"],
    }


def _build_dense_gan(options: dict, label_names: tuple) -> GAN:
    _, arguments = _dense_generator(options, label_names)
    discriminator = dense_discriminator(
        arguments["output_shape"],
        hidden=arguments["hidden"],
        classes=arguments["classes"],
        input_scale=options["signal_scale"],
    )
    return adversarial(dense_generator(**arguments), discriminator, options)


DENSE_GAN = Recipe(
    name="dense_gan",
    title="fully connected, for very short waveforms (Goodfellow et al., 2014)",
    build=_build_dense_gan,
    generator=_dense_generator,
    defaults={
        **ADVERSARIAL,
        **FAST,
        "conditional": False,
        "sample_rate": 8000,
        "clip_samples": 1024,
        "channels": 1,
        "latent_dim": 64,
        "hidden": 512,
        "hidden_layers": 3,
        "signal_scale": 0.0,
        "steps": 50_000,
    },
    presets={
        "quick": {"hidden": 128, "steps": 500},
        "cpu": {"hidden": 256, "steps": 10_000},
        "gpu": {},
    },
)

# Digit classifier -------------------------------------------------------------------------------


def _build_classifier(options: dict, label_names: tuple) -> keras.Model:
    if len(label_names) < 2:
        raise OptionError(
            f"A classifier needs data with at least two labels, and these have {len(label_names)}."
        )
    model = digit_classifier(
        options["clip_samples"],
        options["sample_rate"],
        len(label_names),
        options["width"],
        options["time_shift"],
        options["dropout"],
    )
    rate = keras.optimizers.schedules.CosineDecay(options["learning_rate"], options["steps"])
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=backend.prefers_xla(),
    )
    model.optimizer.build(model.trainable_variables)
    return model


DIGIT_CLASSIFIER = Recipe(
    name="digit_classifier",
    title="names the spoken digit; the scoreboard's ear",
    build=_build_classifier,
    defaults={
        "sample_rate": 8000,
        "clip_samples": 8192,
        "channels": 1,
        "width": 16,
        "time_shift": 512,
        "dropout": 0.4,
        "learning_rate": 2e-3,
        "batch_size": 64,
        "steps": 2000,
        "precision": "float32",
        "peak_normalize": True,
    },
    presets={"quick": {"width": 8, "steps": 200}, "cpu": {}, "gpu": {"steps": 5000}},
)

_VOCODERS = (PICTURE_VOCODER, VOCODER, MELGAN, HIFIGAN)
_ALL = (DENSE_GAN, DCGAN, WAVEGAN, SPECGAN, DIGITS, *_VOCODERS, DIGIT_CLASSIFIER)
RECIPES = {recipe.name: recipe for recipe in _ALL}


def get_recipe(name: str) -> Recipe:
    """Look up a recipe by its name.

    Args:
        name: such as "wavegan".

    Returns:
        The recipe.

    Raises:
        OptionError: if there is no such recipe.

    Example:
        >>> get_recipe("wavegan").options("gpu")["discriminator_steps"]
        5
    """
    if name not in RECIPES:
        raise OptionError(f"Unknown model {name!r}: choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
