"""The scoreboard as text: a pure function of scoreboard.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ganlib.evaluation.measuring.figures import KINDS, Figure
from ganlib.evaluation.measuring.intervals import method
from ganlib.evaluation.telling.words import BETTER

LIKENESS = ("kernel_distance", "frechet_distance", "precision", "recall", "density", "coverage")
SPEECH = (
    *("conditional_accuracy", "recogniser_accuracy", "recogniser_ratio"),
    *("whisper_accuracy", "whisper_ratio"),
    *("class_frechet_distance", "inception_score", "am_score"),
)
REST = ("copies_in_features", "copies_in_spectra", "speakers", "dnsmos", "tone_excess_db")
SHORT = ("kernel_distance", "coverage", "recogniser_ratio", "whisper_ratio")


class Published(NamedTuple):
    """A figure of another system, and the same of real recordings by the same protocol.

    Example:
        >>> Published("WaveGAN", "Inception score", 4.53, 8.47, "").ratio
        '53 %'
    """

    system: str
    figure: str
    value: float
    real: float
    protocol: str

    @property
    def ratio(self) -> str:
        """Value of the system divided by that of real recordings."""
        return f"{self.value / self.real:.0%}".replace("%", " %")


_DIFFWAVE = "SC09, ResNeXt, 1,000 clips; Kong et al. (2020), arXiv 2009.09761, table "
PUBLISHED = (
    Published("WaveGAN, unconditional", "Inception score", 4.53, 8.47, f"{_DIFFWAVE}2"),
    Published(
        *("ASGAN (HuBERT), unconditional", "Inception score", 7.67, 9.36),
        "SC09, ResNeXt; Baas and Kamper (2022), arXiv 2210.05271",
    ),
    Published(
        *("DiffWave (deep and thin), by class", "Named as asked (%)", 94.0, 98.76),
        f"{_DIFFWAVE}3",
    ),
)


def page(board: dict[str, Any], picture: str, alt: str) -> str:
    """The whole scoreboard.

    Args:
        board: what `scoreboard.json` holds.
        picture: file name of the plot.
        alt: the plot in words.

    Example:
        >>> board = {"data": "fsdd", "note": "", "count": 30, "seed": 0, "classifier": "ab" * 32,
        ...          "rows": []}
        >>> page(board, "a.png", "Nothing.").splitlines()[0]
        '# Scoreboard'
    """
    parts = [
        "# Scoreboard",
        f"Written by `ganlib scoreboard --data {board['data']} --count {board['count']} --seed "
        f"{board['seed']}`; all figures with n, seed and classifier: [scoreboard.json]"
        "(scoreboard.json).",
        _protocol(board),
        f"![Three figures of every row, with intervals; in words below]({picture})",
        f"The picture in words. {alt}",
        "## How like real recordings",
        _table(board, LIKENESS),
        "## What is said",
        _table(board, SPEECH) + "\n\n" + _score_ratios(board),
        "## Copies, voices, sound",
        _table(board, REST) + "\n\n" + _copiers(board) + _dnsmos_level(board),
        "## The rows",
        "\n".join(_described(row) for row in board["rows"]),
        "## How the intervals are made",
        "\n".join(f"- {KINDS[x].title}: {method(x)}" for x in (*LIKENESS, *SPEECH, *REST)),
        "## What others published",
        _published(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def short_table(board: dict[str, Any]) -> str:
    """The few columns that a README shows.

    Example:
        >>> board = {"data": "fsdd", "count": 30, "seed": 0, "classifier": "ab" * 32, "rows": []}
        >>> short_table(board).splitlines()[0][:47]
        '|  | Kernel distance | Coverage | PocketSphinx,'
    """
    titles = (
        "",
        *(KINDS[name].title for name in SHORT),
        "Inception score / real",
        "Learned by heart",
    )
    lines = [
        (
            _name(row),
            *(_cell(row, name) for name in SHORT),
            _percent(score_ratio(row)),
            "yes" if row["memorized"] else "no",
        )
        for row in board["rows"]
    ]
    note = (
        f"{board['data']}, up to {board['count']:,} clips a row, seed {board['seed']}, classifier "
        f"`{board['classifier'][:12]}`; 95 % intervals in brackets."
    )
    return "\n".join([*_markdown(titles, lines), "", note])


def score_ratio(row: dict[str, Any]) -> float | None:
    """The inception score of a row, divided by that of as many real test clips.

    Example:
        >>> score_ratio({"figures": {"inception_score": {"value": 4.0, "real": 8.0}}})
        0.5
    """
    found = row["figures"].get("inception_score", {})
    value, real = found.get("value"), found.get("real")
    return None if value is None or not real else value / real


def _protocol(board: dict[str, Any]) -> str:
    return (
        f"Real recordings: {board['data']} ({board['note']}). Every row: up to {board['count']:,} "
        f"clips (column n), seed {board['seed']}, classifier `{board['classifier']}`. Distances, "
        "precision, recall, density and coverage compare with the test split, with as many clips "
        "as it has; 95 % intervals in brackets. The rows above the generators have a known rank: "
        "they test the ruler, not a model. Any figure can be fooled: before reading one, look at "
        "what white noise and one repeated clip get in its column."
    )


def _table(board: dict[str, Any], names: Sequence[str]) -> str:
    titles = ("", "n", *(f"{KINDS[name].title} ({BETTER[KINDS[name].better]})" for name in names))
    lines = [
        (_name(row), f"{row['n']:,}", *(_cell(row, name) for name in names))
        for row in board["rows"]
    ]
    return "\n".join(_markdown(titles, lines))


def _name(row: dict[str, Any]) -> str:
    return f"**{row['name']}**" if row["kind"] == "generator" else row["name"]


def _cell(row: dict[str, Any], name: str) -> str:
    found = row["figures"].get(name)
    if found is None:
        return "-"
    figure = Figure(*(found[key] for key in ("value", "low", "high", "n", "real")))
    text = figure.told(KINDS[name].decimals)
    # A figure of fewer clips than the row has says so.
    return text if found["n"] == row["n"] else f"{text}, n {found['n']:,}"


def _score_ratios(board: dict[str, Any]) -> str:
    said = [f"{row['name']} {_percent(score_ratio(row))}" for row in board["rows"]]
    return f"Inception score, divided by that of as many real test clips: {', '.join(said)}."


def _copiers(board: dict[str, Any]) -> str:
    found = [row["name"] for row in board["rows"] if row["memorized"]]
    return f"Rows that repeat the training recordings, by the rule: {', '.join(found) or 'none'}."


def _dnsmos_level(board: dict[str, Any]) -> str:
    """At what level DNSMOS was measured, where the rows say so; it depends on it."""
    found = {row.get("details", {}).get("dnsmos", {}).get("level_dbfs") for row in board["rows"]}
    levels = ", ".join(f"{level:g}" for level in sorted(found - {None}))
    return f"\n\nDNSMOS: every clip brought to {levels} dBFS where it sounds." if levels else ""


def _described(row: dict[str, Any]) -> str:
    weights = f"; weights `{row['weights'][:12]}`" if "weights" in row else ""
    return f"- {_name(row)}: {row['note']}{weights}."


def _published() -> str:
    lines = [
        (x.system, x.figure, str(x.value), str(x.real), x.ratio, x.protocol) for x in PUBLISHED
    ]
    titles = ("System", "Figure", "Published", "Real, same protocol", "Ratio", "Protocol")
    return (
        "Quoted, not measured here. **Never mix scales**: data, classifier, number of clips and "
        "recipe all differ from ours, and from one another, so that the figures themselves must "
        "not be compared with any above. The ratio to real recordings of the same protocol is all "
        "that can be looked at side by side, and even that with care: spoken digits of two "
        "thousand people are harder than those of six.\n\n" + "\n".join(_markdown(titles, lines))
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}".replace("%", " %")


def _markdown(titles: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    rule = "|---|" + "---:|" * (len(titles) - 1)
    return [f"| {' | '.join(titles)} |", rule, *(f"| {' | '.join(line)} |" for line in lines)]
