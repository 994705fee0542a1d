"""Latent vectors: their distribution, and the truncation trick."""

import numpy as np
import pytest
from scipy import stats

from ganlib.errors import OptionError
from ganlib.instruments.latents import draw_latents

COUNT, SIZE = 2000, 5


def law(distribution: str, truncation: float):
    """SciPy's distribution of one value."""
    if distribution == "normal":
        return stats.truncnorm(-truncation, truncation)
    return stats.uniform(-truncation, 2 * truncation)


@pytest.mark.parametrize(("distribution", "everywhere"), [("normal", 50.0), ("uniform", 1.0)])
def test_values_follow_the_named_distribution(distribution, everywhere):
    values = draw_latents(COUNT, SIZE, distribution=distribution).ravel()
    assert stats.kstest(values, law(distribution, everywhere).cdf).pvalue > 0.01


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
@pytest.mark.parametrize("truncation", [0.02, 0.5, 0.9])
def test_truncated_values_follow_scipys_truncated_distribution(distribution, truncation):
    values = draw_latents(COUNT, SIZE, 0, distribution, truncation).ravel()
    assert np.abs(values).max() <= truncation
    assert stats.kstest(values, law(distribution, truncation).cdf).pvalue > 0.01


def test_only_values_beyond_are_drawn_anew():
    free, near = draw_latents(50, 64, seed=7), draw_latents(50, 64, seed=7, truncation=1.2)
    within = np.abs(free) <= 1.2
    assert 0.6 < within.mean() < 0.9
    np.testing.assert_array_equal(near[within], free[within])
    assert (near[~within] != free[~within]).all()
    np.testing.assert_array_equal(draw_latents(50, 64, seed=7, truncation=9.0), free)


def test_a_vector_depends_on_its_own_seed_alone():
    many = draw_latents(9, 64, seed=3, truncation=0.7)
    for place in range(9):
        np.testing.assert_array_equal(
            draw_latents(1, 64, 3 + place, truncation=0.7)[0], many[place]
        )
    assert len(np.unique(many, axis=0)) == 9


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"distribution": "round"}, 'must be "normal" or "uniform", not \'round\''),
        ({"truncation": 0.0}, "truncation must be 0.01 or more, not 0.0"),
        ({"truncation": -1.0}, "not -1.0"),
        ({"truncation": float("nan")}, "not nan"),
    ],
)
def test_what_cannot_be_drawn_is_refused(words, message):
    with pytest.raises(OptionError, match=message):
        draw_latents(1, 4, **words)
