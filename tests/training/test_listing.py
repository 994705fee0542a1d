"""What `ganlib models` prints is what the recipes say and what their networks count."""

import json

import pytest

from ganlib.errors import OptionError
from ganlib.training.listing import described, listed
from ganlib.training.recipes import RECIPES

AGAIN = "run `python -m ganlib.training.listing` and commit what it writes"


def test_every_recipe_is_listed_in_order():
    assert list(listed()) == list(RECIPES), AGAIN


@pytest.mark.parametrize("name", RECIPES)
def test_options_and_parameters_are_those_of_the_recipe(name):
    assert listed(name) == json.loads(json.dumps(described(RECIPES[name]))), AGAIN


def test_an_unknown_model_is_told_as_everywhere():
    with pytest.raises(OptionError, match="Unknown model 'wavgan': choose one of dense_gan, "):
        listed("wavgan")
