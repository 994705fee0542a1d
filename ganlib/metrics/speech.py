"""Speech judged by a listener that no one here trained: a recogniser with a ten-word grammar."""

import numpy as np

from ganlib.audio.files import resample
from ganlib.errors import OptionError
from ganlib.metrics.clips import checked_clips, checked_rate

DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_RATE = 16000  # Hz, of the recogniser's acoustic model
_SILENCE = 0.1  # seconds before and after each clip
_LONGEST = 30  # seconds of a clip: one word is in it, and a longer search only takes longer


class DigitRecognizer:
    """Name the spoken digit in a clip with PocketSphinx and its American English model.

    The grammar allows exactly one of the ten words, so even noise gets a name: chance is 10 %.

    Raises:
        OptionError: if the package `pocketsphinx` is not installed.

    Example:
        >>> recognizer = DigitRecognizer()
        >>> len(recognizer.recognize(np.zeros((2, 8000), "float32"), sample_rate=8000))
        2

    Reference: Huggins-Daines et al. (2006), PocketSphinx: a free, real-time continuous speech
        recognition system for hand-held devices, ICASSP.
    """

    def __init__(self):
        try:
            from pocketsphinx import Decoder, get_model_path
        except ImportError:
            raise OptionError(
                "Recognising digits needs the package pocketsphinx: pip install pocketsphinx."
            ) from None
        self._decoder = Decoder(
            hmm=get_model_path("en-us/en-us"),
            dict=get_model_path("en-us/cmudict-en-us.dict"),
            lm=None,
            loglevel="FATAL",
        )
        grammar = f"#JSGF V1.0; grammar digits; public <digit> = {' | '.join(DIGIT_WORDS)};"
        self._decoder.add_jsgf_string("digits", grammar)
        self._decoder.activate_search("digits")

    def recognize(self, clips: np.ndarray, sample_rate: int) -> np.ndarray:
        """The digit heard in each clip.

        Args:
            clips: float (clips, time) or (clips, time, 1) in [-1, 1], at most 30 s.
            sample_rate: in Hz.

        Returns:
            int32 (clips,): 0 ... 9, or -1 where nothing was heard.

        Raises:
            OptionError: for another shape, clips that are too long, or values that are not finite.
        """
        clips, sample_rate = checked_clips(clips, "clips"), checked_rate(sample_rate)
        if clips.shape[1] > _LONGEST * sample_rate:
            raise OptionError(
                f"A clip holds one digit, in {_LONGEST} s at most, not "
                f"{clips.shape[1] / sample_rate:,.0f} s; cut the recording into words."
            )
        return np.array([self._digit(clip, sample_rate) for clip in clips], "int32")

    def _digit(self, clip: np.ndarray, sample_rate: int) -> int:
        sound = resample(clip, sample_rate, _RATE)
        sound = 0.5 * sound / max(float(np.abs(sound).max()), 1e-4)
        sound = np.pad(sound, int(_SILENCE * _RATE))
        self._decoder.reinit_feat()  # its noise estimate would remember the clip before
        self._decoder.start_utt()
        self._decoder.process_raw((sound * 32767).astype("<i2").tobytes(), full_utt=True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return DIGIT_WORDS.index(heard.hypstr) if heard and heard.hypstr in DIGIT_WORDS else -1


def digit_accuracy(recognized: np.ndarray, labels: np.ndarray) -> float:
    """Share of clips whose recognised digit is the intended one.

    Args:
        recognized: integers (clips,), -1 for none.
        labels: integers (clips,).

    Returns:
        A number in [0, 1].

    Example:
        >>> digit_accuracy(np.array([3, -1]), np.array([3, 4]))
        0.5
    """
    return float(np.mean(np.asarray(recognized) == np.asarray(labels)))
