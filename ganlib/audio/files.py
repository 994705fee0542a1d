"""Sound files in and out: float32 in [-1, 1] inside, WAV, FLAC, OGG and MP3 outside."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
from pathlib import Path

import numpy as np

from ganlib.errors import AudioFileError, OptionError

LOUDEST_PEAK = 4.0  # a decoded MP3 overshoots 1 a little; beyond 12 dB it is another scale
WRITABLE = {".wav": "WAV", ".flac": "FLAC"}


def read_audio(
    path: str | os.PathLike, sample_rate: int | None = None, channels: int | None = 1
) -> tuple[np.ndarray, int]:
    """Read a sound file of any rate, depth and channel count.

    Args:
        path: a WAV, FLAC, OGG or MP3 file; the content decides, not the suffix.
        sample_rate: rate of the answer in Hz; None keeps the file's own.
        channels: 1 mixes down to the mean; any other number takes a file with that many, or
            repeats a mono one; None keeps what the file has.

    Returns:
        Samples, float32 in [-1, 1] (overshoot is clipped), shape `(time,)` if `channels` is 1 and
        `(time, channels)` otherwise; and their sample rate in Hz.

    Raises:
        AudioFileError: if the file cannot be read or decoded, breaks off, is empty, is not finite,
            exceeds full scale by more than 12 dB, or has other channels than asked for.

    Limits: libsndfile cannot tell that a WAV or OGG breaks off, and guesses the length of an MP3
        with variable bit rate and no Xing header (its issue 1001): both come back short.

    Example:
        >>> import tempfile
        >>> from ganlib.audio.signals import tone
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_audio(f"{folder}/tone.wav", tone(440.0, 1.0, 16000), 16000)
        ...     samples, rate = read_audio(path, sample_rate=8000)
        >>> samples.shape, rate
        ((8000,), 8000)
    """
    samples, file_rate = _decode(Path(path))
    _check_samples(path, samples)
    peak = float(np.abs(samples).max())
    if peak > LOUDEST_PEAK:
        raise AudioFileError(
            path,
            f"its peak is {peak:g} and full scale is 1, as if integers were stored as floating "
            "point; divide by the largest integer and save the file again",
        )
    samples = _arrange_channels(path, samples, channels)
    if sample_rate is not None:
        samples = resample(samples, file_rate, sample_rate)
    rate = file_rate if sample_rate is None else int(sample_rate)
    return np.clip(samples, -1.0, 1.0), rate


def write_audio(path: str | os.PathLike, samples: np.ndarray, sample_rate: int) -> Path:
    """Write 16-bit PCM, WAV or FLAC by suffix; the file appears complete or not at all.

    $n = \\mathrm{round}(32768\\,x)$, held in [-32768, 32767], undoes reading bit for bit.

    Args:
        path: where to write; `.wav` or `.flac`, in a folder that exists.
        samples: floating point, shape `(time,)` or `(time, channels)`; clipped to [-1, 1].
        sample_rate: in Hz.

    Returns:
        The path.

    Raises:
        AudioFileError: if the samples are empty, not finite or not floating point, the suffix is
            another, or there is no folder, no permission or no space.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_audio(f"{folder}/short.flac", np.array([0.0, 0.5, -1.0, 2.0]), 8000)
        ...     read_audio(path)[0].tolist()
        [0.0, 0.5, -1.0, 0.999969482421875]
    """
    path = Path(path)
    if path.suffix.lower() not in WRITABLE:
        raise AudioFileError(
            path, f"expected a name that ends in .wav or .flac, got {path.suffix or 'no suffix'!r}"
        )
    data = _encode(path, samples, sample_rate, WRITABLE[path.suffix.lower()])
    _write_atomically(path, data)
    return path


def wav_bytes(samples: np.ndarray, sample_rate: int) -> bytes:
    """Return the bytes of the WAV file that `write_audio` would write, for players without files.

    Raises:
        AudioFileError: if the samples are empty, not finite or not floating point.

    Example:
        >>> wav_bytes(np.zeros(10, "float32"), 16000)[:4]
        b'RIFF'
    """
    return _encode("sound in memory", samples, sample_rate, "WAV")


def resample(samples: np.ndarray, from_hz: int, to_hz: int) -> np.ndarray:
    """Change the sample rate with a steep linear-phase filter (soxr, high quality).

    Args:
        samples: floating point, shape `(time,)` or `(time, channels)`.
        from_hz: present sample rate, positive.
        to_hz: wanted sample rate, positive.

    Returns:
        float32, `time * to_hz / from_hz` samples, rounded, at least one; may overshoot full scale.

    Raises:
        OptionError: if a rate is not positive.

    Example:
        >>> resample(np.zeros((441, 2), "float32"), 44100, 16000).shape
        (160, 2)
    """
    import soxr

    if not (from_hz > 0 and to_hz > 0):
        raise OptionError(f"sample rates must be positive, got {from_hz!r} and {to_hz!r} Hz")
    samples = np.asarray(samples, dtype=np.float32)
    if from_hz == to_hz or len(samples) == 0:
        return samples
    output = soxr.resample(samples, from_hz, to_hz, quality="HQ")
    if len(output) == 0:  # a few samples, much slower: soxr rounds them away
        longer = _pad(samples, 0, int(from_hz // to_hz) + 1)
        output = soxr.resample(longer, from_hz, to_hz, quality="HQ")[:1]
    return output


def fit_length(samples: np.ndarray, length: int, align: str = "start") -> np.ndarray:
    """Crop or zero-pad along axis 0 to an exact length.

    Args:
        samples: shape `(time,)` or `(time, channels)`.
        length: wanted number of samples, at least 1.
        align: "start" keeps the beginning, "center" the middle.

    Raises:
        OptionError: if `length` is below 1 or `align` unknown.

    Example:
        >>> fit_length(np.array([1.0, 2.0]), 5, align="center").tolist()
        [0.0, 1.0, 2.0, 0.0, 0.0]
    """
    if length < 1:
        raise OptionError(f"length must be at least 1 sample, got {length}")
    if align not in ("start", "center"):
        raise OptionError(f"align must be 'start' or 'center', got {align!r}")
    samples = np.asarray(samples)
    excess = len(samples) - length
    before = abs(excess) // 2 if align == "center" else 0
    return samples[before:][:length] if excess >= 0 else _pad(samples, before, -excess - before)


def _pad(samples: np.ndarray, before: int, after: int) -> np.ndarray:
    return np.pad(samples, [(before, after)] + [(0, 0)] * (samples.ndim - 1))


def _decode(path: Path) -> tuple[np.ndarray, int]:
    """Return all samples, float32 `(time, channels)`, and the rate."""
    import soundfile

    try:
        with open(path, "rb") as stream, soundfile.SoundFile(stream) as sound:
            promised = sound.frames
            samples = sound.read(dtype="float32", always_2d=True)
            rate = sound.samplerate
    except OSError as error:  # no such file, a folder, no permission
        raise AudioFileError(path, f"cannot be read ({error.strerror or error})") from error
    except (soundfile.SoundFileError, TypeError, ValueError, MemoryError) as error:
        reason = "cannot be decoded: expected an undamaged WAV, FLAC, OGG or MP3 file"
        raise AudioFileError(path, reason) from error
    if 0 < len(samples) < 0.9 * promised:  # an MP3's guessed length may be a little too long
        reason = f"breaks off after {len(samples)} of {promised} samples; get a complete copy"
        raise AudioFileError(path, reason)
    return samples, rate


def _check_samples(path: object, samples: np.ndarray) -> None:
    if samples.size == 0:
        raise AudioFileError(path, "is empty, expected at least one sample")
    bad = int(np.count_nonzero(~np.isfinite(samples)))
    if bad:
        raise AudioFileError(
            path, f"holds {bad} values of {samples.size} that are NaN or infinite, expected none"
        )


def _arrange_channels(path: object, samples: np.ndarray, channels: int | None) -> np.ndarray:
    found = samples.shape[1]
    if channels == 1:
        return samples.mean(axis=1)
    if channels is None or channels == found:
        return samples
    if found == 1:
        return np.repeat(samples, channels, axis=1)
    raise AudioFileError(path, f"has {found} channels, expected {channels} or 1")


def _encode(path: object, samples: np.ndarray, sample_rate: int, container: str) -> bytes:
    import soundfile

    samples = np.asarray(samples)
    if samples.dtype.kind != "f" or samples.ndim not in (1, 2):
        raise AudioFileError(
            path,
            "cannot be written: expected floating-point samples in [-1, 1] of shape (time,) or "
            f"(time, channels), got {samples.dtype} of shape {samples.shape}",
        )
    _check_samples(path, samples)
    whole = np.clip(np.round(samples.astype(np.float64) * 32768.0), -32768, 32767).astype(np.int16)
    stream = io.BytesIO()
    try:
        soundfile.write(stream, whole, sample_rate, format=container, subtype="PCM_16")
    except (soundfile.SoundFileError, TypeError, ValueError, OverflowError) as error:
        reason = f"cannot be {container} with {sample_rate!r} Hz and samples of shape {whole.shape}"
        raise AudioFileError(path, reason) from error
    return stream.getvalue()


def _write_atomically(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
        os.replace(temporary, path)
    except BaseException as error:  # Ctrl-C too leaves nothing behind
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise AudioFileError(path, f"cannot be written ({error.strerror or error})") from error
        raise
