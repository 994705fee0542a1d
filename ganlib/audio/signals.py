"""Signals with known answers: what a measurement of them must say can be computed by hand."""

from __future__ import annotations

import numpy as np

from ganlib.errors import OptionError

# First three formants in Hz, means of the men in Peterson & Barney (1952), "Control methods used in
# a study of the vowels", table II. The key is a word that holds the vowel.
VOWELS = {
    "heed": (270.0, 2290.0, 3010.0),
    "hid": (390.0, 1990.0, 2550.0),
    "head": (530.0, 1840.0, 2480.0),
    "had": (660.0, 1720.0, 2410.0),
    "hod": (730.0, 1090.0, 2440.0),
    "hawed": (570.0, 840.0, 2410.0),
    "hood": (440.0, 1020.0, 2240.0),
    "who'd": (300.0, 870.0, 2240.0),
    "hud": (640.0, 1190.0, 2390.0),
    "heard": (490.0, 1350.0, 1690.0),
}
# The tract goes on resonating about every 1000 Hz, as a tube of 17.5 cm open at one end does.
HIGHER_FORMANTS = (3500.0, 4500.0, 5500.0, 6500.0, 7500.0)


def tone(
    frequency_hz: float,
    duration_seconds: float,
    sample_rate: int,
    amplitude: float = 0.5,
    phase: float = 0.0,
) -> np.ndarray:
    """Return a sine, $x_n = A \\sin(2\\pi f n / f_s + \\varphi)$; its RMS is $A/\\sqrt 2$.

    Args:
        frequency_hz: from 0 to half the sample rate.
        duration_seconds: positive.
        sample_rate: in Hz.
        amplitude: peak $A$.
        phase: $\\varphi$ in radians.

    Returns:
        float32, shape `(time,)`, in [-A, A].

    Raises:
        OptionError: if the frequency lies outside its range or the duration holds no sample.

    Example:
        >>> tone(1000.0, 0.001, 4000).round(3).tolist()
        [0.0, 0.5, 0.0, -0.5]
    """
    _check_frequency("frequency_hz", frequency_hz, sample_rate)
    angle = 2 * np.pi * frequency_hz * _times(duration_seconds, sample_rate) + phase
    return (amplitude * np.sin(angle)).astype(np.float32)


def chirp(
    start_hz: float,
    end_hz: float,
    duration_seconds: float,
    sample_rate: int,
    amplitude: float = 0.5,
) -> np.ndarray:
    """Return a sine whose frequency glides in a straight line.

    $x(t) = A \\sin 2\\pi (f_0 t + (f_1 - f_0) t^2 / 2T)$, so that the frequency at time t is
    $f_0 + (f_1 - f_0) t / T$.

    Args:
        start_hz: $f_0$, from 0 to half the sample rate.
        end_hz: $f_1$, same range.
        duration_seconds: $T$, positive.
        sample_rate: in Hz.
        amplitude: peak $A$.

    Returns:
        float32, shape `(time,)`, in [-A, A].

    Raises:
        OptionError: if a frequency lies outside its range or the duration holds no sample.

    Example:
        >>> chirp(100.0, 1000.0, 0.5, 8000).shape
        (4000,)
    """
    _check_frequency("start_hz", start_hz, sample_rate)
    _check_frequency("end_hz", end_hz, sample_rate)
    times = _times(duration_seconds, sample_rate)
    cycles = start_hz * times + (end_hz - start_hz) * times**2 / (2 * duration_seconds)
    return (amplitude * np.sin(2 * np.pi * cycles)).astype(np.float32)


def vowel(
    f0_hz: float,
    formants: str | tuple[float, ...],
    duration_seconds: float = 0.5,
    sample_rate: int = 16000,
    amplitude: float = 0.5,
) -> np.ndarray:
    """Return a steady vowel: the harmonics of a voice, weighted by the resonances of a vocal tract.

    $x(t) = \\sum_k \\frac{1}{k} |H(k f_0)| \\sin(2\\pi k f_0 t + \\arg H(k f_0))$ for all
    $k f_0 < f_s / 2$, scaled to the peak A. $1/k$ is the voice (glottal pulses fall by 12 dB an
    octave, radiation from the lips gives back 6); $H$ is the product of one resonator a formant.

    Args:
        f0_hz: pitch, positive, below half the sample rate.
        formants: resonances in Hz, or a key of `VOWELS`, to which `HIGHER_FORMANTS` are added.
            Those at or above half the sample rate are left out.
        duration_seconds: positive.
        sample_rate: in Hz.
        amplitude: peak $A$.

    Returns:
        float32, shape `(time,)`, in [-A, A].

    Raises:
        OptionError: if the pitch lies outside its range or the vowel is unknown.

    Example:
        >>> samples = vowel(125.0, "hod", 0.1, 16000)
        >>> samples.shape, round(float(abs(samples).max()), 3)
        ((1600,), 0.5)

    Reference: G. Fant (1960), Acoustic Theory of Speech Production; D. Klatt (1980), Software for a
        cascade/parallel formant synthesizer, J. Acoust. Soc. Am. 67(3).
    """
    if not 0 < f0_hz < sample_rate / 2:
        raise OptionError(
            f"f0_hz must lie above 0 and below {sample_rate / 2:g} Hz (half the sample rate), "
            f"got {f0_hz!r}"
        )
    if isinstance(formants, str):
        if formants not in VOWELS:
            raise OptionError(f"unknown vowel {formants!r}; expected one of: {', '.join(VOWELS)}")
        formants = VOWELS[formants] + HIGHER_FORMANTS
    orders = np.arange(1, int(np.ceil(sample_rate / 2 / f0_hz)))  # harmonics below the limit
    response = vocal_tract_response(orders * f0_hz, formants, sample_rate) / orders
    cycles = np.outer(_times(duration_seconds, sample_rate), orders * f0_hz)
    samples = np.sin(2 * np.pi * cycles + np.angle(response)) @ np.abs(response)
    return (amplitude * samples / np.abs(samples).max()).astype(np.float32)


