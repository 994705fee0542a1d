"""The page of an evaluation: figures, pictures and sound in one file, which needs no network."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganlib.evaluation.measuring.figures import KINDS, Evaluation, writable, write_json, write_whole
from ganlib.evaluation.measuring.intervals import method
from ganlib.evaluation.measuring.reference import Reference
from ganlib.evaluation.measuring.sources import Sample
from ganlib.evaluation.telling import pictures
from ganlib.evaluation.telling.words import BETTER, LISTENERS, heading, row, sentences
from ganlib.listen import player
from ganlib.pictures import show

PAGE, JSON = "index.html", "evaluation.json"
PAIRS = 10  # clips that are shown beside their nearest training recording
_POLICY = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'"
_STYLE = Path(__file__).parent / "web" / "page.css"


def write_page(
    folder: str | Path, evaluation: Evaluation, sample: Sample, reference: Reference
) -> Path:
    """Write `index.html` and `evaluation.json`, each complete or not at all.

    Args:
        folder: made if needed; files of these two names are replaced.
        evaluation: what `evaluate` returned for the sample and the reference.
        sample: the clips, to be heard.
        reference: the real recordings; what is not on this machine is left out, and said so.

    Returns:
        The path of the page.

    Raises:
        DataError: if it cannot be written.

    Example:
        >>> import tempfile
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> noise = Sample("noise", np.full((30, 8192, 1), 0.1, "float32"), 8000)
        >>> done = Evaluation("noise", "fsdd", 30, 0, "", {})
        >>> with tempfile.TemporaryDirectory() as place:
        ...     write_page(place, done, noise, shipped("fsdd")).name
        'index.html'
    """
    folder = Path(folder)
    writable(folder / PAGE)
    content = page(evaluation, sample, reference)
    write_json(folder / JSON, evaluation.to_dict())
    return write_whole(folder / PAGE, content.encode("utf-8"))


def page(evaluation: Evaluation, sample: Sample, reference: Reference) -> str:
    """The text of the page.

    Example:
        >>> from ganlib.evaluation.measuring.reference import shipped
        >>> noise = Sample("noise", np.full((30, 8192, 1), 0.1, "float32"), 8000)
        >>> page(Evaluation("noise", "fsdd", 30, 0, "", {}), noise, shipped("fsdd"))[:15]
        '<!doctype html>'
    """
    title = html.escape(f"{evaluation.name} beside {evaluation.data}")
    parts = [
        f"<h1>{title}</h1><p>{html.escape(heading(evaluation))}. {_of(evaluation, 'clips')}</p>",
        _listed(sentences(evaluation)),
        _figures(evaluation),
        _classes(evaluation, sample, reference),
        _neighbours(evaluation, sample, reference),
        _speakers(evaluation),
        _method(evaluation),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _of(evaluation: Evaluation, name: str) -> str:
    said = str(evaluation.details.get(name, ""))
    return html.escape(f"{said[:1].upper()}{said[1:]}.") if said else ""


def _figures(evaluation: Evaluation) -> str:
    titles = ("Figure", "Value", "95 % interval", "Real", "Better", "Clips")
    rows = [row(name, figure) for name, figure in evaluation.figures.items()]
    return (
        "<h2>Figures</h2>"
        + _picture(pictures.beside_real(evaluation))
        + _table(titles, rows)
        + "<p><b>Real</b> is the same figure of real recordings: of the test split, or, where "
        "the figure itself compares with the test split, of as many training recordings. "
        "No generator can be expected to be better.</p>"
    )


def _classes(evaluation: Evaluation, sample: Sample, reference: Reference) -> str:
    classes = evaluation.details.get("classes", {})
    test = reference.test
    shown = _first_of_each(sample.labels, len(sample))
    real = None if test.clips is None else _first_of_each(test.labels, len(test))
    text = "<h2>Real and generated, class by class</h2>"
    if classes:
        text += _picture(pictures.by_class(classes)) + _class_table(classes)
    text += (
        "<p>The first clip of each class, as it came, and the first of the test recordings: "
        "nothing was chosen by ear.</p>"
    )
    if real is None:
        text += f"<p>The recordings of {html.escape(reference.name)} are not on this machine.</p>"
    cells = []
    words = dict(zip(shown, classes or [""], strict=False))
    for name, place in shown.items():
        word = words.get(name, "")
        cells.append(_sound(sample.clips[place], sample.sample_rate, word, "generated"))
        if test.clips is not None and real is not None and name in real:
            clip = test.clips.samples[real[name]]
            cells.append(_sound(clip, test.clips.audio_format.sample_rate, word, "real"))
    return text + _grid(cells)


def _class_table(classes: dict[str, dict[str, Any]]) -> str:
    heard = [x for who in LISTENERS.values() for x in (who, "the same, real")]
    titles = ("Class", "Clips", *heard, "Fréchet distance")
    names = [name for column in LISTENERS for name in (column, f"{column}_real")]
    rows = [
        (
            name,
            f"{found['n']:,}",
            *(_number(found.get(column), 2) for column in names),
            _number(found.get("frechet_distance"), 1),
        )
        for name, found in classes.items()
    ]
    return _table(titles, rows)


def _neighbours(evaluation: Evaluation, sample: Sample, reference: Reference) -> str:
    text, found = "<h2>Nearest training recordings</h2>", evaluation.nearest
    memory = evaluation.details.get("memory", {})
    text += _listed([f"By {space} it {said['verdict']}." for space, said in memory.items()])
    train = reference.train.clips
    if found is None or train is None:
        name = html.escape(reference.name)
        return text + f"<p>The recordings of {name} are not here: ganlib data get {name}.</p>"
    chosen = np.argsort(found.distances, kind="stable")[:PAIRS]
    text += (
        f"<p>The {len(chosen)} clips that come nearest to a training recording, by {found.space}. "
        "A distance of 1 is that of a usual test recording; a copy is far below.</p>"
    )
    cells = []
    for place in chosen:
        other = found.indices[place]
        said = f"distance {found.distances[place]:.2f}"
        cells.append(_sound(sample.clips[place], sample.sample_rate, "", f"generated, {said}"))
        rate = train.audio_format.sample_rate
        cells.append(_sound(train.samples[other], rate, "", f"nearest: {train.names[other]}"))
    return text + _grid(cells)


def _speakers(evaluation: Evaluation) -> str:
    speakers = evaluation.details.get("speakers", {})
    if not speakers:
        return ""
    rows = [
        (name, _number(found["share"], 2), _number(found["real"], 2))
        for name, found in speakers.items()
    ]
    return (
        "<h2>Whose voice is nearest</h2>"
        + _table(("Speaker", "Share of the clips", "of real recordings"), rows)
        + "<p>The classifier was trained to forget who speaks, so this says little.</p>"
    )


def _method(evaluation: Evaluation) -> str:
    rows = [
        (KINDS[name].title, BETTER[KINDS[name].better], method(name)) for name in evaluation.figures
    ]
    return (
        "<h2>How it was measured</h2><p>Features and posteriors are those of the digit classifier "
        f"{html.escape(evaluation.classifier)}; figures of another classifier or of another number "
        "of clips must not be compared. Formulas, sources and limits: the docstrings of "
        f"ganlib.metrics.</p><p>Real recordings: {html.escape(evaluation.data)}. "
        f"{_of(evaluation, 'reference')}</p>" + _table(("Figure", "Better", "95 % interval"), rows)
    )


def _sound(clip: np.ndarray, rate: int, word: str, what: str) -> str:
    image = show(pictures.small_spectrogram(clip, rate, f"{word} {what}".strip()))
    return f"<div>{image._repr_html_()}{player(clip, rate, word, what)._repr_html_()}</div>"


def _first_of_each(labels: np.ndarray | None, available: int) -> dict[int | None, int]:
    """Class -> place of its first clip; without labels the first clip stands alone."""
    if labels is None:
        return {None: 0} if available else {}
    return {int(label): int(np.argmax(labels == label)) for label in np.unique(labels)}


def _picture(figure: Any) -> str:
    return "" if figure is None else show(figure)._repr_html_()


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:,.{decimals}f}"


def _listed(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>"


def _grid(cells: Sequence[str]) -> str:
    return f'<div class="pairs">{"".join(cells)}</div>'


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{html.escape(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row">{html.escape(row[0])}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    inside = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="wide"><table>{inside}</table></div>'
