"""What PESQ does not hear: each difference made on purpose is found, and only that one."""

import re
from pathlib import Path

import numpy as np
import pytest

from ganlib.audio.signals import white_noise
from ganlib.data import load_clips
from ganlib.errors import OptionError
from ganlib.metrics import paired
from ganlib.metrics.differences import pair_differences

ROOT = Path(__file__).resolve().parents[2]
SAME = {"level_db": 0.0, "offset": 0.0, "polarity": 1.0, "delay_seconds": 0.0, "correlation": 1.0}


@pytest.fixture(scope="module")
def voice():
    """One phrase of 2 s with half a second of silence around it, (1, 24000) at 8 kHz."""
    from ganlib.audio import AudioFormat

    clips = load_clips("voice", "test", AudioFormat(8000, 16000), pieces="first").samples[:1, :, 0]
    return np.pad(clips, ((0, 0), (4000, 4000)))


CHANGES = {
    "nothing": (lambda x: x, {}),
    "the sign": (lambda x: -x, {"polarity": -1.0, "correlation": -1.0}),
    "40 dB": (lambda x: 0.01 * x, {"level_db": -40.0}),
    "6 dB up": (lambda x: 2 * x, {"level_db": 6.0206}),
    "an offset": (lambda x: x + 0.2, {"offset": 0.2}),
    "late": (lambda x: np.roll(x, 4000, axis=1), {"delay_seconds": 0.5}),
    "early": (lambda x: np.roll(x, -80, axis=1), {"delay_seconds": -0.01}),
    "all": (
        lambda x: -0.1 * np.roll(x, 800, axis=1) - 0.1,
        {"level_db": -20.0, "offset": -0.1, "polarity": -1.0, "delay_seconds": 0.1,
         "correlation": -1.0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_and_nothing_else(voice, change):
    alter, expected = CHANGES[change]
    found = pair_differences(voice, alter(voice).astype("float64"), 8000)
    assert {name: values.shape for name, values in found.items()} == dict.fromkeys(SAME, (1,))
    offset = voice.mean() * (alter(np.ones((1, 1)))[0, 0] - alter(np.zeros((1, 1)))[0, 0] - 1)
    expected = SAME | expected
    assert found.pop("offset") == pytest.approx(expected.pop("offset") + offset, abs=1e-6)
    assert {name: float(values[0]) for name, values in found.items()} == pytest.approx(
        expected, abs=1e-3
    )


def test_sounds_that_have_nothing_in_common_have_a_correlation_near_0():
    noise = white_noise(2.0, 8000).reshape(2, 8000)
    found = pair_differences(noise[:1], noise[1:], 8000)
    assert abs(found["correlation"][0]) < 0.1


def test_what_does_not_move_has_no_sign_and_no_delay(voice):
    pairs = [(voice, 0 * voice), (0 * voice, voice), (0 * voice + 0.5, 0 * voice)]
    for (reference, estimate), level in zip(pairs, (-120, 120, 0), strict=True):
        found = pair_differences(reference, estimate, 8000)
        assert found["level_db"][0] == level
        for name in ("polarity", "delay_seconds", "correlation"):
            assert np.isnan(found[name][0])


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(voice, wrong):
    with pytest.raises(OptionError, match="estimate must be finite"):
        pair_differences(voice, np.where(voice, voice, wrong), 8000)


def test_it_is_offered_beside_the_paired_distances():
    assert "pair_differences" in paired.__all__


def without_differences(folder: Path) -> list[str]:
    """Files that name PESQ's score and not what stands beside it."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    return [
        path.name for path, text in texts.items()
        if re.search(r"\bpesq_score\b", text) and "pair_differences" not in text
    ]  # fmt: skip


def test_whoever_shows_pesq_shows_the_differences(tmp_path):
    for folder in ("ganlib", "notebooks/src", "benchmarks"):
        assert without_differences(ROOT / folder) == []
    (tmp_path / "page.py").write_text("from ganlib.metrics.paired import pesq_score")
    assert without_differences(tmp_path) == ["page.py"]
