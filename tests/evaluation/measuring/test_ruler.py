"""The ruler orders rows whose rank is known, with the classifier that ships and bundled digits."""

from dataclasses import replace

import numpy as np
import pytest

from ganlib.errors import DataError
from ganlib.evaluation.measuring.ear import Heard, shipped_ear
from ganlib.evaluation.measuring.evaluate import evaluate
from ganlib.evaluation.measuring.figures import Evaluation
from ganlib.evaluation.measuring.intervals import Table
from ganlib.evaluation.measuring.likeness import likeness
from ganlib.evaluation.measuring.memory import memory
from ganlib.evaluation.measuring.reference import Reference, measured, shipped
from ganlib.evaluation.measuring.ruler import disguised, resynthesised, ruler
from ganlib.evaluation.measuring.sources import in_turn
from ganlib.evaluation.measuring.subject import unheard
from ganlib.metrics.naturalness import dnsmos
from tests.evaluation.quick import make_quick

COUNT = 100
NAMES = (
    *("real test set", "real training set", "Griffin-Lim", "shuffled labels", "memoriser"),
    *("collapsed", "white noise", "silence"),
)
USELESS = ("collapsed", "white noise", "silence")


@pytest.fixture(scope="module")
def ear():
    return shipped_ear()


@pytest.fixture(scope="module")
def reference(ear) -> Reference:
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        return measured("digits", ear)


@pytest.fixture(scope="module")
def rows(ear, reference) -> dict[str, Evaluation]:
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        samples = ruler(reference, COUNT)
        return {sample.name: evaluate(sample, reference, ear) for sample in samples}


def values(rows, figure: str) -> dict[str, float]:
    return {name: row.figures[figure].value for name, row in rows.items()}


def test_there_are_eight_rows(rows):
    assert tuple(rows) == NAMES


@pytest.mark.parametrize("figure", ["kernel_distance", "frechet_distance"])
def test_the_real_test_set_is_nearest_to_itself_and_what_is_no_speech_is_far(rows, figure):
    found = values(rows, figure)
    assert min(found, key=found.get) == "real test set"
    speech = max(value for name, value in found.items() if name not in USELESS)
    assert min(found[name] for name in USELESS) > 2 * speech


@pytest.mark.parametrize("figure", ["recall", "coverage"])
def test_the_real_test_set_is_best_and_what_is_no_speech_is_below_all_speech(rows, figure):
    found = values(rows, figure)
    assert found["real test set"] == max(found.values())
    useless = [found.pop(name) for name in USELESS]
    assert max(useless) < 0.2 < 0.4 < min(found.values())


@pytest.mark.parametrize("useless", ["white noise", "silence"])
def test_noise_and_silence_are_named_as_asked_by_chance_only(rows, useless):
    found = values(rows, "conditional_accuracy")
    assert found[useless] < 0.25 < 0.75 < found["real test set"]


def test_silence_is_silent_and_no_copy(rows):
    figures = rows["silence"].figures
    assert figures["silent_share"].value == 1.0 and figures["peak"].value == 0.0
    assert figures["level_db"].value == -120 and not rows["silence"].memorized
    assert figures["inception_score"].value == pytest.approx(1, abs=1e-6)


def test_dnsmos_ranks_speech_above_silence_and_silence_above_noise(reference):
    pytest.importorskip("speechmos.dnsmos", exc_type=ImportError)
    samples = {sample.name: sample for sample in ruler(reference, 24)}
    found = {
        name: dnsmos(samples[name].clips[:2], samples[name].sample_rate)["overall"].mean()
        for name in ("real test set", "silence", "white noise")
    }
    assert found["white noise"] < 1.3 < 1.7 < found["silence"] < found["real test set"] - 0.3


def test_a_collapse_is_visible_in_coverage_and_recall(rows):
    for figure in ("coverage", "recall"):
        found = values(rows, figure)
        assert found["collapsed"] < 0.1 < found["real training set"], figure


