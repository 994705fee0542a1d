"""Sound itself: its format, files, spectrograms, phase, and signals with known answers.

    format       AudioFormat, which travels with every model and every weight file
    files        read_audio, audio_blocks, probe, write_audio, resample, fit_length
    reading      files in, of any length (through parts, mp3, ogg: where their streams lie)
    signals      tones, chirps, vowels, clicks, noise
    fourier      the short-time Fourier transform and decibels
    mel          mel bands
    spectrogram  both of the above, and the layers LogMelSpectrogram and Normalization
    phase        Griffin-Lim
    joining      clips cut to their sound, one after another

Every name below can be imported from `ganlib.audio`; its file is read at that moment, so that
reading a WAV file does not load an engine.

Example:
    >>> from ganlib.audio import AudioFormat
    >>> AudioFormat().duration_seconds
    1.024
"""

from importlib import import_module

HOMES = {
    "AudioFormat": "format",
    "fit_length": "files",
    "audio_blocks": "files",
    "probe": "files",
    "read_audio": "files",
    "resample": "files",
    "write_audio": "files",
    "chirp": "signals",
    "click_train": "signals",
    "tone": "signals",
    "vowel": "signals",
    "white_noise": "signals",
    "LogMelSpectrogram": "spectrogram",
    "Normalization": "spectrogram",
    "amplitude_to_db": "spectrogram",
    "db_to_amplitude": "spectrogram",
    "inverse_stft": "spectrogram",
    "log_mel": "spectrogram",
    "magnitude": "spectrogram",
    "mel_filterbank": "spectrogram",
    "mel_to_magnitude": "spectrogram",
    "stft": "spectrogram",
    "griffin_lim": "phase",
    "spectral_convergence": "phase",
    "join": "joining",
    "trim": "joining",
}
FILES = ("files", "format", "fourier", "joining", "mel", "phase", "signals", "spectrogram")
__all__ = list(HOMES)


def __getattr__(name: str) -> object:
    if name in HOMES:
        return getattr(import_module(f"ganlib.audio.{HOMES[name]}"), name)
    if name in FILES:
        return import_module(f"ganlib.audio.{name}")
    raise AttributeError(f"module 'ganlib.audio' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES, *FILES})
