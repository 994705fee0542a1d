"""An evaluation in words: the table of the terminal, and the sentences around it."""

from __future__ import annotations

from collections.abc import Sequence

from ganlib.evaluation.measuring.figures import KINDS, Evaluation, Figure

BETTER = {"up": "higher", "down": "lower", "real": "like real"}
LISTENERS = {"named": "Classifier", "recognised": "PocketSphinx", "whispered": "Whisper"}
"""Columns of the classes of an evaluation; beside each stands the one of real recordings."""


def lines(evaluation: Evaluation) -> list[str]:
    """The whole evaluation for a terminal.

    Example:
        >>> done = Evaluation("noise", "fsdd", 30, 0, "ab" * 32,
        ...                   {"coverage": Figure(0.5, 0.4, 0.6, 30, 0.97)})
        >>> print(*lines(done)[2:4], sep="\\n")
        Figure    Value  95 % interval  Real   Better  n
        Coverage  0.500  0.400 - 0.600  0.970  higher  30
    """
    rows = [("Figure", "Value", "95 % interval", "Real", "Better", "n")]
    rows += [row(name, figure) for name, figure in evaluation.figures.items()]
    return [heading(evaluation), "", *columns(rows), "", *sentences(evaluation)]


def heading(evaluation: Evaluation) -> str:
    """What was measured, with what.

    Example:
        >>> heading(Evaluation("noise", "fsdd", 10, 3, "ab" * 32, {}))
        'noise beside fsdd: 10 clips, seed 3, classifier abababababab'
    """
    return (
        f"{evaluation.name} beside {evaluation.data}: {evaluation.n:,} clips, seed "
        f"{evaluation.seed}, classifier {evaluation.classifier[:12]}"
    )


def row(name: str, figure: Figure) -> tuple[str, str, str, str, str, str]:
    """Title, value, interval, value of real recordings, which direction is better, clips.

    Example:
        >>> row("level_db", Figure(-20.0, n=30))
        ('Level (dB)', '-20.0', '', '', 'like real', '30')
    """
    kind = KINDS[name]
    value, low, high, real = (
        "" if x is None else f"{x:,.{kind.decimals}f}"
        for x in (figure.value, figure.low, figure.high, figure.real)
    )
    ends = f"{low} - {high}" if low and high else ""
    return kind.title, value, ends, real, BETTER[kind.better], f"{figure.n:,}"


def columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows under each other: the first `left` columns to the left, and all others to the right.

    Example:
        >>> columns([("a", "1"), ("bc", "10")])
        ['a    1', 'bc  10']
    """
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def sentences(evaluation: Evaluation) -> list[str]:
    """What to compare by, what was learned by heart, what it does worst, levels, what is missing.

    Example:
        >>> sentences(Evaluation("noise", "fsdd", 10, 0, "", {}))[0]
        'Compare by the kernel distance: the Fréchet distance is biased below 5,000 clips.'
    """
    said = []
    if evaluation.headline == "kernel_distance":
        said.append(
            "Compare by the kernel distance: the Fréchet distance is biased below 5,000 clips."
        )
    for space, found in evaluation.details.get("memory", {}).items():
        said.append(f"By {space} it {found['verdict']}.")
    said += worst_classes(evaluation)
    if level := evaluation.details.get("dnsmos", {}).get("level_dbfs"):
        said.append(f"DNSMOS: every clip brought to {level:g} dBFS where it sounds; see Level.")
    for reason, names in _reasons(evaluation).items():
        said.append(f"Not measured: {', '.join(KINDS[name].title for name in names)}. {reason}")
    return said


def worst_classes(evaluation: Evaluation, share: float = 0.5) -> list[str]:
    """A sentence for each listener that understands less than half of a class.

    Example:
        >>> classes = {"4": {"named": 1.0, "recognised": 0.1}, "5": {"named": 0.9}}
        >>> worst_classes(Evaluation("a", "b", 9, 0, "", {}, {"classes": classes}))
        ['PocketSphinx understands less than half of: 4.']
    """
    said = []
    for column, listener in LISTENERS.items():
        low = [
            name
            for name, found in evaluation.details.get("classes", {}).items()
            if found.get(column) is not None and found[column] < share
        ]
        if low:
            who = "The classifier" if column == "named" else listener
            said.append(f"{who} understands less than half of: {', '.join(low)}.")
    return said


def _reasons(evaluation: Evaluation) -> dict[str, list[str]]:
    """Reason -> the figures that are missing for it."""
    found: dict[str, list[str]] = {}
    for name, reason in evaluation.details.get("not_measured", {}).items():
        found.setdefault(reason, []).append(name)
    return found
