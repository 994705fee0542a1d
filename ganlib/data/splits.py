"""Folder names as labels and splits: which is which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ganlib.data.columns import composed
from ganlib.data.walking import told

SPLIT_NAMES = {
    "train": "train", "training": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "eval": "test",
}  # fmt: skip
LIBRISPEECH = re.compile(r"(train|dev|test)-(clean|other)(-[0-9]+)?")
Folders = tuple[str, ...]  # on the way from the data's folder to a sound


def split_named(name: str) -> str:
    """The split that a name means, or an empty string.

    Example:
        >>> split_named("Dev"), split_named("test-clean"), split_named("yes")
        ('validation', 'test', '')
    """
    official = LIBRISPEECH.fullmatch(name.lower())
    return SPLIT_NAMES.get(official[1] if official else name.lower(), "")


@dataclass(frozen=True)
class FolderRule:
    """How the folders of these data are read.

    Args:
        first: whether a first folder that is named like a split is one.
        second: whether the second folders are the splits (`yes/train`, `yes/test`).
        remark: a sentence where it could be read another way.
    """

    first: bool = False
    second: bool = False
    remark: str = ""

    def label_and_split(self, folders: Folders) -> tuple[str, str]:
        """The label and the split of a sound, empty strings where the folders name none.

        Example:
            >>> FolderRule(first=True).label_and_split(("train", "yes", "2024"))
            ('yes', 'train')
        """
        split, rest = "", list(folders)
        if self.first and rest and split_named(rest[0]):
            split = split_named(rest.pop(0))
        elif self.second and len(rest) > 1:
            split = split_named(rest[1])
        return (composed(rest[0]) if rest else ""), split


def folder_rule(ways: Iterable[Folders]) -> FolderRule:
    """How to read the folders: beside other classes, names of splits are classes.

    They are splits where every first folder is named like one; or where other folders stand beside
    them, but at least two splits hold the same classes.

    Args:
        ways: for each sound, the folders on the way to it.

    Example:
        >>> folder_rule([("train", "yes"), ("test", "yes")]).first
        True
        >>> print(folder_rule([("yes",), ("test",), ("no",)]).remark)
        The folder test is taken for a label, like no, yes beside it.
    """
    inside: dict[str, set[str]] = {}
    for way in ways:
        if way:
            inside.setdefault(way[0], set()).update(way[1:2] or ("",))
    splits = sorted(name for name in inside if split_named(name))
    others = sorted(set(inside) - set(splits))
    if not splits:
        return _second_rule(inside)
    names = f"The {_folders(splits)} {told(splits)} {'is' if len(splits) == 1 else 'are'} taken for"
    if not others:
        classes = set().union(*inside.values()) - {""}
        plural = "a split, not for a label" if len(splits) == 1 else "splits, not for labels"
        return FolderRule(first=True, remark="" if classes else f"{names} {plural}.")
    if _share_classes([inside[name] for name in splits], set(map(split_named, splits))):
        beside = f"{told(others)} beside {'it' if len(splits) == 1 else 'them'}"
        return FolderRule(first=True, remark=f"{names} splits, {beside} for labels.")
    kind = "a label" if len(splits) == 1 else "labels"
    beside = f"like {told(others)} beside {'it' if len(splits) == 1 else 'them'}"
    return FolderRule(remark=f"{names} {kind}, {beside}.")


def _folders(names: list[str]) -> str:
    return "folder" if len(names) == 1 else "folders"


def _share_classes(classes: list[set[str]], splits: set[str]) -> bool:
    return len(splits) > 1 and bool(set.intersection(*classes) - {""})


def _second_rule(inside: dict[str, set[str]]) -> FolderRule:
    """Whether every class holds the same splits: `yes/train`, `yes/test`, `no/train`, ..."""
    below = set().union(*inside.values()) if inside else set()
    meant = {split_named(name) for name in below}
    if "" in meant or len(meant) < 2:
        return FolderRule()
    remark = f"The folders {told(sorted(below))} in every label's folder are taken for splits."
    return FolderRule(second=True, remark=remark)
