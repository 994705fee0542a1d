"""The other process in which PESQ runs; started by file name, so that it loads no engine.

A question is a line of JSON, `{"rate", "mode", "samples", "path"}`, then the float32 bytes of the
reference and as many of the estimate. An answer is a line of JSON: `{"score"}`, at most 0 or null
for an error of PESQ's own, or `{"failed"}`. At the end of its input the process ends, and that is
also what it sees when the process that asks is gone, however that came about.
"""

import json
import math
import os
import signal
import sys
from typing import BinaryIO


def _answer(question: dict, samples: bytes) -> dict:
    import numpy as np
    import pesq

    reference, estimate = np.frombuffer(samples, "float32").reshape(2, -1)
    asked = question["rate"], reference, estimate, question["mode"]
    score = float(pesq.pesq(*asked, on_error=pesq.PesqError.RETURN_VALUES))
    return {"score": score if math.isfinite(score) else None}


def _serve(questions: BinaryIO, answers: BinaryIO) -> None:
    while line := questions.readline():
        question = json.loads(line)
        samples = questions.read(2 * 4 * question["samples"])
        sys.path += [place for place in question["path"] if place not in sys.path]
        try:
            answer = _answer(question, samples)
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _alone() -> BinaryIO:
    """The stream of answers, which nothing else can write to from now on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x8003)  # no box to click away when it is cut short
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answers


if __name__ == "__main__":
    _serve(sys.stdin.buffer, _alone())
