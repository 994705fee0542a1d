"""Two discriminators as one: each sees its part, and neither sees the other's."""

import keras
import numpy as np
import pytest

from ganlib.models.several_judges import several_judges
from ganlib.models.specgan import specgan_discriminator
from ganlib.models.spectrum_judge import spectrum_judge
from ganlib.models.wavegan import wavegan_discriminator

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("classes", [0, 3])
def test_the_logits_are_those_of_each_judge_alone(classes):
    wave = wavegan_discriminator(8192, dim=1, kernel_size=8, phase_shuffle=0, classes=classes)
    picture = specgan_discriminator(16, 16, dim=1, classes=classes)
    spectrum = spectrum_judge(32, 8, (2, 2), classes=classes)
    judges = several_judges(wave, picture, spectrum)
    shapes = [(8192, 1), (16, 16, 1), (32, 8, 1)]
    parts = [RNG.normal(size=(4, *shape)).astype("float32") for shape in shapes]
    label = [np.array([0, 1, 2, 0])] if classes else []
    packed = np.concatenate([part.reshape(4, -1, 1) for part in parts], axis=1)

    def answer(model, shown):
        return keras.ops.convert_to_numpy(model([shown, *label] if label else shown))

    alone = [answer(one, part) for one, part in zip((wave, picture, spectrum), parts, strict=True)]
    np.testing.assert_allclose(
        answer(judges, packed), np.concatenate(alone, 1), rtol=1e-4, atol=1e-6
    )
    own = [one.count_params() for one in (wave, picture, spectrum)]
    assert judges.count_params() == sum(own)