def test_shuffled_labels_are_visible_in_accuracy_alone(rows):
    accuracy = values(rows, "conditional_accuracy")
    assert accuracy["shuffled labels"] < 0.25 < 0.75 < accuracy["real training set"]
    assert rows["shuffled labels"].figures["kernel_distance"].value == pytest.approx(
        rows["real training set"].figures["kernel_distance"].value
    )


def test_the_memoriser_is_flagged_and_new_recordings_are_not(rows):
    assert rows["memoriser"].memorized
    assert rows["memoriser"].figures["copies_in_spectra"].value > 0.9
    assert not rows["real test set"].memorized and not rows["Griffin-Lim"].memorized
    assert not rows["white noise"].memorized


def test_a_lost_phase_costs_less_than_anything_that_is_wrong_with_the_words(rows):
    found = values(rows, "kernel_distance")
    assert found["Griffin-Lim"] < found["collapsed"]
    assert rows["Griffin-Lim"].figures["conditional_accuracy"].value > 0.7


def test_the_shipped_statistics_order_real_recordings_without_their_sound(ear, monkeypatch):
    make_quick(monkeypatch)
    reference, tables = shipped("fsdd"), {}
    one = np.repeat(reference.train.select([0]).heard.features, 300, axis=0)
    for name, split in (("test", reference.test), ("train", _every_ninth(reference.train))):
        tables[name] = _measured(unheard(split, reference, ear))
    subject = unheard(reference.test, reference, ear)
    heard = Heard(one, reference.test.heard.probabilities)
    tables["collapsed"] = _measured(replace(subject, heard=heard))
    for figure in ("kernel_distance", "frechet_distance"):
        found = {name: table.figures[figure].value for name, table in tables.items()}
        assert found["test"] < found["train"] < found["collapsed"] / 5
    assert tables["collapsed"].figures["coverage"].value < 0.1
    assert tables["train"].figures["copies_in_features"].value == 1.0
    assert tables["test"].figures["copies_in_features"].value < 0.1
    assert "ganlib data get fsdd" in tables["test"].missing["copies_in_spectra"]


def _every_ninth(split):
    return split.select(np.arange(0, len(split), 9))


def _measured(subject) -> Table:
    table = Table(seed=0)
    likeness(subject, table)
    memory(subject, table)
    return table


def test_the_ruler_needs_the_recordings_themselves():
    with pytest.raises(DataError, match="ganlib data get fsdd"):
        ruler(shipped("fsdd"), 30)


def test_the_labels_take_turns():
    labels = np.repeat([0, 1, 2], [50, 5, 20])
    drawn = labels[in_turn(labels, 75, 24, seed=1)]
    assert np.bincount(drawn).tolist() == [10, 5, 9] or np.bincount(drawn).tolist() == [9, 5, 10]
    assert len(set(in_turn(labels, 75, 24, seed=1).tolist())) == 24
    assert in_turn(labels, 75, 24, 1).tolist() != in_turn(labels, 75, 24, 2).tolist()


def test_the_disguise_has_the_level_that_it_should_have():
    clips = np.random.default_rng(0).normal(0, 0.1, (4, 8000, 1)).astype("float32")
    noise = disguised(clips, np.random.default_rng(1)) - clips
    assert 10 * np.log10(np.mean(clips**2) / np.mean(noise**2)) == pytest.approx(30, abs=0.2)


def test_resynthesis_keeps_the_magnitudes_and_not_the_samples():
    from scipy.signal import stft

    time = np.arange(4096) / 8000
    clip = (0.3 * np.sin(2 * np.pi * (300 + 400 * time) * time)).astype("float32")[None, :, None]
    again = resynthesised(clip)
    before, after = (np.abs(stft(x[0, :, 0], nperseg=256)[2]) for x in (clip, again))
    assert np.linalg.norm(after - before) < 0.25 * np.linalg.norm(before)
    assert np.abs(again - clip).max() > 0.05
