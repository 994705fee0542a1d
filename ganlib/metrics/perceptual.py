"""PESQ and STOI: models of what listeners would say about an estimate beside its reference."""

import sys
import warnings
from pathlib import Path

import numpy as np

from ganlib.audio.files import resample
from ganlib.errors import OptionError
from ganlib.metrics.clips import checked_clip_pair, checked_rate, optional_package
from ganlib.metrics.worker import Worker, WorkerLost

LONGEST_SECONDS = 20.0
"""Longer clips are judged in pieces: ITU-T P.862 is meant for 8 to 30 s, and the package `pesq` is
not made for more, nor does it look."""
BEST_PESQ = {"nb": 4.549, "wb": 4.644}  # what the mappings of P.862.1 and P.862.2 end with
_PESQ = Worker(Path(__file__).with_name("pesq_worker.py"))


def pesq_score(reference: np.ndarray, estimate: np.ndarray, sample_rate: int) -> np.ndarray:
    """PESQ, a model of what listeners say about a telephone line, through the package `pesq`.

    P.862 is meant for recordings of 8 to 30 s. Of a clip longer than 20 s, pieces of equal length
    between 10 and 20 s are judged, and the score is their mean; pieces in which the reference says
    nothing are left out. The package runs in a second process, which is kept for the next call: if
    it ends, this function raises an error, and the next call starts another one.

    Args:
        reference: float (clips, time) or (clips, time, 1), at least 250 ms.
        estimate: same shape; a delay is found and taken out.
        sample_rate: 8000 is judged as narrow band (P.862.1), 16000 as wide band (P.862.2), and any
            other rate is resampled to 16000. The two scales do not compare.

    Returns:
        (clips,), MOS-LQO: narrow band 1.02 to 4.55, wide band 1.04 to 4.64; NaN where PESQ finds no
        speech in one of the two. It was fitted to sentences of 8 s, not to words.

    Raises:
        OptionError: if `pesq` is not installed or fails, the shapes differ, clips are too short, or
            values are not finite.

    Limits: it does not hear level, sign or delay, and hardly an offset: a clip beside its own
        negative, or beside itself 40 dB lower, gets the best score. So show `pair_differences`
        beside it.

    Example:
        >>> from ganlib.audio.signals import vowel
        >>> voice = vowel(120.0, "head", 1.0, 8000)[None]
        >>> pesq_score(voice, voice, 8000).round(2).tolist()  # doctest: +SKIP
        [4.55]

    Reference: ITU-T P.862 (2001), P.862.1 (2003), P.862.2 (2007).
    """
    optional_package("pesq")
    sample_rate = checked_rate(sample_rate)
    rate = 8000 if sample_rate == 8000 else 16000
    reference, estimate = checked_clip_pair(reference, estimate, at_least=-(-sample_rate // 4))
    scores = []
    for number, pair in enumerate(zip(reference, estimate, strict=True)):
        try:
            real, fake = (resample(_silenced(clip), sample_rate, rate) for clip in pair)
            scores.append(_pesq_of_pieces(real, fake, rate))
        except WorkerLost as error:
            raise OptionError(
                f"PESQ's own process {error} at clip {number}. Nothing else was touched, and the "
                "next call starts another; leave that clip out, or judge parts of it."
            ) from None
    return np.array(scores)


def stoi_score(reference: np.ndarray, estimate: np.ndarray, sample_rate: int) -> np.ndarray:
    """STOI, short-time objective intelligibility, through the package `pystoi`.

    Args:
        reference: float (clips, time) or (clips, time, 1), at least 400 ms; of a clip longer than
            20 s, pieces of equal length are judged, and the score is their mean, without those in
            which the reference says nothing: the package needs 140 MB for each minute.
        estimate: same shape, aligned with it.
        sample_rate: in Hz; resampled to 10 kHz inside.

    Returns:
        (clips,), 1 for equal clips; white noise in place of a spoken phrase gets 0.3, not 0, and
        silence 0. NaN where less than 397 ms of the reference lie within 40 dB of its loudest
        frame, as in a short word: 53 % of the test clips of FSDD.

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
    optional_package("pystoi")
    sample_rate = checked_rate(sample_rate)
    reference, estimate = checked_clip_pair(reference, estimate, at_least=-(-2 * sample_rate // 5))
    scores = []
    for real, fake in zip(reference, estimate, strict=True):
        pairs = _pieces(_silenced(real), _silenced(fake), sample_rate)
        scores.append(_mean([_stoi(*pair, sample_rate) for pair in pairs]))
    return np.array(scores)


def _silenced(clip: np.ndarray) -> np.ndarray:
    """The clip, or silence for a constant one: to both packages the ends of an offset are sound."""
    return clip if np.ptp(clip) > 0 else np.zeros_like(clip)


def _pieces(real: np.ndarray, fake: np.ndarray, rate: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of equal length, none longer than the longest that is judged as a whole."""
    count = -(-len(real) // int(LONGEST_SECONDS * rate))
    parts = (np.array_split(clip, max(count, 1)) for clip in (real, fake))
    return list(zip(*parts, strict=True))


def _mean(scores: list[float]) -> float:
    """Of the pieces that have a score."""
    found = [score for score in scores if not np.isnan(score)]
    return float(np.mean(found)) if found else np.nan


def _pesq_of_pieces(real: np.ndarray, fake: np.ndarray, rate: int) -> float:
    pairs = _pieces(real, fake, rate)
    scores = [_pesq(*pair, rate) for pair in pairs]
    for score, (said, _) in zip(scores, pairs, strict=True):
        if np.isnan(score) and not np.isnan(_pesq(said, said, rate)):
            return np.nan  # something was said there, and the estimate has nothing like it
    return _mean(scores)


def _pesq(real: np.ndarray, fake: np.ndarray, rate: int) -> float:
    if not (real.any() and fake.any()):
        return np.nan
    mode = "nb" if rate == 8000 else "wb"
    places = [str(place) for place in sys.path]  # where this process found the package
    question = {"rate": rate, "mode": mode, "samples": len(real), "path": places}
    answer = _PESQ.ask(question, np.stack([real, fake]).astype("float32").tobytes())
    if "failed" in answer:
        raise WorkerLost(f"failed ({answer['failed']})")
    score = answer["score"]
    if score is None or score <= 0:  # an error of its own: no utterance found
        return np.nan
    if score > BEST_PESQ[mode] + 0.001:
        _PESQ.stop()
        raise WorkerLost(f"answered {score:.3f}, which is more than the scale has,")
    return score


def _stoi(real: np.ndarray, fake: np.ndarray, rate: int) -> float:
    if not real.any():
        return np.nan
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Not enough STFT frames", RuntimeWarning)
            return float(optional_package("pystoi").stoi(real, fake, rate))
    except RuntimeWarning:
        return np.nan
