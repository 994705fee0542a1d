"""A learner's notebooks are theirs: only what the builder wrote, unchanged since, is replaced."""

import json
from datetime import date
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from course import __main__ as command
from course import files
from course.chapters import find_chapters
from course.notebooks import is_as_written, orphans, signed_text, write_executed, write_notebooks

ROOT = Path(__file__).resolve().parents[2]
TODAY = date.today().isoformat()


@pytest.fixture
def folder(tiny_course) -> Path:
    """Two notebooks as the builder wrote them."""
    write(tiny_course / "notebooks")
    return tiny_course / "notebooks"


def write(folder, only=(), overwrite=False):
    return write_notebooks(find_chapters(folder / "src"), folder, only, overwrite)


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}


def revise(folder, name="05_number"):
    """A new version of a chapter's source."""
    source = folder / "src" / f"{name}.py"
    source.write_text(source.read_text().replace("1 + 1", "2 + 2") + "\n# %%\nnew = 1\n")


def answer(path):
    """What a learner does: type into the last cell."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = "my answer"
    nbformat.write(notebook, path)


def open_and_save(path):
    """What Jupyter does to a notebook that was opened and saved: it tells more of the kernel."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.language_info["version"] = "3.12.3"
    nbformat.write(notebook, path)


def run_a_cell(path):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="2\n")]
    nbformat.write(notebook, path)


def test_a_rebuild_gives_the_identical_notebooks(folder):
    before = contents(folder)
    done = write(folder)
    assert (done.written, done.kept, done.lines()) == ([], {}, [])
    assert contents(folder) == before
    assert all(is_as_written(path) for path in folder.glob("*.ipynb"))


def test_a_notebook_that_nobody_changed_follows_its_source(folder):
    revise(folder)
    assert write(folder).written == [folder / "05_number.ipynb"]
    assert "new = 1" in (folder / "05_number.ipynb").read_text()


def test_line_ends_of_windows_are_no_change(folder):
    path = folder / "05_number.ipynb"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert is_as_written(path)
    revise(folder)
    assert write(folder).written == [path]


@pytest.mark.parametrize("change", [answer, open_and_save, run_a_cell])
@pytest.mark.parametrize("revised", [False, True])
def test_a_notebook_that_a_learner_changed_is_kept_and_the_way_to_a_fresh_one_told(
    folder, change, revised
):
    change(folder / "05_number.ipynb")
    if revised:
        revise(folder)
    before = contents(folder)
    done = write(folder)
    assert contents(folder) == before and done.written == []
    first, second = done.lines()
    assert first.startswith("Kept 05_number.ipynb: you changed it")
    assert ("the chapter has changed since" in first) == revised
    assert second.endswith("--overwrite 05")


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"metadata": 3}', "{}", "\ud800"])
def test_a_file_that_is_no_notebook_is_kept_too(folder, text):
    (folder / "05_number.ipynb").write_text(text, errors="surrogatepass")
    before = contents(folder)
    assert list(write(folder).kept) == [folder / "05_number.ipynb"]
    assert contents(folder) == before


def test_copies_and_own_notebooks_are_never_touched(folder):
    original = (folder / "00_sine.ipynb").read_bytes()
    names = ("00_sine-Copy1", "08_mine", "00_other", "00_sine.fresh", f"00_sine.{TODAY}", "x")
    for name in names:
        (folder / f"{name}.ipynb").write_bytes(original)
    (folder / "09_empty.ipynb").touch()
    before = contents(folder)
    for overwrite in (False, True):
        assert write(folder, overwrite=overwrite).lines() == []
        assert contents(folder) == before


def test_a_notebook_whose_source_is_gone_is_removed_where_nobody_changed_it(folder):
    for name in ("00_sine", "05_number"):
        (folder / "src" / f"{name}.py").unlink()
    answer(folder / "00_sine.ipynb")
    done = write(folder)
    assert list(contents(folder)) == ["00_sine.ipynb"]
    assert done.lines() == [
        "Removed 05_number.ipynb: its chapter is gone.",
        "Kept 00_sine.ipynb: its chapter is gone, and you changed it.",
    ]


