"""What every layer of ganlib must be able to do, whatever it computes."""

import json

import keras
import numpy as np
import pytest
from keras import layers as keras_layers
from keras import ops

import ganlib.layers
from ganlib.backend import value_and_grad
from ganlib.layers import (
    ConditionalBatchNormalization,
    Cutout,
    GaussianNoise,
    GroupedConv1D,
    LabelEmbedding,
    LabelStandardDeviation,
    MinibatchStandardDeviation,
    PhaseShuffle,
    PixelNormalization,
    Projection,
    RandomBrightness,
    RandomGain,
    RandomTimeShift,
    SpectralNormalization,
    StridedConv1D,
    TransposedConv1D,
    UpsampleConv1D,
    WeightNormalization,
)

CLIP = (12, 3)
LABEL = "label"
CLASSES = 5
# name: (how to make one, shapes of its inputs without the batch, shape of its output)
LAYERS = {
    "phase_shuffle": (lambda **k: PhaseShuffle(2, **k), [CLIP], CLIP),
    "random_time_shift": (lambda **k: RandomTimeShift(2, **k), [CLIP], CLIP),
    "strided": (lambda **k: StridedConv1D(4, 5, 2, **k), [CLIP], (6, 4)),
    "grouped": (lambda **k: GroupedConv1D(6, 5, 2, groups=3, **k), [CLIP], (4, 6)),
    "polyphase": (lambda **k: TransposedConv1D(4, 5, 2, **k), [CLIP], (24, 4)),
    "zero_insertion": (
        lambda **k: TransposedConv1D(4, 5, 2, method="zero_insertion", **k),
        [CLIP],
        (24, 4),
    ),
    "upsample_conv": (lambda **k: UpsampleConv1D(4, 5, 2, **k), [CLIP], (24, 4)),
    "label_embedding": (lambda **k: LabelEmbedding(CLASSES, 4, **k), [LABEL], (4,)),
    "projection": (lambda **k: Projection(CLASSES, **k), [(6,), LABEL], (1,)),
    "spectral_projection": (lambda **k: Projection(CLASSES, True, **k), [(6,), LABEL], (1,)),
    "conditional_batch": (
        lambda **k: ConditionalBatchNormalization(CLASSES, **k),
        [CLIP, LABEL],
        CLIP,
    ),
    "random_gain": (lambda **k: RandomGain(**k), [CLIP], CLIP),
    "random_brightness": (lambda **k: RandomBrightness(**k), [CLIP], CLIP),
    "cutout": (lambda **k: Cutout(**k), [CLIP], CLIP),
    "minibatch": (lambda **k: MinibatchStandardDeviation(2, **k), [CLIP], (12, 4)),
    "label_deviation": (lambda **k: LabelStandardDeviation(**k), [CLIP, LABEL], (12, 4)),
    "fixed_noise": (lambda **k: GaussianNoise(0.1, **k), [CLIP], CLIP),
    "learned_noise": (lambda **k: GaussianNoise(0.1, learned=True, seed=3, **k), [CLIP], CLIP),
    "pixel_normalization": (lambda **k: PixelNormalization(**k), [CLIP], CLIP),
    "spectral_conv": (
        lambda **k: SpectralNormalization(keras_layers.Conv1D(4, 3, 2, padding="same", **k)),
        [CLIP],
        (6, 4),
    ),
    "spectral_transposed": (
        lambda **k: SpectralNormalization(TransposedConv1D(4, 5, 2, **k)),
        [CLIP],
        (24, 4),
    ),
    "weight_conv": (
        lambda **k: WeightNormalization(keras_layers.Conv1D(6, 3, groups=3, **k)),
        [CLIP],
        (10, 6),
    ),
    "weight_transposed": (
        lambda **k: WeightNormalization(TransposedConv1D(4, 5, 2, **k)),
        [CLIP],
        (24, 4),
    ),
}
every_layer = pytest.mark.parametrize("name", LAYERS)


def examples(name, batch, dtype="float32"):
    """Inputs for a layer: a tensor, or a list of them."""
    rng = np.random.default_rng(batch)
    arrays = [
        rng.integers(CLASSES, size=batch).astype("int32")
        if shape == LABEL
        else rng.normal(size=(batch, *shape)).astype(dtype)
        for shape in LAYERS[name][1]
    ]
    return arrays[0] if len(arrays) == 1 else arrays


