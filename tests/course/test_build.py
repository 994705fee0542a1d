"""The whole way: chapters become pages, and only what changed runs again."""

import pytest
from bs4 import BeautifulSoup

from course.build import build


@pytest.fixture(autouse=True)
def cells_import_the_tiny_library(tiny_course, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tiny_course))


def states(outcomes):
    return {outcome.chapter.number: outcome.status for outcome in outcomes}


def test_a_second_build_runs_only_what_changed(tiny_course):
    lines = []
    assert states(build(tiny_course, say=lines.append)) == {"00": "executed", "05": "executed"}
    assert [line.split()[:2] for line in lines] == [
        ["00_sine", "executed"],
        ["05_number", "executed"],
    ]
    page = BeautifulSoup((tiny_course / "build/course/00_sine.html").read_text(), "html.parser")
    assert "[0, 1, 2]" in page.text and "quick" in page.text
    mine = tiny_course / "notebooks" / "00_sine.ipynb"
    mine.write_text(mine.read_text().replace("sine(3)", "1 / 0"))
    assert states(build(tiny_course)) == {"00": "unchanged", "05": "unchanged"}
    tones = tiny_course / "ganlib" / "tones.py"
    tones.write_text(tones.read_text().replace("count(n)", "count(n + 1)"))
    lines.clear()
    assert states(build(tiny_course, say=lines.append)) == {"00": "executed", "05": "unchanged"}
    assert lines[0] == "Kept 00_sine.ipynb: you changed it." and "1 / 0" in mine.read_text()
    assert "[0, 1, 2, 3]" in (tiny_course / "build/course/00_sine.html").read_text()


def test_a_chapter_that_fails_is_reported_shown_and_tried_again(tiny_course):
    source = tiny_course / "notebooks/src/00_sine.py"
    source.write_text(source.read_text().replace("sine(3)", "sine('three')"))
    lines = []
    assert states(build(tiny_course, say=lines.append)) == {"00": "failed", "05": "executed"}
    assert any("00_sine.py: code cell 2 of 2" in line and "TypeError" in line for line in lines)
    index = (tiny_course / "build/course/index.html").read_text()
    assert "failed" in index and "05_number.html" in index
    assert "TypeError" in (tiny_course / "build/course/00_sine.html").read_text()
    assert states(build(tiny_course, only=["00"])) == {"00": "failed"}
    assert "05_number.html" in (tiny_course / "build/course/index.html").read_text()


def test_full_size_and_a_forced_run_reach_the_cells(tiny_course):
    assert states(build(tiny_course, only=["05"])) == {"05": "executed"}
    assert states(build(tiny_course, only=["05"], again=True)) == {"05": "executed"}
    assert states(build(tiny_course, only=["00"], full=True)) == {"00": "executed"}
    page = BeautifulSoup((tiny_course / "build/course/00_sine.html").read_text(), "html.parser")
    assert "full" in [tag.text.strip() for tag in page.select("pre")]
