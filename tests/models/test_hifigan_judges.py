"""HiFi-GAN's judges: their sizes on paper, which samples they see, and that they can learn."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.backend import value_and_grad
from ganlib.models.hifigan_judges import hifigan_judges, hifigan_period_judge, hifigan_scale_judge

PERIOD_ON_PAPER = sum(
    5 * seen * made + made
    for seen, made in ((1, 32), (32, 128), (128, 512), (512, 1024), (1024, 1024))
) + (3 * 1024 + 1)
# kernel, channels of a group, filters: the paper's scale judge is MelGAN's with other groups
SCALE_ON_PAPER = sum(
    kernel * own * made + made
    for kernel, own, made in (
        (15, 1, 128), (41, 32, 128), (41, 8, 256), (41, 16, 512), (41, 32, 1024), (41, 64, 1024),
        (5, 1024, 1024), (3, 1024, 1),
    )
)  # fmt: skip


def own_parameters(model) -> int:
    """Kernels and biases, without what the normalisations add."""
    added = ("length", "vector")
    return sum(int(np.prod(w.shape)) for w in model.weights if w.name not in added)


def test_their_sizes_at_full_width_are_those_on_paper():
    assert own_parameters(hifigan_period_judge(8192, 5)) == PERIOD_ON_PAPER == 8_218_433
    assert own_parameters(hifigan_scale_judge(8192)) == SCALE_ON_PAPER == 9_870_209


@pytest.mark.parametrize("period", [2, 3, 5])
def test_a_sample_is_seen_in_its_own_column_only(period):
    keras.utils.set_random_seed(0)
    judge = hifigan_period_judge(600, period, width=32)
    clip = np.random.default_rng(0).normal(size=(1, 600, 1)).astype("float32")
    other = clip.copy()
    place = 301
    other[0, place] += 1.0
    before, after = (ops.convert_to_numpy(judge(each)[-1])[0, :, :, 0] for each in (clip, other))
    changed = np.abs(after - before).max(axis=0) > 1e-6
    assert changed.tolist() == [column == place % period for column in range(period)]


@pytest.mark.parametrize("samples, rows", [(600, 200), (601, 201), (602, 201)])
def test_a_length_that_divides_is_not_padded_and_others_are_mirrored(samples, rows):
    judge = hifigan_period_judge(samples, 3, width=32)
    place = next(layer for layer in judge.layers if "reshape" in layer.name)
    assert place.output.shape[1:] == (rows, 3, 1)
    clip = np.arange(samples, dtype="float32").reshape(1, samples, 1)
    found = ops.convert_to_numpy(keras.Model(judge.input, place.output)(clip)).ravel()
    beyond = [samples - 2, samples - 3][: 3 * rows - samples]
    np.testing.assert_array_equal(found, [*range(samples), *beyond])


def test_judges_answer_with_their_layers_and_their_logits_last():
    judges = hifigan_judges(1024, periods=(2, 3), scales=3, width=32)
    answers = judges(np.zeros((2, 1024, 1), "float32"))
    assert [len(each) for each in answers] == [6, 6, 8, 8, 8]
    assert [each[0].shape[1] for each in answers[2:]] == [1024, 513, 257]
    assert all(each[-1].shape[0] == 2 and each[-1].shape[-1] == 1 for each in answers)


def test_the_judge_of_the_clip_itself_is_normalised_spectrally_and_the_others_by_weight():
    judges = hifigan_judges(1024, periods=(2,), scales=2, width=32)
    iterated = {
        judge.name: any(hasattr(layer, "power_iteration") for layer in judge.layers)
        for judge in judges.layers
        if isinstance(judge, keras.Model)
    }
    assert iterated == {"period_2": False, "scale_0": True, "scale_1": False}


def test_gradients_reach_every_weight_of_grouped_and_dilated_layers():
    from ganlib.models.hifigan import hifigan_generator

    keras.utils.set_random_seed(0)
    generator = hifigan_generator(4, frames=4, version="small")
    judges = hifigan_judges(1024, periods=(2,), scales=2, width=32)
    mel = np.random.default_rng(0).normal(size=(2, 4, 4)).astype("float32")

    def loss():
        return sum(ops.mean(ops.square(each[-1])) for each in judges(generator(mel))), ()

    variables = [*generator.trainable_variables, *judges.trainable_variables]
    _, gradients = value_and_grad(loss, variables)
    for variable, gradient in zip(variables, gradients, strict=True):
        found = ops.convert_to_numpy(gradient)
        assert np.isfinite(found).all() and np.abs(found).max() > 0, variable.path
