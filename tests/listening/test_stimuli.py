"""What a listening test plays: models, hidden recordings and a low anchor, all alike outside."""

from collections import Counter

import numpy as np
import pytest

from ganlib.audio.files import write_audio
from ganlib.audio.format import AudioFormat
from ganlib.errors import OptionError
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.listening.stimuli import LOW, REAL, digit_of, gather, modulated_noise


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A run with an untrained generator, and a folder of noises with labels."""
    root = tmp_path_factory.mktemp("models")
    (root / "run").mkdir()
    labels = tuple("0123456789")
    arguments = {"clip_samples": 8192, "dim": 1, "classes": 10}
    speaker = Synthesizer.build(
        "wavegan_generator", arguments, AudioFormat(8000, 8192), label_names=labels
    )
    speaker.save(root / "run/generator")
    random = np.random.default_rng(0)
    for word in ("zero", "one", "two"):
        (root / "sounds" / word).mkdir(parents=True)
        for number in range(4):
            noise = random.uniform(-0.5, 0.5, 4000 + 100 * number)
            write_audio(root / "sounds" / word / f"{number}.wav", noise, 16000)
    return root


def test_runs_and_folders_come_with_hidden_recordings_and_half_as_many_low_anchors(folders):
    sounds = gather([str(folders / "run"), str(folders / "sounds")], "digits", 8)
    counts = Counter(sound.system for sound in sounds)
    assert counts == {"run": 8, "sounds": 8, REAL: 8, LOW: 4}
    labels = {name: [x.label for x in sounds if x.system == name] for name in counts}
    assert labels["run"] == labels[REAL] == list("01234567")
    assert sorted(Counter(labels["sounds"]).values()) == [2, 3, 3]


def test_neither_the_rate_nor_the_length_tells_who_made_a_clip(folders):
    sounds = gather([str(folders / "run"), str(folders / "sounds")], "digits", 3)
    assert {sound.sample_rate for sound in sounds} == {16000}
    assert len({sound.samples.shape for sound in sounds}) == 1


def test_no_recording_is_heard_twice_and_another_seed_chooses_others(folders):
    first, again, other = (
        [
            x.source
            for x in gather([str(folders / "sounds")], "digits", 10, seed)
            if x.system == REAL
        ]
        for seed in (0, 0, 1)
    )
    assert first == again != other
    low = [
        x.source.split(",")[0]
        for x in gather([str(folders / "sounds")], "digits", 10)
        if x.system == LOW
    ]
    assert len(set(first + low)) == 15


def test_real_recordings_come_from_the_test_split(folders):
    from ganlib.data.loading import find_recordings

    _, recordings = find_recordings("digits")
    trained_on = {f"wavs/{item.path.name}" for item in recordings if item.split == "train"}
    sounds = gather([str(folders / "sounds")], "digits", 10)
    assert not trained_on & {x.source for x in sounds if x.system == REAL}


def test_modulated_noise_has_the_ratio_of_its_q():
    random = np.random.default_rng(0)
    speech, noise = random.normal(size=(2, 200_000))
    added = modulated_noise(speech, noise, -10.0) - speech
    ratio = 10 * np.log10(np.mean(speech**2) / np.mean(added**2))
    assert ratio == pytest.approx(-10.0, abs=0.1)


@pytest.mark.parametrize(
    ("models", "count", "sentence"),
    [
        (["no-such-model"], 3, "no-such-model: expected pretrained weights"),
        (["{}/sounds", "{}/sounds"], 3, "named twice"),
        (["{}/sounds"], 13, "needs 13 clips of it, and it has 12"),
        (["{}/sounds"], 2, "needs 3 clips a model or more, not 2"),
    ],
)
def test_impossible_tests_are_refused_in_one_sentence(folders, models, count, sentence):
    with pytest.raises(OptionError, match=sentence):
        gather([model.format(folders) for model in models], "digits", count)


def test_labels_that_are_no_digits_are_refused():
    with pytest.raises(OptionError, match="words has the label 'yes': the listening test asks"):
        digit_of("yes", "words")


def test_a_run_without_a_generator_says_to_train_on(tmp_path):
    for name in ("config.json", "history.csv"):
        (tmp_path / name).touch()
    with pytest.raises(OptionError, match="run without a generator"):
        gather([str(tmp_path)], "digits", 3)


def test_broken_files_give_their_place_to_others(folders, tmp_path):
    (tmp_path / "7").mkdir()
    for number in range(4):
        write_audio(tmp_path / "7" / f"{number}.wav", np.full(800, 0.1), 8000)
    (tmp_path / "7/0.wav").write_bytes(b"no sound")
    sounds = [x.source for x in gather([str(tmp_path)], "digits", 3) if x.system == tmp_path.name]
    assert sorted(sounds) == ["7/1.wav", "7/2.wav", "7/3.wav"]