def test_one_chapter_touches_one_notebook(folder):
    (folder / "00_sine.ipynb").unlink()
    (folder / "src" / "05_number.py").unlink()
    write(folder, only=["00"])
    assert list(contents(folder)) == ["00_sine.ipynb", "05_number.ipynb"]
    revise(folder, "00_sine")
    (folder / "src" / "05_number.py").write_text("# %% [markdown]\n# # Other\n")
    before = contents(folder)
    write(folder, only=["05"])
    assert [name for name in before if contents(folder)[name] != before[name]] == [
        "05_number.ipynb"
    ]


def test_overwriting_sets_the_learner_s_own_aside_under_a_new_name_each_time(folder):
    path = folder / "05_number.ipynb"
    fresh, mine = path.read_bytes(), []
    for _ in range(2):
        answer(path)
        mine.append(path.read_bytes())
        done = write(folder, overwrite=True)
        assert path.read_bytes() == fresh
        assert done.lines() == [f"Set aside: {done.aside[0].name} is what you had."]
    asides = [folder / f"05_number.{TODAY}{again}.ipynb" for again in ("", "-2")]
    assert [aside.read_bytes() for aside in asides] == mine
    before = contents(folder)
    write(folder, overwrite=True)
    assert contents(folder) == before


def test_a_mark_that_a_merge_left_wrong_is_mended(folder):
    path = folder / "05_number.ipynb"
    good = path.read_text()
    notebook = json.loads(good)
    for mark in ({"chapter": "05_number", "sha256": "0" * 64}, None):
        notebook["metadata"] |= {"ganlib": mark}
        path.write_text(json.dumps(notebook))
        assert write(folder).written == [path]
        assert path.read_text() == good


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_build_leaves_the_old_file_whole(folder, monkeypatch, step):
    def interrupt(*args):
        raise KeyboardInterrupt

    revise(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    monkeypatch.setattr(files.os, step, interrupt)
    for overwrite in (False, True):
        with pytest.raises(KeyboardInterrupt):
            write(folder, overwrite=overwrite)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


def test_an_executed_notebook_in_which_somebody_worked_is_set_aside(tmp_path):
    path = tmp_path / "00_sine.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    assert write_executed(notebook, path) is None and write_executed(notebook, path) is None
    assert not is_as_written(path)  # in notebooks/ it would be the learner's
    answer(path)
    mine = path.read_bytes()
    assert write_executed(notebook, path).read_bytes() == mine
    assert b"my answer" not in path.read_bytes()


@pytest.fixture
def course(tiny_course, monkeypatch):
    """`python -m course` on the tiny course."""
    monkeypatch.setattr(command, "ROOT", tiny_course)
    return lambda *words: CliRunner().invoke(command.main, words)


def test_the_command_says_what_it_kept_and_gives_a_fresh_copy_on_demand(course, tiny_course):
    folder = tiny_course / "notebooks"
    assert "2 of 2 notebooks written, 0 up to date." in course("--notebooks").output
    answer(folder / "05_number.ipynb")
    revise(folder, "00_sine")
    told = course("--notebooks").output.splitlines()
    assert told[0] == "1 of 2 notebooks written, 0 up to date."
    assert told[1] == "Kept 05_number.ipynb: you changed it."
    words = told[2].partition("python -m course ")[2].split()
    assert f"05_number.{TODAY}.ipynb" in course(*words).output
    assert is_as_written(folder / "05_number.ipynb")


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(course, folder, monkeypatch):
    def refuse(source, target):
        raise PermissionError(13, "Permission denied", str(target))

    revise(folder)
    monkeypatch.setattr(files.os, "replace", refuse)
    for words in (("--notebooks",), ()):
        answered = course(*words)
        assert answered.exit_code == 1
        assert "Error: cannot build the course (Permission denied): " in answered.output
        assert "05_number.ipynb" in answered.output


def test_the_notebooks_in_the_repository_are_those_of_their_sources():
    chapters = find_chapters(ROOT / "notebooks" / "src")
    stale = [
        chapter.name
        for chapter in chapters
        if not (path := ROOT / "notebooks" / f"{chapter.name}.ipynb").exists()
        or path.read_text(encoding="utf-8") != signed_text(chapter.notebook(), chapter.name)
    ]
    assert stale == [], "run `make notebooks` and commit what it writes"
    assert orphans(chapters, ROOT / "notebooks") == []
