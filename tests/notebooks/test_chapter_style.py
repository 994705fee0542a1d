"""Every chapter keeps the promises of the course: how it opens, how it closes, how long a cell is.

What a chapter *says* is checked by its own assertions when the course is built; here is its form.
"""

import ast
import re
import statistics
from pathlib import Path

import nbformat
import pytest

from course.chapters import find_chapters, to_notebook

ROOT = Path(__file__).parents[2]
CHAPTERS = find_chapters(ROOT / "notebooks" / "src")
SCREEN = 25  # lines of a cell, exclusive
TYPICAL = 8  # lines of the median cell, at most

every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)


def code_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def text_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def parsed(cell: str) -> ast.Module:
    """A cell's syntax tree; lines that belong to IPython are passed over."""
    lines = ["pass" if line[:1] in ("%", "!") else line for line in cell.splitlines()]
    return ast.parse("\n".join(lines))


def calls(cells: list[str], *names: str) -> list[ast.Call]:
    """Calls of functions with one of these names, as `name(...)` or as `module.name(...)`."""
    nodes = [node for cell in cells for node in ast.walk(parsed(cell))]
    found = [node for node in nodes if isinstance(node, ast.Call)]
    return [
        call for call in found if getattr(call.func, "id", getattr(call.func, "attr", "")) in names
    ]


def without_words(cells: list[str]) -> list[str]:
    """Players that name no transcript or no description (the arguments 3 and 4)."""
    silent = []
    for call in calls(cells, "player"):
        given = call.args
        named = {keyword.arg for keyword in call.keywords}
        unpacked = any(isinstance(argument, ast.Starred) for argument in given) or None in named
        complete = len(given) + len(named & {"transcript", "description"}) >= 4
        if not (unpacked or complete):
            silent.append(ast.unparse(call))
    return silent


def test_players_without_words_are_noticed():
    assert without_words(["player(x, 8000)", "player(x, 8000, 'seven')"]) == [
        "player(x, 8000)",
        "player(x, 8000, 'seven')",
    ]
    assert without_words(["player(x, 8000, 'a', 'b')", "player(x, 8000, *words)"]) == []
    assert without_words(["player(x, 8000, transcript='a', description='b')"]) == []


def test_there_are_chapters_with_numbers_of_their_own():
    numbers = [chapter.number for chapter in CHAPTERS]
    assert {"00", "01"} <= set(numbers) and len(numbers) == len(set(numbers))


@every_chapter
def test_a_chapter_opens_with_what_one_hears_and_how_long_it_takes(chapter):
    first = chapter.notebook().cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert chapter.summary and not chapter.summary.startswith("#")
    assert chapter.hear.startswith("**You will hear**") and len(chapter.hear.split()) > 6
    for word in ("two CPU cores", "GPU"):
        assert word in chapter.time


@every_chapter
def test_a_cell_fits_on_a_screen_and_most_are_short(chapter):
    cells = [cell.strip().splitlines() for cell in code_of(chapter.notebook())]
    assert [cell[0] for cell in cells if len(cell) >= SCREEN] == []
    assert statistics.median(map(len, cells)) <= TYPICAL


@every_chapter
def test_a_chapter_ends_with_its_claims_as_assertions(chapter):
    notebook = chapter.notebook()
    headings = [re.findall(r"^## (.*)$", text, re.MULTILINE) for text in text_of(notebook)]
    last = [heading for found in headings for heading in found][-1]
    assert "claimed" in last
    ending = [cell for cell in code_of(notebook) if "assert" in cell][-1]
    assert ending == code_of(notebook)[-1]
    assertions = [node for node in ast.walk(parsed(ending)) if isinstance(node, ast.Assert)]
    assert len(assertions) >= 3


@every_chapter
def test_a_claim_is_computed_and_not_a_constant(chapter):
    for cell in code_of(chapter.notebook()):
        for node in ast.walk(parsed(cell)):
            if isinstance(node, ast.Assert):
                names = [part for part in ast.walk(node.test) if isinstance(part, ast.Name)]
                assert names, ast.unparse(node)


@every_chapter
def test_a_chapter_is_heard_and_seen_and_asks_for_predictions(chapter):
    cells = code_of(chapter.notebook())
    assert calls(cells, "player") and calls(cells, "show", "describe")
    assert calls(cells, "compare") and calls(cells, "show_source")


@every_chapter
def test_every_clip_has_a_transcript_and_a_description(chapter):
    assert without_words(code_of(chapter.notebook())) == []


@every_chapter
def test_every_picture_goes_through_the_function_that_asks_for_words(chapter):
    """`show` and `describe` refuse a figure without alternative text; pyplot never asks."""
    cells = code_of(chapter.notebook())
    assert "pyplot" not in "\n".join(cells) and "%matplotlib" not in "\n".join(cells)
    assert calls(cells, "Audio", "Image") == []  # IPython's, which have no words


@every_chapter
def test_a_prediction_is_left_to_the_reader(chapter):
    """In the course notebook every prediction is `...`, and compared in the same cell."""
    for cell in code_of(chapter.notebook()):
        given = re.findall(r"^prediction\w* = (.+?)(?:\s+#.*)?$", cell, re.MULTILINE)
        assert all(value == "..." for value in given), cell
        assert not given or calls([cell], "compare"), cell


@every_chapter
def test_answers_to_exercises_are_folded_away_and_each_fold_is_closed(chapter):
    text = "\n\n".join(text_of(chapter.notebook()))
    assert "Exercises" in text
    assert text.count("<details>") == text.count("</details>") >= 1


@every_chapter
def test_the_notebook_in_the_repository_has_no_outputs(chapter):
    path = ROOT / "notebooks" / f"{chapter.name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def test_the_map_of_the_course_shows_every_chapter_that_is_here():
    source = (ROOT / "notebooks" / "src" / "00_start_here.py").read_text(encoding="utf-8")
    cells = code_of(to_notebook(source, "00_start_here"))
    (drawn,) = [cell for cell in cells if cell.startswith("MAP = ")]
    (assignment,) = parsed(drawn).body
    shown = ast.literal_eval(assignment.value)
    assert {chapter.name for chapter in CHAPTERS} <= set(shown)
    assert list(shown) == sorted(shown)
