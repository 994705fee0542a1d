"""The losses of a run as a CSV file that survives a kill."""

import csv
import os
import time
from pathlib import Path

import keras


class History(keras.callbacks.Callback):
    """Append the losses to a CSV file: `step, seconds, ...`.

    Args:
        path: the file; rows after `start` are dropped, so that a resumed run continues it.
        start: updates already done.
        every: a row every n-th update.

    Example:
        >>> History(Path("no_such_run") / "history.csv").rows
        []
    """

    def __init__(self, path: Path, start: int = 0, every: int = 10):
        super().__init__()
        self.path, self.step, self.every = Path(path), start, every
        rows = {row["step"]: row for row in read_history(self.path) if row["step"] <= start}
        self.rows = list(rows.values())  # each step once, also where two had written at a time
        self.elapsed = self.rows[-1]["seconds"] if self.rows else 0.0

    def on_train_begin(self, logs=None):
        self.begin = time.monotonic()
        part = self.path.with_name(f".{self.path.name}.part")
        with open(part, "w", newline="", encoding="utf-8") as file:
            self._write(file, self.rows, header=True)
        os.replace(part, self.path)

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.step % self.every:
            return
        seconds = self.elapsed + time.monotonic() - self.begin
        row = {"step": self.step, "seconds": round(seconds, 3)}
        row |= {key: round(float(value), 6) for key, value in sorted((logs or {}).items())}
        with open(self.path, "a", newline="", encoding="utf-8") as file:
            self._write(file, [row], header=file.tell() == 0)

    @staticmethod
    def _write(file, rows: list[dict], header: bool) -> None:
        if rows:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            if header:
                writer.writeheader()
            writer.writerows(rows)


def read_history(path: Path) -> list[dict]:
    """The rows of a history file as numbers; a half-written last row is left out.

    Returns:
        One dict a row: `step`, `seconds` and the losses. Empty if there is no file.

    Example:
        >>> read_history(Path("no_such_run") / "history.csv")
        []
    """
    if not Path(path).is_file():
        return []
    rows = []
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                numbers = {key: float(value) for key, value in row.items()}
                rows.append(numbers | {"step": int(numbers["step"])})
            except (TypeError, ValueError, KeyError):
                break
    return rows
