"""Terminals that cannot show a character get another, and no command ends because of one."""

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ganlib.cli.terminal import transliterate, write_what_can_be_shown
from tests.command_line import write_folder

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Fréchet", "Frechet"),
        ("Nie Pán, Gdańsk, Łódź, ÅÄÖ, smørrebrød", "Nie Pan, Gdansk, Lodz, AAO, smorrebrod"),
        ("Straße, Æther, œuvre, ﬁne, İzmir, ışık", "Strasse, Aether, oeuvre, fine, Izmir, isik"),
        ("1–2 — “so” ‘so’ «so» …", '1-2 - "so" \'so\' "so" ...'),
        ("3 × 4 ≤ 12 ± 1 µs → ½", "3 x 4 <= 12 +/- 1 us -> 1/2"),
        ("e\N{COMBINING ACUTE ACCENT} a\N{ZERO WIDTH SPACE}b", "e ab"),
        ("да 二 \udcff 🎧", "\\u0434\\u0430 \\u4e8c \\udcff \\U0001f3a7"),
    ],
)
def test_text_in_ascii(text, plain):
    assert transliterate(text) == plain


ENCODINGS = {  # encoding: how it shows "Fréchet – 二 \udcff"
    "cp932": "Frechet - 二 \\udcff",
    "cp1252": "Fréchet – \\u4e8c \\udcff",
    "cp437": "Fréchet - \\u4e8c \\udcff",
    "latin-1": "Fréchet - \\u4e8c \\udcff",
    "cp1251": "Frechet – \\u4e8c \\udcff",
    "ascii": "Frechet - \\u4e8c \\udcff",
    "utf-8": "Fréchet – 二 \\udcff",
}


@pytest.mark.parametrize(("encoding", "shown"), ENCODINGS.items())
@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_terminal_shows_what_it_can(monkeypatch, encoding, shown, errors, name):
    written = io.BytesIO()
    monkeypatch.setattr(sys, name, io.TextIOWrapper(written, encoding, errors, newline="\n"))
    write_what_can_be_shown()
    click.echo("Fréchet – 二 \udcff", err=name == "stderr")
    print("Fréchet – 二 \udcff", file=getattr(sys, name), flush=True)
    assert written.getvalue().decode(encoding) == f"{shown}\n" * 2


def test_a_stream_that_python_did_not_open_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", None)
    write_what_can_be_shown()


def test_a_command_on_a_japanese_terminal_ends_well(tmp_path):
    write_folder(tmp_path / "data", ("né", "四"), clips=1)
    answer = subprocess.run(
        [sys.executable, "-m", "ganlib", "data", "info", str(tmp_path / "data")],
        env=os.environ | {"PYTHONIOENCODING": "cp932:strict", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        cwd=ROOT,
    )
    assert answer.returncode == 0, answer.stderr
    assert "2: ne (1), 四 (1)" in answer.stdout.decode("cp932")
