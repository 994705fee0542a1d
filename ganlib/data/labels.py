"""The labels of data: unique, in one order for all splits, and each with a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ganlib.data.listing import Recording
from ganlib.data.sifting import fits, sift

UNLABELLED = "unlabelled"  # what recordings without a label are called beside labelled ones


def label_names(recordings: Iterable[Recording]) -> tuple[str, ...]:
    """All labels in order: numbers by value, then words; empty when no recording has a label.

    Example:
        >>> from pathlib import Path
        >>> label_names([Recording(Path("a"), label) for label in ("10", "9", "no")])
        ('9', '10', 'no')
    """
    names = {recording.label for recording in recordings}
    if names <= {""}:
        return ()
    without = bool(names & {"", UNLABELLED})
    ordered = sorted(
        names - {"", UNLABELLED},
        key=lambda n: (not n.isdecimal(), int(n) if n.isdecimal() else 0, n),
    )
    return (*ordered, *((UNLABELLED,) if without else ()))


def labels_with_sound(
    recordings: Iterable[Recording],
    usable: Iterable[Recording],
    can_use: Callable[[Recording], bool],
) -> tuple[str, ...]:
    """The labels of which at least one recording, in whatever split, can be used.

    Args:
        recordings: all of the data, so that every split gives its labels the same numbers.
        usable: those that are known to be usable.
        can_use: asked about a recording of a label that none of the usable ones has.

    Returns:
        As `label_names`.

    Example:
        >>> from pathlib import Path
        >>> data = [Recording(Path(name), label=name) for name in ("yes", "no", "broken")]
        >>> labels_with_sound(data, data[:1], lambda item: item.label == "no")
        ('no', 'yes')
    """
    one_each = {item.label: item for item in usable}
    for item in recordings:
        if item.label not in one_each and can_use(item):
            one_each[item.label] = item
    return label_names(one_each.values())


def without_soundless_labels(
    recordings: Sequence[Recording],
    chosen: Sequence[Recording],
    read: Callable[[Recording], object],
) -> tuple[tuple[str, ...], list[Recording], list[tuple[str, str]]]:
    """For those who read later: set aside the recordings of labels of which none can be used.

    Args:
        recordings: all of the data.
        chosen: those of one split.
        read: raises AudioFileError for a recording that cannot be used; asked once a label, more
            often only where files are broken.

    Returns:
        The names of the labels that are left, the chosen recordings that are left, and (path,
        reason) of the others.
    """
    if not label_names(recordings):
        return (), list(chosen), []
    names = labels_with_sound(recordings, (), lambda item: fits(item, read))
    known = set(names) if names else {UNLABELLED}
    kept = [item for item in chosen if (item.label or UNLABELLED) in known]
    lost = [item for item in chosen if (item.label or UNLABELLED) not in known]
    return names, kept, sift(lost, read)[1]