def vocal_tract_response(
    frequencies_hz: np.ndarray, formants: tuple[float, ...], sample_rate: int
) -> np.ndarray:
    """Return the transfer function of a cascade of resonators, one a formant.

    $H(f) = \\prod_i \\frac{1 - 2 r_i \\cos\\theta_i + r_i^2}{1 - 2 r_i \\cos\\theta_i\\,z^{-1} +
    r_i^2 z^{-2}}$ with $z = e^{2\\pi j f/f_s}$, $\\theta_i = 2\\pi F_i/f_s$,
    $r_i = e^{-\\pi B_i/f_s}$ and bandwidths $B_i$ = 60, 90, 150, 200, 250 ... Hz; $H(0) = 1$.

    Args:
        frequencies_hz: where to evaluate it, shape `(n,)`.
        formants: $F_i$ in Hz; those at or above half the sample rate are left out.
        sample_rate: in Hz.

    Returns:
        Complex, shape `(n,)`.

    Example:
        >>> abs(vocal_tract_response(np.array([0.0]), (500.0, 1500.0), 16000)).round(6).tolist()
        [1.0]
    """
    delay = np.exp(-2j * np.pi * np.asarray(frequencies_hz) / sample_rate)
    response = np.ones_like(delay)
    for number, formant_hz in enumerate(formants):
        if formant_hz >= sample_rate / 2:
            continue
        bandwidth_hz = (60.0, 90.0)[number] if number < 2 else 50.0 * (number + 1)
        radius = np.exp(-np.pi * bandwidth_hz / sample_rate)
        slope = 2 * radius * np.cos(2 * np.pi * formant_hz / sample_rate)
        response *= (1 - slope + radius**2) / (1 - slope * delay + radius**2 * delay**2)
    return response


def click_train(
    rate_hz: float, duration_seconds: float, sample_rate: int, amplitude: float = 0.5
) -> np.ndarray:
    """Return single samples of height A at the times $k / r$, each rounded to its nearest sample.

    Args:
        rate_hz: clicks a second $r$, positive, at most the sample rate.
        duration_seconds: positive.
        sample_rate: in Hz.
        amplitude: height $A$.

    Returns:
        float32, shape `(time,)`, of 0 and A.

    Raises:
        OptionError: if the rate lies outside its range or the duration holds no sample.

    Example:
        >>> click_train(2.0, 1.0, 8).tolist()
        [0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0]
    """
    if not 0 < rate_hz <= sample_rate:
        raise OptionError(f"rate_hz must lie in (0, {sample_rate}], got {rate_hz!r}")
    samples = np.zeros(len(_times(duration_seconds, sample_rate)), np.float32)
    count = int(np.ceil(duration_seconds * rate_hz))
    positions = np.round(np.arange(count) * sample_rate / rate_hz).astype(int)
    samples[positions[positions < len(samples)]] = amplitude
    return samples


def white_noise(
    duration_seconds: float, sample_rate: int, rms: float = 0.1, seed: int = 0
) -> np.ndarray:
    """Return Gaussian noise with a flat spectrum; its RMS is exact, not only in the mean.

    Args:
        duration_seconds: positive.
        sample_rate: in Hz.
        rms: root of the mean square.
        seed: the same seed gives the same noise.

    Returns:
        float32, shape `(time,)`; unbounded, about 0.3 % of the samples exceed three times the RMS.

    Raises:
        OptionError: if the duration holds no sample.

    Example:
        >>> samples = white_noise(1.0, 8000, rms=0.2)
        >>> round(float(np.sqrt(np.mean(samples**2))), 5)
        0.2
    """
    noise = np.random.default_rng(seed).standard_normal(len(_times(duration_seconds, sample_rate)))
    return (rms * noise / np.sqrt(np.mean(noise**2))).astype(np.float32)


def _times(duration_seconds: float, sample_rate: int) -> np.ndarray:
    count = round(duration_seconds * sample_rate)
    if count < 1:
        raise OptionError(
            f"{duration_seconds!r} s at {sample_rate!r} Hz hold no sample; expected at least one"
        )
    return np.arange(count) / sample_rate


def _check_frequency(name: str, frequency_hz: float, sample_rate: int) -> None:
    if not 0 <= frequency_hz <= sample_rate / 2:
        raise OptionError(
            f"{name} must lie between 0 and {sample_rate / 2:g} Hz (half the sample rate), "
            f"got {frequency_hz!r}"
        )
