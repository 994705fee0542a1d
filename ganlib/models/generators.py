"""The generators that a description may name; nothing else in a file is ever executed."""

from collections.abc import Callable

import keras

from ganlib.errors import WeightsError, reason
from ganlib.models.dcgan import dcgan_generator
from ganlib.models.dense_gan import dense_generator
from ganlib.models.harmonic_vocoder import harmonic_vocoder
from ganlib.models.hifigan import hifigan_generator
from ganlib.models.istft_vocoder import istft_vocoder
from ganlib.models.melgan import melgan_generator
from ganlib.models.reader_network import reader_network
from ganlib.models.specgan import specgan_generator
from ganlib.models.wavegan import wavegan_generator

_FUNCTIONS: tuple[Callable[..., keras.Model], ...] = (
    dense_generator,
    dcgan_generator,
    wavegan_generator,
    specgan_generator,
    istft_vocoder,
    harmonic_vocoder,
    reader_network,
    melgan_generator,
    hifigan_generator,
)
GENERATORS = {function.__name__: function for function in _FUNCTIONS}


def build_generator(name: str, arguments: dict) -> keras.Model:
    """Make an untrained generator from the name of its function.

    Args:
        name: a key of `GENERATORS`.
        arguments: of that function.

    Raises:
        WeightsError: if the name is unknown or the arguments do not fit.

    Example:
        >>> build_generator("wavegan_generator", {"clip_samples": 8192, "dim": 2}).output_shape
        (None, 8192, 1)
    """
    if name not in GENERATORS:
        raise WeightsError(
            f"Unknown generator {name!r}: this version knows {', '.join(GENERATORS)}."
        )
    try:
        return GENERATORS[name](**arguments)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise WeightsError(f"The arguments of {name} do not fit: {reason(error)}") from None
