"""The recipe of the vocoder: mel frames back into the recordings that they were made of."""

from ganlib.losses import stft_distance
from ganlib.models.istft_vocoder import istft_vocoder
from ganlib.models.wave_judges import wave_judges
from ganlib.training.engine.optimizers import optimizer_of
from ganlib.training.engine.paired import PairedGAN
from ganlib.training.recipes.recipe import Recipe

_FRAMES = {  # how the pictures of the small recipes are made
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


def _network(options: dict, label_names: tuple) -> tuple[str, dict]:
    sound = ("sample_rate", "n_mels", "hop_length", "n_fft", "fmin_hz", "fmax_hz")
    own = ("width", "blocks", "kernel_size", "frames_per_hop")
    return "istft_vocoder", {name: options[name] for name in sound + own}


def _build(options: dict, label_names: tuple) -> PairedGAN:
    _, arguments = _network(options, label_names)
    gan = PairedGAN(
        istft_vocoder(**arguments),
        wave_judges(options["excerpt_frames"] * options["hop_length"]),
        stft_distance,
        loss=options["loss"],
        distance_weight=options["distance_weight"],
        feature_weight=options["feature_weight"],
        discriminator_from=options["discriminator_from"],
        average_decay=options["average_decay"],
    )
    gan.compile(optimizer_of("generator", options), optimizer_of("discriminator", options))
    return gan


VOCODER = Recipe(
    name="vocoder",
    title="mel frames back to sound by an inverse STFT (after Vocos: Siuzdak, 2023)",
    build=_build,
    generator=_network,
    instrument="vocoder",
    defaults={
        **_FRAMES,
        "width": 160,
        "blocks": 5,
        "kernel_size": 7,
        "frames_per_hop": 2,
        "excerpt_frames": 32,
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
        "batch_size": 16,
        "steps": 20_000,
        "precision": "float32",
        "peak_normalize": True,
    },
    presets={
        "quick": {"width": 48, "blocks": 2, "discriminator_from": 100, "steps": 200},
        "cpu": {"steps": 5_000},
        "gpu": {"width": 256, "blocks": 8, "steps": 100_000},
    },
    notes={
        "floor": "smallest magnitude that is told from silence",
        "frames_per_hop": "frames that it writes for each that it reads",
        "excerpt_frames": "of a recording in a batch",
        "distance_weight": "of the distance of spectra, at several resolutions",
        "feature_weight": "of the distance of what the judges note",
        "discriminator_from": "updates before the judges join in",
    },
)
