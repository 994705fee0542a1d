"""The scoreboard: texts that follow from its JSON, the README's table, the figures of others."""

import json
import re
from pathlib import Path

import pytest

from ganlib import pretrained
from ganlib.evaluation import scoreboard as module
from ganlib.evaluation.measuring.evaluate import evaluate
from ganlib.evaluation.measuring.reference import Reference
from ganlib.evaluation.measuring.sources import Sample
from ganlib.evaluation.scoreboard import BEGIN, END, scoreboard, with_table, write_scoreboard
from ganlib.evaluation.telling.markdown import PUBLISHED, page, score_ratio, short_table
from ganlib.evaluation.telling.pictures import board_picture
from tests.command_line import invoke
from tests.evaluation.measuring.test_evaluate import split
from tests.evaluation.quick import make_quick
from tests.evaluation.rigged import recordings, tiny_ear

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
EAR = tiny_ear()


@pytest.fixture(scope="module")
def board() -> dict:
    """Two rows: real recordings, and a generator that says but one thing."""
    reference = Reference(
        "tiny", split(recordings(400, seed=1)), split(recordings(100, seed=2)), EAR.sha256, "ours"
    )
    test = reference.test.clips
    one = test.select([7] * 100)
    samples = [
        ("ruler", Sample("real", test.samples, 8000, test.labels, "real clips")),
        ("generator", Sample("parrot", one.samples, 8000, test.labels, "seeds 0 to 99")),
    ]
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        rows = [
            {"kind": kind, "note": x.note} | evaluate(x, reference, EAR).to_dict()
            for kind, x in samples
        ]
    rows[1]["weights"] = "ab" * 32
    return {
        "data": "tiny", "note": "ours", "count": 100, "seed": 0, "classifier": EAR.sha256,
        "rows": rows,
    }  # fmt: skip


def test_page_json_and_plot_are_written_and_the_readme_gets_its_table(board, tmp_path):
    (tmp_path / "README.md").write_text(f"# Title\n{BEGIN}\nold\n{END}\nrest\n")
    written = write_scoreboard(tmp_path / "docs", board)
    assert [path.name for path in written] == [
        "scoreboard.md", "scoreboard.json", "scoreboard.png", "README.md",
    ]  # fmt: skip
    assert json.loads((tmp_path / "docs" / "scoreboard.json").read_text()) == board
    assert (tmp_path / "docs" / "scoreboard.png").read_bytes().startswith(b"\x89PNG")
    readme = (tmp_path / "README.md").read_text()
    assert readme == f"# Title\n{BEGIN}\n{short_table(board)}\n{END}\nrest\n"
    assert with_table(readme, board) == readme  # again and again


def test_the_page_says_at_what_level_dnsmos_was_measured_where_the_rows_say_it(board):
    assert "dBFS" not in page(board, "a.png", "")
    leveled = {"dnsmos": {"level_dbfs": -26.0}}
    rows = [row | {"details": row["details"] | leveled} for row in board["rows"]]
    said = "DNSMOS: every clip brought to -26 dBFS where it sounds.\n"
    assert said in page(board | {"rows": rows}, "a.png", "")


def test_a_readme_without_the_two_lines_stays_as_it_is(board, tmp_path):
    (tmp_path / "README.md").write_text("# Another project\n")
    assert len(write_scoreboard(tmp_path / "docs", board)) == 3
    assert (tmp_path / "README.md").read_text() == "# Another project\n"
    assert with_table(f"{BEGIN}\nno end", board) == f"{BEGIN}\nno end"


def test_every_row_has_value_interval_and_n(board):
    text = page(board, "scoreboard.png", "in words")
    line = next(x for x in text.splitlines() if x.startswith("| **parrot** | 100 |"))
    figure = board["rows"][1]["figures"]["kernel_distance"]
    told = "{value:,.3f} ({low:,.3f} to {high:,.3f})".format(**figure)
    assert told in line
    assert f"classifier `{EAR.sha256}`" in text and "seed 0" in text
    assert "](scoreboard.png)" in text and "The picture in words. in words" in text


def test_the_inception_score_is_divided_by_that_of_real_clips(board):
    real, parrot = board["rows"]
    assert score_ratio(real) == pytest.approx(1, abs=0.1)
    assert score_ratio(parrot) == pytest.approx(1 / parrot["figures"]["inception_score"]["real"])
    assert score_ratio({"figures": {}}) is None


