"""The recipes of two vocoders that upsample, as their papers train them: MelGAN and HiFi-GAN."""

from functools import partial

from ganlib import backend
from ganlib.audio.format import AudioFormat
from ganlib.losses import mel_distance
from ganlib.models.hifigan import hifigan_generator
from ganlib.models.hifigan_judges import hifigan_judges
from ganlib.models.melgan import melgan_generator, melgan_judges
from ganlib.training.engine.paired import PairedGAN
from ganlib.training.recipes.recipe import Recipe
from ganlib.training.recipes.vocoder import NOTES, TRAINING, VOICE, paired

_SHARED = {
    **VOICE,
    **TRAINING,
    "loss_fmax_hz": 0.0,
    "distance_weight": 45.0,
    "discriminator_from": 0,
    "scales": 3,
    "excerpt_frames": 32,
    "batch_size": 16,
    "peak_normalize": False,
}
_ON_A_CPU = {  # rates and decay as those of the recipe `vocoder`
    "optimizer": "adam",
    "generator_learning_rate": 1e-3,
    "discriminator_learning_rate": 5e-4,
    "learning_rate_decay": "cosine",
    "beta_1": 0.8,
    "beta_2": 0.95,
}
_SAID = {
    **NOTES,
    "distance_weight": "of the distance of log-mel frames",
    "feature_weight": "of the distance of what the judges note, summed over judges and layers",
    "loss_fmax_hz": "how high the distance of log-mel frames hears; 0 for half the sample rate",
    "scales": "judges of the clip itself and of blurred ones",
}


def _distance(options: dict):
    """The mel distance of the options: their frames, but as high as the loss hears."""
    names = ("sample_rate", "clip_samples", "channels", "n_fft", "hop_length", "n_mels", "fmin_hz")
    highest = options["loss_fmax_hz"] or None
    heard = AudioFormat(**{name: options[name] for name in names}, fmax_hz=highest)
    return partial(mel_distance, audio_format=heard, floor=options["floor"])


def _heard(options: dict) -> dict:
    """What both papers' judges need to know."""
    return {
        "clip_samples": options["excerpt_frames"] * options["hop_length"],
        "scales": options["scales"],
        "width": options["judge_width"],
        "method": "native" if backend.has_gpu() else "ordinary",
    }


# MelGAN -----------------------------------------------------------------------------------------


def _melgan_network(options: dict, label_names: tuple) -> tuple[str, dict]:
    return "melgan_generator", {name: options[name] for name in ("n_mels", "width", "hop_length")}


def _build_melgan(options: dict, label_names: tuple) -> PairedGAN:
    _, arguments = _melgan_network(options, label_names)
    judges = melgan_judges(**_heard(options))
    generator = melgan_generator(**arguments)
    return paired(generator, judges, options, _distance(options), as_in_papers=True)


MELGAN = Recipe(
    name="melgan",
    title="mel frames to sound by upsampling, for judges of three scales (Kumar et al., 2019)",
    build=_build_melgan,
    generator=_melgan_network,
    instrument="vocoder",
    defaults={
        **_SHARED,
        "width": 512,
        "judge_width": 16,
        "loss": "hinge",
        "distance_weight": 0.0,
        "feature_weight": 10.0,
        "generator_learning_rate": 1e-4,
        "discriminator_learning_rate": 1e-4,
        "learning_rate_decay": "none",
        "beta_1": 0.5,
        "beta_2": 0.9,
        "steps": 2_500_000,
    },
    presets={
        "quick": {
            **_ON_A_CPU,
            **{"width": 64, "judge_width": 4, "scales": 1, "batch_size": 4},
            **{"distance_weight": 45.0, "discriminator_from": 30, "steps": 60},
        },
        "cpu": {
            **_ON_A_CPU,
            **{"width": 128, "judge_width": 4, "batch_size": 8},
            **{"distance_weight": 45.0, "discriminator_from": 1000, "steps": 3000},
        },
        "gpu": {},
    },
    notes={
        **_SAID,
        "distance_weight": "of the distance of log-mel frames, which the paper does without",
        "width": "channels before the first upsampling",
        "judge_width": "channels of the judges' first layers, a multiple of 4",
    },
)

# HiFi-GAN ---------------------------------------------------------------------------------------


def _hifigan_network(options: dict, label_names: tuple) -> tuple[str, dict]:
    return "hifigan_generator", {
        name: options[name] for name in ("n_mels", "version", "hop_length")
    }


def _build_hifigan(options: dict, label_names: tuple) -> PairedGAN:
    _, arguments = _hifigan_network(options, label_names)
    judges = hifigan_judges(**_heard(options))
    generator = hifigan_generator(**arguments)
    return paired(generator, judges, options, _distance(options), as_in_papers=True)


HIFIGAN = Recipe(
    name="hifigan",
    title="mel frames to sound by upsampling, for judges of periods and scales (Kong et al., 2020)",
    build=_build_hifigan,
    generator=_hifigan_network,
    instrument="vocoder",
    defaults={
        **_SHARED,
        "version": "v1",
        "judge_width": 1024,
        "loss": "least_squares",
        "feature_weight": 2.0,
        "optimizer": "adamw",
        "weight_decay": 0.01,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
        "learning_rate_decay": "exponential",
        "beta_1": 0.8,
        "beta_2": 0.99,
        "steps": 2_500_000,
    },
    presets={
        "quick": {
            **_ON_A_CPU,
            **{"version": "small", "judge_width": 32, "scales": 1, "batch_size": 4},
            **{"discriminator_from": 30, "steps": 60},
        },
        "cpu": {
            **_ON_A_CPU,
            **{"version": "small", "judge_width": 64, "scales": 1, "batch_size": 8},
            **{"discriminator_from": 1000, "steps": 3000},
        },
        "gpu": {},
    },
    notes={
        **_SAID,
        "version": "of the paper: v1, v2 or v3; or small, v3 at half its width",
        "judge_width": "channels of the judges' widest layers, a multiple of 32",
        "weight_decay": "of both networks, with optimizer=adamw",
    },
)
