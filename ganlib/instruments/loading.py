"""Any instrument from disk: its description says which kind it is."""

from pathlib import Path
from typing import Protocol, Self

from ganlib.audio.format import AudioFormat
from ganlib.errors import WeightsError
from ganlib.instruments import synthesizer, vocoder
from ganlib.instruments.files import instrument_paths, read_description
from ganlib.instruments.kinds import kind_of


class Instrument(Protocol):
    """What all instruments can do; each makes sound in a way of its own.

    Example:
        >>> sound = AudioFormat(8000, 8192, n_fft=256, hop_length=128, n_mels=32)
        >>> arguments = {"n_mels": 32, "width": 8, "blocks": 1}
        >>> made: Instrument = vocoder.Vocoder.build("istft_vocoder", arguments, sound)
        >>> made.describe()["kind"]
        'vocoder'
    """

    @property
    def audio_format(self) -> AudioFormat:
        """Of the sound that it makes."""

    def check(self) -> None:
        """Raise a WeightsError if its parts do not belong together."""

    def describe(self) -> dict:
        """Everything but the weights, as plain data for a JSON file."""

    @classmethod
    def load(cls, stem: str | Path) -> Self:
        """Read what `save` wrote."""

    def save(self, stem: str | Path, dtype: str = "float32") -> tuple[Path, Path]:
        """Write `stem.json` and `stem.weights.h5`."""


# Kind -> class. A new instrument is one line here.
INSTRUMENTS: dict[str, type[Instrument]] = {
    synthesizer.KIND: synthesizer.Synthesizer,
    vocoder.KIND: vocoder.Vocoder,
}


def load(stem: str | Path) -> Instrument:
    """The instrument whose files are `stem.json` and `stem.weights.h5`.

    Args:
        stem: path without the endings.

    Raises:
        WeightsError: if a file is missing or damaged, or of a kind that is not known.

    Example:
        >>> import tempfile
        >>> arguments = {"clip_samples": 8192, "dim": 1}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = synthesizer.Synthesizer.build(
        ...         "wavegan_generator", arguments, AudioFormat(8000, 8192)
        ...     )
        ...     _ = made.save(f"{folder}/small")
        ...     type(load(f"{folder}/small")).__name__
        'Synthesizer'
    """
    description, _ = instrument_paths(stem)
    kind = kind_of(read_description(description))
    if kind not in INSTRUMENTS:
        raise WeightsError(
            f"{description} describes an instrument of the kind {kind!r}, and this version of "
            f"ganlib knows {', '.join(INSTRUMENTS)}: take the version that wrote it."
        )
    return INSTRUMENTS[kind].load(stem)
