"""What every metric checks before it computes: arrays of clips that belong together."""

import numpy as np

from ganlib.errors import OptionError


def checked_features(values: np.ndarray, name: str, at_least: int = 1) -> np.ndarray:
    """Features, or log-spectra, as one row of float64 a clip.

    Args:
        values: numbers (clips, dims) or (clips, ..., ...), finite.
        name: what the array is, for the message.
        at_least: clips that the metric needs.

    Returns:
        float64 (clips, dims).

    Raises:
        OptionError: for another shape, too few clips, or a value that is not finite.

    Example:
        >>> checked_features(np.zeros((3, 4, 5), "float32"), "real").shape
        (3, 20)
    """
    values = np.asarray(values)
    if values.ndim < 2 or values.dtype.kind not in "fiub":
        raise OptionError(
            f"{name} must be an array of numbers (clips, dims), not {values.dtype} of shape "
            f"{values.shape}; reshape a single clip to (1, dims)."
        )
    if len(values) < at_least or not values.size:
        raise OptionError(
            f"{name} must have at least {max(at_least, 1)} clips of at least one number each, not "
            f"the shape {values.shape}; pass more clips."
        )
    values = values.reshape(len(values), -1).astype("float64")
    if wrong := int((~np.isfinite(values)).any(axis=1).sum()):
        raise OptionError(
            f"{name} must be finite, but {wrong} of {len(values)} clips have a NaN or an infinity; "
            "leave those clips out, or mend the model that made them."
        )
    return values


def checked_pair(
    real: np.ndarray, fake: np.ndarray, at_least: int = 1, names: tuple[str, str] = ("real", "fake")
) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of features with the same number of dimensions, see `checked_features`.

    Raises:
        OptionError: if the dimensions differ, or as for `checked_features`.

    Example:
        >>> real, fake = checked_pair(np.zeros((3, 4)), np.ones((5, 4)))
        >>> len(real), len(fake)
        (3, 5)
    """
    real = checked_features(real, names[0], at_least)
    fake = checked_features(fake, names[1], at_least)
    if real.shape[1] != fake.shape[1]:
        raise OptionError(
            f"{names[0]} and {names[1]} must have the same number of dimensions, not "
            f"{real.shape[1]} and {fake.shape[1]}; take both from the same network."
        )
    return real, fake


def checked_probabilities(values: np.ndarray, name: str = "probabilities") -> np.ndarray:
    """Posteriors of a classifier, each row divided by its sum.

    Args:
        values: (clips, classes), at least 0, every row with a sum of 1 within 0.001.
        name: what the array is, for the message.

    Returns:
        float64 (clips, classes).

    Raises:
        OptionError: for anything else, logits above all.

    Example:
        >>> checked_probabilities(np.array([[0.25, 0.75]]))
        array([[0.25, 0.75]])
    """
    if np.ndim(values) != 2:
        raise OptionError(f"{name} must have the shape (clips, classes), not {np.shape(values)}.")
    values = checked_features(values, name)
    sums = values.sum(axis=1, keepdims=True)
    if values.min() < 0 or np.abs(sums - 1).max() > 1e-3:
        raise OptionError(
            f"{name} must be at least 0 with a sum of 1 in every row, not from {values.min():g} to "
            f"{values.max():g} with sums from {sums.min():g} to {sums.max():g}; apply a softmax."
        )
    return values / sums


def checked_labels(labels: np.ndarray, clips: int, name: str = "labels") -> np.ndarray:
    """One label a clip: integers, or names.

    Raises:
        OptionError: if there is not exactly one label a clip, or a label is a fraction.

    Example:
        >>> checked_labels(["ann", "bob"], 2).tolist()
        ['ann', 'bob']
    """
    labels = np.asarray(labels)
    if labels.shape != (clips,):
        raise OptionError(
            f"{name} must have one entry for each of the {clips} clips, not the shape "
            f"{labels.shape}."
        )
    if labels.dtype.kind not in "iubUSO":
        raise OptionError(f"{name} must be integers or names, not {labels.dtype}.")
    return labels
