"""One contract for `stream` and `load_clips`: same clips, same labels, same files left out."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from ganlib.audio.format import AudioFormat  # noqa: E402
from ganlib.data.loading import load_clips  # noqa: E402
from ganlib.data.stream import stream, tensorflow_io  # noqa: E402
from ganlib.errors import GanlibError  # noqa: E402
from tests import sound_cases  # noqa: E402

FORMAT = AudioFormat(sample_rate=16000, clip_samples=4096)
USABLE = (*sound_cases.usable(), *sound_cases.broken_off())
CASES = {case.name: case for case in (*USABLE, *sound_cases.unusable())}
DECODERS = [
    pytest.param(
        "tensorflow-io",
        marks=pytest.mark.skipif(tensorflow_io() is None, reason="tensorflow-io does not load"),
    ),
    "soundfile",
]


def write(folder, case):
    path = folder / case.name / "a.wav"  # the content decides, not the suffix
    path.parent.mkdir()
    path.write_bytes(case.data)
    return path


def gather(dataset) -> tuple[np.ndarray, np.ndarray]:
    batches = [(samples.numpy(), labels.numpy()) for samples, labels in dataset]
    return tuple(np.concatenate(column) for column in zip(*batches, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which every case is a class of its own."""
    root = tmp_path_factory.mktemp("cases")
    for case in CASES.values():
        write(root, case)
    return root


@pytest.fixture(scope="module", params=DECODERS)
def labelled(request, folder):
    """What both give for the first piece of every file."""
    dataset = stream(folder, FORMAT, seed=None, decoder=request.param, keep_silence=True)
    return dataset, gather(dataset), load_clips(folder, audio_format=FORMAT, keep_silence=True)


@pytest.fixture(scope="module", params=DECODERS)
def unlabelled(request, folder):
    """What both give for all pieces of a list of files."""
    files = [folder / name / "a.wav" for name in CASES]
    dataset = stream(files, FORMAT, seed=None, decoder=request.param, keep_silence=True)
    return dataset, gather(dataset), load_clips(files, audio_format=FORMAT, keep_silence=True)


def assert_alike(samples, expected, case):
    assert len(samples) == len(expected)
    if case.rate == FORMAT.sample_rate:
        np.testing.assert_allclose(samples, expected, atol=1e-4)
    else:  # two resampling filters differ a little above 0.8 of the Nyquist frequency
        difference = np.sqrt(np.mean(np.square(samples - expected)))
        assert difference < 0.05 * np.sqrt(np.mean(np.square(expected)))


@pytest.mark.parametrize("case", USABLE, ids=lambda case: case.name)
def test_every_class_gives_the_same_clip_with_the_same_label(labelled, case):
    dataset, (samples, labels), clips = labelled
    assert dataset.label_names == clips.label_names
    label = clips.label_index(case.name)
    assert np.count_nonzero(labels == label) == 1
    assert_alike(samples[labels == label], clips.select(clips.labels == label).samples, case)


@pytest.mark.parametrize("case", USABLE, ids=lambda case: case.name)
def test_every_file_gives_the_same_pieces_to_its_true_end(unlabelled, case):
    _, (samples, _), clips = unlabelled
    assert len(samples) == len(clips)
    here = np.array([f"/{case.name}/" in name for name in clips.names])
    if case.frames > 0:
        seconds = case.frames / case.rate
        assert here.sum() == max(1, round(seconds * FORMAT.sample_rate / FORMAT.clip_samples))
    assert_alike(samples[here], clips.samples[here], case)


@pytest.mark.parametrize("case", sound_cases.unusable(), ids=lambda case: case.name)
def test_what_is_no_use_is_skipped_with_its_reason(unlabelled, case):
    skipped = unlabelled[0].skipped
    [reason] = [reason for path, reason in skipped if f"/{case.name}/" in path]
    assert case.refused in reason


def test_both_skip_the_same_files_for_the_same_reasons(unlabelled):
    assert unlabelled[0].skipped == unlabelled[2].skipped


def test_both_skip_the_same_files_of_which_only_the_first_piece_is_read(labelled):
    assert labelled[0].skipped == labelled[2].skipped


def test_what_breaks_off_is_noted(unlabelled):
    dataset = unlabelled[0]
    noted = [path.split("/")[-2] for path, _ in dataset.notes]
    assert noted == [case.name for case in sound_cases.broken_off()]


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("case", sound_cases.unusable(), ids=lambda case: case.name)
def test_strict_refuses_with_the_same_sentence_before_the_first_batch(tmp_path, case, decoder):
    files = [write(tmp_path, case), write(tmp_path, sound_cases.usable()[0])]
    with pytest.raises(GanlibError) as of_clips:
        load_clips(files, audio_format=FORMAT, strict=True)
    with pytest.raises(GanlibError) as of_stream:
        stream(files, FORMAT, decoder=decoder, strict=True)
    assert str(of_stream.value) == str(of_clips.value)
    assert case.refused in str(of_stream.value)
