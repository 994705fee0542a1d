"""The recipe of WaveGAN: raw audio, judged by ear, by its picture, or by both."""

import keras

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.painting import PaintPicture, SoundAndPictures
from ganlib.errors import OptionError
from ganlib.instruments.latents import check_latents
from ganlib.models.several_judges import several_judges
from ganlib.models.specgan import specgan_discriminator
from ganlib.models.spectrum_judge import spectrum_judge
from ganlib.models.wavegan import wavegan_discriminator, wavegan_generator
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
from ganlib.training.recipes.pictures import JUDGE
from ganlib.training.recipes.recipe import Recipe


def _wavegan_generator(options: dict, label_names: tuple) -> tuple[str, dict]:
    names = (
        "clip_samples channels dim latent_dim kernel_size batch_normalization upsampling "
        "post_filter signal_scale envelope"
    )
    arguments = {name: options[name] for name in names.split()}
    return "wavegan_generator", arguments | {"classes": label_count(options, label_names)}


def _build_wavegan(options: dict, label_names: tuple) -> GAN:
    check_latents(options["latent_distribution"], options["truncation"] or None)
    _, arguments = _wavegan_generator(options, label_names)
    judges = {"wave": _build_heard, "picture": _build_seen, "both": _build_heard_and_seen}
    if options["judge"] not in judges:
        known = ", ".join(f'"{name}"' for name in judges)
        raise OptionError(f"judge must be one of {known}, not {options['judge']!r}.")
    return judges[options["judge"]](arguments, options)


def _wave_judge(arguments: dict, options: dict, signal_scale: float) -> keras.Model:
    shared = {name: arguments[name] for name in ["clip_samples", "channels", "dim", "kernel_size"]}
    own = {name: options[name] for name in ("phase_shuffle", "label_deviation")}
    own |= discriminator_choices(options)
    return wavegan_discriminator(
        classes=arguments["classes"], signal_scale=signal_scale, **shared, **own
    )


def _picture_judge(arguments: dict, options: dict, signal_scale: float) -> keras.Model:
    frames, rows, _ = SpectrogramCodec.from_dict(options["codec"]).picture_shape
    return specgan_discriminator(
        frames,
        rows,
        options["judge_dim"],
        classes=arguments["classes"],
        signal_scale=signal_scale,
        label_deviation=options["label_deviation"],
        **discriminator_choices(options),
    )


def _build_heard(arguments: dict, options: dict) -> GAN:
    """As in the paper: the discriminator hears the clips."""
    judge = _wave_judge(arguments, options, arguments["signal_scale"])
    return adversarial(wavegan_generator(**arguments), judge, options)


def _build_seen(arguments: dict, options: dict) -> GAN:
    """The same generator, but the discriminator sees the mel pictures of its clips."""
    generator = wavegan_generator(**arguments)
    painted = PaintPicture(options["codec"])(generator.output)
    seen = keras.Model(generator.inputs, painted)
    scale = 1.0 / options["clip_deviations"]
    judge = _picture_judge(arguments, options, scale)
    return adversarial(seen, judge, options | {"signal_scale": scale, "time_shift": 2})


def _build_heard_and_seen(arguments: dict, options: dict) -> GAN:
    """One discriminator hears the clips, one sees their mel pictures, others finer spectra."""
    if options["label_head"] == "auxiliary":
        raise OptionError(
            "label_head=auxiliary needs one judge: --set judge=wave, or --set judge=picture."
        )
    resolutions = _resolutions(options)
    shows = SoundAndPictures(options["codec"], arguments["signal_scale"], resolutions)
    own = {"classes": arguments["classes"], "label_deviation": options["label_deviation"]}
    own |= discriminator_choices(options)
    judge = several_judges(
        _wave_judge(arguments, options, 1.0),
        _picture_judge(arguments, options, 1.0),
        *(spectrum_judge(*shape, **own) for shape in shows.shapes(arguments["clip_samples"])),
    )
    generator = wavegan_generator(**arguments)
    return adversarial(generator, judge, options | {"signal_scale": 1.0}, shows)


def _resolutions(options: dict) -> list[int]:
    given = options["resolutions"]
    try:
        found = [] if given == "none" else [int(part) for part in given.split("+")]
    except ValueError:
        found = [0]
    if any(n_fft < 64 or n_fft > options["clip_samples"] or n_fft % 2 for n_fft in found):
        raise OptionError(
            "resolutions must be none, or frame lengths joined by +, such as 128+512: even, and "
            f"from 64 to the clip's {options['clip_samples']} samples, not {given!r}."
        )
    return found


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
        **CONVOLUTIONAL,
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
        "noise_floor": 0.0,
        "label_deviation": False,
        "envelope": False,
        **JUDGE,
        "resolutions": "none",
        "truncation": 0.0,
    },
    presets={
        "quick": {**_SMALL_WAVEGAN, "dim": 8, "batch_size": 16, "steps": 200},
        "cpu": {
            **_SMALL_WAVEGAN,
            "steps": 3_000,
            "judge": "both",
            "noise_floor": 2e-3,
            "label_deviation": True,
            "truncation": 1.5,
            "penalty_weight": 1.0,  # gamma of 4, as each of the two logits counts half
        },
        "gpu": {},
    },
    notes={
        **NOTES,
        "truncation": "of latent values when it speaks, not in training; 0 for none",
        "signal_scale": "0 measures the level of the data",
        "noise_floor": "deviation of noise under real and generated clips, kept after training",
        "judge": "who judges: wave, as in the paper, picture, or both",
        "envelope": "let the generator draw the loudness of a clip beside its samples",
        "resolutions": "frame lengths of spectra that judges see besides, joined by +; judge=both",
        "label_deviation": "show the judge how much the clips of a label differ; needs labels",
    },
)
