"""Sound files in and out: float32 in [-1, 1] inside, WAV, FLAC, OGG and MP3 outside."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
from pathlib import Path

import numpy as np

from ganlib.audio.reading import audio_blocks, checked, probe, read_audio
from ganlib.audio.resampling import fit_length, resample
from ganlib.errors import AudioFileError

WRITABLE = {".wav": "WAV", ".flac": "FLAC"}
__all__ = [
    "audio_blocks",
    "fit_length",
    "probe",
    "read_audio",
    "resample",
    "wav_bytes",
    "write_audio",
]


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


def _encode(path: object, samples: np.ndarray, sample_rate: int, container: str) -> bytes:
    import soundfile

    samples = np.asarray(samples)
    if samples.dtype.kind != "f" or samples.ndim not in (1, 2):
        raise AudioFileError(
            path,
            "cannot be written: expected floating-point samples in [-1, 1] of shape (time,) or "
            f"(time, channels), got {samples.dtype} of shape {samples.shape}",
        )
    list(checked(path, [samples]))
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
