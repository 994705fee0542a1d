"""What a process takes is read off, and the ratio is that of the second way to the first."""

import sys

import click
import pytest

from benchmarks.listing import WAYS, Cost, cost, table

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="reads off what POSIX counts")


def test_the_time_and_the_memory_of_a_process_are_its_own():
    small = cost(("-c", "pass"))
    large = cost(("-c", "import time; x = bytearray(10**8); time.sleep(0.3)"))
    assert large.seconds > 0.3 and large.processor_seconds < large.seconds
    assert 0.9e8 < large.peak_bytes - small.peak_bytes < 1.5e8


def test_the_list_needs_less_than_a_fifth_of_a_gigabyte():
    assert cost(WAYS["`ganlib models`"]).peak_bytes < 0.2e9


def test_a_process_that_fails_is_told():
    with pytest.raises(click.ClickException, match="failed"):
        cost(("-c", "raise SystemExit(3)"))


def test_the_table_ends_with_how_many_times_less():
    costs = {"new": [Cost(0.5, 0.4, 20 * 10**6)] * 3, "old": [Cost(9.0, 8.0, 14 * 10**8)] * 3}
    lines = table(costs).splitlines()
    assert lines[2] == "| new | 0.50 | 0.40 | 20 |" and lines[3].endswith("| 1,400 |")
    assert lines[4] == "| **times less** | 18 | 20 | 70 |"
