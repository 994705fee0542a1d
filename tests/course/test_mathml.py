"""Equations that need no script."""

import re

import pytest

from course.mathml import EquationError, strip_delimiters, to_mathml


def words(markup: str) -> str:
    return re.sub(r"<[^>]+>", " ", markup)


def test_the_value_function_of_a_gan_becomes_one_element_without_latex_left():
    markup = to_mathml(
        r"\min_G \max_D \mathbb{E}_{x}\left[\log D(x)\right] + \frac{1}{2} \nabla_{\hat x}", True
    )
    assert markup.startswith("<math") and markup.endswith("</math>")
    assert 'display="block"' in markup
    assert "<mfrac>" in markup and "<munder>" in markup
    assert "\\" not in words(markup)


@pytest.mark.parametrize("equation", [r"\nosuchcommand x", r"x \middle| y"])
def test_an_equation_that_cannot_be_shown_is_named(equation):
    with pytest.raises(EquationError, match="cannot show"):
        to_mathml(equation, block=False)


@pytest.mark.parametrize(
    ("text", "equation", "block"),
    [
        ("$x$", "x", False),
        ("$$x$$", "x", True),
        (r"\[x\]", "x", True),
        (r"$\displaystyle x^2$", "x^2", True),
        ("x", "x", True),
    ],
)
def test_the_equation_of_an_output_is_freed_of_its_delimiters(text, equation, block):
    assert strip_delimiters(text) == (equation, block)
