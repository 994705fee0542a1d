"""The update of a GAN that is told what to make, beside NumPy with derivatives by differences."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib.errors import OptionError
from ganlib.training.engine.paired import PairedGAN

BATCH, RATES, WEIGHT, FEATURES = 5, (0.05, 0.03), 3.0, 0.7

# The reference: G(c) = c g;  D notes h = tanh(x d) and says h e. One judge; hinge losses.


def judged(d, e, x):
    hidden = np.tanh(x @ d)
    return hidden, hidden @ e


def loss_d(g, d, e, conditions, clips):
    real, fake = judged(d, e, clips)[1], judged(d, e, conditions @ g)[1]
    return np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()


def loss_g(g, d, e, conditions, clips, judges):
    made = conditions @ g
    distance = WEIGHT * np.square(clips - made).mean()
    if not judges:
        return distance
    known, (noted, logits) = judged(d, e, clips)[0], judged(d, e, made)
    alike = np.abs(known - noted).mean() / (np.abs(known).mean() + 1e-6)
    return distance - logits.mean() + FEATURES * alike


def slope(function, weight):
    gradient = np.zeros_like(weight)
    for place in np.ndindex(weight.shape):
        sides = []
        for step in (1e-6, -1e-6):
            moved = weight.copy()
            moved[place] += step
            sides.append(function(moved))
        gradient[place] = (sides[0] - sides[1]) / 2e-6
    return gradient


def reference(weights, batches, judges_from):
    g, d, e = (weight.astype("float64") for weight in weights)
    for update, (conditions, clips) in enumerate(batches):
        judges = update >= judges_from
        if judges:
            by_d = slope(lambda w: loss_d(g, w, e, conditions, clips), d)  # noqa: B023
            by_e = slope(lambda w: loss_d(g, d, w, conditions, clips), e)  # noqa: B023
            d, e = d - RATES[1] * by_d, e - RATES[1] * by_e
        by_g = slope(lambda w: loss_g(w, d, e, conditions, clips, judges), g)  # noqa: B023
        g = g - RATES[0] * by_g
    return g, d, e


# Ours --------------------------------------------------------------------------------------------


def paired(judges_from: int = 0) -> PairedGAN:
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, use_bias=False)])
    clip = keras.Input((3,))
    noted = keras.layers.Dense(4, activation="tanh", use_bias=False)(clip)
    logits = keras.layers.Dense(1, use_bias=False)(noted)
    judge = keras.Model(clip, [[noted, logits]])
    gan = PairedGAN(
        generator,
        judge,
        lambda real, made: ops.mean(ops.square(real - made)),
        distance_weight=WEIGHT,
        feature_weight=FEATURES,
        discriminator_from=judges_from,
    )
    gan.compile(*(keras.optimizers.SGD(rate) for rate in RATES))
    return gan


def weights_of(*models) -> list[np.ndarray]:
    return [np.asarray(ops.convert_to_numpy(w.value)) for model in models for w in model.weights]


def batches(count: int) -> list:
    draw = np.random.default_rng(3)
    shapes = ((BATCH, 2), (BATCH, 3))
    return [tuple(draw.normal(size=s).astype("float32") for s in shapes) for _ in range(count)]


@pytest.mark.parametrize("judges_from", [0, 2])
def test_three_updates_by_fit_are_those_of_the_reference(judges_from):
    gan, data = paired(judges_from), batches(3)
    expected = reference(weights_of(gan.generator, gan.discriminator), data, judges_from)
    conditions, clips = (np.concatenate(parts) for parts in zip(*data, strict=True))
    gan.fit(conditions, clips, batch_size=BATCH, shuffle=False, verbose=0)
    found = weights_of(gan.generator, gan.discriminator)
    for ours, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=2e-4, atol=2e-6)


def test_each_step_leaves_the_other_network_untouched():
    gan, ((conditions, clips),) = paired(), batches(1)
    generator, judges = weights_of(gan.generator), weights_of(gan.discriminator)
    gan.update_discriminator(conditions, clips)
    np.testing.assert_array_equal(weights_of(gan.generator)[0], generator[0])
    assert np.abs(weights_of(gan.discriminator)[0] - judges[0]).max() > 0
    judges = weights_of(gan.discriminator)
    gan.update_generator(conditions, clips, judged=ops.convert_to_tensor(True))
    np.testing.assert_array_equal(weights_of(gan.discriminator)[0], judges[0])
    assert np.abs(weights_of(gan.generator)[0] - generator[0]).max() > 0


def test_held_out_pairs_move_nothing():
    gan, ((conditions, clips),) = paired(), batches(1)
    before = weights_of(gan)
    found = gan.evaluate(conditions, clips, verbose=0, return_dict=True)
    made = conditions @ weights_of(gan.generator)[0]
    assert found["distance"] == pytest.approx(np.square(clips - made).mean(), rel=1e-4)
    for now, then in zip(weights_of(gan), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_what_is_asked_for_is_made_by_the_averaged_weights():
    gan, data = paired(), batches(20)
    conditions, clips = (np.concatenate(parts) for parts in zip(*data, strict=True))
    gan.fit(conditions, clips, batch_size=BATCH, verbose=0)
    average, present = weights_of(gan.average_generator, gan.generator)
    assert np.abs(average - present).max() > 1e-4
    made = ops.convert_to_numpy(gan(conditions[:2]))
    np.testing.assert_allclose(made, conditions[:2] @ average, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("wrong", [{"average_decay": 1.0}, {"discriminator_from": -1}])
def test_numbers_out_of_range_are_refused(wrong):
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    with pytest.raises(OptionError, match="expected average_decay"):
        PairedGAN(generator, generator, lambda real, made: 0.0, **wrong)
