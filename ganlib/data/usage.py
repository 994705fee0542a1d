"""How much of the recordings becomes clips, in numbers and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ganlib.audio.format import AudioFormat
from ganlib.data.listening import Heard
from ganlib.data.pieces import Cut

HOW = {
    "first": "the first {seconds:.2f} s of each recording",
    "all": "all pieces of {seconds:.2f} s",
    "loudest": "the loudest {seconds:.2f} s of each recording",
}


@dataclass(frozen=True)
class Usage:
    """How recordings became clips.

    Args:
        pieces: "first", "all" or "loudest".
        clip_seconds: length of a clip.
        recordings: usable ones.
        seconds: of all of them.
        clips: what they became.
        used_seconds: sound in the clips, without the zeros behind short ones.
        silent: pieces almost without sound; they are left out, or kept where that was asked for.
        silence_kept: whether it was.

    Example:
        >>> print(Usage("first", 1.0, recordings=2, seconds=330.0, clips=2, used_seconds=2.0))
        2 clips use 2.0 s of 5 min 30 s (0.6 %): the first 1.00 s of each recording (pieces=first)
    """

    pieces: str
    clip_seconds: float
    recordings: int = 0
    seconds: float = 0.0
    clips: int = 0
    used_seconds: float = 0.0
    silent: int = 0
    silence_kept: bool = False

    @classmethod
    def of(
        cls,
        cuts: Iterable[Cut | Heard],
        audio_format: AudioFormat,
        pieces: str,
        silence_kept: bool = False,
    ) -> Usage:
        """The sums over recordings."""
        cuts = list(cuts)
        return cls(
            pieces,
            audio_format.duration_seconds,
            recordings=len(cuts),
            seconds=sum(cut.seconds for cut in cuts),
            clips=sum(len(cut.choice.kept) for cut in cuts),
            used_seconds=sum(cut.choice.used_seconds for cut in cuts),
            silent=sum(cut.choice.silent for cut in cuts),
            silence_kept=silence_kept,
        )

    def __str__(self) -> str:
        share = 100 * self.used_seconds / self.seconds if self.seconds else 0.0
        how = HOW[self.pieces].format(seconds=self.clip_seconds)
        text = (
            f"{self.clips:,} clip{'s' * (self.clips != 1)} use {clock(self.used_seconds)} of "
            f"{clock(self.seconds)} ({share:.{1 if share < 99.95 else 0}f} %): {how} "
            f"(pieces={self.pieces})"
        )
        if not self.silent:
            return text
        what = "piece is" if self.silent == 1 else "pieces are"
        end = "kept" if self.silence_kept else "left out"
        return f"{text}; {self.silent:,} {what} almost without sound and {end}"


def clock(seconds: float) -> str:
    """A duration for people.

    Example:
        >>> clock(2.04), clock(330.0), clock(7265.2)
        ('2.0 s', '5 min 30 s', '2 h 1 min 5 s')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    hours, rest = divmod(round(seconds), 3600)
    text = f"{rest // 60} min {rest % 60} s"
    return f"{hours} h {text}" if hours else text
