"""The recipes of vocoders: mel frames back into the recordings that they were made of."""

from collections.abc import Callable
from functools import partial

import keras

from ganlib.losses import pitch_loss, stft_distance
from ganlib.models.harmonic_vocoder import harmonic_vocoder
from ganlib.models.istft_vocoder import istft_vocoder
from ganlib.models.wave_judges import wave_judges
from ganlib.training.engine.optimizers import optimizer_of
from ganlib.training.engine.paired import PairedGAN
from ganlib.training.recipes.recipe import Recipe

VOICE = {  # frames as HiFi-GAN's, for speech of one microphone
    "sample_rate": 16_000,
    "clip_samples": 32_768,
    "channels": 1,
    "scale": "mel",
    "n_fft": 1024,
    "hop_length": 256,
    "n_mels": 80,
    "fmin_hz": 0.0,
    "fmax_hz": 8000.0,
    "floor": 1e-5,
}
_PICTURES = {  # how the pictures of the small recipes are made
    "sample_rate": 8000,
    "clip_samples": 8192,
    "channels": 1,
    "scale": "mel",
    "n_fft": 256,
    "hop_length": 128,
    "n_mels": 64,
    "fmin_hz": 40.0,
    "fmax_hz": 3900.0,
    "floor": 1e-3,
}
TRAINING = {
    "loss": "hinge",
    "distance_weight": 10.0,
    "feature_weight": 2.0,
    "discriminator_from": 500,
    "discriminator_first": 0,
    "discriminator_steps": 1,
    "optimizer": "adam",
    "generator_learning_rate": 1e-3,
    "discriminator_learning_rate": 5e-4,
    "learning_rate_decay": "cosine",
    "beta_1": 0.8,
    "beta_2": 0.95,
    "average_decay": 0.999,
    "precision": "float32",
}
NOTES = {
    "floor": "smallest magnitude that is told from silence",
    "frames_per_hop": "frames that it writes for each that it reads",
    "excerpt_frames": "of a recording in a batch",
    "distance_weight": "of the distance of spectra, at several resolutions",
    "feature_weight": "of the distance of what the judges note",
    "discriminator_from": "updates before the judges join in",
}
_FORMAT = ("sample_rate", "n_mels", "hop_length", "n_fft", "fmin_hz", "fmax_hz")
_NETWORK = ("width", "blocks", "kernel_size", "frames_per_hop")
_PITCH = ("lowest_pitch_hz", "highest_pitch_hz")


def paired(
    generator: keras.Model,
    discriminator: keras.Model,
    options: dict,
    distance: Callable = stft_distance,
    side_loss: Callable | None = None,
    as_in_papers: bool = False,
) -> PairedGAN:
    """A compiled game of two networks, with the options that all vocoders share.

    Example:
        >>> options = VOCODER.options("quick")
        >>> vocoder = harmonic_vocoder(80, frames=32, width=8, blocks=1)
        >>> paired(vocoder, wave_judges(8192, (2,), (256,)), options).discriminator_from
        100
    """
    gan = PairedGAN(
        generator,
        discriminator,
        distance,
        loss=options["loss"],
        distance_weight=options["distance_weight"],
        feature_weight=options["feature_weight"],
        discriminator_from=options["discriminator_from"],
        average_decay=options["average_decay"],
        side_loss=side_loss,
        as_in_papers=as_in_papers,
    )
    gan.compile(optimizer_of("generator", options), optimizer_of("discriminator", options))
    return gan


# A voice ----------------------------------------------------------------------------------------


def _voice_network(options: dict, label_names: tuple) -> tuple[str, dict]:
    own = ("written_n_fft", "pitch_width", "pitch_blocks", *_PITCH)
    return "harmonic_vocoder", {name: options[name] for name in _FORMAT + _NETWORK + own}


def _build_voice(options: dict, label_names: tuple) -> PairedGAN:
    _, arguments = _voice_network(options, label_names)
    n_fft, bands = options["n_fft"], options["n_mels"]
    resolutions = (n_fft // 4, n_fft // 2, n_fft, 2 * n_fft)

    def pitch_of(conditions, scores):
        return pitch_loss(conditions[..., bands], scores, *(options[name] for name in _PITCH))

    return paired(
        harmonic_vocoder(**arguments),
        wave_judges(
            options["excerpt_frames"] * options["hop_length"],
            resolutions=(n_fft // 4, n_fft),
            channels=options["judge_channels"],
        ),
        options,
        partial(stft_distance, resolutions=resolutions),
        pitch_of,
    )


VOCODER = Recipe(
    name="vocoder",
    title="a voice from mel frames, by its pitch and an inverse STFT (after Vocos and Wavehax)",
    build=_build_voice,
    generator=_voice_network,
    instrument="vocoder",
    defaults={
        **VOICE,
        **TRAINING,
        "width": 192,
        "blocks": 5,
        "kernel_size": 7,
        "frames_per_hop": 2,
        "written_n_fft": 512,
        "pitch_width": 96,
        "pitch_blocks": 3,
        "lowest_pitch_hz": 75.0,
        "highest_pitch_hz": 400.0,
        "judge_channels": 16,
        "excerpt_frames": 32,
        "discriminator_from": 1000,
        "batch_size": 8,
        "steps": 200_000,
        "peak_normalize": False,
    },
    presets={
        "quick": {
            **{"width": 64, "blocks": 2, "pitch_width": 48, "pitch_blocks": 2},
            **{"judge_channels": 8, "discriminator_from": 100, "steps": 200},
        },
        "cpu": {"steps": 12_000},
        "gpu": {"width": 384, "blocks": 8, "judge_channels": 32, "batch_size": 32},
    },
    notes={
        **NOTES,
        "written_n_fft": "samples in a frame that it writes; divides n_fft",
        "pitch_width": "channels of the network that finds the pitch",
        "pitch_blocks": "blocks of the network that finds the pitch",
        "lowest_pitch_hz": "lowest pitch of the voice that is looked for",
        "highest_pitch_hz": "highest pitch of the voice that is looked for",
        "judge_channels": "of the judges that see spectra",
    },
)

# Pictures ---------------------------------------------------------------------------------------


def _picture_network(options: dict, label_names: tuple) -> tuple[str, dict]:
    return "istft_vocoder", {name: options[name] for name in _FORMAT + _NETWORK}


def _build_pictures(options: dict, label_names: tuple) -> PairedGAN:
    _, arguments = _picture_network(options, label_names)
    judges = wave_judges(options["excerpt_frames"] * options["hop_length"])
    return paired(istft_vocoder(**arguments), judges, options)


PICTURE_VOCODER = Recipe(
    name="picture_vocoder",
    title="pictures of the digits back to sound, by an inverse STFT (after Vocos)",
    build=_build_pictures,
    generator=_picture_network,
    instrument="vocoder",
    defaults={
        **_PICTURES,
        **TRAINING,
        "width": 160,
        "blocks": 5,
        "kernel_size": 7,
        "frames_per_hop": 2,
        "excerpt_frames": 32,
        "batch_size": 16,
        "steps": 20_000,
        "peak_normalize": True,
    },
    presets={
        "quick": {"width": 48, "blocks": 2, "discriminator_from": 100, "steps": 200},
        "cpu": {"steps": 5_000},
        "gpu": {"width": 256, "blocks": 8, "steps": 100_000},
    },
    notes=NOTES,
)
