"""A trained reader: text in, speech out, with a prosody that can be seen and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np

from ganlib.audio.format import AudioFormat
from ganlib.errors import GanlibError, OptionError, WeightsError
from ganlib.instruments.files import (
    instrument_paths,
    load_weights,
    read_description,
    save_weights,
    write_description,
)
from ganlib.instruments.prosody import Prosody
from ganlib.instruments.vocoder import Vocoder
from ganlib.models.generators import build_generator
from ganlib.text import Sentence, read

KIND = "reader"
WHOLE = 16  # symbols, and frames, are filled up to a multiple: few shapes are compiled
LONGEST = 100.0  # frames of one symbol


@dataclass(frozen=True)
class Reader:
    """Read text aloud.

    Attributes:
        network: see `ganlib.models.reader_network`.
        vocoder: makes sound of its frames.
        symbols: what it was trained to read.
        middle_hz: the pitch of 0 octaves.
        name: what its files are called.
        builder: name of the function that made the network.
        arguments: its arguments.

    Example:
        >>> Reader.load("no_such_reader")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.WeightsError: no_such_reader.json does not exist: ...
    """

    network: keras.Model
    vocoder: Vocoder
    symbols: tuple[str, ...]
    middle_hz: float
    name: str = "reader"
    builder: str = ""
    arguments: dict = field(default_factory=dict)

    @property
    def audio_format(self) -> AudioFormat:
        """Of the sound that it makes: that of its vocoder."""
        return self.vocoder.audio_format

    @classmethod
    def build(
        cls, builder: str, arguments: dict, vocoder: Vocoder, middle_hz: float, **kwargs
    ) -> Reader:
        """Make an untrained one from the name of a builder.

        Raises:
            WeightsError: if the builder is unknown or its arguments do not fit.
        """
        network, symbols = build_generator(builder, arguments), tuple(arguments["symbols"])
        kwargs |= {"builder": builder, "arguments": arguments}
        return cls(network, vocoder, symbols, middle_hz, **kwargs)

    # Reading ----------------------------------------------------------------------------------

    def say(
        self,
        text: str,
        rate: float = 1.0,
        pitch: float = 0.0,
        energy: float = 1.0,
        seed: int | None = None,
    ) -> np.ndarray:
        """Read text aloud, sentence after sentence.

        Args:
            text: English; numbers, dates and abbreviations are read as a person would.
            rate: 2 is twice as fast, from 0.25 to 4.
            pitch: semitones higher, from -12 to 12.
            energy: factor of loudness, from 0.1 to 10.
            seed: None reads as it would on average; a number reads with a melody of its own.

        Returns:
            float32 (time,) in [-1, 1] at `audio_format.sample_rate`.

        Raises:
            OptionError: if there is nothing to read, or a number is out of range.
        """
        said = []
        for place, sentence in enumerate(read(text)):
            told = self.prosody(sentence, None if seed is None else seed + place)
            said.append(self.speak(told.changed(rate, pitch, energy)))
        return np.concatenate(said)

    def prosody(self, sentence: Sentence | Sequence[str], seed: int | None = None) -> Prosody:
        """How it would read a sentence: durations, pitch and energy of every symbol.

        Args:
            sentence: of `ganlib.text.read`, or its symbols.
            seed: as in `say`.

        Raises:
            OptionError: if it was not trained to read a symbol.
        """
        given = sentence.symbols if isinstance(sentence, Sentence) else tuple(sentence)
        unknown = sorted(set(given) - set(self.symbols))
        if unknown or not given:
            raise OptionError(
                f"{self.name} reads {', '.join(self.symbols[1:6])} ..., and was given "
                f"{', '.join(unknown) or 'nothing'}"
            )
        _, guess = self._answers(given, np.zeros((len(given), 4), "float32"), 1)
        frames = np.clip(np.expm1(guess[:, 0]), 1.0, LONGEST)
        told = Prosody(given, frames, guess[:, 1], guess[:, 2])
        return told if seed is None else told.varied(seed)

    def frames(self, prosody: Prosody) -> tuple[np.ndarray, np.ndarray]:
        """The mel frames of a sentence, and the pitch of each.

        Returns:
            float32 (frames, n_mels), natural logarithm, and (frames,) in Hz, 0 for no pitch.
        """
        ends = np.maximum(
            np.round(np.cumsum(prosody.frames)), np.arange(1, 1 + len(prosody.frames))
        )
        durations = np.maximum(np.diff(ends, prepend=0.0), 1.0)
        told = np.column_stack([durations, prosody.octaves, prosody.nepers, durations])
        made, _ = self._answers(prosody.symbols, told.astype("float32"), int(durations.sum()))
        pitch = self.middle_hz * 2.0 ** made[:, -2]
        return made[:, :-2], np.where(made[:, -1] > 0, pitch, 0.0).astype("float32")

    def speak(self, prosody: Prosody) -> np.ndarray:
        """The sound of a sentence.

        Returns:
            float32 (time,) in [-1, 1].
        """
        mel, pitch = self.frames(prosody)
        pitched = pitch[None] if self.vocoder.follows_pitch else None
        return self.vocoder(mel[None], pitched)[0, :, 0]

    def _answers(
        self, symbols: Sequence[str], prosody: np.ndarray, frames: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """What the network makes of one sentence."""
        count = len(symbols)
        room, places = count + -count % WHOLE, frames + -frames % WHOLE
        ids = np.zeros((1, room), "int32")
        ids[0, :count] = [self.symbols.index(symbol) for symbol in symbols]
        told = np.zeros((1, room, prosody.shape[1]), "float32")
        told[0, :count] = prosody
        places_row = np.arange(places, dtype="float32")[None]
        asked = {"symbols": ids, "prosody": told, "places": places_row}
        if keras.backend.backend() == "tensorflow":  # where tracing takes longer than computing
            answers = [keras.ops.convert_to_numpy(one) for one in self.network(asked)]
        else:
            answers = self.network.predict_on_batch(asked)
        made, guess = answers
        return made[0, :frames], guess[0, :count]

    # Files ------------------------------------------------------------------------------------

    def check(self) -> None:
        """Make sure that its frames are those that its vocoder reads.

        Raises:
            WeightsError: naming both.
        """
        made, read_bands = self.network.output_shape[0][-1] - 2, self.audio_format.n_mels
        if made != read_bands:
            raise WeightsError(
                f"the reader makes {made} bands, and its vocoder {self.vocoder.name} reads "
                f"{read_bands}."
            )

    def describe(self) -> dict:
        """Everything but the weights, as plain data for a JSON file."""
        own = {"kind": KIND, "builder": self.builder, "arguments": self.arguments}
        return {**own, "middle_hz": self.middle_hz, "vocoder": self.vocoder.name}

    def save(self, stem: str | Path, dtype: str = "float32") -> tuple[Path, Path]:
        """Write `stem.json` and `stem.weights.h5`; the vocoder goes beside it, unless it is there.

        Raises:
            WeightsError: if there is no space, no permission or no folder.
        """
        description, weights = instrument_paths(stem)
        self.vocoder.save_beside(description.parent, dtype)
        save_weights(self.network, weights, dtype)
        write_description(description, self.describe())
        return description, weights

    @classmethod
    def load(cls, stem: str | Path) -> Reader:
        """Read what `save` wrote. Only numbers and names are read, never code.

        Raises:
            WeightsError: if a file is missing, damaged or of another shape.
        """
        description, weights = instrument_paths(stem)
        card = read_description(description)
        if card.get("kind") != KIND:
            raise WeightsError(f"{description} describes no reader.")
        try:
            vocoder = Vocoder.beside(description, card["vocoder"])
            middle, name = float(card["middle_hz"]), Path(stem).name
            reader = cls.build(card["builder"], card["arguments"], vocoder, middle, name=name)
            reader.check()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = str(error) if isinstance(error, GanlibError) else repr(error)
            raise WeightsError(f"{description} does not describe a reader: {said}") from None
        load_weights(reader.network, weights)
        return reader
