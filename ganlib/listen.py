"""The audio player of the chapters: sound with its words, inside the page and without a network."""

from __future__ import annotations

import base64
import dataclasses
import html
from collections.abc import Sequence

import numpy as np

from ganlib.audio.files import wav_bytes
from ganlib.errors import OptionError


@dataclasses.dataclass(frozen=True)
class Player:
    """A clip as a notebook plays it; made by `player`.

    Example:
        >>> player(np.zeros(8000, "float32"), 8000, "(silence)").notes
        ('The clip is silent.',)
    """

    wav: bytes
    duration_seconds: float
    peak: float
    transcript: str
    description: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What a listener should know about the level: whether it was clipped, or is silent."""
        if self.peak > 1.0:
            return (f"The peak of {self.peak:.2f} exceeds 1 and is clipped.",)
        return ("The clip is silent.",) if self.peak == 0.0 else ()

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.wav).decode("ascii")
        label = self.description or self.transcript or f"Sound of {self.duration_seconds:.2f} s"
        caption = []
        if self.transcript:
            caption.append(f"<q>{html.escape(self.transcript)}</q>")
        caption += [html.escape(text) for text in (self.description, *self.notes) if text]
        return (
            '<figure style="margin:0.5em 0">'
            '<audio controls preload="metadata" style="max-width:100%" '
            f'aria-label="{html.escape(label)}" src="data:audio/wav;base64,{data}"></audio>'
            f"<figcaption>{'<br>'.join(caption)}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        words = [f"{self.duration_seconds:.2f} s", self.transcript, self.description, *self.notes]
        return f"Player({'; '.join(filter(None, words))})"


@dataclasses.dataclass(frozen=True)
class PlayerGrid:
    """Several clips side by side; made by `play_all`.

    Example:
        >>> play_all([player(np.ones(8000, "float32"), 8000, "(a click)")], title="One clip")
        One clip
        Player(1.00 s; (a click))
    """

    clips: tuple[Player, ...]
    columns: int
    title: str

    def _repr_html_(self) -> str:
        cells = "".join(f"<div>{clip._repr_html_()}</div>" for clip in self.clips)
        title = html.escape(self.title)
        heading = f"<p><strong>{title}</strong></p>" if title else ""
        style = f"display:grid;grid-template-columns:repeat({self.columns},minmax(0,1fr));gap:0.5em"
        return f'{heading}<div role="group" aria-label="{title}" style="{style}">{cells}</div>'

    def __repr__(self) -> str:
        return "\n".join([self.title] * bool(self.title) + [repr(clip) for clip in self.clips])


def player(
    samples: np.ndarray, sample_rate: int, transcript: str = "", description: str = ""
) -> Player:
    """Return a player for one clip: 16-bit WAV inside the page, with its words beneath.

    It never starts by itself, needs no network and no file, and stays in an exported page.

    Args:
        samples: floating point in [-1, 1], shape `(time,)` or `(time, channels)`; louder is
            clipped, and the caption says so.
        sample_rate: in Hz.
        transcript: what is said, for readers who cannot hear it.
        description: what the clip is, in one line.

    Returns:
        An object that notebooks display.

    Raises:
        AudioFileError: if the samples are empty, not floating point, not finite, or a whole batch.

    Example:
        >>> player(np.zeros(8000), 8000, transcript="seven", description="What G says at step 0.")
        Player(1.00 s; seven; What G says at step 0.; The clip is silent.)
    """
    samples = np.asarray(samples)
    wav = wav_bytes(samples, sample_rate)
    words = (" ".join(transcript.split()), " ".join(description.split()))
    return Player(wav, len(samples) / sample_rate, float(np.abs(samples).max()), *words)


def play_all(clips: Sequence[Player], columns: int = 3, title: str = "") -> PlayerGrid:
    """Return several players in a grid, such as the samples of one training step.

    Args:
        clips: what `player` returned.
        columns: how many side by side, at least 1.
        title: a line above.

    Returns:
        An object that notebooks display.

    Raises:
        OptionError: if there is no clip, something else than a player, or no column.

    Example:
        >>> silence = np.zeros(800)
        >>> play_all([player(silence, 8000, str(digit)) for digit in range(2)], title="Digits")
        Digits
        Player(0.10 s; 0; The clip is silent.)
        Player(0.10 s; 1; The clip is silent.)
    """
    if not clips or not all(isinstance(clip, Player) for clip in clips):
        raise OptionError("expected at least one clip, each made by player(samples, sample_rate)")
    if columns < 1:
        raise OptionError(f"columns must be at least 1, got {columns}")
    return PlayerGrid(tuple(clips), columns, title)


players = play_all  # the same: players([player(...), player(...)])
