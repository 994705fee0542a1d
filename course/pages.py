"""The pages of the course: one for each chapter and an index, complete in themselves."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course.chapters import Chapter
from course.mathml import strip_delimiters, to_mathml

HERE = Path(__file__).parent
STYLE = """
body { font-family: sans-serif; max-width: 58rem; margin: 2rem auto; padding: 0 1rem;
       line-height: 1.5; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem; border-top: 1px solid #bbb; }
td p { margin: 0 0 .6rem; }
td.number { text-align: right; white-space: nowrap; }
.failed { font-weight: bold; }
pre { white-space: pre-wrap; background: #f4f4f4; padding: .8rem; }
"""


class RendererWithMathML(IPythonRenderer):
    """Markdown to HTML where an equation becomes MathML."""

    def block_html(self, html: str) -> str:
        """Embed pictures; else leave HTML alone: the parser would close `<details>` too early."""
        plain = super(IPythonRenderer, self).block_html
        return super().block_html(html) if "<img" in html else plain(html)

    def block_math(self, body: str) -> str:
        return to_mathml(body, block=True)

    def inline_math(self, body: str) -> str:
        return to_mathml(body, block=False)

    def latex_environment(self, name: str, body: str) -> str:
        return to_mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)


class ChapterExporter(HTMLExporter):
    """Notebook to one HTML file that needs nothing from the network."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            template_name="page",
            extra_template_basedirs=[str(HERE)],
            embed_images=True,
            **options,
        )

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        renderer = RendererWithMathML(
            escape=False,
            embed_images=True,
            attachments=context.get("cell", {}).get("attachments", {}),
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
        )
        return MarkdownWithMath(renderer=renderer).render(source)

    def default_filters(self):
        yield from super().default_filters()
        yield "latex2mathml", lambda text: to_mathml(*strip_delimiters(text))


@dataclass(frozen=True)
class Outcome:
    """How a chapter fared (executed, unchanged, failed), and the seconds of its last run."""

    chapter: Chapter
    status: str
    seconds: float
    reason: str = ""


def chapter_page(notebook: nbformat.NotebookNode, chapter: Chapter, folder: Path) -> str:
    """Return the page of an executed notebook; pictures are looked up from `folder`."""
    notebook = nbformat.from_dict({**notebook})
    notebook.metadata["title"] = f"{chapter.number} {chapter.title}"
    resources = {"metadata": {"name": chapter.name, "path": str(folder)}}
    page, _ = ChapterExporter().from_notebook_node(notebook, resources)
    return page


def index_page(outcomes: Sequence[Outcome], setting: str) -> str:
    """Return the index: every chapter with its summary, its state and how long it took."""
    rows = "\n".join(_row(outcome) for outcome in outcomes)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Generative adversarial networks that speak</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><h1>Generative adversarial networks that speak</h1>
<p>{html.escape(setting)}</p>
<table><thead><tr><th>Chapter</th><th>What it is about</th><th>Planned time</th><th>State</th>
<th>Took</th></tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""


def _row(outcome: Outcome) -> str:
    chapter = outcome.chapter
    title = html.escape(f"{chapter.number} {chapter.title}")
    state = html.escape(outcome.status)
    if outcome.reason:
        state = f'<span class="failed">{state}</span><pre>{html.escape(outcome.reason)}</pre>'
    about = _as_html(f"{chapter.summary}\n\n{chapter.hear}")
    return (
        f'<tr><td><a href="{chapter.name}.html">{title}</a><br>'
        f'<a href="{chapter.name}.ipynb" download>as a notebook</a></td>'
        f"<td>{about}</td><td>{_as_html(chapter.time)}</td><td>{state}</td>"
        f'<td class="number">{outcome.seconds:.0f} s</td></tr>'
    )


def _as_html(markdown: str) -> str:
    return MarkdownWithMath(renderer=RendererWithMathML(escape=True)).render(markdown)
