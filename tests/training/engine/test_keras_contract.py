"""What a Keras user does with a model, done with a GAN: one contract, held on both engines."""

import keras
import numpy as np
import pytest
from keras import ops

from ganlib import backend
from ganlib.errors import OptionError, RunError, WeightsError
from ganlib.layers import RandomGain, SpectralNormalization
from ganlib.training.engine.callbacks import StopOnNaN
from ganlib.training.engine.gan import GAN
from ganlib.training.engine.guards import FiniteWeights

layers = keras.layers
CLIPS = np.random.default_rng(0).normal(size=(68, 3)).astype("float32")
POISONED = np.where(np.arange(204).reshape(68, 3) == 40, np.nan, CLIPS).astype("float32")


class DeafReLU(layers.Layer):
    """ReLU as TensorFlow's fused operation computes it on a CPU: NaN becomes 0."""

    def call(self, inputs):
        return ops.where(inputs > 0, inputs, ops.zeros_like(inputs))


def players(deaf: bool = False) -> tuple:
    """Two small networks with everything that has a state: statistics, seeds, power iteration."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(4, use_bias=False),
            layers.BatchNormalization(),
            layers.Dense(3),
        ]
    )
    hidden = layers.Dense(6) if deaf else SpectralNormalization(layers.Dense(6))
    discriminator = keras.Sequential(
        [keras.Input((3,)), hidden, DeafReLU(), layers.Dropout(0.2), layers.Dense(1)]
    )
    return generator, discriminator


def game(*optimizers, deaf: bool = False, **options) -> GAN:
    gan = GAN(*players(deaf), seed=1, **options)
    gan.compile(*(optimizers or (keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.04))))
    return gan


def state(gan) -> list[np.ndarray]:
    variables = [*gan.variables, *gan.optimizer.variables]
    return [np.array(ops.convert_to_numpy(variable.value)) for variable in variables]


def same(first, second) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def rates(gan) -> tuple[float, float]:
    both = gan.optimizer.generator, gan.optimizer.discriminator
    return tuple(float(each.learning_rate) for each in both)


def fit(gan, clips=CLIPS, **options) -> dict:
    options = {"batch_size": 32, "verbose": 0, "shuffle": False, **options}
    return gan.fit(clips, **options).history


# Optimizers --------------------------------------------------------------------------------------


def test_optimizers_come_as_names_configurations_or_objects():
    adam = {"class_name": "Adam", "config": {"learning_rate": 0.02}}
    for pair in (("adam", "sgd"), (keras.optimizers.Adam(), keras.optimizers.SGD())):
        assert rates(game(*pair)) == pytest.approx((0.001, 0.01))
    gan = game("adam", adam)
    fit(gan)
    assert rates(gan) == pytest.approx((0.001, 0.02))
    assert int(gan.optimizer.generator.iterations) == 3


def test_one_optimizer_for_both_networks_is_refused_and_so_are_a_loss_and_a_metric():
    one = keras.optimizers.Adam()
    with pytest.raises(OptionError, match="make two"):
        game(one, one)
    with pytest.raises(OptionError, match="no loss and no metrics"):
        game().compile("adam", "adam", loss="mse", metrics=["mae"])


def test_the_pair_of_optimizers_can_be_made_again_from_its_configuration():
    config = game().optimizer.get_config()
    again = type(game().optimizer)(**config)
    assert float(again.learning_rate) == pytest.approx(0.01)
    assert float(again.discriminator.learning_rate) == pytest.approx(0.04)


def test_a_scheduler_moves_both_rates_and_keeps_their_ratio_through_zero():
    gan, seen = game(), []
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: [0.0, 0.1, 0.005][epoch])
    look = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: seen.append(rates(gan)))
    fit(gan, epochs=3, callbacks=[schedule, look])
    assert np.allclose(seen, [(0.0, 0.0), (0.1, 0.4), (0.005, 0.02)])


def test_a_plateau_reduces_both_rates():
    gan = game()
    plateau = keras.callbacks.ReduceLROnPlateau(
        "val_generator_loss", mode="max", min_delta=1e3, patience=1, factor=0.5
    )
    history = fit(gan, epochs=3, validation_data=CLIPS, callbacks=[plateau])
    assert history["learning_rate"][0] == pytest.approx(0.01)
    assert rates(gan) == pytest.approx((0.0025, 0.01))


def test_a_rate_that_follows_a_schedule_is_left_alone_in_one_sentence():
    gan = game(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, 9)), "adam")
    with pytest.raises(OptionError, match="follows a schedule"):
        fit(gan, callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1)])


# Clips that nobody learns from -------------------------------------------------------------------


def test_evaluate_gives_losses_and_changes_no_weight_no_statistic_and_no_seed():
    gan = game(augmentation=RandomGain())
    fit(gan)
    before = state(gan)
    first, second = (
        gan.evaluate(CLIPS, batch_size=size, verbose=0, return_dict=True) for size in (32, 32)
    )
    assert same(before, state(gan))
    assert first == second and np.isfinite(list(first.values())).all()
    assert set(first) == {"discriminator_loss", "generator_loss", "real_logit", "fake_logit"}


def test_evaluate_means_over_all_clips_and_is_the_loss_by_hand():
    gan = game()
    fit(gan)
    found = gan.evaluate(CLIPS, batch_size=32, verbose=0, return_dict=True)
    real = np.array(ops.convert_to_numpy(gan.discriminator(CLIPS, training=False)))
    assert found["real_logit"] == pytest.approx(real.mean(), rel=1e-5)
    gan.generate = lambda size, labels, training: ops.zeros((size, 3))
    made = np.array(ops.convert_to_numpy(gan.discriminator(np.zeros((1, 3)), training=False)))[0, 0]
    gan.make_test_function(force=True)
    found = gan.evaluate(CLIPS, batch_size=32, verbose=0, return_dict=True)
    by_hand = np.logaddexp(0, -real).mean() + np.logaddexp(0, made)
    assert found["discriminator_loss"] == pytest.approx(by_hand, rel=1e-5)
    assert found["generator_loss"] == pytest.approx(np.logaddexp(0, -made), rel=1e-5)


def test_validation_data_are_looked_at_after_each_epoch_and_nothing_else_changes():
    alone, watched = game(), game()
    fit(alone, epochs=2)
    history = fit(watched, epochs=2, validation_data=CLIPS[:20])
    assert same(state(alone), state(watched))
    assert len(history["val_real_logit"]) == 2 and np.isfinite(history["val_generator_loss"]).all()


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_labels_that_are_missing_are_asked_for(method):
    clip, label = keras.Input((3,)), keras.Input((), dtype="int32")
    logit = layers.Dense(1)(layers.Concatenate()([clip, layers.Embedding(2, 2)(label)]))
    gan = GAN(players()[0], keras.Model([clip, label], logit), seed=0)
    gan.compile("adam", "adam")
    with pytest.raises(OptionError, match="labels"):
        getattr(gan, method)(CLIPS, verbose=0)


# NaN ---------------------------------------------------------------------------------------------


def test_one_nan_among_the_clips_stops_fit_though_every_loss_is_finite():
    gan, losses = game(deaf=True), []
    note = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append(logs["discriminator_loss"])
    )
    with pytest.raises(RunError, match="After 3 updates .* no longer finite"):
        fit(gan, POISONED, callbacks=[note], epochs=9)
    assert len(losses) == 3 and np.isfinite(losses).all()
    assert np.isnan(gan.discriminator.layers[0].get_weights()[0]).any()


def test_the_default_look_comes_within_an_epoch_too():
    gan = game(deaf=True)
    gan.discriminator.layers[0].kernel.assign(np.full((3, 6), np.nan))
    with pytest.raises(RunError, match="After 49 updates"):
        fit(gan, np.tile(CLIPS, (2, 1)), batch_size=1)


def test_looking_at_the_weights_makes_nobody_wait_for_every_step():
    """Keras waits for each step where a callback asks for the end of a batch."""
    for name in ("on_batch_end", "on_train_batch_end"):
        assert getattr(FiniteWeights, name) is getattr(keras.callbacks.Callback, name)


def test_keras_own_nan_stop_is_told_and_stops_in_its_own_way(capsys):
    gan = game(deaf=True)
    history = fit(gan, POISONED, epochs=9, callbacks=[keras.callbacks.TerminateOnNaN()])
    assert gan.stop_training and len(history["discriminator_loss"]) == 1
    assert "terminating training" in capsys.readouterr().out
    loud = keras.callbacks.TerminateOnNaN(raise_error=True)
    with pytest.raises(RuntimeError, match="NaN or Inf"):
        fit(game(deaf=True), POISONED, callbacks=[loud])


def test_a_loss_that_is_no_number_reaches_keras_own_nan_stop_at_once():
    gan = game()
    gan.discriminator.layers[-1].bias.assign([np.nan])
    fit(gan, np.tile(CLIPS, (9, 1)), callbacks=[keras.callbacks.TerminateOnNaN()])
    assert int(gan.updates) == 1


def test_the_stop_of_a_run_looks_at_the_weights_and_says_what_it_saw():
    gan, watcher = game(deaf=True), StopOnNaN(weights_every=2)
    fit(gan, POISONED, epochs=9, callbacks=[watcher])
    assert (watcher.failed_at, watcher.what) == (2, "weight") and gan.stop_training


def test_weights_that_are_no_numbers_are_not_saved_over_good_ones(tmp_path):
    path, gan = tmp_path / "gan.weights.h5", game()
    gan.save_weights(path)
    good = path.read_bytes()
    gan.generator.layers[0].kernel.assign(np.full((2, 4), np.inf))
    with pytest.raises(WeightsError, match="1 of .* no longer finite"):
        gan.save_weights(path)
    assert path.read_bytes() == good


# Batches that are too small ----------------------------------------------------------------------


def test_a_batch_with_fewer_clips_than_steps_is_left_out_and_said_once(capsys):
    """68 clips in batches of 32 leave 4 for five discriminator steps."""
    whole, rest = game(discriminator_steps=5), game(discriminator_steps=5)
    fit(whole, CLIPS[:64], epochs=2)
    history = fit(rest, CLIPS, epochs=2)
    for wanted, found in zip(state(whole), state(rest), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)
    assert int(rest.updates) == 4
    assert np.isfinite(list(history.values())).all() and history["discriminator_loss"][0] != 0
    assert capsys.readouterr().out.count("Left out: 1 batch an epoch with fewer than 5 clips") == 1


def test_too_few_clips_for_any_step_are_refused():
    with pytest.raises(OptionError, match="nothing was learned: give at least 5 clips"):
        fit(game(discriminator_steps=5), CLIPS[:4])
    with pytest.raises(OptionError, match="5 discriminator steps need as many clips"):
        game(discriminator_steps=5).update(ops.convert_to_tensor(CLIPS[:4]))


def test_a_batch_of_any_size_is_evaluated():
    found = game(discriminator_steps=5).evaluate(CLIPS[:3], verbose=0, return_dict=True)
    assert np.isfinite(list(found.values())).all()


# Files -------------------------------------------------------------------------------------------


def test_saved_weights_go_on_as_if_nothing_had_happened(tmp_path):
    gan = game(penalty="r1", penalty_interval=2)
    fit(gan)
    gan.save_weights(tmp_path / "gan.weights.h5")
    again = game("adam", "adam", penalty="r1", penalty_interval=2)
    again.load_weights(tmp_path / "gan.weights.h5")
    assert same(state(gan), state(again))
    fit(gan)
    fit(again)
    assert same(state(gan), state(again))


def test_a_backup_goes_on_where_the_training_was_broken_off(tmp_path):
    def broken_off(epoch, logs=None):
        if epoch == 2:
            raise InterruptedError

    whole, parts = game(), game()
    fit(whole, epochs=4)
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(InterruptedError):
        stop = keras.callbacks.LambdaCallback(on_epoch_begin=broken_off)
        fit(parts, epochs=4, callbacks=[backup, stop])
    again = game()
    fit(again, epochs=4, callbacks=[keras.callbacks.BackupAndRestore(tmp_path / "backup")])
    assert same(state(whole), state(again))


def test_a_nan_leaves_the_last_good_checkpoint(tmp_path):
    gan, path = game(deaf=True), tmp_path / "gan.weights.h5"
    keep = keras.callbacks.ModelCheckpoint(path, save_weights_only=True)
    fit(gan, callbacks=[keep])
    good = path.read_bytes()
    with pytest.raises(RunError, match="no longer finite"):
        fit(gan, POISONED, callbacks=[keep])
    assert path.read_bytes() == good


def test_a_keras_file_is_refused_in_one_sentence(tmp_path):
    gan = game()
    for refused in (lambda: gan.save(tmp_path / "gan.keras"), gan.get_config):
        with pytest.raises(WeightsError, match=r"average_generator\.save.*run folder") as told:
            refused()
        assert "\n" not in str(told.value)
    assert not list(tmp_path.iterdir())


def test_an_average_over_the_weights_by_an_optimizer_ends_in_the_weights():
    """What Keras does at the end of fit with `use_ema`, for each network."""
    averaging = {"learning_rate": 0.05, "use_ema": True, "ema_momentum": 0.5}
    gan = game(keras.optimizers.SGD(**averaging), keras.optimizers.SGD(**averaging))
    fit(gan)
    for optimizer, network in (
        (gan.optimizer.generator, gan.generator),
        (gan.optimizer.discriminator, gan.discriminator),
    ):
        averages = [v for v in optimizer.variables if v.path.endswith("average")]
        for average, weight in zip(averages, network.trainable_variables, strict=True):
            assert np.array_equal(ops.convert_to_numpy(average), ops.convert_to_numpy(weight))


def test_xla_gives_way_to_a_step_that_is_not_compiled():
    gan = game()
    gan.compile("adam", "adam", run_eagerly=True)
    assert gan.jit_compile is False and gan.run_eagerly
    gan.compile("adam", "adam")
    assert gan.jit_compile is backend.prefers_xla()
