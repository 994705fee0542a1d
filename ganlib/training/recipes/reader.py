"""The recipe of the reader: phones and their prosody into mel frames, judged as pictures."""

from ganlib.losses.reading import frame_distance, prosody_loss
from ganlib.models.mel_judges import mel_judges
from ganlib.models.reader_network import BESIDE, reader_network
from ganlib.text import SYMBOLS
from ganlib.training.engine.paired import PairedGAN
from ganlib.training.recipes.recipe import Recipe
from ganlib.training.recipes.vocoder import TRAINING, VOICE, paired


def _network(options: dict, label_names: tuple) -> tuple[str, dict]:
    own = ("n_mels", "width", "encoder_blocks", "decoder_blocks", "kernel_size", "dropout")
    return "reader_network", {
        "symbols": list(SYMBOLS),
        **{name: options[name] for name in own},
    }


def _build(options: dict, label_names: tuple) -> PairedGAN:
    _, arguments = _network(options, label_names)
    bands, size = options["n_mels"], options["passage_frames"]
    base = options["judge_channels"]
    channels = (base, 2 * base, 4 * base, 4 * base)

    def guessed(told, guess):
        return prosody_loss(told["prosody"], guess)

    judges = mel_judges(size, bands + BESIDE, bands, channels)
    return paired(reader_network(**arguments), judges, options, frame_distance, guessed)


READER = Recipe(
    name="reader",
    title="text to speech: durations, pitch, energy, then frames and a GAN (after FastSpeech 2)",
    build=_build,
    generator=_network,
    instrument="reader",
    defaults={
        **VOICE,
        **TRAINING,
        "width": 192,
        "encoder_blocks": 4,
        "decoder_blocks": 6,
        "kernel_size": 5,
        "dropout": 0.2,
        "judge_channels": 12,
        "passage_frames": 256,
        "middle_pitch_hz": 0.0,
        "lowest_pitch_hz": 75.0,
        "highest_pitch_hz": 400.0,
        "vocoder": "auto",
        "loss": "least_squares",
        "beta_2": 0.98,
        "discriminator_from": 1500,
        "batch_size": 6,
        "steps": 60_000,
        "peak_normalize": False,
    },
    presets={
        "quick": {
            **{"width": 64, "encoder_blocks": 2, "decoder_blocks": 2, "judge_channels": 4},
            **{"discriminator_from": 100, "steps": 200},
        },
        "cpu": {"steps": 5_000},
        "gpu": {"width": 384, "judge_channels": 32, "batch_size": 32},
    },
    notes={
        "floor": "smallest magnitude that is told from silence",
        "encoder_blocks": "over phones",
        "decoder_blocks": "over frames",
        "judge_channels": "of the first layer of the judges of spectrograms",
        "passage_frames": "of speech in a row of a batch",
        "middle_pitch_hz": "of the voice; 0 to measure it",
        "lowest_pitch_hz": "lowest pitch of the voice that is looked for",
        "highest_pitch_hz": "highest pitch of the voice that is looked for",
        "vocoder": "makes sound of the frames: auto, a name that ships, or the folder of a run",
        "distance_weight": "of the distance of frames",
        "feature_weight": "of the distance of what the judges note",
        "discriminator_from": "updates before the judges join in",
    },
)
