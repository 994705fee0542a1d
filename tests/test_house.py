"""The promises of README, Makefile and requirements agree with each other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def requirements(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    bare = [re.split(r"\s#", line)[0].strip() for line in lines]
    return [Requirement(line) for line in bare if line and line[0] not in "#-"]


def test_every_make_target_that_a_document_names_exists():
    documents = [README, (ROOT / "CONTRIBUTING.md").read_text(), (ROOT / ".ci" / "run").read_text()]
    named = {word for text in documents for word in re.findall(r"\bmake ([a-z]+)\b", text)}
    assert named - {"it"} <= TARGETS


def test_every_link_of_the_readme_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [
        link for link in links if not link.startswith("http") and not (ROOT / link).exists()
    ] == []


def test_every_chapter_stands_in_the_readme():
    numbers = [path.name[:2] for path in sorted((ROOT / "notebooks" / "src").glob("*.py"))]
    assert [number for number in numbers if f"| {number} |" not in README] == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize(
    ("system", "machine"),
    [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")],
)
def test_every_system_gets_each_package_once_and_exactly_one_engine(python, system, machine):
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    here |= {"sys_platform": system, "platform_machine": machine}
    chosen = [
        r.name for r in requirements("requirements.txt") if not r.marker or r.marker.evaluate(here)
    ]
    assert len(chosen) == len(set(chosen))
    assert len({"tensorflow", "jax"} & set(chosen)) == 1
    old_linux_or_mac = python in ("3.11", "3.12") and system != "win32"
    assert ("tensorflow-io" in chosen) == old_linux_or_mac


def test_the_constraints_pin_what_the_requirements_ask_for():
    pinned: dict[str, set[str]] = {}
    for pin in requirements("requirements/constraints.txt"):
        pinned.setdefault(pin.name, set()).add(str(pin.specifier))
    for name in ("requirements.txt", "requirements/dev.txt"):
        for asked in requirements(name):
            assert str(asked.specifier) in pinned[asked.name], f"{asked}: run `make lock`"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_machine_without_a_fitting_python_is_told_what_to_do(tmp_path):
    script = ROOT / ".ci" / "find-python"
    alone = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    found = subprocess.run(["/bin/sh", script], env=alone, capture_output=True, text=True)
    told = subprocess.run(
        ["/bin/sh", script, "--explain"], env=alone, capture_output=True, text=True
    )
    assert (found.returncode, found.stdout) == (0, "")
    assert "PYTHON=/path/to/python3.12" in told.stderr
    fake = tmp_path / "python3.12"
    fake.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    fake.chmod(0o755)
    found = subprocess.run(["/bin/sh", script], env=alone, capture_output=True, text=True)
    fits = sys.version_info[:2] in ((3, 11), (3, 12))
    assert found.stdout.strip() == (str(fake) if fits else "")


def test_a_message_that_names_an_option_s_value_shows_how_to_set_it():
    """`--set option=value` is what the command line takes; `set option=value` leads nowhere."""
    from ganlib.training.listing import listed

    options = {name for recipe in listed().values() for name in recipe["options"]["quick"]}
    bare = re.compile(rf"(?<!--)\bset ({'|'.join(sorted(options))})( to |=)")
    wrong = [
        f"{path.name}: {found[0]}"
        for path in sorted((ROOT / "ganlib").rglob("*.py"))
        for found in bare.finditer(re.sub(r'"\s*"', "", path.read_text(encoding="utf-8")))
    ]
    assert wrong == []
