"""A few clips to train on."""

import numpy as np
import pytest

from ganlib.audio import write_audio


@pytest.fixture(name="few_clips")
def _few_clips(tmp_path):
    """A folder of short noises with two labels."""
    draw = np.random.default_rng(0)
    for name in ("no/a", "no/b", "yes/a", "yes/b"):
        path = tmp_path / "clips" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_audio(path, 0.1 * draw.normal(size=4000).astype("float32"), 8000)
    return str(tmp_path / "clips")
