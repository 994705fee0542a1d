"""What is said of labels that no clip has."""

from ganlib.data.clips import Clips
from ganlib.data.readings import Readings


def left_out(clips: Clips | Readings) -> str:
    """A sentence about the labels that no clip has; empty if there are none.

    Example:
        >>> import numpy as np
        >>> left_out(Clips(np.zeros((1, 8, 1)), [0], ("yes", "no")))
        'No clip has the label no, so it is left out.'
    """
    missing = sorted(set(clips.label_names) - set(clips.with_used_labels().label_names))
    if not missing:
        return ""
    shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
    if len(missing) == 1:
        return f"No clip has the label {shown}, so it is left out."
    return f"No clip has one of {len(missing)} labels ({shown}), so they are left out."
