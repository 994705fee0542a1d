"""What to train with what: model, loss, optimizers, sizes."""

import keras

from ganlib import backend
from ganlib.audio.codec import PaintPicture, SpectrogramCodec
from ganlib.errors import OptionError
from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.models.digit_classifier import digit_classifier
from ganlib.models.specgan import specgan_discriminator
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator
from ganlib.training.adversarial import ADVERSARIAL, FAST, adversarial, label_count
from ganlib.training.gan import GAN
from ganlib.training.picture_recipes import DIGITS, JUDGE, SPECGAN, THIRD
from ganlib.training.recipe import Recipe

# WaveGAN ----------------------------------------------------------------------------------------


def _wavegan_generator(options: dict, label_names: tuple) -> tuple[str, dict]:
    names = (
        "clip_samples channels dim latent_dim kernel_size batch_normalization upsampling "
        "post_filter signal_scale"
    )
    arguments = {name: options[name] for name in names.split()}
    return "wavegan_generator", arguments | {"classes": label_count(options, label_names)}


def _build_wavegan(options: dict, label_names: tuple) -> GAN:
    _, arguments = _wavegan_generator(options, label_names)
    if options["judge"] == "picture":
        return _build_painted_wavegan(arguments, options)
    if options["judge"] != "wave":
        raise OptionError(f'judge must be "wave" or "picture", not {options["judge"]!r}.')
    shared = ("clip_samples", "channels", "dim", "kernel_size", "classes", "signal_scale")
    discriminator = wavegan_discriminator(
        phase_shuffle=options["phase_shuffle"], **{name: arguments[name] for name in shared}
    )
    return adversarial(wavegan_generator(**arguments), discriminator, options)


def _build_painted_wavegan(arguments: dict, options: dict) -> GAN:
    """The same generator, but the discriminator sees the mel pictures of its clips."""
    codec = SpectrogramCodec.from_dict(options["codec"])
    generator = wavegan_generator(**arguments)
    seen = keras.Model(generator.inputs, PaintPicture(codec)(generator.output))
    frames, rows, _ = codec.picture_shape
    discriminator = specgan_discriminator(
        frames, rows, options["judge_dim"], classes=arguments["classes"], signal_scale=THIRD
    )
    return adversarial(seen, discriminator, options | {"signal_scale": THIRD, "time_shift": 2})


_SMALL_WAVEGAN = {
    **FAST,
    "sample_rate": 8000,
    "clip_samples": 8192,
    "dim": 16,
    "kernel_size": 24,
    "latent_dim": 64,
    "batch_normalization": True,
    "signal_scale": 0.0,
    "time_shift": 256,
    "batch_size": 32,
}

WAVEGAN = Recipe(
    name="wavegan",
    title="raw audio, strided convolutions (Donahue et al., 2019)",
    build=_build_wavegan,
    generator=_wavegan_generator,
    defaults={
        **ADVERSARIAL,
        "sample_rate": 16000,
        "clip_samples": 16384,
        "channels": 1,
        "dim": 64,
        "latent_dim": 100,
        "kernel_size": 25,
        "batch_normalization": False,
        "upsampling": "polyphase",
        "post_filter": False,
        "phase_shuffle": 2,
        "signal_scale": 1.0,
        **JUDGE,
    },
    presets={
        "quick": {**_SMALL_WAVEGAN, "dim": 8, "batch_size": 16, "steps": 200},
        "cpu": {**_SMALL_WAVEGAN, "steps": 20_000, "learning_rate_decay": "cosine"},
        "gpu": {},
    },
    notes={
        "signal_scale": "0 measures the level of the data",
        "judge": "what the discriminator sees: wave, as in the paper, or picture",
    },
)

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

_ALL = (DENSE_GAN, WAVEGAN, SPECGAN, DIGITS, DIGIT_CLASSIFIER)
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
