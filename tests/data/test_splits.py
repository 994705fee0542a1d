"""Folder names: labels or splits, and a sentence where it could be either."""

import pytest

from ganlib.data.splits import folder_rule, split_named


def read(*ways: str) -> tuple[list[tuple[str, str]], str]:
    folders = [tuple(way.split("/")) for way in ways]
    rule = folder_rule(folders)
    return [rule.label_and_split(way) for way in folders], rule.remark


def test_beside_other_labels_the_names_of_splits_are_labels_and_that_is_said():
    found, remark = read("train", "car_horn", "siren")
    assert found == [("train", ""), ("car_horn", ""), ("siren", "")]
    assert remark == "The folder train is taken for a label, like car_horn, siren beside it."
    assert read("yes", "test", "no")[0] == [("yes", ""), ("test", ""), ("no", "")]
    assert read("train/old", "bus/old")[0] == [("train", ""), ("bus", "")]


def test_where_all_folders_are_splits_the_labels_are_below_them():
    assert read("train/yes", "dev/yes", "Testing/no/deep") == (
        [("yes", "train"), ("yes", "validation"), ("no", "test")], "",
    )  # fmt: skip


def test_splits_without_labels_below_are_splits_and_that_is_said():
    found, remark = read("train", "test")
    assert found == [("", "train"), ("", "test")]
    assert remark == "The folders test, train are taken for splits, not for labels."


def test_splits_that_hold_the_same_labels_are_splits_also_beside_other_folders():
    found, remark = read("train/yes", "train/no", "test/yes", "noise")
    assert found == [("yes", "train"), ("no", "train"), ("yes", "test"), ("noise", "")]
    assert remark == "The folders test, train are taken for splits, noise beside them for labels."


def test_splits_inside_every_label_are_splits_too():
    found, remark = read("yes/train", "yes/test", "no/train", "no/test")
    assert found == [("yes", "train"), ("yes", "test"), ("no", "train"), ("no", "test")]
    assert remark == "The folders test, train in every label's folder are taken for splits."
    assert read("yes/train", "no/deep")[0] == [("yes", ""), ("no", "")]


@pytest.mark.parametrize(
    "name, split",
    [("TRAIN", "train"), ("val", "validation"), ("train-clean-100", "train"), ("tests", ""),
     ("dev-other", "validation"), ("test-clean", "test"), ("train-station", "")],
)  # fmt: skip
def test_names_of_splits(name, split):
    assert split_named(name) == split
