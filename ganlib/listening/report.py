"""All that a listening test found, as one table and as plain data."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ganlib.data.archives import told_in_one_sentence
from ganlib.listening.ratings import Collected
from ganlib.listening.statistics import METHODS, Doubt, Opinion, inattentive, opinion


@dataclass(frozen=True)
class Report:
    """The outcome of a listening test; made by `evaluate`.

    Example:
        >>> Report("t1", 0, [], [], [], [], False).lines()[0]
        'Test t1, 0 listeners.'
    """

    test: str
    listeners: int
    opinions: list[Opinion]
    doubts: list[Doubt]
    unjudged: list[str]
    problems: list[str]
    dropped: bool

    def lines(self) -> list[str]:
        """The table and the methods, for a terminal."""
        width = max([6, *(len(opinion.system) for opinion in self.opinions)])
        head = (
            f"{'system':<{width}}  {'MOS':>4}  {'95 %':<12}  {'right':>6}  {'95 %':<14}  "
            f"{'listeners':>9}  {'ratings':>7}"
        )
        many = "listener" if self.listeners == 1 else "listeners"
        return [
            f"Test {self.test}, {self.listeners} {many}.",
            "",
            head,
            *(self._row(opinion, width) for opinion in self.opinions),
            "",
            f"MOS: {METHODS['mos']}.",
            f"Right: {METHODS['accuracy']}.",
        ]

    def _row(self, row: Opinion, width: int) -> str:
        score = _number(row.mos, ".2f")
        scores = _between(row.mos_low, row.mos_high, ".2f")
        share = _number(row.accuracy, ".1%")
        shares = _between(row.accuracy_low, row.accuracy_high, ".1%")
        return (
            f"{row.system:<{width}}  {score:>4}  {scores:<12}  {share:>6}  {shares:<14}  "
            f"{row.listeners:>9}  {row.ratings:>7}"
        )

    def warnings(self) -> list[str]:
        """What should be known before the table is believed, one sentence each."""
        said = list(self.problems)
        what = "left out" if self.dropped else "counted; --drop-inattentive leaves them out"
        for doubt in self.doubts:
            said.append(f"{doubt.listener} seems inattentive: {', '.join(doubt.reasons)} ({what})")
        if self.doubts:
            said.append(f"Inattentive: {METHODS['inattentive']}")
        if self.unjudged:
            said.append(f"too few anchors rated to judge attention: {', '.join(self.unjudged)}")
        if self.listeners == 1:
            said.append("one listener is no sample: the score has no interval")
        return said

    def to_dict(self) -> dict:
        """Plain data for a JSON file; null where a figure cannot be known."""
        rows = [
            {
                name: None if isinstance(value, float) and math.isnan(value) else value
                for name, value in asdict(opinion).items()
            }
            for opinion in self.opinions
        ]
        return {
            "test": self.test,
            "listeners": self.listeners,
            "systems": rows,
            "inattentive": [asdict(doubt) for doubt in self.doubts],
            "inattentive_dropped": self.dropped,
            "too_few_anchors": self.unjudged,
            "problems": self.problems,
            "methods": METHODS,
        }

    def save(self, path: str | Path) -> Path:
        """Write `to_dict()` as JSON, complete or not at all.

        Raises:
            DataError: if it cannot be written.
        """
        path = Path(path)
        part = path.with_name(f".{path.name}.part")
        with told_in_one_sentence(f"cannot write {path}"):
            text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False)
            part.write_text(text + "\n", encoding="utf-8")
            os.replace(part, path)
        return path


def evaluate(collected: Collected, key: dict, drop_inattentive: bool = False) -> Report:
    """The outcome of a test.

    Args:
        collected: what `ratings.collect` returned.
        key: what `ratings.read_key` returned.
        drop_inattentive: leave out whom `statistics.inattentive` names, unless that is everybody.

    Returns:
        Systems in the order of the key.

    Example:
        >>> from ganlib.listening.ratings import Rating
        >>> key = {"test": "t1", "systems": ["m"], "anchors": {"real": "r", "low": "l"}}
        >>> report = evaluate(Collected([Rating("Ann", "m", "7", "k1", 4, "7")], []), key)
        >>> report.opinions[0].mos, report.unjudged
        (4.0, ['Ann'])
    """
    anchors = key["anchors"]
    doubts, unjudged = inattentive(collected.ratings, anchors["real"], anchors["low"])
    named = {doubt.listener for doubt in doubts}
    kept = [rating for rating in collected.ratings if rating.listener not in named]
    drop = drop_inattentive and bool(kept)
    used = replace(collected, ratings=kept) if drop else collected
    return Report(
        key["test"],
        len(used.listeners),
        [opinion(system, used.ratings) for system in key["systems"]],
        doubts,
        unjudged,
        collected.problems,
        drop,
    )


def _number(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)


def _between(low: float, high: float, form: str) -> str:
    return "-" if math.isnan(low) else f"{low:{form}} to {high:{form}}"
