"""What PESQ does not hear between a recording and an estimate of it, to be shown beside PESQ."""

import numpy as np
from scipy import signal

from ganlib.metrics.clips import checked_clip_pair, checked_rate

_LOOK_SECONDS = 60.0  # of each clip, for its delay
_MOST_DB = 120.0


def pair_differences(
    reference: np.ndarray, estimate: np.ndarray, sample_rate: int
) -> dict[str, np.ndarray]:
    """Differences of level, offset, sign and time: PESQ takes them out, or hardly hears them.

    With $x$ and $y$ the clips without their means, the delay is the $d$ at which
    $c_d = \\sum_n x_n y_{n+d} / \\lVert x \\rVert \\lVert y \\rVert$ is largest in size, the
    correlation is that $c_d$, and the polarity its sign.

    Args:
        reference: x, float (clips, time) or (clips, time, 1).
        estimate: y, same shape.
        sample_rate: in Hz.

    Returns:
        Arrays (clips,): `level_db`, positive where the estimate is louder, within 120 dB;
        `offset`, the mean of the estimate minus that of the reference, full scale 1; `polarity`, -1
        where the estimate is upside down, else 1; `delay_seconds`, positive where the estimate is
        late, found in the first minute; `correlation`, in [-1, 1]: near 0, polarity and delay say
        nothing, as after a guessed phase. The last three are NaN where a clip is constant.

    Raises:
        OptionError: if the shapes differ, or values are not finite.

    Example:
        >>> from ganlib.audio.signals import white_noise
        >>> noise = white_noise(1.0, 8000)[None]
        >>> found = pair_differences(noise, 0.2 - np.roll(noise, 80) / 10, 8000)
        >>> [round(float(found[name][0]), 2) for name in ("level_db", "offset", "polarity")]
        [-20.0, 0.2, -1.0]
        >>> round(float(found["delay_seconds"][0]), 3)
        0.01
    """
    rate = checked_rate(sample_rate)
    pairs = zip(*checked_clip_pair(reference, estimate), strict=True)
    rows = [_differences(real, fake, rate) for real, fake in pairs]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _differences(real: np.ndarray, fake: np.ndarray, rate: int) -> dict[str, float]:
    levels = [10 * np.log10(max(float(clip.var()), 1e-30)) for clip in (real, fake)]
    delay, correlation = _delay(*(clip[: int(_LOOK_SECONDS * rate)] for clip in (real, fake)))
    return {
        "level_db": float(np.clip(levels[1] - levels[0], -_MOST_DB, _MOST_DB)),
        "offset": float(fake.mean() - real.mean()),
        "polarity": float(np.sign(correlation)),
        "delay_seconds": delay / rate,
        "correlation": correlation,
    }


def _delay(real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
    """Samples by which the second is late, and the correlation there."""
    if not (np.ptp(real) and np.ptp(fake)):
        return np.nan, np.nan
    real, fake = (
        (clip - clip.mean()) / np.linalg.norm(clip - clip.mean()) for clip in (real, fake)
    )
    products = signal.correlate(fake, real, method="fft")
    best = int(np.argmax(np.abs(products)))
    return float(best - (len(real) - 1)), float(np.clip(products[best], -1, 1))
