"""What the chapters need beside the library: predictions beside measurements, and live source."""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

UNANSWERED = (None, Ellipsis, "")


def compare(
    prediction: Any, measured: Any, tolerance: float = 0.05, absolute: float = 1e-6
) -> None:
    """Print a prediction beside what was measured; an unanswered one is welcome and never fails.

    A number counts as right when |prediction - measured| <= max(tolerance * |measured|, absolute).

    Args:
        prediction: what the reader wrote: a number, an array, a word; `...`, None and "" are no
            answer yet.
        measured: what the program found, of the same kind; a tensor of either engine will do.
        tolerance: largest relative error of a right answer, >= 0.
        absolute: largest absolute error of a right answer, in the unit of `measured`, >= 0.

    Example:
        >>> compare(1.39, 1.386294)
        Right: you predicted 1.39, measured 1.386.
        >>> compare(0.7, 1.386294)
        Not quite: you predicted 0.7, measured 1.386. What would explain the difference?
        >>> compare(..., 1.386294)
        Not answered yet; measured 1.386.
    """
    measured = _plain(measured)
    if _is_unanswered(prediction):
        print(f"Not answered yet; measured {_show(measured)}.")
        return
    prediction = _plain(prediction)
    both = f"you predicted {_show(prediction)}, measured {_show(measured)}"
    if _agrees(prediction, measured, tolerance, absolute):
        print(f"Right: {both}.")
    else:
        print(f"Not quite: {both}. What would explain the difference?")


def show_source(*things: Any, docstring: bool = False) -> None:
    """Print the live source of functions, classes or methods, with the file and line it stands in.

    Args:
        things: functions, classes, methods or modules written in Python.
        docstring: True shows their docstrings too.

    Raises:
        TypeError: for a thing without Python source, such as a number or a compiled function.

    Example:
        >>> from ganlib.errors import DataError
        >>> show_source(DataError, docstring=True)  # doctest: +ELLIPSIS
        # ganlib/errors.py, line ...
        class DataError(GanlibError):
            \"\"\"A data set or a folder that cannot be used.\"\"\"
    """
    listings = [_listing(inspect.unwrap(thing), docstring) for thing in things]
    text = "\n\n".join(listings)
    if _in_a_notebook():
        from IPython.display import Code, display

        display(Code(text, language="python"))
    else:
        print(text)


def _is_unanswered(prediction: Any) -> bool:
    return any(prediction is blank for blank in UNANSWERED) or (
        isinstance(prediction, str) and not prediction.strip()
    )


def _plain(value: Any) -> Any:
    """Turn a tensor into a NumPy array and a one-element array into a number; leave the rest."""
    if isinstance(value, str | bool | int | float):
        return value
    try:
        array = np.asarray(value)
    except Exception:  # whatever a reader wrote, a prediction never stops a chapter
        return value
    if array.dtype == object:
        return value
    return array.item() if array.size == 1 else array


def _show(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, threshold=20)
    return str(value)


def _agrees(prediction: Any, measured: Any, tolerance: float, absolute: float) -> bool:
    if isinstance(measured, str) or isinstance(prediction, str):
        return str(prediction).strip().casefold() == str(measured).strip().casefold()
    try:
        predicted = np.asarray(prediction, dtype=float)
        found = np.asarray(measured, dtype=float)
        error = np.abs(predicted - found)
    except (TypeError, ValueError):  # shapes or kinds that cannot be subtracted
        return False
    allowed = np.maximum(tolerance * np.abs(found), absolute)
    return predicted.shape == found.shape and bool(np.all(error <= allowed))


def _listing(thing: Any, docstring: bool) -> str:
    lines, first = inspect.getsourcelines(thing)
    source = textwrap.dedent("".join(lines)).rstrip()
    if not docstring:
        source = _without_docstrings(source)
    path = Path(inspect.getsourcefile(thing) or "").resolve()
    home = Path(__file__).resolve().parents[1]
    shown = path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name
    return f"# {shown}, line {max(first, 1)}\n{source}"


def _without_docstrings(source: str) -> str:
    """Cut the docstrings of a module, its classes and its functions; keep every other line."""
    lines = source.splitlines()
    cut: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if len(node.body) > 1 and ast.get_docstring(node):
            text = node.body[0]
            cut.update(range(text.lineno - 1, text.end_lineno or text.lineno))
            blank = text.end_lineno or text.lineno
            if blank < len(lines) and not lines[blank].strip():
                cut.add(blank)
    return "\n".join(line for number, line in enumerate(lines) if number not in cut)


def _in_a_notebook() -> bool:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")
