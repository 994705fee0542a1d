"""A trained vocoder: a mel spectrogram in, the sound that belongs to it out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np

from ganlib import backend
from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.audio.mel import log_mel
from ganlib.errors import GanlibError, OptionError, WeightsError
from ganlib.instruments.files import (
    instrument_paths,
    load_weights,
    read_description,
    save_weights,
    write_description,
)
from ganlib.models.generators import build_generator

BATCH = 32  # clips computed at a time
KIND = "vocoder"
_READ = ("sample_rate", "n_fft", "hop_length", "n_mels", "fmin_hz", "highest_hz")


@dataclass(frozen=True)
class Vocoder:
    """Make sound of mel frames, with the phase that Griffin-Lim would have to guess.

    The frames of training and those of use must be made alike, or speech becomes noise: so their
    format travels with the network, and another is refused.

    Attributes:
        network: from log-mel frames (batch, frames, n_mels) to clips (batch, time, 1).
        audio_format: of the frames and of the sound.
        floor: smallest magnitude of a frame.
        name: what its files are called.
        builder: name of the function that made the network, see `ganlib.models.generators`.
        arguments: its arguments.

    Example:
        >>> sound = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
        >>> vocoder = Vocoder.build("istft_vocoder", {"n_mels": 32, "width": 8, "blocks": 1}, sound)
        >>> vocoder(np.zeros((2, 10, 32), "float32")).shape
        (2, 1280, 1)
    """

    network: keras.Model
    audio_format: AudioFormat
    floor: float = 1e-5
    name: str = "vocoder"
    builder: str = ""
    arguments: dict = field(default_factory=dict)

    @classmethod
    def build(cls, builder: str, arguments: dict, audio_format: AudioFormat, **kwargs) -> Vocoder:
        """Make an untrained one from the name of a builder.

        Raises:
            WeightsError: if the builder is unknown or its arguments do not fit.
        """
        network = build_generator(builder, arguments)
        return cls(network, audio_format, builder=builder, arguments=arguments, **kwargs)

    def __call__(self, mel: np.ndarray) -> np.ndarray:
        """The sound of mel frames.

        Args:
            mel: natural logarithms of mel magnitudes, float (batch, frames, n_mels); see `frames`.

        Returns:
            float32 (batch, frames * hop_length, 1) in [-1, 1].

        Raises:
            OptionError: if the frames have another shape.
        """
        mel = np.asarray(mel, "float32")
        bands = self.audio_format.n_mels
        if mel.ndim != 3 or mel.shape[2] != bands or not len(mel):
            raise OptionError(
                f"{self.name} reads log-mel frames of the shape (batch, frames, {bands}), and "
                f"these have {mel.shape}: make them with its method frames()."
            )
        parts = (mel[start : start + BATCH] for start in range(0, len(mel), BATCH))
        clips = [self._sound(part) for part in parts]
        return np.clip(np.concatenate(clips), -1.0, 1.0).astype("float32")

    def _sound(self, mel: np.ndarray) -> np.ndarray:
        """Of one batch, filled up with silence: then one compiled function serves any number."""
        self.network.jit_compile = backend.prefers_xla()
        missing = [(0, BATCH - len(mel)), (0, 0), (0, 0)]
        filled = np.pad(mel, missing, constant_values=np.log(self.floor))
        return self.network.predict_on_batch(filled)[: len(mel)]

    def frames(self, clips: np.ndarray) -> np.ndarray:
        """The frames that this vocoder reads, of recordings.

        Args:
            clips: float (batch, time, 1) at the format's sample rate, time a multiple of the hop.

        Returns:
            float32 (batch, time / hop_length, n_mels).
        """
        logs = [
            keras.ops.convert_to_numpy(
                log_mel(clips[start : start + BATCH], self.audio_format, self.floor)
            )
            for start in range(0, len(clips), BATCH)
        ]
        return np.concatenate(logs)[:, :-1]

    def must_read(self, codec: SpectrogramCodec) -> None:
        """Make sure that the pictures of a codec are made as this vocoder's frames are.

        Raises:
            WeightsError: naming both formats, if they are not.
        """
        if different := self.differences(codec):
            mine, theirs = (
                ", ".join(f"{name} {pair[side]}" for name, pair in different.items())
                for side in (0, 1)
            )
            raise WeightsError(
                f"the vocoder {self.name} reads frames with {mine}, and these have {theirs}: take "
                "a vocoder that was trained on such frames, or none."
            )

    def differences(self, codec: SpectrogramCodec) -> dict[str, tuple]:
        """In what the pictures of a codec differ from this vocoder's frames: (mine, theirs)."""
        mine = _way_to_frames(self.audio_format, "mel", self.floor)
        theirs = _way_to_frames(codec.audio_format, codec.scale, codec.floor)
        return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}

    def check(self) -> None:
        """Make sure that the network fits the format.

        Raises:
            WeightsError: naming the part that does not fit.
        """
        bands, hop = self.network.input_shape[-1], self.audio_format.hop_length
        if bands != self.audio_format.n_mels:
            raise WeightsError(
                f"the network reads {bands} bands, and the format has {self.audio_format.n_mels}."
            )
        made = self.network.compute_output_shape((1, 8, bands))
        if tuple(made) != (1, 8 * hop, 1):
            raise WeightsError(f"the network makes {made[1:]} of 8 frames, not {(8 * hop, 1)}.")

    # Files ------------------------------------------------------------------------------------

    def describe(self) -> dict:
        """Everything but the weights, as plain data for a JSON file."""
        return {
            "kind": KIND,
            "builder": self.builder,
            "arguments": self.arguments,
            "audio_format": self.audio_format.to_dict(),
            "floor": self.floor,
        }

    def save(self, stem: str | Path, dtype: str = "float32") -> tuple[Path, Path]:
        """Write `stem.json` and `stem.weights.h5`, each complete or not at all.

        Raises:
            WeightsError: if there is no space, no permission or no folder.
        """
        description, weights = instrument_paths(stem)
        save_weights(self.network, weights, dtype)
        write_description(description, self.describe())
        return description, weights

    def save_beside(self, folder: Path, dtype: str = "float32") -> None:
        """Write it into a folder under its own name, unless it is there."""
        if not all(path.is_file() for path in instrument_paths(folder / self.name)):
            self.save(folder / self.name, dtype)

    @classmethod
    def load(cls, stem: str | Path) -> Vocoder:
        """Read what `save` wrote. Only numbers and names are read, never code.

        Raises:
            WeightsError: if a file is missing, damaged or of another shape.
        """
        description, weights = instrument_paths(stem)
        card = read_description(description)
        if card.get("kind") != KIND:
            raise WeightsError(f"{description} describes no vocoder.")
        try:
            vocoder = cls.build(
                card["builder"],
                card["arguments"],
                AudioFormat.from_dict(card["audio_format"]),
                floor=float(card["floor"]),
                name=Path(stem).name,
            )
            vocoder.check()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = str(error) if isinstance(error, GanlibError) else repr(error)
            raise WeightsError(f"{description} does not describe a vocoder: {said}") from None
        load_weights(vocoder.network, weights)
        return vocoder

    @classmethod
    def beside(cls, description: Path, name: str) -> Vocoder:
        """The vocoder that a description names: it lies in the same folder.

        Raises:
            WeightsError: if the name leads elsewhere, or as `load`.
        """
        if not re.fullmatch(r"[\w.-]+", str(name)):
            raise WeightsError(f"{description} names the vocoder {name!r}, which is no file name.")
        return cls.load(description.parent / name)


def _way_to_frames(audio_format: AudioFormat, scale: str, floor: float) -> dict:
    """All that decides what a frame says of a sound."""
    return {name: getattr(audio_format, name) for name in _READ} | {"scale": scale, "floor": floor}
