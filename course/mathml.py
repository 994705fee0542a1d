"""Equations as MathML, which every current browser shows without a script and without a network."""

from __future__ import annotations

import re

from latex2mathml.converter import convert

LIMIT = re.compile(r"(\\(?:min|max|sup|inf|lim))\s*_")
UNKNOWN = re.compile(r"<m[a-z]+[^>]*>\s*(\\[A-Za-z]+)")


class EquationError(ValueError):
    """An equation that cannot be shown."""


def to_mathml(equation: str, block: bool) -> str:
    r"""Turn a LaTeX equation into a MathML element.

    Args:
        equation: LaTeX without its dollar signs.
        block: True for an equation on a line of its own.

    Raises:
        EquationError: the LaTeX is broken, or uses a command that has no MathML.

    Example:
        >>> to_mathml(r"x^2", block=False)[-53:]
        '<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    """
    latex = LIMIT.sub(r"\1\\limits_", equation.strip()) if block else equation.strip()
    try:
        markup = convert(latex, display="block" if block else "inline")
    except Exception as error:  # the converter raises many kinds; the equation is what helps
        raise EquationError(f"cannot show the equation {equation.strip()!r}: {error}") from error
    unknown = UNKNOWN.search(markup)
    if unknown:
        raise EquationError(f"cannot show {unknown[1]} in the equation {equation.strip()!r}")
    return markup


def strip_delimiters(text: str) -> tuple[str, bool]:
    r"""Split an output such as `$\displaystyle x$` or `$$x$$` into the equation and its place.

    Example:
        >>> strip_delimiters("$$x$$")
        ('x', True)
    """
    text = text.strip()
    for opening, closing, block in (("$$", "$$", True), (r"\[", r"\]", True), ("$", "$", False)):
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening):
            text = text[len(opening) : -len(closing)]
            return text.replace(r"\displaystyle", "").strip(), block or r"\displaystyle" in text
    return text, True
