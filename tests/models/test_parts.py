"""What discriminators share: each normalisation does what it says, each head sees the label."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganlib.backend import input_gradient
from ganlib.errors import OptionError
from ganlib.layers import SpectralNormalization
from ganlib.losses import wgan_gradient_penalty
from ganlib.models.dcgan import dcgan_discriminator
from ganlib.models.parts import LABEL_HEADS, NORMALIZATIONS, convolved
from ganlib.models.specgan import specgan_discriminator
from ganlib.models.wavegan import wavegan_discriminator

PICTURE = (16, 16, 1)
RNG = np.random.default_rng(0)
BUILDERS = {
    "specgan": (lambda **k: specgan_discriminator(16, 16, dim=2, **k), PICTURE),
    "dcgan": (lambda **k: dcgan_discriminator(16, 16, dim=2, **k), PICTURE),
    "wavegan": (
        lambda **k: wavegan_discriminator(8192, dim=1, kernel_size=8, phase_shuffle=0, **k),
        (8192, 1),
    ),
}


def inputs(model: keras.Model, shape: tuple, labels=(0, 1, 2, 0)):
    clips = RNG.normal(size=(4, *shape)).astype("float32")
    return [clips, np.array(labels)] if len(model.inputs) > 1 else clips


PAIRS = [
    *(("specgan", kind, head) for kind in NORMALIZATIONS for head in LABEL_HEADS),
    *((name, kind, "projection") for name in ("dcgan", "wavegan") for kind in NORMALIZATIONS),
    *((name, "none", head) for name in ("dcgan", "wavegan") for head in ("concat", "auxiliary")),
]


@pytest.mark.parametrize(("name", "normalization", "label_head"), PAIRS)
def test_every_combination_judges(name, normalization, label_head):
    build, shape = BUILDERS[name]
    model = build(
        classes=3, normalization=normalization, label_head=label_head, minibatch_stddev=True
    )
    answers = model(inputs(model, shape), training=True)
    if label_head == "auxiliary":
        assert [tuple(x.shape) for x in answers] == [(4, 1), (4, 3)]
    else:
        assert tuple(answers.shape) == (4, 1)


@pytest.mark.parametrize("name", ["specgan", "wavegan"])
@pytest.mark.parametrize("label_head", ["projection", "concat"])
def test_a_head_that_is_told_the_label_judges_by_it(name, label_head):
    keras.utils.set_random_seed(0)
    build, shape = BUILDERS[name]
    model = build(classes=3, label_head=label_head, normalization="none")
    clips = RNG.normal(size=(1, *shape)).repeat(3, axis=0).astype("float32")
    logits = ops.convert_to_numpy(model([clips, np.arange(3)]))
    assert len(np.unique(logits)) == 3


@pytest.mark.parametrize("label_head", ["projection", "concat"])
def test_the_label_changes_what_the_discriminator_wants_and_not_only_its_mood(label_head):
    """Joined to the last features, the label would only add a constant and guide no generator."""
    keras.utils.set_random_seed(0)
    model = specgan_discriminator(16, 16, dim=2, classes=2, label_head=label_head)
    clip = RNG.normal(size=(1, *PICTURE)).astype("float32")
    first, second = (
        ops.convert_to_numpy(input_gradient(lambda x, y=y: model([x, y]), clip))
        for y in ops.convert_to_tensor([[0], [1]])
    )
    assert np.abs(first - second).max() > 0.01 * np.abs(first).max()


def test_the_auxiliary_classifier_is_not_told_the_label():
    model = specgan_discriminator(16, 16, dim=2, classes=3, label_head="auxiliary")
    assert len(model.inputs) == 1 and len(model.outputs) == 2


def test_without_labels_every_head_is_the_same():
    counts = {
        specgan_discriminator(16, 16, dim=2, label_head=head).count_params() for head in LABEL_HEADS
    }
    assert len(counts) == 1


@pytest.mark.parametrize("name", ["specgan", "dcgan"])
def test_a_layer_normalised_clip_is_judged_alone_and_a_batch_normalised_one_is_not(name):
    build, shape = BUILDERS[name]
    for normalization, alone in (("none", True), ("layer", True), ("spectral", True),
                                 ("batch", False)):  # fmt: skip
        model = build(normalization=normalization)
        clips = inputs(model, shape)
        together = ops.convert_to_numpy(model(clips, training=True))[:1]
        single = ops.convert_to_numpy(model(clips[:1], training=True))
        assert np.allclose(together, single, atol=1e-4) == alone, normalization


def test_layer_normalisation_gives_each_clip_a_mean_of_0_and_a_deviation_of_1():
    x = keras.Input((8, 8, 3))
    model = keras.Model(x, convolved(layers.Conv2D(5, 3), x, "layer", first=False))
    before = model.layers[-2].output
    found = ops.convert_to_numpy(
        keras.Model(x, before)(RNG.normal(3.0, 2.0, (4, 8, 8, 3)).astype("float32"))
    )
    np.testing.assert_allclose(found.mean(axis=(1, 2, 3)), 0.0, atol=1e-4)
    np.testing.assert_allclose(found.std(axis=(1, 2, 3)), 1.0, atol=2e-2)


@pytest.mark.parametrize("normalization", ["batch", "layer"])
def test_the_first_layer_is_never_normalised_so_that_the_level_stays(normalization):
    x = keras.Input((8, 8, 1))
    plain = keras.Model(x, convolved(layers.Conv2D(5, 3), x, normalization, first=True))
    assert [type(layer).__name__ for layer in plain.layers] == ["InputLayer", "Conv2D", "LeakyReLU"]


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("label_head", LABEL_HEADS)
def test_spectral_normalisation_holds_every_kernel_before_the_logit(name, label_head):
    build, _ = BUILDERS[name]
    model = build(classes=3, normalization="spectral", label_head=label_head)
    free = []
    for layer in model._flatten_layers(include_self=False, recursive=False):
        if layer.trainable_weights and not isinstance(layer, SpectralNormalization):
            free.append(layer.name.rstrip("_0123456789"))
    expected = {"projection": ["projection"], "concat": ["label_embedding"],
                "auxiliary": ["class_logits"]}  # fmt: skip
    assert free == expected[label_head]


def test_a_spectrally_normalised_projection_bounds_the_slope_of_every_label():
    """|w + e(y)| is at most 2: both matrices have a largest singular value of 1."""
    from ganlib.layers import Projection

    layer = Projection(3, spectral_normalization=True)
    features = RNG.normal(size=(3, 8)).astype("float32")
    slopes = input_gradient(lambda h: layer((h, np.arange(3))), features)
    lengths = np.linalg.norm(ops.convert_to_numpy(slopes), axis=1)
    assert lengths.max() <= 2.02
    weights = ops.convert_to_numpy(layer.unconditional.effective_kernel())[:, 0]
    table = ops.convert_to_numpy(layer.embedding.effective_kernel())
    assert np.linalg.norm(table, 2) == pytest.approx(1.0, rel=0.02)
    np.testing.assert_allclose(ops.convert_to_numpy(slopes), weights + table, atol=1e-5)


@pytest.mark.parametrize("name", ["specgan", "wavegan"])
@pytest.mark.parametrize("normalization", ["layer", "spectral"])
def test_a_gradient_penalty_goes_with_what_judges_each_clip_alone(name, normalization):
    build, shape = BUILDERS[name]
    model = build(normalization=normalization)
    real, fake = inputs(model, shape), inputs(model, shape)
    assert 0 <= float(wgan_gradient_penalty(model, real, fake, seed=0)) < 1e3


def test_choices_that_do_not_exist_are_refused_with_those_that_do():
    with pytest.raises(OptionError, match="none, batch, layer, spectral, not 'group'"):
        specgan_discriminator(16, 16, dim=1, normalization="group")
    with pytest.raises(OptionError, match="projection, concat, auxiliary, not 'sum'"):
        specgan_discriminator(16, 16, dim=1, classes=2, label_head="sum")