def model_of(layer, name):
    """A functional model with any batch size around one layer."""
    inputs = [
        keras.Input((), dtype="int32") if shape == LABEL else keras.Input(shape)
        for shape in LAYERS[name][1]
    ]
    inputs = inputs[0] if len(inputs) == 1 else inputs
    return keras.Model(inputs, layer(inputs))


def test_every_layer_of_the_room_signs_the_contract():
    exported = [getattr(ganlib.layers, name) for name in ganlib.layers.__all__]
    classes = {c for c in exported if isinstance(c, type)}
    assert classes == {type(make()) for make, _, _ in LAYERS.values()}


@every_layer
def test_output_shapes_hold_for_any_batch_size(name, array):
    make, _, expected = LAYERS[name]
    model = model_of(make(), name)
    assert tuple(model.output_shape) == (None, *expected)
    for batch in (1, 2, 5):
        assert array(model(examples(name, batch))).shape == (batch, *expected)


@every_layer
def test_one_compiled_graph_serves_any_batch_size_and_agrees_with_the_eager_call(
    name, compiled, array
):
    model = model_of(LAYERS[name][0](), name)
    saved = [array(variable) for variable in model.variables]
    call = compiled(model, model.variables)
    for batch in (2, 5):
        inputs = examples(name, batch)
        results = []
        for function in (call, model):
            for variable, value in zip(model.variables, saved, strict=True):
                variable.assign(value)  # seeds too: learned noise is on outside of training
            results.append(array(function(inputs)))
        np.testing.assert_allclose(results[0], results[1], atol=1e-5)


@every_layer
def test_a_layer_comes_back_from_its_configuration(name):
    layer = LAYERS[name][0]()
    config = json.loads(json.dumps(layer.get_config()))
    again = type(layer).from_config(config)
    assert again.get_config() == layer.get_config()
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    assert type(keras.saving.deserialize_keras_object(saved)) is type(layer)


@every_layer
def test_a_model_is_rebuilt_from_configuration_and_weight_file(name, tmp_path, array):
    model = model_of(LAYERS[name][0](), name)
    for weight in model.trainable_weights:
        weight.assign(np.random.default_rng(0).normal(size=weight.shape))
    model.save_weights(tmp_path / "layer.weights.h5")
    again = keras.Model.from_config(model.get_config())
    again.load_weights(tmp_path / "layer.weights.h5")
    inputs = examples(name, 4)
    np.testing.assert_array_equal(array(again(inputs)), array(model(inputs)))


@every_layer
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_computes_in_half_and_keeps_variables_in_full(name, policy, array):
    layer = LAYERS[name][0](dtype=policy)
    half = policy.removeprefix("mixed_")
    for training in (False, True):
        y = layer(examples(name, 4), training=training)
        assert keras.backend.standardize_dtype(y.dtype) == half
        assert np.isfinite(array(ops.cast(y, "float32"))).all()
    for variable in layer.trainable_variables:
        assert variable.dtype == "float32"


@every_layer
def test_mixed_precision_stays_near_full_precision(name, array):
    make = LAYERS[name][0]
    full, half = model_of(make(), name), model_of(make(dtype="mixed_bfloat16"), name)
    half.set_weights(full.get_weights())
    inputs = examples(name, 4)
    expected = array(full(inputs, training=False))
    found = array(ops.cast(half(inputs, training=False), "float32"))
    np.testing.assert_allclose(found, expected, atol=0.05 * np.abs(expected).max())


@every_layer
def test_gradients_reach_every_weight_and_input_and_are_finite(name, compiled, array):
    layer = LAYERS[name][0]()
    inputs = examples(name, 4)
    layer(inputs)

    def gradients(scale):
        def loss():
            return ops.sum(ops.square(layer(inputs, training=True) * scale)), 0.0

        return value_and_grad(loss, layer.trainable_variables)[1]

    for run in (gradients, compiled(gradients, layer.variables)):
        found = run(np.float32(1.0))
        assert len(found) == len(layer.trainable_variables)
        for gradient in found:
            assert np.isfinite(array(gradient)).all() and np.abs(array(gradient)).max() > 0


@every_layer
def test_a_call_outside_of_training_moves_nothing_but_seeds(name, array):
    layer = LAYERS[name][0]()
    layer(examples(name, 4))
    before = [array(weight) for weight in layer.weights]
    layer(examples(name, 4), training=False)
    for weight, old in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(array(weight), old)
