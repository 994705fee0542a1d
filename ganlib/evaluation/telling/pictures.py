"""The pictures of an evaluation; each carries its description in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from keras import ops
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ganlib.audio.spectrogram import full_scale_db
from ganlib.evaluation.measuring.figures import KINDS, Evaluation
from ganlib.evaluation.telling.words import BETTER, LISTENERS
from ganlib.pictures import COLOURS, draw_frames, make_panels

_SHARES = (
    *("precision", "recall", "coverage", "conditional_accuracy", "recogniser_accuracy"),
    *("recogniser_ratio", "whisper_accuracy", "whisper_ratio"),
)
_BOARD = ("kernel_distance", "coverage", "recogniser_ratio", "whisper_ratio")
_REAL, _FAKE = COLOURS[0], COLOURS[1]
_FRAME, _HOP, _LOWEST_DB = 0.064, 0.016, -80.0  # seconds, seconds, dB of full scale


def beside_real(evaluation: Evaluation) -> Figure | None:
    """The shares with their intervals, beside those of real recordings; None without any.

    Example:
        >>> from ganlib.evaluation.measuring.figures import Figure as Number
        >>> done = Evaluation("a", "b", 9, 0, "", {"coverage": Number(0.5, 0.4, 0.6, 9, 0.97)})
        >>> beside_real(done).get_label()
        'Shares with intervals: Coverage 0.50 (0.40 to 0.60), real 0.97.'
    """
    found = {name: evaluation.figures[name] for name in _SHARES if name in evaluation.figures}
    if not found:
        return None
    figure, (panel,) = make_panels(1, 1, height=0.6 + 0.4 * len(found), title="")
    words = []
    for place, (name, x) in enumerate(found.items()):
        if x.value is None:
            continue
        low, high = (x.value if end is None else end for end in (x.low, x.high))
        first = place == 0
        panel.plot([low, high], [place, place], color=_FAKE, linewidth=3, solid_capstyle="butt")
        panel.plot(x.value, place, "o", color=_FAKE, label=evaluation.name if first else None)
        real = "" if x.real is None else f", real {x.real:.2f}"
        if x.real is not None:
            panel.plot(x.real, place, "x", color=_REAL, label="real" if first else None)
        words.append(f"{KINDS[name].title} {x.told(2)}{real}")
    panel.set_yticks(range(len(found)), [KINDS[name].title for name in found])
    panel.set(xlim=(-0.02, max(1.02, panel.get_xlim()[1])), xlabel="Share, with its 95 % interval")
    panel.invert_yaxis()
    panel.grid(axis="x", color="0.9")
    panel.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.set_label(f"Shares with intervals: {'; '.join(words)}.")
    return figure


def by_class(classes: Mapping[str, Mapping[str, Any]]) -> Figure:
    """What the listeners understand of each class, beside real recordings.

    Example:
        >>> by_class({"7": {"named": 0.5, "named_real": 1.0}}).get_label()
        'Share named as asked, by class. Classifier: 7 0.50 (real 1.00).'
    """
    heard = [c for c in LISTENERS if any(found.get(c) is not None for found in classes.values())]
    figure, panels = make_panels(
        len(heard), len(heard), height=2.4, title="", width=8.0, share=True
    )
    words = []
    for panel, column in zip(panels, heard, strict=True):
        fake, real = (
            [np.nan if found.get(c) is None else found[c] for found in classes.values()]
            for c in (column, f"{column}_real")
        )
        places = np.arange(len(classes))
        panel.bar(places, fake, 0.6, color=_FAKE, label="measured")
        panel.plot(places, real, "_", color=_REAL, markersize=14, markeredgewidth=3, label="real")
        panel.set_xticks(places, list(classes))
        panel.set(title=LISTENERS[column], ylim=(0, 1.05), xlabel="Class")
        said = [f"{n} {f:.2f} (real {r:.2f})" for n, f, r in zip(classes, fake, real, strict=True)]
        words.append(f"{LISTENERS[column]}: {', '.join(said)}")
    panels[0].set_ylabel("Share named as asked")
    panels[-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.set_label(f"Share named as asked, by class. {'. '.join(words)}.")
    return figure


def small_spectrogram(clip: np.ndarray, sample_rate: int, what: str) -> Figure:
    """One clip as a small picture for a grid: the same scale in all of them, no colour bar.

    Example:
        >>> from ganlib.audio.signals import tone
        >>> small_spectrogram(tone(1000.0, 0.5, 8000), 8000, "7 real").get_label()
        'Spectrogram of 7 real: 0.50 s, 0 to 4000 Hz, strongest at 1000 Hz.'
    """
    samples = np.ravel(clip)
    size, hop = (2 ** round(np.log2(x * sample_rate)) for x in (_FRAME, _HOP))
    size = min(size, 2 ** int(np.log2(len(samples))))
    levels_db = ops.convert_to_numpy(full_scale_db(samples[None], size, min(hop, size))[0])
    figure, (panel,) = make_panels(1, 1, height=1.6, title="", width=2.6)
    bin_hz = sample_rate / size
    draw_frames(panel, levels_db, min(hop, size) / sample_rate, bin_hz, (_LOWEST_DB, 0.0))
    panel.set(ylim=(0, sample_rate / 2), xlim=(0, len(samples) / sample_rate))
    panel.set_xlabel("Time (s)", fontsize="small")
    panel.set_ylabel("Hz", fontsize="small")
    panel.tick_params(labelsize="small")
    strongest = np.mean(10 ** (levels_db / 10), axis=0).argmax() * bin_hz
    figure.set_label(
        f"Spectrogram of {what}: {len(samples) / sample_rate:.2f} s, 0 to {sample_rate / 2:.0f} "
        f"Hz, strongest at {strongest:.0f} Hz."
    )
    return figure


def board_picture(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Four figures of all rows of the scoreboard, with intervals.

    Args:
        rows: those of `scoreboard.json`.

    Example:
        >>> found = {"coverage": {"value": 0.5, "low": 0.4, "high": 0.6}}
        >>> board_picture([{"name": "noise", "kind": "ruler", "figures": found}]).get_label()
        'Coverage: noise 0.5 (0.4 to 0.6).'
    """
    figure, panels = make_panels(len(_BOARD), len(_BOARD), 1 + 0.3 * len(rows), "", width=12.0)
    words = []
    for panel, name in zip(panels, _BOARD, strict=True):
        if name == "kernel_distance":
            panel.set_xscale("symlog", linthresh=0.1)
        said = [_board_row(panel, place, row, name) for place, row in enumerate(rows)]
        if any(said):
            words.append(f"{KINDS[name].title}: {', '.join(filter(None, said))}.")
        panel.set_yticks(range(len(rows)), [row["name"] for row in rows] if not words[1:] else [])
        panel.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        panel.grid(axis="x", color="0.9")
        better = BETTER[KINDS[name].better]
        panel.set_title(f"{KINDS[name].title}\n({better} is better)", fontsize="medium")
    figure.set_label(" ".join(words) or "No rows.")
    return figure


def _board_row(panel: Axes, place: int, row: Mapping[str, Any], name: str) -> str:
    """Draw one figure of one row; in words."""
    found = row["figures"].get(name)
    if found is None or found["value"] is None:
        return ""
    made = row["kind"] == "generator"
    colour, marker = (_FAKE, "o") if made else (_REAL, "s")
    value, low, high = found["value"], found["low"], found["high"]
    panel.plot(value, place, marker, color=colour)
    if low is None or high is None:
        return f"{row['name']} {value:.3g}"
    panel.plot([low, high], [place, place], color=colour, linewidth=3 if made else 1.5)
    return f"{row['name']} {value:.3g} ({low:.3g} to {high:.3g})"
