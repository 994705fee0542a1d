"""The page alone says nothing about who made a clip, and needs nothing but itself."""

import base64
import io
import json
import re

import numpy as np
import pytest

from ganlib.errors import DataError, OptionError
from ganlib.listening.loudness import TARGET_LUFS, loudness
from ganlib.listening.page import KEY, PAGE, build_test, write_test
from ganlib.listening.stimuli import LOW, REAL, Sound


def some_sounds() -> list[Sound]:
    random = np.random.default_rng(0)
    return [
        Sound(system, str(label), f"{system} {label}", gain * random.normal(size=4000), 8000)
        for system, gain in (("secret-model", 0.1), (REAL, 0.01), (LOW, 0.05))
        for label in range(6)
    ]


def data_in(page: str) -> dict:
    return json.loads(re.search(r'id="test-data">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_names_no_system_no_label_and_no_source():
    page, key = build_test(some_sounds(), 0, "Digits")
    for word in ("secret", REAL, LOW, "real rec", "anchor", "seed 0"):
        assert word not in page
    assert all(set(clip) == {"id", "wav"} for clip in data_in(page)["clips"])
    assert {clip["id"] for clip in data_in(page)["clips"]} == set(key["clips"])


def test_neither_the_names_nor_the_order_of_the_clips_follow_the_systems():
    page, key = build_test(some_sounds(), 0, "Digits")
    systems = [key["clips"][clip["id"]]["system"] for clip in data_in(page)["clips"]]
    changes = sum(one != two for one, two in zip(systems, systems[1:], strict=False))
    assert changes > 6  # in groups there would be 2


def test_names_are_safe_from_spreadsheets():
    _, key = build_test(some_sounds(), 0, "Digits")
    for name in (key["test"], *key["clips"]):
        assert re.fullmatch(r"[tk][0-9a-f]+", name)


def test_every_clip_is_a_wav_of_the_same_loudness_and_length():
    import soundfile

    page, _ = build_test(some_sounds(), 0, "Digits")
    wavs = [base64.b64decode(clip["wav"]) for clip in data_in(page)["clips"]]
    read = [soundfile.read(io.BytesIO(wav)) for wav in wavs]
    assert {(len(samples), rate) for samples, rate in read} == {(4800, 8000)}
    levels = [loudness(samples, rate) for samples, rate in read]
    assert levels == pytest.approx([TARGET_LUFS] * len(levels), abs=0.6)


def test_the_page_may_load_nothing_from_anywhere():
    page, _ = build_test(some_sounds(), 0, "Digits")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"https?://|@import|\bfetch\(|XMLHttpRequest|unsafe-inline", page)


def test_a_title_cannot_become_markup_or_a_part_of_the_page():
    page, _ = build_test(some_sounds(), 0, "</h1><script>alert(1)</script>{{data}}")
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{data}}") == 2


def test_another_seed_is_another_test():
    tests = {build_test(some_sounds(), seed, "Digits")[1]["test"] for seed in (0, 0, 1)}
    assert len(tests) == 2


def test_a_second_test_is_not_written_over_the_first(tmp_path):
    write_test(some_sounds(), tmp_path / "a/b")
    before = (tmp_path / "a/b" / KEY).read_bytes()
    with pytest.raises(OptionError, match="holds a listening test already"):
        write_test(some_sounds(), tmp_path / "a/b", seed=1)
    assert (tmp_path / "a/b" / KEY).read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "a/b").iterdir()) == sorted([PAGE, KEY])


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot write the listening test"):
        write_test(some_sounds(), tmp_path / "file" / "folder")
