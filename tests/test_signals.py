"""Trainings of their own process, with real signals and a real terminal."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import TINY, invoke, write_folder

ROOT = Path(__file__).parents[1]
GRAB = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_folder(tmp_path_factory.mktemp("data") / "two words")


def endless(data: Path, run: Path) -> list[str]:
    """The words of a training without end."""
    changes = [f"--set={key}={value}" for key, value in (TINY | {"steps": 10**8}).items()]
    return ["train", "dense_gan", "--data", str(data), "--out", str(run), *changes]


@contextlib.contextmanager
def begun(words: list[str], run: Path, meanwhile=lambda: None, **kwargs):
    """A Python process that trains, some updates after its beginning."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, *words], env=environment, **kwargs) as process:
        history = run / "history.csv"
        for _ in range(1200):
            if process.poll() is not None or (history.is_file() and history.stat().st_size):
                break
            meanwhile()
            time.sleep(0.1)
        try:
            yield process
        finally:
            process.kill()


def newest(run: Path) -> int:
    return int(max((run / "checkpoints").iterdir()).stem.removeprefix("step-"))


@pytest.mark.parametrize("name", ["SIGINT", pytest.param("SIGTERM", marks=pytest.mark.slow)])
def test_ctrl_c_and_a_batch_system_s_signal_save_and_say_how_to_resume(data, tmp_path, name):
    run, number = tmp_path / "run", getattr(signal, name)
    words, pipe = endless(data, run), subprocess.PIPE
    with begun(["-m", "ganlib", *words], run, stdout=pipe, stderr=pipe, text=True) as process:
        answer = invoke(*words[:6], "--resume")
        assert answer.code == 2
        assert f"Error: {run} is in use by process {process.pid} on " in answer.err
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 128 + number, err
    assert "Interrupted and saved after" in out
    assert f"--out {run} --resume" in out
    # TensorFlow 2.21 writes these lines before it reads its own log level; nothing silences them.
    early = re.compile(r"^(WARNING: All log messages before absl|[IWE]0000 ).*\n?", re.MULTILINE)
    ours = early.sub("", err)
    assert "Traceback" not in err and "cuda" not in ours.lower()
    steps = newest(run) + 1
    again = invoke(*words[:6], "--resume", "--steps", steps)
    assert f"Done and saved after {steps:,} steps" in again.out


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals of this kind here")
def test_a_training_whose_terminal_is_closed_ends_saved(data, tmp_path):
    """The system sends SIGHUP, and from then on nothing can be written to the terminal."""
    run, shown = tmp_path / "run", []
    window, terminal = os.openpty()
    os.set_blocking(window, False)

    def look():
        with contextlib.suppress(BlockingIOError):
            shown.append(os.read(window, 2**16))

    code = f"{GRAB}; sys.argv[1:] = {endless(data, run)!r}; from ganlib.cli import main; main()"
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    with begun(["-c", code], run, look, start_new_session=True, **streams) as process:
        os.close(terminal)
        look()
        os.close(window)
        assert process.wait(timeout=120) == 128 + signal.SIGHUP
    assert b"clips of" in b"".join(shown)
    assert newest(run) >= 10
    assert not (run / ".lock").exists()
