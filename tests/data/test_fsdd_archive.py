"""The real FSDD archive, where somebody has it: GANLIB_FSDD_ARCHIVE names the file."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data.catalog import find
from ganlib.data.download import fetch
from ganlib.data.loading import load_clips

ARCHIVE = os.environ.get("GANLIB_FSDD_ARCHIVE", "")
pytestmark = pytest.mark.skipif(
    not ARCHIVE, reason="set GANLIB_FSDD_ARCHIVE to the archive of the Free Spoken Digit Dataset"
)
FORMAT = AudioFormat(sample_rate=8000, clip_samples=8192)


def test_the_real_archive_has_the_digest_of_the_catalogue_and_the_official_splits():
    fetch("fsdd", source=ARCHIVE)
    train, test = load_clips("fsdd", "train", FORMAT), load_clips("fsdd", "test", FORMAT)
    assert (len(train), len(test), train.skipped, test.skipped) == (2700, 300, [], [])
    assert set(Counter(train.labels.tolist()).values()) == {270}
    assert set(Counter(test.voices).values()) == {50} and len(set(train.voices)) == 6
    assert not set(train.names) & set(test.names)
    assert {int(name[:-4].split("_")[2]) for name in test.names} == set(range(5))
    assert train.samples.shape == (2700, 8192, 1) and np.abs(train.samples).max() <= 1.0


def test_the_real_archive_comes_whole_over_connections_that_break(serve):
    server = serve(Path(ARCHIVE).read_bytes())
    server.breaks_after = 5_000_000
    fetch("fsdd", source=server.url)
    assert len(server.requests) == 4 and len(find("fsdd").load()) == 3000
