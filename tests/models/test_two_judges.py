"""Two discriminators as one: each sees its part, and neither sees the other's."""

import keras
import numpy as np
import pytest

from ganlib.models.specgan import specgan_discriminator
from ganlib.models.two_judges import two_judges
from ganlib.models.wavegan import wavegan_discriminator

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("classes", [0, 3])
def test_the_logits_are_those_of_each_judge_alone(classes):
    wave = wavegan_discriminator(8192, dim=1, kernel_size=8, classes=classes)
    picture = specgan_discriminator(16, 16, dim=1, classes=classes)
    judges = two_judges(wave, picture)
    sound = RNG.normal(size=(4, 8192, 1)).astype("float32")
    image = RNG.normal(size=(4, 16, 16, 1)).astype("float32")
    label = [np.array([0, 1, 2, 0])] if classes else []
    packed = np.concatenate([sound, image.reshape(4, -1, 1)], axis=1)

    def answer(model, shown):
        return keras.ops.convert_to_numpy(model([shown, *label] if label else shown))

    logits = answer(judges, packed)
    np.testing.assert_allclose(logits[:, :1], answer(wave, sound), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(logits[:, 1:], answer(picture, image), rtol=1e-4, atol=1e-6)
    assert judges.count_params() == wave.count_params() + picture.count_params()
