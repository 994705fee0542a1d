"""Is the sound itself in order? Signal health, and DNSMOS where it is installed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganlib.audio.files import resample
from ganlib.errors import OptionError
from ganlib.evaluation.measuring.intervals import Table
from ganlib.evaluation.measuring.reference import DNSMOS_CLIPS
from ganlib.evaluation.measuring.sources import in_turn
from ganlib.evaluation.measuring.subject import Subject
from ganlib.metrics.health import bandwidth, signal_health
from ganlib.metrics.levels import SPEECH_DBFS
from ganlib.metrics.naturalness import dnsmos

_HEALTH = (
    *("peak", "level_db", "clipped_share", "silent_share", "dc", "bandwidth_hz"),
    "tone_excess_db",
)


def soundness(subject: Subject, table: Table) -> dict[str, Any]:
    """Add signal health, at the clips' own sample rate; only the bandwidth is that of the common
    rate. The details are all ten numbers, of the clips and of the test recordings.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.evaluation.measuring.subject import unheard
        >>> reference, table = shipped("fsdd"), Table(seed=0)
        >>> subject = unheard(reference.test, reference, shipped_ear())
        >>> soundness(subject, table), table.missing["peak"][:32]  # its sound is not here
        ({}, 'clips must be floating point of ')
    """
    sample, real = subject.sample, subject.reference.test.clips
    rate = subject.ear.sample_rate
    try:
        found = signal_health(sample.clips, sample.sample_rate)
    except OptionError as error:
        table.leave_out(str(error), *_HEALTH)
        return {}
    if sample.sample_rate > rate:
        found["bandwidth_hz"] = bandwidth(_resampled(sample.clips, sample.sample_rate, rate), rate)
    of_real = {} if real is None else signal_health(real.samples, real.audio_format.sample_rate)
    for name in _HEALTH:
        table.plain(name, found[name], len(subject), of_real.get(name))
    return {"signal": {"clips": found, "real": of_real or None}}


def opinion(subject: Subject, table: Table) -> dict[str, Any]:
    """Add DNSMOS of a few clips, drawn with the labels taking turns; the details say at what level.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> from ganlib.evaluation.measuring.subject import unheard
        >>> reference, table = shipped("fsdd"), Table(seed=0)
        >>> subject = unheard(reference.test, reference, shipped_ear())
        >>> opinion(subject, table)  # neither installed nor with sound: a sentence
        {}
        >>> sorted(table.missing)
        ['dnsmos']
    """
    sample = subject.sample
    some = in_turn(sample.labels, len(sample), DNSMOS_CLIPS, subject.seed)
    try:
        scores = dnsmos(sample.clips[some], sample.sample_rate)["overall"]
    except OptionError as error:
        table.leave_out(str(error), "dnsmos")
        return {}
    of_test = subject.reference.test.naturalness
    real = None if of_test is None else (of_test,)
    table.measure("dnsmos", np.mean, scores, n=len(scores), real=real)
    return {"dnsmos": {"level_dbfs": SPEECH_DBFS}}


def _resampled(clips: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    return np.stack([resample(clip[:, 0], rate, wanted) for clip in clips])
