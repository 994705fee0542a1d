"""Recipes of the models that paint spectrograms, which a codec turns into sound."""

from ganlib.instruments.latents import check_latents
from ganlib.models.dcgan import dcgan_discriminator, dcgan_generator
from ganlib.models.specgan import specgan_discriminator, specgan_generator
from ganlib.training.engine.gan import GAN
from ganlib.training.recipes.adversarial import (
    ADVERSARIAL,
    CONVOLUTIONAL,
    FAST,
    NOTES,
    adversarial,
    discriminator_choices,
    label_count,
)
from ganlib.training.recipes.recipe import Recipe

_GENERATOR = ("latent_dim", "batch_normalization", "conditional_batch_normalization")
THIRD = 1 / 3  # deviation of a picture that is clipped at three deviations


def _arguments(options: dict, label_names: tuple) -> dict:
    rows = options["n_mels"] if options["scale"] == "mel" else options["n_fft"] // 2
    return {
        "frames": options["clip_samples"] // options["hop_length"],
        "rows": rows,
        "dim": options["dim"],
        "kernel_size": options["kernel_size"],
        "classes": label_count(options, label_names),
        "signal_scale": options["signal_scale"],
    }


def _generator(options: dict, label_names: tuple) -> tuple[str, dict]:
    own = {name: options[name] for name in _GENERATOR}
    return "specgan_generator", _arguments(options, label_names) | own


def _build(options: dict, label_names: tuple) -> GAN:
    check_latents(options["latent_distribution"], options.get("truncation") or None)
    _, arguments = _generator(options, label_names)
    shared = _arguments(options, label_names) | discriminator_choices(options)
    discriminator = specgan_discriminator(**shared)
    return adversarial(specgan_generator(**arguments), discriminator, options)


def _dcgan_arguments(options: dict, label_names: tuple) -> dict:
    arguments = _arguments(options, label_names)
    del arguments["signal_scale"]  # the paper's networks work in units of the picture
    return arguments


def _dcgan_generator(options: dict, label_names: tuple) -> tuple[str, dict]:
    own = {"latent_dim": options["latent_dim"]}
    return "dcgan_generator", _dcgan_arguments(options, label_names) | own


def _build_dcgan(options: dict, label_names: tuple) -> GAN:
    _, arguments = _dcgan_generator(options, label_names)
    shared = _dcgan_arguments(options, label_names) | discriminator_choices(options)
    return adversarial(dcgan_generator(**arguments), dcgan_discriminator(**shared), options)


_PAPER = {
    **ADVERSARIAL,
    **CONVOLUTIONAL,
    "sample_rate": 16000,
    "clip_samples": 16384,
    "channels": 1,
    "scale": "linear",
    "n_fft": 256,
    "hop_length": 128,
    "n_mels": 80,
    "fmin_hz": 0.0,
    "fmax_hz": 8000.0,
    "iterations": 16,
    "floor": 1e-5,
    "clip_deviations": 3.0,
    "vocoder": "none",
    "dim": 64,
    "latent_dim": 100,
    "kernel_size": 5,
    "batch_normalization": False,
    "conditional_batch_normalization": False,
    "signal_scale": 1.0,
}

# 64 x 64 pictures of one second at 8 kHz, in mel bands. Digital silence is exact in recordings and
# never in what a network makes, and its distance from speech would fill the range of a picture: the
# floor lies above it, and what is black is heard as a faint hiss.
_SMALL = {
    **FAST,
    "sample_rate": 8000,
    "clip_samples": 8192,
    "scale": "mel",
    "n_fft": 256,
    "hop_length": 128,
    "n_mels": 64,
    "fmin_hz": 40.0,
    "fmax_hz": 3900.0,
    "iterations": 60,
    "floor": 1e-3,
    "clip_deviations": 3.0,
    "vocoder": "auto",
    "dim": 12,
    "latent_dim": 64,
    "batch_normalization": True,
    "signal_scale": THIRD,
    "time_shift": 2,
    "batch_size": 48,
}
# Of what is above the floor in FSDD, three deviations cut off every 28th value, most of it hiss.
_LOUD = {"clip_deviations": 4.5, "signal_scale": 1 / 4.5}
_NOTES = {
    **NOTES,
    "scale": "linear or mel; the rows of a picture are n_fft / 2 or n_mels",
    "time_shift": "in frames",
    "iterations": "of Griffin-Lim, when the pictures are heard",
    "floor": "smallest magnitude that is not black",
    "clip_deviations": "where pictures are cut off; 1 / signal_scale",
    "vocoder": "in place of Griffin-Lim: auto (one that ships, if it fits), none, a name, or a run",
    "conditional_batch_normalization": "of the generator, with a gain and a bias for each label",
}

_PICTURE = ["scale", "n_fft", "hop_length", "n_mels", "fmin_hz", "fmax_hz"]
_PICTURE += ["iterations", "floor", "clip_deviations"]

# How pictures judge a generator of clips.
JUDGE = {"judge": "wave", "judge_dim": 12, **{name: _SMALL[name] for name in _PICTURE}}

_DCGAN = {
    **_PAPER,
    **{name: _SMALL[name] for name in ("sample_rate", "clip_samples", "vocoder", *_PICTURE)},
    "loss": "non_saturating",
    "penalty": "none",
    "discriminator_steps": 1,
    "discriminator_normalization": "batch",
    "generator_learning_rate": 2e-4,
    "discriminator_learning_rate": 2e-4,
    "beta_2": 0.999,
    "kernel_size": 4,
    "batch_size": 128,
    "steps": 50_000,
}
for _name in ("batch_normalization", "conditional_batch_normalization"):
    del _DCGAN[_name]  # the generator always has the first

DCGAN = Recipe(
    name="dcgan",
    title="pictures of sound, convolutions with batch normalisation (Radford et al., 2016)",
    build=_build_dcgan,
    generator=_dcgan_generator,
    paints=True,
    defaults=_DCGAN,
    presets={
        "quick": {"dim": 8, "batch_size": 32, "steps": 200},
        "cpu": {"dim": 16, "batch_size": 64, "steps": 10_000},
        "gpu": {},
    },
    notes=_NOTES,
)

SPECGAN = Recipe(
    name="specgan",
    title="spectrograms as pictures (Donahue et al., 2019)",
    build=_build,
    generator=_generator,
    paints=True,
    defaults=_PAPER,
    presets={
        "quick": {**_SMALL, "dim": 8, "batch_size": 24, "steps": 200},
        "cpu": {
            **_SMALL,
            "dim": 16,
            "conditional": False,
            "steps": 10_000,
            "penalty_weight": 2.0,  # gamma of 4
        },
        "gpu": {},
    },
    notes=_NOTES,
)

DIGITS = Recipe(
    name="digits",
    title="says the digit that is asked for: a small conditional SpecGAN on mel pictures",
    build=_build,
    generator=_generator,
    paints=True,
    defaults={**_PAPER, **_SMALL, **_LOUD, "dim": 32, "steps": 50_000, "truncation": 0.0},
    presets={
        "quick": {"dim": 8, "batch_size": 24, "steps": 200},
        "cpu": {
            "dim": 24,
            "conditional_batch_normalization": True,
            "steps": 5_000,
            "truncation": 1.25,
        },
        "gpu": {},
    },
    notes={**_NOTES, "truncation": "of latent values when it speaks, not in training; 0 for none"},
)
