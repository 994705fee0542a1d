"""A course of two tiny chapters in a folder of its own, for the tests of the builder."""

import textwrap
from pathlib import Path

import pytest

FIRST = r"""
    # %% [markdown]
    # # What a sine sounds like
    #
    # A tone is $\sin(2\pi f t)$.
    #
    # **You will hear** a tone,
    # and then another.
    #
    # **Time:** about a minute.

    # %%
    import os

    from ganlib.tones import sine

    print("quick" if os.environ["GANLIB_QUICK"] == "1" else "full")

    # %% [markdown]
    # $$\min_G \max_D \; \mathbb{E}_x[\log D(x)] + \mathbb{E}_z[\log(1 - D(G(z)))]$$

    # %%
    sine(3)
    """
SECOND = """
    # %% [markdown]
    # # Nothing but a number

    # %%
    1 + 1
    """


@pytest.fixture
def tiny_course(tmp_path: Path) -> Path:
    """A repository with two chapters and a library of three modules, one of them used by nobody."""
    files = {
        "notebooks/src/00_sine.py": FIRST,
        "notebooks/src/05_number.py": SECOND,
        "ganlib/__init__.py": "",
        "ganlib/tones.py": "from ganlib.deep.steps import count\n\nsine = lambda n: count(n)\n",
        "ganlib/deep/__init__.py": "",
        "ganlib/deep/steps.py": "def count(n):\n    return list(range(n))\n",
        "ganlib/unused.py": "",
        "requirements.txt": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return tmp_path
