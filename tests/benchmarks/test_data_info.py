"""The benchmark of memory measures a command, and long recordings need no more than short ones."""

import sys
import tracemalloc

import pytest
import soundfile

from benchmarks.data_info import peak_memory_mb, write_recording
from ganlib.data.summary import info


def test_the_memory_of_a_command_is_measured():
    small, _ = peak_memory_mb([sys.executable, "-c", "pass"])
    large, seconds = peak_memory_mb([sys.executable, "-c", "x = b'1' * 50_000_000"])
    assert 40 < large - small < 70 and seconds > 0


def test_a_command_that_fails_is_not_measured():
    with pytest.raises(SystemExit, match="ended with 3"):
        peak_memory_mb([sys.executable, "-c", "raise SystemExit(3)"])


def test_looking_into_a_long_recording_keeps_a_few_blocks_of_it_in_memory(tmp_path):
    path = write_recording(tmp_path / "long.wav", minutes=2)
    assert soundfile.info(path).frames == 2 * 60 * 48_000
    tracemalloc.start()
    found = info(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.seconds == (120.0,)
    assert peak < 25e6  # the sound is 46 MB in float32; a block of ten seconds is 4
