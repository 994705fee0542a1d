"""Latent vectors: the random numbers that a generator makes its clips of."""

from __future__ import annotations

import numpy as np

from ganlib.errors import OptionError

LATENT_DISTRIBUTIONS = ("normal", "uniform")
SMALLEST_TRUNCATION = 0.01  # below it, drawing until a value lies within takes long


def draw_latents(
    count: int,
    size: int,
    seed: int = 0,
    distribution: str = "normal",
    truncation: float | None = None,
) -> np.ndarray:
    """Draw latent vectors. Vector i depends on `seed + i` alone.

    With a truncation, every value farther from 0 is drawn anew until it lies within; the others
    stay as they are. The generator has seen vectors near 0 more often than others, so its clips
    become clearer and more alike.

    Args:
        count: number of vectors.
        size: length of each.
        seed: of the first vector, at least 0.
        distribution: "normal" or "uniform" (on [-1, 1]).
        truncation: largest distance of a value from 0; None for any.

    Returns:
        float32 (count, size).

    Raises:
        OptionError: if the distribution is unknown or the truncation below 0.01.

    Example:
        >>> free, near = draw_latents(2, 64), draw_latents(2, 64, truncation=1.0)
        >>> bool(abs(free).max() > 2), bool(abs(near).max() <= 1)
        (True, True)
        >>> bool((near == free)[abs(free) <= 1].all())
        True

    Reference: A. Brock, J. Donahue & K. Simonyan (2019), Large scale GAN training for high fidelity
        natural image synthesis, arXiv 1809.11096, section 3.1: the truncation trick.
    """
    check_latents(distribution, truncation)
    vectors = [_draw(size, seed + place, distribution, truncation) for place in range(count)]
    return np.stack(vectors).astype("float32")


def check_latents(distribution: str, truncation: float | None) -> None:
    """Refuse what cannot be drawn.

    Raises:
        OptionError: as `draw_latents` says.

    Example:
        >>> check_latents("normal", 2.0)
    """
    if distribution not in LATENT_DISTRIBUTIONS:
        raise OptionError(
            f'latent_distribution must be "normal" or "uniform", not {distribution!r}.'
        )
    if truncation is not None and not truncation >= SMALLEST_TRUNCATION:  # NaN is refused as well
        raise OptionError(f"truncation must be {SMALLEST_TRUNCATION} or more, not {truncation}.")


def _draw(size: int, seed: int, distribution: str, truncation: float | None) -> np.ndarray:
    random = np.random.default_rng(seed)

    def fresh(count: int) -> np.ndarray:
        if distribution == "uniform":
            return random.uniform(-1.0, 1.0, count)
        return random.normal(size=count)

    vector = fresh(size)
    while truncation is not None and (beyond := np.abs(vector) > truncation).any():
        vector[beyond] = fresh(beyond.sum())
    return vector
