"""From a source to a notebook: the same source gives the same file."""

import nbformat
import pytest

from course.chapters import find_chapters, notebook_text, to_notebook

SOURCE = "# %% [markdown]\n# # Title\n\n# %%\na = 1\n\n# %%\nb = 2\n"


def test_an_inserted_cell_renames_no_other():
    before = [cell.id for cell in to_notebook(SOURCE, "00_x").cells]
    more = SOURCE.replace("# %%\nb = 2", "# %%\nnew = 0\n\n# %%\nb = 2")
    after = [cell.id for cell in to_notebook(more, "00_x").cells]
    assert len(after) == 4
    assert set(before) < set(after)


def test_equal_cells_still_have_different_ids():
    ids = [cell.id for cell in to_notebook(SOURCE + "\n# %%\nb = 2\n", "00_x").cells]
    assert len(ids) == len(set(ids)) == 4


def test_a_generated_notebook_is_valid_and_has_no_outputs():
    notebook = nbformat.reads(notebook_text(to_notebook(SOURCE, "00_x")), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code"]
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert "jupytext" not in notebook.metadata


def test_a_chapter_tells_its_title_and_what_it_is_about(tiny_course):
    first, second = find_chapters(tiny_course / "notebooks" / "src")
    assert (first.number, first.title) == ("00", "What a sine sounds like")
    assert first.summary == r"A tone is $\sin(2\pi f t)$."
    assert first.hear == "**You will hear** a tone, and then another."
    assert first.time == "about a minute."
    assert (second.name, second.summary, second.time) == ("05_number", "", "")


@pytest.mark.parametrize(("name", "text"), [("intro.py", SOURCE), ("01_x.py", "# %%\na = 1\n")])
def test_a_source_without_number_or_title_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=name):
        find_chapters(tmp_path)
