"""A run learns labels that are unique and have clips, and so asks for no sound it never heard."""

from dataclasses import replace

import numpy as np

from ganlib.data.clips import Clips


def with_clips(clips: Clips) -> Clips:
    """The same clips under the labels that occur among them, each name once.

    Args:
        clips: such as a selection, or a folder with a class of broken files only.

    Returns:
        The clips themselves if all is well, else with other label numbers.

    Example:
        >>> clips = Clips(np.zeros((3, 8, 1)), [0, 2, 3], ("a", "never", "b", "a"))
        >>> with_clips(clips).label_names, with_clips(clips).labels.tolist()
        (('a', 'b'), [0, 1, 0])
    """
    if not clips.label_names:
        return clips
    names = clips.label_names
    kept = list(dict.fromkeys(names[number] for number in np.unique(clips.labels)))
    if kept == list(names):
        return clips
    number_of = np.array([kept.index(name) if name in kept else -1 for name in names])
    return replace(clips, labels=number_of[clips.labels], label_names=tuple(kept))


def left_out(clips: Clips) -> str:
    """A sentence about the labels that no clip has; empty if there are none.

    Example:
        >>> left_out(Clips(np.zeros((1, 8, 1)), [0], ("yes", "no")))
        'No clip has the label no, so it is left out.'
    """
    missing = sorted(set(clips.label_names) - set(with_clips(clips).label_names))
    if not missing:
        return ""
    shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
    if len(missing) == 1:
        return f"No clip has the label {shown}, so it is left out."
    return f"No clip has one of {len(missing)} labels ({shown}), so they are left out."
