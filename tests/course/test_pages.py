"""A page that needs nothing but itself."""

import base64
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from course.chapters import Chapter
from course.mathml import EquationError
from course.pages import Outcome, chapter_page, index_page

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def chapter(tmp_path) -> Chapter:
    return Chapter(
        tmp_path / "02_two.py", "02", "Two networks", "They play $V(D, G)$ & <learn>.", "", "1 h"
    )


def page_of(cells, chapter) -> BeautifulSoup:
    folder = chapter.source.parent
    return BeautifulSoup(
        chapter_page(nbformat.v4.new_notebook(cells=cells), chapter, folder), "html.parser"
    )


def addresses(page: BeautifulSoup) -> list[str]:
    """Everything that a browser fetches by itself to show a page."""
    found = [tag["src"] for tag in page.select("[src]")]
    found += [tag["href"] for tag in page.select("link[href]")]
    styles = "".join(tag.text for tag in page.select("style"))
    found += re.findall(r"@import\s+[\"']?([^\"';]+)", styles)
    found += re.findall(r"url\(([^)]+)\)", styles)
    return found + re.findall(
        r"import\(([^)]+)\)", "".join(tag.text for tag in page.select("script"))
    )


def test_a_page_fetches_nothing(chapter):
    (chapter.source.parent / "dot.png").write_bytes(DOT)
    code = nbformat.v4.new_code_cell(
        "x",
        outputs=[
            nbformat.v4.new_output(
                "display_data", data={"text/html": "<audio src='data:,'></audio>"}
            ),
            nbformat.v4.new_output(
                "display_data", data={"image/png": base64.b64encode(DOT).decode()}
            ),
        ],
    )
    text = nbformat.v4.new_markdown_cell(
        "![A dot](dot.png)\n\n$$x$$\n\n[link](https://example.org)"
    )
    page = page_of([text, code], chapter)
    outside = [a for a in addresses(page) if not a.strip("\"'").startswith(("data:", "#"))]
    assert outside == []
    assert len(page.select('img[src^="data:image/png"]')) == 2
    assert page.select_one('img[alt="A dot"]')


def test_equations_in_text_and_in_outputs_are_elements_not_latex(chapter):
    output = nbformat.v4.new_output("display_data", data={"text/latex": r"$\displaystyle \beta$"})
    cells = [
        nbformat.v4.new_markdown_cell(
            "Inline $\\alpha_i$ and\n\n\\begin{align}\na &= b\n\\end{align}"
        ),
        nbformat.v4.new_code_cell("y", outputs=[output]),
    ]
    page = page_of(cells, chapter)
    assert len(page.select("math")) == 3
    assert "\\alpha" not in page.text and "\\beta" not in page.text and "$" not in page.main.text


def test_dollars_in_code_stay_dollars(chapter):
    page = page_of([nbformat.v4.new_markdown_cell("Set `$HOME` and `$PATH`.")], chapter)
    assert "$HOME" in page.main.text and not page.select("math")


def test_an_equation_that_cannot_be_shown_stops_the_page(chapter):
    with pytest.raises(EquationError, match="nosuch"):
        page_of([nbformat.v4.new_markdown_cell(r"$\nosuch x$")], chapter)


def test_the_index_names_every_chapter_its_state_and_its_time(chapter):
    outcomes = [Outcome(chapter, "executed", 12.4), Outcome(chapter, "failed", 3.0, "cell <2>")]
    page = BeautifulSoup(index_page(outcomes, "Quick size."), "html.parser")
    first, second = page.select("tbody tr")
    assert first.select_one("a")["href"] == "02_two.html"
    assert "02 Two networks" in first.text and "executed" in first.text and "12 s" in first.text
    assert first.select_one("math") and "& <learn>" in first.text and "1 h" in first.text
    assert "failed" in second.text and "cell <2>" in second.text
    assert addresses(page) == []


def test_what_stands_inside_details_stays_inside(chapter):
    text = "<details><summary>Solutions</summary>\n\n1. First.\n2. Second.\n\n</details>\n\nAfter."
    page = page_of([nbformat.v4.new_markdown_cell(text)], chapter)
    assert [item.text for item in page.select("details li")] == ["First.", "Second."]
    assert "After." not in page.select_one("details").text
