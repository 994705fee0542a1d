"""What the site shows, and in which order."""

import click
import pytest
import yaml

from course.build import Rooms
from course.site import gather


def prepare(root):
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/adr/0001-a.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("# Title\n")
    (root / "docs" / "_config.yml").write_text("title: A course\n")
    Rooms(root).pages.mkdir(parents=True)
    return Rooms(root).pages


def test_the_site_has_the_executed_chapters_in_order_and_then_the_documents(tiny_course):
    pages = prepare(tiny_course)
    for name in ("00_sine", "05_number"):
        (pages / f"{name}.ipynb").write_text("{}")
    target = tiny_course / "site"
    gather(tiny_course, target)
    contents = yaml.safe_load((target / "_toc.yml").read_text())
    files = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    assert files == ["00_sine", "05_number", "CONTRIBUTING", "CHANGELOG", "adr/0001-a"]
    for name in [*files, contents["root"]]:
        assert list(target.glob(f"{name}.*")), name


def test_a_chapter_that_was_not_executed_is_named(tiny_course):
    prepare(tiny_course)
    with pytest.raises(click.ClickException, match="00_sine.*make course"):
        gather(tiny_course, tiny_course / "site")
