"""The recipe of the digit classifier: no GAN, but trained like one."""

import keras

from ganlib import backend
from ganlib.errors import OptionError
from ganlib.models.digit_classifier import digit_classifier
from ganlib.training.recipes.recipe import Recipe


def _build_classifier(options: dict, label_names: tuple) -> keras.Model:
    if len(label_names) < 2:
        raise OptionError(
            f"A classifier needs data with at least two labels, and these have {len(label_names)}."
        )
    model = digit_classifier(
        options["clip_samples"],
        options["sample_rate"],
        len(label_names),
        options["width"],
        options["time_shift"],
        options["dropout"],
    )
    rate = keras.optimizers.schedules.CosineDecay(options["learning_rate"], options["steps"])
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=backend.prefers_xla(),
    )
    model.optimizer.build(model.trainable_variables)
    return model


DIGIT_CLASSIFIER = Recipe(
    name="digit_classifier",
    title="names the spoken digit; the scoreboard's ear",
    build=_build_classifier,
    defaults={
        "sample_rate": 8000,
        "clip_samples": 8192,
        "channels": 1,
        "width": 16,
        "time_shift": 512,
        "dropout": 0.4,
        "learning_rate": 2e-3,
        "batch_size": 64,
        "steps": 2000,
        "precision": "float32",
        "peak_normalize": True,
    },
    presets={"quick": {"width": 8, "steps": 200}, "cpu": {}, "gpu": {"steps": 5000}},
)
