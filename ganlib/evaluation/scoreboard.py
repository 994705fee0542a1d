"""Every shipped generator and the ruler in one table: measured, written, put into the README."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganlib import pretrained
from ganlib.evaluation.measuring.ear import Ear
from ganlib.evaluation.measuring.evaluate import evaluate
from ganlib.evaluation.measuring.figures import writable, write_json, write_whole
from ganlib.evaluation.measuring.reference import Reference
from ganlib.evaluation.measuring.ruler import ruler
from ganlib.evaluation.measuring.sources import Sample, of_pretrained, through_pictures
from ganlib.evaluation.telling import markdown
from ganlib.evaluation.telling.pictures import board_picture
from ganlib.pictures import show

PAGE, JSON, PICTURE, README = "scoreboard.md", "scoreboard.json", "scoreboard.png", "README.md"
BEGIN, END = "<!-- scoreboard: `ganlib scoreboard` writes it -->", "<!-- end of scoreboard -->"


def scoreboard(
    reference: Reference,
    ear: Ear,
    count: int,
    seed: int = 0,
    progress: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Measure all shipped generators and the eight rows of the ruler, with the same seeds.

    Beside them stand the real test clips through the pictures of each model that paints.

    Args:
        reference: with its recordings.
        ear: the classifier.
        count: clips of each row; the test split may have fewer.
        seed: of all clips, draws and intervals.
        progress: show what is being measured.
        tell: takes a line after each row.

    Returns:
        What `scoreboard.json` holds.

    Raises:
        DataError: if the recordings are not on this machine.

    Example:
        >>> from ganlib.evaluation.measuring.ear import shipped_ear
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> scoreboard(shipped("fsdd"), shipped_ear(), 30)  # without the sound
        Traceback (most recent call last):
        ...
        ganlib.errors.DataError: the ruler needs the recordings of fsdd; get them with:
        ganlib data get fsdd
    """
    rows = []
    known = ruler(reference, count, seed)
    known += through_pictures(known[0])
    samples: list[tuple[str, Sample]] = [("ruler", row) for row in known]
    for name in pretrained.names():
        samples.append(("generator", of_pretrained(name, ear, count, seed, progress)))
    for kind, sample in samples:
        found = evaluate(sample, reference, ear, seed, progress).to_dict()
        extra = {"weights": pretrained.card(sample.name)["sha256"]} if kind == "generator" else {}
        rows.append({"kind": kind, "note": sample.note} | extra | found)
        tell(f"{len(rows)} of {len(samples)}: {sample.name}")
    return {
        "data": reference.name,
        "note": reference.note,
        "count": count,
        "seed": seed,
        "classifier": ear.sha256,
        "rows": rows,
    }


def write_scoreboard(folder: str | Path, board: dict[str, Any]) -> list[Path]:
    """Write page, JSON and picture, and the short table into a README beside the folder.

    A README is left alone unless it has the two lines between which the table belongs.

    Raises:
        DataError: if something cannot be written.

    Example:
        >>> import tempfile
        >>> board = {"data": "fsdd", "note": "", "count": 30, "seed": 0, "classifier": "ab" * 32,
        ...          "rows": []}
        >>> with tempfile.TemporaryDirectory() as place:
        ...     [path.name for path in write_scoreboard(f"{place}/docs", board)]
        ['scoreboard.md', 'scoreboard.json', 'scoreboard.png']
    """
    folder = Path(folder)
    writable(folder / PAGE)
    image = show(board_picture(board["rows"]))
    text = markdown.page(board, PICTURE, image.alt)
    written = [
        write_whole(folder / PAGE, text.encode("utf-8")),
        write_json(folder / JSON, board),
        write_whole(folder / PICTURE, image.png),
    ]
    readme = folder.absolute().parent / README
    if readme.is_file() and BEGIN in (old := readme.read_text(encoding="utf-8")):
        written.append(write_whole(readme, with_table(old, board).encode("utf-8")))
    return written


def with_table(readme: str, board: dict[str, Any]) -> str:
    """The text of a README with the short table in its place.

    Example:
        >>> board = {"data": "fsdd", "count": 30, "seed": 0, "classifier": "ab" * 32, "rows": []}
        >>> text = with_table(f"# Title\\n{BEGIN}\\nold\\n{END}\\nrest", board)
        >>> "old" in text, text.endswith(f"{END}\\nrest")
        (False, True)
    """
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        return readme
    return f"{before}{BEGIN}\n{markdown.short_table(board)}\n{END}{after}"
