"""PESQ and STOI: models of what listeners would say about an estimate beside its reference."""

import warnings

import numpy as np

from ganlib.audio.files import resample
from ganlib.metrics.clips import checked_clip_pair, optional_package


def pesq_score(reference: np.ndarray, estimate: np.ndarray, sample_rate: int) -> np.ndarray:
    """PESQ, a model of what listeners say about a telephone line, through the package `pesq`.

    Args:
        reference: float (clips, time) or (clips, time, 1), at least 250 ms.
        estimate: same shape; a delay is found and taken out.
        sample_rate: 8000 is judged as narrow band (P.862.1), 16000 as wide band (P.862.2), and any
            other rate is resampled to 16000. The two scales do not compare.

    Returns:
        (clips,), MOS-LQO: narrow band 1.02 to 4.55, wide band 1.04 to 4.64; NaN where PESQ finds no
        speech in one of the two. It was fitted to sentences of 8 s, not to words.

    Raises:
        OptionError: if `pesq` is not installed, the shapes differ, clips are too short, or values
            are not finite.

    Example:
        >>> from ganlib.audio.signals import vowel
        >>> voice = vowel(120.0, "head", 1.0, 8000)[None]
        >>> pesq_score(voice, voice, 8000).round(2).tolist()  # doctest: +SKIP
        [4.55]

    Reference: ITU-T P.862 (2001), P.862.1 (2003), P.862.2 (2007).
    """
    pesq = optional_package("pesq")
    rate = 8000 if sample_rate == 8000 else 16000
    reference, estimate = checked_clip_pair(reference, estimate, at_least=-(-sample_rate // 4))
    mode, as_number = ("nb" if rate == 8000 else "wb"), pesq.PesqError.RETURN_VALUES
    scores = []
    for pair in zip(reference, estimate, strict=True):
        real, fake = (resample(clip, sample_rate, rate) for clip in pair)
        heard = real.any() and fake.any()
        score = pesq.pesq(rate, real, fake, mode, on_error=as_number) if heard else -1
        scores.append(score if score > 0 else np.nan)
    return np.array(scores)


def stoi_score(reference: np.ndarray, estimate: np.ndarray, sample_rate: int) -> np.ndarray:
    """STOI, short-time objective intelligibility, through the package `pystoi`.

    Args:
        reference: float (clips, time) or (clips, time, 1), at least 400 ms.
        estimate: same shape, aligned with it.
        sample_rate: in Hz; resampled to 10 kHz inside.

    Returns:
        (clips,), 1 for equal clips; white noise in place of a spoken phrase gets 0.3, not 0. NaN
        where less than 397 ms of the reference lie within 40 dB of its loudest frame, as in a
        short word: 53 % of the test clips of FSDD.

    Raises:
        OptionError: if `pystoi` is not installed, the shapes differ, clips are too short, or values
            are not finite.

    Example:
        >>> from ganlib.audio.signals import vowel
        >>> voice = vowel(120.0, "head", 1.0, 8000)[None]
        >>> stoi_score(voice, voice, 8000).round(3).tolist()  # doctest: +SKIP
        [1.0]

    Reference: Taal et al. (2011), An algorithm for intelligibility prediction of time-frequency
        weighted noisy speech, IEEE Trans. Audio, Speech, and Language Processing 19(7).
    """
    stoi = optional_package("pystoi").stoi
    reference, estimate = checked_clip_pair(reference, estimate, at_least=-(-2 * sample_rate // 5))
    scores = []
    for real, fake in zip(reference, estimate, strict=True):
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("error", "Not enough STFT frames", RuntimeWarning)
                scores.append(stoi(real, fake, sample_rate) if real.any() else np.nan)
        except RuntimeWarning:
            scores.append(np.nan)
    return np.array(scores)
