"""A file that comes back is believed line by line; what is not is named with file and line."""

import json

import pytest

from ganlib.errors import DataError
from ganlib.listening.checking import COLUMNS, checksum, fnv1a
from ganlib.listening.ratings import collect, find_key, read_key
from tests.listening.classroom import line, lines_of, make_key, write_table

KEY = make_key()
CLIPS = list(KEY["clips"])


def three(**changes) -> list[dict]:
    """Three good lines; `changes` go into the second without a new check."""
    rows = [line(KEY, clip, place) for place, clip in enumerate(CLIPS[:3], 1)]
    rows[1] |= {name: str(value) for name, value in changes.items()}
    return rows


@pytest.mark.parametrize(
    ("text", "hash_"),
    [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)],
)
def test_the_hash_is_fnv1a_by_its_authors_vectors(text, hash_):
    assert fnv1a(text) == hash_


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_comes_back_whole_however_a_spreadsheet_saved_it(tmp_path, delimiter):
    path = write_table(tmp_path / "ann.csv", three(), delimiter)
    found = collect([path], KEY)
    assert [rating.clip for rating in found.ratings] == CLIPS[:3]
    assert found.problems == []


def test_a_teacher_may_rename_a_listener(tmp_path):
    rows = [row | {"listener": "Pupil 7"} for row in three()]
    found = collect([write_table(tmp_path / "ann.csv", rows)], KEY)
    assert (found.listeners, found.problems) == (["Pupil 7"], [])


def test_empty_lines_at_the_end_do_no_harm(tmp_path):
    path = write_table(tmp_path / "ann.csv", three())
    path.write_bytes(path.read_bytes() + b",,,,,,,,,,\r\n\r\n")
    assert collect([path], KEY).problems == []


def checked(**changes: object) -> dict:
    """The second of three lines with these values and a check that fits them."""
    return line(KEY, CLIPS[1], 2, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"naturalness": 5}, "a value was altered after the listener gave it"),
        ({"digit": 2}, "a value was altered after the listener gave it"),
        ({"clip": CLIPS[5]}, "a value was altered after the listener gave it"),
        ({"check": ""}, "a value was altered after the listener gave it"),
        (checked(naturalness=7), "naturalness must be 1 to 5, not '7'"),
        (checked(naturalness="4.0"), "naturalness must be 1 to 5, not '4.0'"),
        (checked(digit="seven"), "digit must be 0 to 9 or 'unclear', not 'seven'"),
        (checked(clip="kffffffff"), "the test has no clip 'kffffffff'"),
        (checked(clip=CLIPS[0]), f"clip {CLIPS[0]} stands in line 2 already"),
        (checked(position=1), "position 1 stands in line 2 already"),
        (checked(plays=-1), "plays must be a whole number, not '-1'"),
    ],
)
def test_a_bad_line_is_left_out_and_named(tmp_path, changes, sentence):
    path = write_table(tmp_path / "ann.csv", three(**changes))
    found = collect([path], KEY)
    assert [rating.clip for rating in found.ratings] == [CLIPS[0], CLIPS[2]]
    assert f"{path}, line 3: {sentence}" in found.problems[0]


def test_lines_that_were_taken_out_are_missed(tmp_path):
    path = write_table(tmp_path / "ann.csv", [three()[0], three()[2]])
    found = collect([path], KEY)
    assert found.problems == [f"{path}: the lines with position 2 were taken out"]


def refused(path, sentence):
    """Whether a file is refused while a good one beside it counts."""
    good = write_table(path.with_name("good.csv"), lines_of(KEY, "Good", 9))
    found = collect([path, good], KEY)
    assert found.listeners == ["Good"]
    assert len(found.problems) == 1 and sentence in found.problems[0]
    assert found.problems[0].startswith(str(path))


def test_another_test_s_file_is_refused(tmp_path):
    rows = [line(KEY | {"test": "t1"}, CLIPS[0], 1)]
    path = write_table(tmp_path / "a.csv", rows)
    refused(path, f", line 2: is of test t1, not {KEY['test']}")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_file_without_a_column_is_refused(tmp_path, column):
    path = write_table(tmp_path / "a.csv", three())
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(column, "renamed", 1))
    refused(path, f", line 1: lacks the columns {column}")


def test_a_file_of_two_sittings_is_refused(tmp_path):
    rows = [*three()[:2], line(KEY, CLIPS[2], 3, session="s00000002")]
    refused(write_table(tmp_path / "a.csv", rows), ", line 4: another sitting")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", ": is empty"),
        (b"\xff\xfe\x00\x01garbage", ", line 1: lacks the columns"),
        ((",".join(COLUMNS) + "\r\n").encode(), ": holds no ratings"),
        (b"x" * 5_000_001, "too large"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_bytes(content)
    refused(tmp_path / "a.csv", sentence)


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_of_two_files_of_one_sitting_the_longer_counts(tmp_path, names):
    part = write_table(tmp_path / "a.csv", three()[:2])
    whole = write_table(tmp_path / "b.csv", three())
    found = collect([tmp_path / name for name in names], KEY)
    assert len(found.ratings) == 3
    assert found.problems == [f"{part}: the same sitting as {whole}; counted once"]


def test_two_listeners_of_one_name_stay_two(tmp_path):
    for seed in (1, 2):
        write_table(tmp_path / f"{seed}.csv", lines_of(KEY, "Alex", seed))
    assert collect([tmp_path], KEY).listeners == ["Alex (1.csv)", "Alex (2.csv)"]


def test_nothing_usable_is_an_error_that_says_why(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="no rating can be used: .*a.csv, line 1: lacks"):
        collect([tmp_path / "a.csv"], KEY)


def test_the_key_is_found_beside_the_tables_or_one_folder_up(tmp_path):
    (tmp_path / "answers").mkdir()
    (tmp_path / "key.json").write_text(json.dumps(KEY))
    path = write_table(tmp_path / "answers/a.csv", three())
    assert find_key([path]).resolve() == (tmp_path / "key.json").resolve()
    (tmp_path / "answers/key.json").write_text(json.dumps(KEY | {"test": "tother"}))
    assert find_key([path]).resolve() == (tmp_path / "key.json").resolve()


@pytest.mark.parametrize(
    "content", ["", "[]", '{"version": 1}', json.dumps(KEY | {"version": 2}), json.dumps(
        KEY | {"clips": {"k1": {"system": "unknown", "label": ""}}})]
)  # fmt: skip
def test_what_is_no_key_is_refused(tmp_path, content):
    (tmp_path / "key.json").write_text(content)
    with pytest.raises(DataError, match="is not the key of a listening test"):
        read_key(tmp_path)


def test_the_check_covers_every_column_but_the_name():
    row = three()[0]
    for name in COLUMNS:
        changed = checksum(row | {name: "9"}) != checksum(row | {name: "8"})
        assert changed == (name not in ("listener", "check"))
