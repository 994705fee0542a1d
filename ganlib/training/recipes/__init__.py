"""What to train with what: model, loss, optimizers, sizes. One file a family."""

from ganlib.errors import OptionError
from ganlib.training.recipes.dense_gan import DENSE_GAN
from ganlib.training.recipes.digit_classifier import DIGIT_CLASSIFIER
from ganlib.training.recipes.pictures import DCGAN, DIGITS, SPECGAN
from ganlib.training.recipes.recipe import Recipe
from ganlib.training.recipes.vocoder import VOCODER
from ganlib.training.recipes.wavegan import WAVEGAN

_ALL = (DENSE_GAN, DCGAN, WAVEGAN, SPECGAN, DIGITS, VOCODER, DIGIT_CLASSIFIER)
RECIPES = {recipe.name: recipe for recipe in _ALL}


def get_recipe(name: str) -> Recipe:
    """Look up a recipe by its name.

    Args:
        name: such as "wavegan".

    Returns:
        The recipe.

    Raises:
        OptionError: if there is no such recipe.

    Example:
        >>> get_recipe("wavegan").options("gpu")["discriminator_steps"]
        5
    """
    if name not in RECIPES:
        raise OptionError(f"Unknown model {name!r}: choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
