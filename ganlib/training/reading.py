"""Readers and runs: what a run of one learns from, and what it leaves behind."""

from pathlib import Path
from weakref import WeakKeyDictionary

import keras
import numpy as np

from ganlib import backend
from ganlib.audio.files import write_audio
from ganlib.audio.pitch import track_pitch
from ganlib.data.readings import Readings
from ganlib.errors import DataError
from ganlib.instruments.reader import Reader
from ganlib.text import SYMBOLS
from ganlib.training.config import Config
from ganlib.training.engine.passages import Passages, utterance
from ganlib.training.recipes import get_recipe
from ganlib.training.vocoding import reading_vocoder

SAID = "The quick brown fox jumps over the lazy dog."  # in every sample file
HEARD = 50  # recordings of which the pitch of a voice is measured
# Of each model in training: built once, as engines keep what is built.
_speaking: WeakKeyDictionary[keras.Model, Reader] = WeakKeyDictionary()


def voice_measured(options: dict, readings: Readings) -> dict:
    """The options with the middle of the voice, measured where it is not given.

    Args:
        options: of a recipe of a reader, complete.
        readings: recordings of the voice.

    Raises:
        DataError: if no recording has a pitch.

    Example:
        >>> voice_measured({"middle_pitch_hz": 120.0}, None)
        {'middle_pitch_hz': 120.0}
    """
    if options["middle_pitch_hz"]:
        return options
    some = readings.sounds[:: max(1, len(readings) // HEARD)]
    pitch = np.concatenate([_pitch(sound, options) for sound in some])
    if not (pitch > 0).any():
        raise DataError(
            "None of the recordings has a pitch: a reader learns from speech; if it is speech, "
            "change --set lowest_pitch_hz=... and highest_pitch_hz=..."
        )
    return options | {"middle_pitch_hz": round(float(np.median(pitch[pitch > 0])), 1)}


def _pitch(sound: np.ndarray, options: dict) -> np.ndarray:
    pitch_range = options["lowest_pitch_hz"], options["highest_pitch_hz"]
    return track_pitch(sound, options["sample_rate"], options["hop_length"], *pitch_range)


def passages_of(readings: Readings, config: Config) -> Passages:
    """Recordings as the network of a run learns from them.

    Args:
        readings: recordings with their symbols.
        config: of the run.

    Example:
        >>> from ganlib.alignment import Aligned
        >>> options = get_recipe("reader").options("quick", {"middle_pitch_hz": 180.0})
        >>> config = Config("reader", "", "", "quick", options, [], seed=0)
        >>> sound = get_recipe("reader").audio_format(options)
        >>> said = Aligned(("sil", "AH0", "."), np.array([0, 0.1, 0.2, 0.5]))
        >>> one = Readings((np.zeros(8000),), (said,), ("a.wav",), ("a",), sound)
        >>> passages_of(one, config).utterances[0].frames.shape
        (32, 82)
    """
    options = config.options
    sound = get_recipe(config.model).audio_format(options)
    pitch_range = options["lowest_pitch_hz"], options["highest_pitch_hz"]
    places = {symbol: place for place, symbol in enumerate(SYMBOLS)}
    measures = (sound, options["floor"], options["middle_pitch_hz"], pitch_range)
    said = [
        utterance(clip, np.array([places[one] for one in told.symbols]), told.boundaries, *measures)
        for clip, told in zip(readings.sounds, readings.aligned, strict=True)
    ]
    return Passages(said, options["passage_frames"])


def averaged_reader(config: Config, model: keras.Model) -> Reader:
    """The averaged generator of a reader's run as it is now, with its vocoder.

    Args:
        config: of the run.
        model: as `build` makes it from the configuration; a `fit` may be running.

    Example:
        >>> from ganlib.training import runs
        >>> changes = {"width": 8, "encoder_blocks": 1, "decoder_blocks": 1}
        >>> changes |= {"middle_pitch_hz": 180.0, "vocoder": "vocoder-voice"}
        >>> options = get_recipe("reader").options("quick", changes)
        >>> config = Config("reader", "", "", "quick", options, [], seed=0)
        >>> averaged_reader(config, runs.build(config)).vocoder.name
        'vocoder-voice'
    """
    reader = _speaking.get(model)
    if reader is None:
        recipe = get_recipe(config.model)
        assert recipe.generator is not None
        builder, arguments = recipe.generator(config.options, ())
        vocoder = reading_vocoder(config.model, config.options)
        reader = Reader.build(builder, arguments, vocoder, config.options["middle_pitch_hz"])
        _speaking[model] = reader
    backend.sync(model)
    reader.network.set_weights(model.average_generator.get_weights())
    return reader


def export_reader(folder: Path, config: Config, model: keras.Model, step: int) -> None:
    """Write the averaged generator with its vocoder, and let it read.

    Args:
        folder: of the run.
        config: of the run.
        model: as `build` makes it from the configuration.
        step: updates done.

    Example:
        >>> import tempfile
        >>> from ganlib.training import runs
        >>> changes = {"width": 8, "encoder_blocks": 1, "decoder_blocks": 1}
        >>> changes |= {"middle_pitch_hz": 180.0, "vocoder": "vocoder-voice"}
        >>> options = get_recipe("reader").options("quick", changes)
        >>> config = Config("reader", "", "", "quick", options, [], seed=0)
        >>> with tempfile.TemporaryDirectory() as name:
        ...     (folder := Path(name)).joinpath("samples").mkdir()
        ...     export_reader(folder, config, runs.build(config), 0)
        ...     sorted(path.name for path in folder.glob("gen*"))
        ['generator.json', 'generator.weights.h5']
    """
    reader = averaged_reader(config, model)
    reader.save(folder / "generator")
    heard = folder / "samples" / f"step-{step:08d}.wav"
    write_audio(heard, reader.say(SAID), reader.audio_format.sample_rate)
