"""What a run sounds like: its averaged generator, exported with every checkpoint."""

from pathlib import Path
from weakref import WeakKeyDictionary

import keras
import numpy as np

from ganlib import backend
from ganlib.audio.codec import SpectrogramCodec
from ganlib.audio.files import write_audio
from ganlib.data.clips import Clips
from ganlib.errors import RunError
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.training.config import Config
from ganlib.training.engine.feeding import prepared
from ganlib.training.recipes import get_recipe
from ganlib.training.vocoding import chosen_vocoder, export_vocoder

SAMPLES = 10  # clips in a sample file
SETTLING = (8, 64)  # batches, and clips in each, that measure batch-norm statistics
# The speaking model of each model in training: built once, as engines keep what is built.
_speaking: WeakKeyDictionary[keras.Model, tuple[Config, Synthesizer]] = WeakKeyDictionary()


def export(
    folder: Path, config: Config, model: keras.Model, step: int, clips: Clips | None = None
) -> None:
    """Write the averaged generator and let it speak; a vocoder, of the first of the clips.

    Example:
        >>> from ganlib.training import runs
        >>> options = get_recipe("digit_classifier").options()
        >>> config = Config("digit_classifier", "", "", "quick", options, ["a", "b"], seed=0)
        >>> export(Path("no_such_run"), config, runs.build(config), 0)  # no sound
    """
    if get_recipe(config.model).generator is None:
        return
    if get_recipe(config.model).instrument == "vocoder":
        some = np.zeros((0, 1, 1)) if clips is None else prepared(clips, config.options).samples
        return export_vocoder(folder, config, model, step, some)
    synthesizer = averaged(config, model)
    synthesizer.save(folder / "generator")
    made, _ = synthesizer.generate(SAMPLES)
    row = np.concatenate(list(made))
    heard = folder / "samples" / f"step-{step:08d}.wav"
    write_audio(heard, row.squeeze(), synthesizer.audio_format.sample_rate)


def averaged(config: Config, model: keras.Model) -> Synthesizer:
    """The averaged generator as it is now, ready to speak; nothing of the model changes.

    Its networks are built at the first call and get other weights at the next, so what an earlier
    call gave speaks with the new weights too.

    Args:
        config: of the run.
        model: as `build` makes it from the configuration; a `fit` may be running.

    Raises:
        RunError: if the model makes no sound.

    Example:
        >>> from ganlib.training import runs
        >>> options = get_recipe("dense_gan").options("quick", {"signal_scale": 0.1})
        >>> config = Config("dense_gan", "", "", "quick", options, [], seed=0)
        >>> averaged(config, runs.build(config)).generate(3)[0].shape
        (3, 1024, 1)
    """
    known, synthesizer = _speaking.get(model, (None, None))
    if synthesizer is None or known != config:
        synthesizer = _silent(config)
        _speaking[model] = (config, synthesizer)
    backend.sync(model)
    synthesizer.generator.set_weights(model.average_generator.get_weights())
    settle_statistics(synthesizer)  # with latent vectors as in training
    return synthesizer.truncated(config.options.get("truncation") or None)


def _silent(config: Config) -> Synthesizer:
    """The speaking model of a run with weights that are yet to come."""
    recipe = get_recipe(config.model)
    if recipe.generator is None:
        raise RunError(f"{config.model} makes no sound: choose a model that does.")
    builder, arguments = recipe.generator(config.options, tuple(config.label_names))
    return Synthesizer.build(
        builder,
        arguments,
        recipe.audio_format(config.options),
        label_names=tuple(config.label_names) if arguments["classes"] else (),
        latent_distribution=config.options["latent_distribution"],
        codec=SpectrogramCodec.from_dict(config.codec or {}) if recipe.paints else None,
        vocoder=chosen_vocoder(config.options, config.codec if recipe.paints else None),
        noise_floor=config.options.get("noise_floor", 0.0),
    )


def settle_statistics(synthesizer: Synthesizer, seed: int = 0) -> None:
    """Measure the batch-norm statistics of a generator anew, from its own clips.

    The average of many generators' statistics does not fit the average of their weights: its
    variances are too large, and layer after layer the clips come out too quiet. 512 clips are made
    for it, of all labels in turn, or of as many as there are clips.

    Args:
        synthesizer: its generator's statistics are replaced, and nothing else.
        seed: of the latent vectors.

    Example:
        >>> from ganlib.audio.format import AudioFormat
        >>> arguments = {"clip_samples": 8192, "dim": 1, "batch_normalization": True}
        >>> speaker = Synthesizer.build("wavegan_generator", arguments, AudioFormat(8000, 8192))
        >>> settle_statistics(speaker)
        >>> bool(speaker.generator.layers[3].moving_variance[0] == 1.0)
        False

    Reference: Brock, Donahue and Simonyan (2019), Large scale GAN training, arXiv 1809.11096,
        appendix C.1, "standing statistics".
    """
    generator, (batches, size) = synthesizer.generator, SETTLING
    layers = [x for x in generator.layers if isinstance(x, keras.layers.BatchNormalization)]
    if not layers:
        return
    labels, found = _spread_labels(synthesizer, batches * size), []
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0  # its statistics are then those of the last batch
    for batch in range(batches):
        latents = synthesizer.draw(size, seed + batch * size)
        asked = labels[batch * size :][:size]
        generator([latents, asked] if synthesizer.label_names else latents, training=True)
        found.append([keras.ops.convert_to_numpy(v.value) for v in _statistics(layers)])
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    for variable, values in zip(_statistics(layers), zip(*found, strict=True), strict=True):
        variable.assign(np.mean(values, axis=0))


def _spread_labels(synthesizer: Synthesizer, count: int) -> np.ndarray:
    """All labels in turn, batch after batch; of more labels than clips, so many evenly spread."""
    known = len(synthesizer.label_names)
    if known <= count:
        return synthesizer.choose_labels(count)
    return (np.arange(count) * known // count).astype("int32")


def _statistics(layers: list) -> list:
    return [v for layer in layers for v in (layer.moving_mean, layer.moving_variance)]


def load_generator(folder: str | Path, best: bool = False) -> Synthesizer:
    """The averaged generator of a run's last checkpoint.

    Args:
        folder: of the run.
        best: take the one with the lowest Fréchet distance instead, if the run was measured.

    Raises:
        RunError: if the folder holds no run, one without a checkpoint, or a model without sound;
            with `best`, if nothing was measured.
        WeightsError: if the files are damaged.

    Example:
        >>> load_generator("no_such_run")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.RunError: no_such_run holds no run ...
    """
    folder = Path(folder)
    config = Config.read(folder)
    recipe = get_recipe(config.model)
    if recipe.generator is None:
        raise RunError(f"{folder} is a run of {config.model}, which makes no sound.")
    if recipe.instrument == "vocoder":
        raise RunError(
            f"{folder} is a run of a vocoder, which says nothing of its own: let a model of "
            f"pictures speak by it (ganlib train digits ... --set vocoder={folder})."
        )
    if not (folder / "generator.json").is_file():
        raise RunError(f"{folder} has no checkpoint yet: train it longer with --resume.")
    if best and not (folder / "best.json").is_file():
        raise RunError(f"{folder} was not measured yet: train it with --measure.")
    return Synthesizer.load(folder / ("best" if best else "generator"))
