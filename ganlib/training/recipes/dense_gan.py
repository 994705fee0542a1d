"""The recipe of the fully connected GAN, the smallest that there is."""

from ganlib.models.dense_gan import dense_discriminator, dense_generator
from ganlib.training.engine.gan import GAN
from ganlib.training.recipes.adversarial import ADVERSARIAL, FAST, adversarial, label_count
from ganlib.training.recipes.recipe import Recipe


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
