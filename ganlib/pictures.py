"""What every picture shares: colours that all readers can tell apart, panels, words for it."""

from __future__ import annotations

import base64
import html
import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from ganlib.errors import OptionError

# M. Okabe & K. Ito (2008), Color universal design; yellow is left out, white paper swallows it.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#000000", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "x", "s", "^", "+", "D", "v")
COLOUR_MAP = "viridis"


class Picture:
    """A figure as a notebook shows it: an image with alternative text; made by `show`.

    Example:
        >>> Picture(b"", alt="A flat line.")
        Picture('A flat line.')
    """

    def __init__(self, png: bytes, alt: str):
        self.png, self.alt = png, alt

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        alt = html.escape(self.alt, quote=True)
        return f'<img style="max-width:100%" alt="{alt}" src="data:image/png;base64,{data}">'

    def __repr__(self) -> str:
        return f"Picture({self.alt!r})"


def show(figure: Figure, alt: str = "", dpi: int = 110) -> Picture:
    """Return a figure as an image with alternative text, the last line of a notebook cell.

    Args:
        figure: any matplotlib figure.
        alt: what there is to see, for readers who cannot; empty takes the description that the
            functions of this file give their figures.
        dpi: dots an inch.

    Returns:
        An object that notebooks display.

    Raises:
        OptionError: if there is no text in either place.

    Example:
        >>> show(Figure(), alt="A flat line: silence.")
        Picture('A flat line: silence.')
    """
    alt = alt.strip() or str(figure.get_label())
    if not alt:
        raise OptionError('the figure has no description; write show(figure, alt="what one sees")')
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=dpi)
    return Picture(stream.getvalue(), alt)


def describe(figure: Figure, text: str) -> Picture:
    """Return `show(figure, alt=text)`: the same with the description required.

    Example:
        >>> describe(Figure(), "Silence.")
        Picture('Silence.')
    """
    return show(figure, alt=text)


def make_panels(
    count: int, columns: int, height: float, title: str, width: float = 7.0, share: bool = False
) -> tuple[Figure, list[Axes]]:
    """Return a figure with `count` panels in rows of `columns`; sizes in inches.

    Example:
        >>> figure, panels = make_panels(3, columns=2, height=1.0, title="")
        >>> len(panels)
        3
    """
    if count == 0:
        raise OptionError("there is nothing to draw: expected at least one array")
    rows = -(-count // columns)
    figure = Figure(figsize=(width, rows * height + 0.4 * bool(title)), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False, sharex=share, sharey=share).ravel())
    if share and columns > 1:  # few and short numbers, or those of neighbours would touch
        panels[0].locator_params(axis="x", nbins=6 // columns + 1, steps=[1, 2, 5, 10])
    for empty in panels[count:]:
        empty.set_visible(False)
    for lowest in panels[max(0, count - columns) : count]:
        lowest.tick_params(labelbottom=True)  # where the last row is not full, too
    if title:
        figure.suptitle(title)
    return figure, panels[:count]


def draw_frames(
    panel: Axes, frames: np.ndarray, seconds: float, bin_height: float, limits: tuple | None
) -> AxesImage:
    """Draw `(frames, bins)` with the centre of each cell at its time and frequency.

    Example:
        >>> _, panels = make_panels(1, columns=1, height=1.0, title="")
        >>> draw_frames(panels[0], np.zeros((4, 3)), 0.1, 100.0, None).get_array().shape
        (3, 4)
    """
    count, bins = frames.shape
    left, right = -0.5 * seconds, (count - 0.5) * seconds
    bottom, top = -0.5 * bin_height, (bins - 0.5) * bin_height
    lowest, highest = limits or (None, None)
    return panel.imshow(
        frames.T,
        extent=(left, right, bottom, top),
        vmin=lowest,
        vmax=highest,
        cmap=COLOUR_MAP,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
    )
