"""A recipe: how to make one model ready for training, as data plus one function."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields

import keras

from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.format import AudioFormat
from ganlib.errors import OptionError

MAY_BE_AUTO = frozenset(["conditional"])  # true, false, or decided by the data when a run starts


@dataclass(frozen=True)
class Recipe:
    """How to make a model ready for training.

    Attributes:
        name: what `ganlib train` calls it.
        title: one line for the list.
        build: function of (options, label names) that returns a compiled `keras.Model`.
        generator: function of (options, label names) that returns the name of the generator's
            builder and its arguments; None if the model makes no sound.
        defaults: every option with its value in the full-size form.
        presets: name -> options that differ from the defaults.
        instrument: what the generator becomes when it is trained: "synthesizer" or "vocoder".
        paints: whether the model paints spectrograms, which a codec turns into clips.
        notes: option -> a line for those who list the options.
    """

    name: str
    title: str
    build: Callable[[dict, tuple], keras.Model]
    defaults: dict
    presets: dict[str, dict]
    generator: Callable[[dict, tuple], tuple[str, dict]] | None = None
    instrument: str = "synthesizer"
    paints: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    def options(self, preset: str = "quick", changes: dict | None = None) -> dict:
        """All options of a preset, with `changes` on top.

        Args:
            preset: one of the recipe's presets.
            changes: option -> value; a string is read as the type of the default.

        Returns:
            Every option of the recipe with its value.

        Raises:
            OptionError: for an unknown preset, an unknown option or a value that does not fit.

        Example:
            >>> from ganlib.training.recipes import get_recipe
            >>> get_recipe("wavegan").options("gpu", {"dim": "32"})["dim"]
            32
        """
        if preset not in self.presets:
            raise OptionError(
                f"{self.name} has no preset {preset!r}: choose one of {', '.join(self.presets)}."
            )
        options = {**self.defaults, **self.presets[preset]}
        for key, value in (changes or {}).items():
            if key not in options:
                raise OptionError(
                    f"{self.name} has no option {key!r}: "
                    f"choose one of {', '.join(sorted(options))}."
                )
            options[key] = _read(key, value, self.defaults[key])
        return options

    def needs_codec(self, options: dict) -> bool:
        """Whether the discriminator sees pictures of the clips."""
        return self.paints or options.get("judge") in ("picture", "both")

    def unmeasured_codec(self, options: dict) -> dict:
        """A codec of the right size for those who build a model without data.

        Example:
            >>> from ganlib.training.recipes import get_recipe
            >>> recipe = get_recipe("digits")
            >>> len(recipe.unmeasured_codec(recipe.options("cpu"))["mean"])
            64
        """
        rows = options["n_mels"] if options["scale"] == "mel" else options["n_fft"] // 2
        flat = (0.0,) * rows, (1.0,) * rows
        sizes = {"floor": options["floor"], "clip_deviations": options["clip_deviations"]}
        return SpectrogramCodec(
            self.audio_format(options), options["scale"], *flat, **sizes
        ).to_dict()

    def audio_format(self, options: dict) -> AudioFormat:
        """The format of the clips that the model needs."""
        known = [field.name for field in fields(AudioFormat)]
        return AudioFormat.from_dict({name: options[name] for name in known if name in options})


def _read(key: str, value, default):
    """A value for an option, read as the type of its default."""
    if key in MAY_BE_AUTO:
        default = False
        if isinstance(value, str) and value.lower() == "auto":
            return "auto"
    if not isinstance(value, str) or isinstance(default, str):
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is type(default):
            return value
    elif isinstance(default, bool):
        if value.lower() in ("true", "yes", "1", "false", "no", "0"):
            return value.lower() in ("true", "yes", "1")
    else:
        try:
            return type(default)(value)
        except ValueError:
            pass
    kind = {"bool": "true or false", "int": "a whole number", "float": "a number", "str": "text"}
    if key in MAY_BE_AUTO:
        kind["bool"] = "true, false or auto"
    raise OptionError(f"Option {key} takes {kind[type(default).__name__]}, not {value!r}.")
