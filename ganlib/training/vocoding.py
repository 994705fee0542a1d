"""Vocoders and runs: what a run of one leaves behind, and which one a run of pictures speaks by."""

from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

import keras
import numpy as np

from ganlib import backend, pretrained
from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.files import write_audio
from ganlib.errors import OptionError, WeightsError
from ganlib.instruments.vocoder import Vocoder
from ganlib.training.config import Config
from ganlib.training.recipes import get_recipe

AUTO, NONE = "auto", "none"
PAIRS = 5  # recordings in a sample file, each followed by what the vocoder makes of its frames
# Of each model in training: built once, as engines keep what is built.
_speaking: WeakKeyDictionary[keras.Model, Vocoder] = WeakKeyDictionary()


def averaged_vocoder(config: Config, model: keras.Model) -> Vocoder:
    """The averaged generator of a vocoder's run as it is now, ready to be used.

    Args:
        config: of the run.
        model: as `build` makes it from the configuration; a `fit` may be running.

    Example:
        >>> from ganlib.training import runs
        >>> options = get_recipe("vocoder").options("quick", {"width": 8, "blocks": 1})
        >>> config = Config("vocoder", "", "", "quick", options, [], seed=0)
        >>> averaged_vocoder(config, runs.build(config))(np.zeros((1, 4, 64))).shape
        (1, 512, 1)
    """
    vocoder = _speaking.get(model)
    if vocoder is None:
        recipe = get_recipe(config.model)
        assert recipe.generator is not None
        builder, arguments = recipe.generator(config.options, ())
        sound, floor = recipe.audio_format(config.options), config.options["floor"]
        vocoder = _speaking[model] = Vocoder.build(builder, arguments, sound, floor=floor)
    backend.sync(model)
    vocoder.network.set_weights(model.average_generator.get_weights())
    return vocoder


def export_vocoder(
    folder: Path, config: Config, model: keras.Model, step: int, clips: np.ndarray
) -> None:
    """Write the averaged generator, and some recordings beside what it makes of their frames.

    Args:
        folder: of the run.
        config: of the run.
        model: as `build` makes it from the configuration.
        step: updates done.
        clips: recordings, float (clips, time, 1).

    Example:
        >>> import tempfile
        >>> from ganlib.training import runs
        >>> options = get_recipe("vocoder").options("quick", {"width": 8, "blocks": 1})
        >>> config = Config("vocoder", "", "", "quick", options, [], seed=0)
        >>> with tempfile.TemporaryDirectory() as name:
        ...     (folder := Path(name)).joinpath("samples").mkdir()
        ...     export_vocoder(folder, config, runs.build(config), 0, np.ones((1, 8192, 1)))
        ...     sorted(path.name for path in folder.iterdir())
        ['generator.json', 'generator.weights.h5', 'samples']
    """
    vocoder = averaged_vocoder(config, model)
    vocoder.save(folder / "generator")
    some = clips[:PAIRS]
    made = vocoder(vocoder.frames(some))
    row = np.stack([some, made], axis=1).reshape(-1)
    heard = folder / "samples" / f"step-{step:08d}.wav"
    write_audio(heard, row, vocoder.audio_format.sample_rate)


def chosen_vocoder(options: dict, codec: dict | None) -> Vocoder | None:
    """The vocoder that a model of pictures speaks by, as its option `vocoder` says.

    Args:
        options: of a recipe: "auto" for one that ships and reads such pictures, "none" for
            Griffin-Lim, the name of weights that ship, or the folder of a run of the recipe
            `vocoder`.
        codec: of the pictures; None where the model paints none.

    Returns:
        The vocoder; None for Griffin-Lim.

    Raises:
        OptionError: if there is no such vocoder, or it reads other pictures.

    Example:
        >>> chosen_vocoder({"vocoder": "none"}, None) is None
        True
    """
    name = options.get("vocoder", NONE)
    if name == NONE or codec is None:
        return None
    pictures = SpectrogramCodec.from_dict(codec)
    if name == AUTO:
        known = (pretrained.load_vocoder(one) for one in pretrained.vocoders())
        return next((one for one in known if not one.differences(pictures)), None)
    vocoder = _named(name)
    try:
        vocoder.must_read(pictures)
    except WeightsError as error:
        raise OptionError(f"vocoder={name} does not fit: {error}") from None
    return vocoder


def _named(name: str) -> Vocoder:
    folder = Path(name).expanduser()
    try:
        if (folder / "generator.json").is_file():
            return replace(Vocoder.load(folder / "generator"), name="vocoder")
        return pretrained.load_vocoder(name)
    except WeightsError as error:
        raise OptionError(
            f"vocoder={name} is neither none, nor a vocoder that ships, nor the folder of a run "
            f"of the recipe vocoder: {error}"
        ) from None
