"""A trained generator with all that is needed to hear it: format, labels, latent distribution."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import keras
import numpy as np

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.errors import GanlibError, OptionError, WeightsError, some_of
from ganlib.instruments import files
from ganlib.instruments.kinds import kind_of
from ganlib.instruments.latents import check_latents, draw_latents
from ganlib.instruments.vocoder import Vocoder
from ganlib.models.generators import build_generator

KIND = "synthesizer"


@dataclass(frozen=True)
class Synthesizer:
    """Make clips from latent vectors.

    Attributes:
        generator: from `latent` or `[latent, label]` to clips (batch, time, channels) in [-1, 1],
            or to the pictures of `codec`.
        audio_format: of those clips.
        label_names: the name of each label; empty for an unconditional model.
        latent_distribution: "normal" or "uniform" (on [-1, 1]).
        builder: name of the function that made the generator, see `ganlib.models.generators`.
        arguments: its arguments.
        codec: turns the generator's pictures into clips; None if it makes clips.
        vocoder: does it in the codec's place, by a network instead of Griffin-Lim; or None.
        noise_floor: deviation of the Gaussian noise under every clip, as it was in training.
        truncation: largest distance of a latent value from 0; None for any, as in training.

    Example:
        >>> speaker = Synthesizer.build("wavegan_generator", {"clip_samples": 8192, "dim": 2},
        ...                             AudioFormat(8000, 8192))
        >>> speaker.generate(3, seed=1)[0].shape
        (3, 8192, 1)
    """

    generator: keras.Model
    audio_format: AudioFormat
    label_names: tuple[str, ...] = ()
    latent_distribution: str = "normal"
    builder: str = ""
    arguments: dict = field(default_factory=dict)
    codec: SpectrogramCodec | None = None
    vocoder: Vocoder | None = None
    noise_floor: float = 0.0
    truncation: float | None = None

    @classmethod
    def build(cls, builder: str, arguments: dict, audio_format: AudioFormat, **kwargs):
        """Make an untrained one from the name of a builder.

        Raises:
            WeightsError: if the builder is unknown or its arguments do not fit.
        """
        generator = build_generator(builder, arguments)
        return cls(generator, audio_format, builder=builder, arguments=arguments, **kwargs)

    def generate(
        self, count: int, label: str | None = None, seed: int = 0, batch_size: int = 32
    ) -> tuple[np.ndarray, np.ndarray]:
        """Make clips. Clip i depends on `seed + i` alone, so any one can be made again by itself.

        Args:
            count: number of clips, at least 1.
            label: name of the label of all clips; None goes through all labels in turn.
            seed: of the first clip, at least 0.
            batch_size: clips computed at a time.

        Returns:
            Clips float32 (count, time, channels) in [-1, 1] and label numbers int32 (count,).

        Raises:
            OptionError: if the label is unknown or the model takes none, or a number is too small.
        """
        if seed < 0:
            raise OptionError(f"seed must be 0 or more, not {seed}.")
        labels = self.choose_labels(count, label)
        batches = [
            self.make(labels[start:][:batch_size], seed + start)
            for start in range(0, count, batch_size)
        ]
        return np.concatenate(batches), labels

    def make(self, labels: np.ndarray, seed: int) -> np.ndarray:
        """One batch of clips.

        Args:
            labels: label numbers int32 (batch,); zeros for a model without labels.
            seed: of the first clip; the following ones have the following seeds.

        Returns:
            float32 (batch, time, channels) in [-1, 1].
        """
        latents = self.draw(len(labels), seed)
        inputs = [latents, labels] if self.label_names else latents
        # Called directly: `predict` would compile anew for every checkpoint that speaks.
        clips = keras.ops.convert_to_numpy(self.generator(inputs, training=False))
        if self.codec is not None:
            clips = self.sound_of(clips)
        if self.noise_floor:
            clips = clips + self.noise_floor * self._hiss(clips.shape, seed)
        return np.clip(clips.astype("float32"), -1.0, 1.0)

    def sound_of(self, pictures: np.ndarray) -> np.ndarray:
        """The way back of a model that paints: clips of pictures, by its vocoder if it has one."""
        assert self.codec is not None
        if self.vocoder is None:
            return self.codec.decode(pictures)
        return self.vocoder(self.codec.log_magnitudes(pictures))

    def choose_labels(self, count: int, label: str | None = None) -> np.ndarray:
        """Label numbers int32 (count,): all `label`, or all labels in turn.

        Raises:
            OptionError: if the label is unknown, the model takes none, or `count` is below 1.
        """
        if count < 1:
            raise OptionError(f"count must be 1 or more, not {count}.")
        if label is None:
            return (np.arange(count) % max(len(self.label_names), 1)).astype("int32")
        if label not in self.label_names:
            known = (
                f"knows {some_of(self.label_names, label)}" if self.label_names else "takes none"
            )
            raise OptionError(f"The model has no label {label!r}: it {known}.")
        return np.full(count, self.label_names.index(label), "int32")

    def draw(self, count: int, seed: int) -> np.ndarray:
        """The latent vectors of `count` clips from `seed` on: float32 (count, latent_dim)."""
        size = self.generator.inputs[0].shape[-1]
        return draw_latents(count, size, seed, self.latent_distribution, self.truncation)

    def truncated(self, truncation: float | None) -> "Synthesizer":
        """The same with latent values no farther from 0: clearer clips, and more alike.

        Raises:
            OptionError: if the limit, see `ganlib.instruments.latents.draw_latents`, is below 0.01.
        """
        check_latents(self.latent_distribution, truncation)
        return replace(self, truncation=truncation)

    @staticmethod
    def _hiss(shape: tuple[int, ...], seed: int) -> np.ndarray:
        """Noise of deviation 1 for a batch of clips; a stream apart from the latent vectors'."""
        streams = (np.random.default_rng((seed + index, 1)) for index in range(shape[0]))
        return np.stack([stream.normal(size=shape[1:]) for stream in streams])

    def check(self) -> None:
        """Make sure that the parts belong together.

        Raises:
            WeightsError: naming the part that does not fit the generator.
        """
        sound = self.audio_format
        made = tuple(self.generator.output_shape[1:])
        wanted: tuple[int, ...] = (sound.clip_samples, sound.channels)
        if self.codec is not None:
            wanted = self.codec.picture_shape
        if made != wanted:
            raise WeightsError(
                f"the generator's output has the shape {made}, and the format says {wanted}."
            )
        classes = int(self.arguments.get("classes", 0))
        if classes != len(self.label_names):
            raise WeightsError(
                f"the generator takes {classes} labels, and {len(self.label_names)} have names."
            )
        if self.vocoder is not None and self.codec is None:
            raise WeightsError("a vocoder reads pictures, and this generator makes clips.")
        if self.vocoder is not None and self.codec is not None:
            self.vocoder.must_read(self.codec)
        check_latents(self.latent_distribution, self.truncation)
        if not 0.0 <= self.noise_floor < 1.0:
            raise WeightsError(f"noise_floor must be from 0 to 1, not {self.noise_floor}.")

    def describe(self) -> dict:
        """Everything but the weights, as plain data for a JSON file."""
        return {
            "builder": self.builder,
            "arguments": self.arguments,
            "audio_format": self.audio_format.to_dict(),
            "label_names": list(self.label_names),
            "latent_distribution": self.latent_distribution,
            **({} if self.codec is None else {"codec": self.codec.to_dict()}),
            **({} if self.vocoder is None else {"vocoder": self.vocoder.name}),
            **({"noise_floor": self.noise_floor} if self.noise_floor else {}),
            **({"truncation": self.truncation} if self.truncation else {}),
        }

    def save(self, stem: str | Path, dtype: str = "float32") -> tuple[Path, Path]:
        """Write `stem.json` and `stem.weights.h5`, each complete or not at all.

        A vocoder goes beside it, under its own name, unless it is there.

        Args:
            stem: path without the endings.
            dtype: "float32", or "float16" for half the size.

        Returns:
            The paths of the description and of the weights.

        Raises:
            WeightsError: if there is no space, no permission or no folder.
        """
        description, weights = files.instrument_paths(stem)
        if self.vocoder is not None:
            self.vocoder.save_beside(description.parent, dtype)
        files.save_weights(self.generator, weights, dtype)
        files.write_description(description, self.describe())
        return description, weights

    @classmethod
    def load(cls, stem: str | Path) -> "Synthesizer":
        """Read what `save` wrote. Only numbers and names are read, never code.

        Raises:
            WeightsError: if a file is missing, damaged or of another shape.
        """
        description, weights = files.instrument_paths(stem)
        card = files.read_description(description)
        if (kind := kind_of(card)) != KIND:
            raise WeightsError(f"{description} describes no {KIND}, but a {kind}.")
        try:
            synthesizer = cls.build(
                card["builder"],
                card["arguments"],
                AudioFormat.from_dict(card["audio_format"]),
                label_names=tuple(card["label_names"]),
                latent_distribution=card["latent_distribution"],
                codec=SpectrogramCodec.from_dict(card["codec"]) if "codec" in card else None,
                vocoder=Vocoder.beside(description, card["vocoder"]) if "vocoder" in card else None,
                noise_floor=float(card.get("noise_floor", 0.0)),
                truncation=None if card.get("truncation") is None else float(card["truncation"]),
            )
            synthesizer.check()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            said = str(error) if isinstance(error, GanlibError) else repr(error)
            raise WeightsError(f"{description} does not describe a model: {said}") from None
        files.load_weights(synthesizer.generator, weights)
        return synthesizer
