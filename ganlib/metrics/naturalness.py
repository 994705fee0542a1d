"""DNSMOS: what a network trained on the ratings of listeners says about a clip by itself."""

import numpy as np

from ganlib.audio.files import resample
from ganlib.metrics.clips import checked_clips, checked_rate, optional_package
from ganlib.metrics.levels import at_speech_level

_RATE = 16000  # Hz, of the networks
_SAMPLES = 144160  # 9.01 s, the one length that they take
_NAMES = {"overall": "ovrl_mos", "speech": "sig_mos", "background": "bak_mos", "p808": "p808_mos"}


def dnsmos(clips: np.ndarray, sample_rate: int) -> dict[str, np.ndarray]:
    """DNSMOS, an opinion score without a reference, through the package `speechmos`.

    Level: its overall score depends on the level of a clip, so every clip is first brought to
    -26 dBFS where it sounds, without its offset (`at_speech_level`); neither is in the score, see
    `signal_health` for both. Noise too faint to hear becomes as loud as speech: it is noise.

    It ranks, it does not measure: the networks take 9.01 s, so a clip of one second is repeated
    until it lasts that long, and even real digits come out low. Mean overall score of 10 test clips
    of FSDD at 8 kHz, 1.024 s each: recorded 2.77, Griffin-Lim of their magnitudes 2.83, with white
    noise 10 dB below them 2.16, digital silence 1.84, white noise alone 1.08. So it tells noise
    from speech and does not hear a lost phase, and whoever gets less than 1.84 would have done
    better to say nothing. Compare it with recordings of the same length and rate, with no other
    figure.

    Args:
        clips: float (clips, time) or (clips, time, 1) in [-1, 1], overshoot is clipped; longer than
            9.01 s is cut off.
        sample_rate: in Hz; resampled to 16 kHz, so 8 kHz leaves the upper half of the band empty.

    Returns:
        `overall`, `speech`, `background` (P.835) and `p808`, each (clips,), roughly in [1, 5].

    Raises:
        OptionError: if `speechmos` or `onnxruntime` is not installed, for another shape or rate, or
            values that are not finite.

    Example:
        >>> from ganlib.audio.signals import white_noise
        >>> scores = dnsmos(white_noise(1.0, 16000)[None], 16000)  # doctest: +SKIP
        >>> sorted(scores)  # doctest: +SKIP
        ['background', 'overall', 'p808', 'speech']

    Reference: Reddy et al. (2022), DNSMOS P.835, arXiv 2110.01763; p808: Reddy et al. (2021),
        DNSMOS, arXiv 2010.15258.
    """
    run = optional_package("speechmos.dnsmos", also="onnxruntime librosa").run
    rate, answers = checked_rate(sample_rate), []
    for clip in checked_clips(clips, "clips"):
        whole = np.resize(np.clip(clip, -1, 1), -(-_SAMPLES * rate // _RATE))
        sound = resample(at_speech_level(whole, rate), rate, _RATE)
        answers.append(run(np.clip(sound[:_SAMPLES], -1, 1), _RATE))
    return {name: np.array([float(a[key]) for a in answers]) for name, key in _NAMES.items()}
