"""Options of a loss are refused when the GAN is made, not in its first step."""

import keras
import pytest
from keras import layers

from ganlib.errors import OptionError
from ganlib.training.engine.gan import GAN


def networks():
    return [keras.Sequential([keras.Input((2,)), layers.Dense(n)]) for n in (2, 1)]


def test_an_option_that_a_loss_does_not_have_is_refused():
    with pytest.raises(OptionError, match="'hinge' has no option label_smoothing"):
        GAN(*networks(), loss="hinge", loss_options={"label_smoothing": 0.1})


def test_an_option_that_a_loss_has_is_taken():
    gan = GAN(*networks(), loss="non_saturating", loss_options={"label_smoothing": 0.1})
    assert gan.loss_options == {"label_smoothing": 0.1}
