"""A chapter runs again when, and only when, something that it uses changed."""

import pytest

from course.chapters import find_chapters
from course.inputs import digest_of_inputs, library_files

QUICK = {"GANLIB_QUICK": "1"}


def digests(root, settings=QUICK):
    chapters = find_chapters(root / "notebooks" / "src")
    return {chapter.number: digest_of_inputs(chapter, root, settings) for chapter in chapters}


def changed(root, name, text):
    """Write a file, and return the numbers of the chapters whose digest it changed."""
    before = digests(root)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    after = digests(root)
    return {number for number in after if after[number] != before[number]}


def test_nothing_changed_is_nothing_changed(tiny_course):
    assert digests(tiny_course) == digests(tiny_course)


@pytest.mark.parametrize("name", ["tones", "deep/steps", "deep/__init__", "__init__"])
def test_a_module_that_a_chapter_reaches_reruns_that_chapter_alone(tiny_course, name):
    path = tiny_course / "ganlib" / f"{name}.py"
    assert changed(tiny_course, f"ganlib/{name}.py", path.read_text() + "# new\n") == {"00"}


def test_a_module_that_no_chapter_reaches_reruns_none(tiny_course):
    assert changed(tiny_course, "ganlib/unused.py", "x = 1\n") == set()


@pytest.mark.parametrize(
    "name", ["requirements.txt", "datasets/digits/metadata.csv", "ganlib/pretrained/a.json"]
)
def test_pins_data_and_weights_rerun_every_chapter(tiny_course, name):
    assert changed(tiny_course, name, "new") == {"00", "05"}


def test_a_chapters_own_source_reruns_it_alone(tiny_course):
    text = (tiny_course / "notebooks/src/05_number.py").read_text() + "\n# %%\n2 + 2\n"
    assert changed(tiny_course, "notebooks/src/05_number.py", text) == {"05"}


def test_a_table_of_measurements_reruns_the_chapters_that_read_it(tiny_course):
    path = tiny_course / "notebooks/src/05_number.py"
    path.write_text(path.read_text() + '\n# %%\nopen("docs/board.json")\n')
    assert changed(tiny_course, "docs/board.json", "{}") == {"05"}
    assert changed(tiny_course, "docs/other.json", "{}") == set()


def test_another_size_or_engine_reruns_every_chapter(tiny_course):
    quick, full = digests(tiny_course), digests(tiny_course, {"GANLIB_QUICK": "0"})
    assert all(quick[number] != full[number] for number in quick)


@pytest.mark.parametrize(
    "code",
    [
        "import ganlib.deep.steps",
        "import ganlib\nganlib.deep.steps.count(3)",
        "from ganlib.deep import steps",
        "def later():\n    from ganlib.deep.steps import count",
        "%matplotlib inline\nfrom ganlib.deep.steps import count",
    ],
)
def test_every_way_to_reach_a_module_is_followed(tiny_course, code):
    source = tiny_course / "x.py"
    source.write_text(code)
    found = {path.name for path in library_files(source, tiny_course)}
    assert found == {"__init__.py", "steps.py"}


def test_relative_imports_inside_the_library_are_followed(tiny_course):
    (tiny_course / "ganlib/deep/start.py").write_text("from .steps import count\n")
    (tiny_course / "x.py").write_text("from ganlib.deep import start\n")
    found = {path.name for path in library_files(tiny_course / "x.py", tiny_course)}
    assert found == {"__init__.py", "start.py", "steps.py"}