def test_figures_of_others_stand_alone_as_ratios_of_their_own_protocol(board):
    assert [x.ratio for x in PUBLISHED] == ["53 %", "82 %", "95 %"]
    text = page(board, "a.png", "")
    ours, _, theirs = text.partition("## What others published")
    assert "Never mix scales" in theirs
    for system in PUBLISHED:
        assert system.system not in ours and system.system in theirs
    assert "parrot" in ours and "parrot" not in theirs


def test_the_plot_says_in_words_what_it_shows(board):
    said = board_picture(board["rows"]).get_label()
    assert "Coverage: real 1 (" in said and "parrot" in said


def test_all_shipped_generators_and_the_ruler_are_measured_with_one_seed(monkeypatch):
    asked = []

    def generator(name, ear, count, seed, progress):
        asked.append((name, count, seed))
        return Sample(name, None, 8000)

    def answer(sample, reference, ear, seed, progress):
        class Done:
            def to_dict(self):
                return {"name": sample.name, "seed": seed}

        return Done()

    monkeypatch.setattr(module, "of_pretrained", generator)
    monkeypatch.setattr(module, "evaluate", answer)
    reference = Reference(
        "tiny", split(recordings(100, seed=1)), split(recordings(60, seed=2)), EAR.sha256
    )
    monkeypatch.setattr(module, "ruler", lambda *_: [Sample("noise", None, 8000)])
    monkeypatch.setattr(
        module, "through_pictures", lambda real: [Sample(f"{real.name} painted", None, 8000)]
    )
    said: list[str] = []
    found = scoreboard(reference, EAR, 60, seed=4, tell=said.append)
    assert asked == [(name, 60, 4) for name in pretrained.names()]
    assert [row["name"] for row in found["rows"]] == [
        *("noise", "noise painted"),
        *pretrained.names(),
    ]
    assert {row["seed"] for row in found["rows"]} == {4}
    for row in found["rows"][2:]:
        assert row["weights"] == pretrained.card(row["name"])["sha256"]
    assert len(said) == len(found["rows"])


def test_without_the_recordings_the_command_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path / "nothing"))
    answer = invoke("scoreboard", "--out", tmp_path / "docs", "--count", 24)
    assert answer.code == 2 and "ganlib data get fsdd" in answer.err
    assert len(answer.err.strip().splitlines()) == 1


needs_board = pytest.mark.skipif(
    not (DOCS / "scoreboard.json").is_file(), reason="no scoreboard has been written yet"
)


@needs_board
def test_page_and_readme_agree_with_the_json():
    board = json.loads((DOCS / "scoreboard.json").read_text(encoding="utf-8"))
    alt = str(board_picture(board["rows"]).get_label())
    assert (DOCS / "scoreboard.md").read_text(encoding="utf-8") == page(
        board, "scoreboard.png", alt
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{BEGIN}\n{short_table(board)}\n{END}" in readme


@needs_board
def test_the_board_has_every_shipped_generator_with_the_weights_and_classifier_that_ship():
    board = json.loads((DOCS / "scoreboard.json").read_text(encoding="utf-8"))
    weights = {row["name"]: row["weights"] for row in board["rows"] if row["kind"] == "generator"}
    assert weights == {name: pretrained.card(name)["sha256"] for name in pretrained.names()}
    assert board["classifier"] == pretrained.card(pretrained.CLASSIFIER)["sha256"]
    assert re.search(r"seed \d", (DOCS / "scoreboard.md").read_text(encoding="utf-8"))


@needs_board
def test_the_published_board_orders_the_ruler():
    board = json.loads((DOCS / "scoreboard.json").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in board["rows"] if row["kind"] == "ruler"}
    kernel = {name: row["figures"]["kernel_distance"]["value"] for name, row in rows.items()}
    assert min(kernel, key=kernel.get) == "real test set"
    assert rows["memoriser"]["memorized"] and not rows["real test set"]["memorized"]
    coverage = {name: row["figures"]["coverage"]["value"] for name, row in rows.items()}
    useless = {"collapsed", "white noise", "silence"} & set(coverage)
    assert max(coverage[name] for name in useless) < 0.2 and len(useless) >= 2
    assert coverage["real training set"] > 0.8
