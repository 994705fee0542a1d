"""The two files of a listening test: the page that is handed out, and the key that stays here."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ganlib.audio.files import wav_bytes
from ganlib.audio.signals import tone
from ganlib.data.archives import told_in_one_sentence
from ganlib.errors import OptionError
from ganlib.listening.loudness import TARGET_LUFS, equally_loud
from ganlib.listening.stimuli import LOW, REAL, Sound

PAGE, KEY = "listening-test.html", "key.json"
WEB = Path(__file__).parent / "web"
VERSION = 1
FADE_SECONDS, LEAD_SECONDS = 0.005, 0.1


def write_test(
    sounds: Sequence[Sound], folder: str | Path, seed: int = 0, title: str = "Listening test"
) -> tuple[Path, Path]:
    """Write the page and the key; the page alone says nothing about who made a clip.

    Args:
        sounds: what `stimuli.gather` returned.
        folder: made if needed; must not hold another test.
        seed: of the names and the order of the clips in the page.
        title: the page's heading.

    Returns:
        The paths of the page and of the key.

    Raises:
        OptionError: if the folder holds a test already.
        DataError: if it cannot be written.

    Example:
        >>> import tempfile
        >>> sounds = [Sound("real recordings", "7", "7.wav", np.ones(800, "float32"), 8000)]
        >>> page, key = write_test(sounds, tempfile.mkdtemp())
        >>> "real recordings" in page.read_text(), "real recordings" in key.read_text()
        (False, True)
    """
    folder = Path(folder)
    with told_in_one_sentence(f"cannot write the listening test to {folder}"):
        for name in (PAGE, KEY):
            if (folder / name).exists():
                raise OptionError(
                    f"{folder} holds a listening test already: choose another --out, so that "
                    "the ratings of the two cannot be mixed up"
                )
        folder.mkdir(parents=True, exist_ok=True)
        content, key = build_test(sounds, seed, title)
        # The key first: a page without its key would collect ratings that nobody can read.
        for name, text in ((KEY, json.dumps(key, indent=1) + "\n"), (PAGE, content)):
            part = folder / f".{name}.part"
            part.write_text(text, encoding="utf-8")
            os.replace(part, folder / name)
    return folder / PAGE, folder / KEY


def build_test(sounds: Sequence[Sound], seed: int, title: str) -> tuple[str, dict]:
    """The text of the page and the content of the key.

    Example:
        >>> sounds = [Sound("a model", "7", "seed 0", np.ones(800, "float32"), 8000)]
        >>> page, key = build_test(sounds, 0, "Digits")
        >>> list(key["clips"].values())[0]["system"], page.startswith("<!doctype html>")
        ('a model', True)
    """
    random = np.random.default_rng([seed, 1])
    rate = sounds[0].sample_rate
    clips, levels = equally_loud([sound.samples for sound in sounds], rate)
    wavs = [wav_bytes(_framed(clip, rate), rate) for clip in clips]
    digest = hashlib.sha256(b"".join(wavs) + json.dumps([seed, title]).encode()).hexdigest()
    test = f"t{digest[:12]}"
    # A letter first: spreadsheets read 12e4 as a number and write it back as 120000.
    names = [f"k{number:08x}" for number in random.choice(16**7, len(sounds), replace=False)]
    key = {
        "version": VERSION,
        "test": test,
        "title": title,
        "seed": seed,
        "loudness_lufs": TARGET_LUFS,
        "systems": list(dict.fromkeys(sound.system for sound in sounds)),
        "anchors": {"real": REAL, "low": LOW},
        "clips": {
            name: {
                "system": sound.system,
                "label": sound.label,
                "source": sound.source,
                "lufs": round(level, 2) if np.isfinite(level) else None,
            }
            for name, sound, level in zip(names, sounds, levels, strict=True)
        },
    }
    in_page = [
        {"id": name, "wav": base64.b64encode(wav).decode("ascii")}
        for name, wav in sorted(zip(names, wavs, strict=True))
    ]
    check = equally_loud([tone(440.0, 1.0, rate)], rate)[0][0]
    sound_check = base64.b64encode(wav_bytes(_framed(check, rate), rate)).decode("ascii")
    return _render(title, {"test": test, "check": sound_check, "clips": in_page}), key


def _framed(clip: np.ndarray, rate: int) -> np.ndarray:
    """Without a click at either end, and after a moment of silence in which headphones wake up."""
    fade = min(round(FADE_SECONDS * rate), len(clip) // 2)
    ramp = np.linspace(0.0, 1.0, fade, endpoint=False, dtype="float32")
    shaped = clip.copy()
    shaped[:fade] *= ramp
    shaped[len(shaped) - fade :] *= ramp[::-1]
    return np.pad(shaped, (round(LEAD_SECONDS * rate), 0))


def _render(title: str, data: dict) -> str:
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in WEB.iterdir() if path.is_file()
    }
    script, style = texts["sheet.js"] + texts["page.js"], texts["page.css"]
    policy = (
        f"default-src 'none'; media-src data:; img-src data:; script-src '{_source_hash(script)}'; "
        f"style-src '{_source_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    fill = {
        "policy": policy,
        "title": html.escape(title),
        "style": style,
        "data": json.dumps(data).replace("<", "\\u003c"),
        "script": script,
    }
    return re.sub(r"{{(\w+)}}", lambda mark: fill[mark[1]], texts["page.html"])


def _source_hash(text: str) -> str:
    """What a Content-Security-Policy calls a script or style that it lets run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
