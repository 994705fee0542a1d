"""Sound files as people have them: piped, joined, tagged, broken off, and some that are no use."""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile

from ganlib.audio.signals import vowel

RATE = 16000
MP3_CASES = Path(__file__).parent / "data" / "cases"


@dataclass(frozen=True)
class Case:
    """A file: its bytes, its true length, what `probe` notes, or why it is refused."""

    name: str
    data: bytes
    frames: int = 0
    rate: int = RATE
    note: str = ""
    refused: str = ""


def sound(seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    """A vowel that gets louder, so that no stretch of it is like another one."""
    samples = vowel(120.0, "had", seconds, rate)
    return (samples * np.linspace(0.1, 1.0, len(samples))).astype("float32")


def encoded(samples: np.ndarray, container: str, subtype: str | None = None, rate=RATE) -> bytes:
    stream = io.BytesIO()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(stream, "w", rate, channels, subtype, format=container) as file:
        for place in range(0, len(samples), 4000):  # as a recorder does
            file.write(samples[place : place + 4000])
    return stream.getvalue()


def patched(data: bytes, *patches: tuple[int, bytes]) -> bytes:
    changed = bytearray(data)
    for place, new in patches:
        changed[place : place + len(new)] = new
    return bytes(changed)


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def id3_tag(size: int) -> bytes:
    """A tag of ID3v2.3 with so many bytes of padding: as large as the picture of a cover."""
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + bytes(size)


def without_xing(mp3: bytes) -> bytes:
    """An MP3 that libsndfile wrote, without its first frame, which holds the length."""
    return mp3[mp3.index(b"\xff\xf3", 4) :]


@lru_cache(maxsize=1)
def usable() -> tuple[Case, ...]:
    """Files that are read to their true length."""
    base = sound()
    wav, flac, mp3 = (encoded(base, container) for container in ("WAV", "FLAC", "MP3"))
    vorbis, opus = encoded(base, "OGG", "VORBIS"), encoded(base, "OGG", "OPUS")
    vbr, tagged, segment = (
        (MP3_CASES / f"{name}.mp3").read_bytes()
        for name in ("vbr44_noxing", "tagged_noxing", "segment_001")
    )
    sox = (number(0x7FFFF024), number(0x7FFFF000))
    tag_behind = b"TAG" + bytes(125)
    quiet = without_xing(encoded(np.concatenate([np.zeros(8000), base]), "MP3"))
    frames = 1 + (8000 + RATE + 528 + 575) // 576  # the encoder's delay fills one more frame
    lengths = {name: (4, 40, value) for name, value in (("ones", 2**32 - 1), ("zero", 0))}
    piped = [
        Case(f"piped WAV, {name}", patched(wav, (a, number(value)), (b, number(value))), RATE)
        for name, (a, b, value) in lengths.items()
    ]
    return (
        Case("plain WAV", wav, RATE),
        Case("WAV of 32-bit integers", encoded(base, "WAV", "PCM_32"), RATE),
        *piped,
        Case("piped WAV, as SoX does", patched(wav, (4, sox[0]), (40, sox[1])), RATE),
        Case("piped FLAC", patched(flac, (21, bytes([flac[21] & 0xF0, 0, 0, 0, 0]))), RATE),
        Case("plain MP3", mp3, RATE),
        Case("tagged MP3 without Xing", tagged, 17280),
        Case("variable MP3 without Xing", vbr, 89856, 44100),
        Case("MP3 with a cover without Xing", id3_tag(20000) + vbr[44:], 89856, 44100),
        Case("MP3 with a quiet start without Xing", quiet, 576 * frames),
        Case("segmented MP3", segment, 43247, 44100),
        Case("joined MP3", mp3 + mp3, 2 * RATE),
        Case("joined MP3 with tags", id3_tag(300) + mp3 + tag_behind + id3_tag(99) + mp3, 2 * RATE),
        Case("joined Vorbis", vorbis + vorbis, 2 * RATE),
        Case("joined Opus", opus + opus, 2 * RATE),
        Case("joined FLAC", flac + flac, 2 * RATE),
    )  # fmt: skip


@lru_cache(maxsize=1)
def broken_off() -> tuple[Case, ...]:
    """Files of which a part is there: it is used, and noted."""
    base = sound(2.0)
    wav, aiff, au = (encoded(base, container)[:32044] for container in ("WAV", "AIFF", "AU"))
    mp3, vorbis = encoded(base, "MP3"), encoded(base, "OGG", "VORBIS")
    other_rate = encoded(sound(1.0, 8000), "MP3", rate=8000)
    vbr = (MP3_CASES / "vbr44_noxing.mp3").read_bytes()
    return (
        Case("half a WAV", wav, 16000, note="breaks off after 1.00 of 2.00 s; get a complete copy"),
        Case("half an AIFF", aiff, 15995, note="breaks off after 1.00 of 2.00 s"),
        Case("half an AU", au, 16010, note="breaks off after 1.00 of 2.00 s"),
        Case("half an MP3", mp3[: len(mp3) // 2], -1, note="of 2.09 s; get a complete copy"),
        Case("half an MP3 without Xing", vbr[:7000], 46080, 44100, "breaks off after 1.04 s; get"),
        Case("half an Ogg", vorbis[: len(vorbis) * 3 // 4], -1, note="breaks off after"),
        Case(
            "MP3 joined to one of another rate",
            mp3 + other_rate,
            32000,
            note="joined behind its first 2.00 s has another rate",
        ),
    )


@lru_cache(maxsize=1)
def unusable() -> tuple[Case, ...]:
    """Files that are refused."""
    base = sound()
    wav, flac = encoded(base, "WAV"), encoded(base, "FLAC")
    nan = np.where(np.arange(RATE) == 7, np.nan, base)
    middle = len(flac) // 2
    damaged = patched(flac, (middle, bytes(400)))
    one, million = (patched(wav, (24, number(rate))) for rate in (1, 10**6))
    return (
        Case("a rate of 1 Hz", one, refused="a sample rate of 1 Hz, expected 1,000 to"),
        Case("a rate of 1 MHz", million, refused="a sample rate of 1,000,000"),
        Case("half a FLAC", flac[:middle], refused="cannot be decoded"),
        Case("a damaged FLAC", damaged, refused="cannot be decoded"),
        Case("not a number", encoded(nan, "WAV", "FLOAT"), refused="NaN"),
        Case("another scale", encoded(9 * base, "WAV", "FLOAT"), refused="full scale is 1"),
        Case("a click", encoded(base[:70], "WAV"), refused="expected at least 10 ms"),
        Case("nothing", encoded(base[:0], "WAV"), refused="is empty"),
        Case("text", b"not a sound", refused="cannot be decoded"),
    )  # fmt: skip
