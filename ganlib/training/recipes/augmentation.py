"""What real and generated clips go through before the discriminator, as the options say."""

import keras

from ganlib.errors import OptionError
from ganlib.layers import (
    Cutout,
    GaussianNoise,
    PhaseShuffle,
    RandomBrightness,
    RandomGain,
    RandomTimeShift,
)

KINDS = ("shift", "gain", "time_cutout", "frequency_cutout")
LARGEST_SHIFT = 8  # an eighth of the clip, as Zhao et al. (2020) translate pictures


def augmentation_of(
    options: dict, shape: tuple, shows: keras.layers.Layer | None = None
) -> keras.layers.Layer | None:
    """The layer that changes real and generated clips alike, or None where nothing is asked for.

    Args:
        options: of a recipe. `time_shift` is the largest shift; `augmentation` names further
            changes, joined by "+"; `noise_floor`, where there is one, is the deviation of noise
            under every clip; `instance_noise` is in units of `signal_scale`.
        shape: of clips (batch, time, channels), or pictures (batch, frames, rows, 1).
        shows: a layer that turns the changed clips into what the discriminator is shown; noise
            comes after it.

    Raises:
        OptionError: if a change is unknown, or is one of pictures asked for clips.

    Example:
        >>> options = {"augmentation": "gain+time_cutout", "time_shift": 0, "instance_noise": 0.0,
        ...            "signal_scale": 1.0}
        >>> [type(layer).__name__ for layer in augmentation_of(options, (None, 64, 1)).layers]
        ['RandomGain', 'Cutout']
    """
    names = _named(options["augmentation"])
    pictures = len(shape) == 4
    shift = options["time_shift"]
    if "shift" in names and not shift:
        shift = max(1, shape[1] // LARGEST_SHIFT)
    layers: list[keras.layers.Layer] = []
    if shift:
        # Clips are shifted into silence; pictures, whose silence has no one value, are mirrored.
        layers.append(PhaseShuffle(shift) if pictures else RandomTimeShift(shift))
    if "gain" in names:
        layers.append(RandomBrightness() if pictures else RandomGain())
    if "time_cutout" in names:
        layers.append(Cutout(axis=1))
    if "frequency_cutout" in names:
        if not pictures:
            raise OptionError("frequency_cutout is for pictures: a waveform has no frequency rows.")
        layers.append(Cutout(axis=2))
    if options.get("noise_floor"):
        layers.append(GaussianNoise(options["noise_floor"]))
    if shows is not None:
        layers.append(shows)
    if options["instance_noise"]:
        layers.append(GaussianNoise(options["instance_noise"] * options["signal_scale"]))
    if len(layers) > 1:
        return keras.Sequential(layers)
    return layers[0] if layers else None


def _named(augmentation: str) -> set[str]:
    names = set() if augmentation == "none" else set(augmentation.split("+"))
    if unknown := sorted(names - set(KINDS)):
        raise OptionError(
            f"Unknown augmentation {', '.join(unknown)}: choose none, or some of "
            f"{', '.join(KINDS)} joined by +."
        )
    return names
