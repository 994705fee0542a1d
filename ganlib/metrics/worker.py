"""A second process for code that may end the process it runs in: a fault there stays there."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ganlib.errors import OptionError

PATIENCE_SECONDS = 120.0  # for one answer; a usual one takes less than a second


class WorkerLost(OptionError):
    """The process ended, or had to be ended, instead of answering."""


class Worker:
    """A Python process that answers questions, started when first asked and kept for the next ones.

    It ends with the process that asks, whichever way that ends: it reads its questions from a pipe,
    and stops where the pipe does. After a fork the child has a worker of its own.

    Args:
        script: a file for Python to run; `pesq_worker` says what is written and read. It is no
            module of a package, so that nothing else is imported.

    Example:
        >>> worker = Worker(Path("answers.py"))
        >>> worker.process_id is None  # nothing was asked yet
        True
    """

    def __init__(self, script: Path):
        self.script = Path(script)
        self._process: subprocess.Popen | None = None
        self._turn = threading.Lock()
        atexit.register(self.stop)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._leave_to_parent)

    @property
    def process_id(self) -> int | None:
        """Of the running process, if there is one."""
        return None if self._process is None else self._process.pid

    def ask(self, question: dict[str, Any], data: bytes = b"") -> dict[str, Any]:
        """The answer to a question: a line of JSON, and data behind it.

        Raises:
            WorkerLost: if the process ended, or gave no answer in time; the next question starts
                another one.
        """
        with self._turn:
            process = self._running()
            patience = threading.Timer(PATIENCE_SECONDS, process.kill)
            patience.daemon = True
            patience.start()
            try:
                line = self._exchange(process, json.dumps(question).encode() + b"\n" + data)
                late = patience.finished.is_set()
                return json.loads(line)
            except ValueError:  # no line, or half of one
                raise WorkerLost(self._farewell(process, late)) from None
            except BaseException:  # Ctrl-C: a late answer must not be taken for that of the next
                self.stop()
                raise
            finally:
                patience.cancel()

    def stop(self) -> None:
        """End the process; the next question starts another one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        self._close(process)

    def _running(self) -> subprocess.Popen:
        if self._process is not None and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", str(self.script)],  # -P: not beside our own modules
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    bufsize=0,  # a child made by fork has nothing of ours to write
                    stderr=subprocess.DEVNULL,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except (OSError, TypeError) as error:
                raise WorkerLost(f"could not be started ({error})") from None
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen, message: bytes) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        rest = memoryview(message)
        try:
            while rest:
                rest = rest[process.stdin.write(rest) :]
            return process.stdout.readline()
        except OSError:  # it ended while it was told
            return b""

    def _farewell(self, process: subprocess.Popen, late: bool) -> str:
        """How the process ended, once it has."""
        try:
            code = process.wait(timeout=5)
            how = f"ended with signal {-code}" if code < 0 else f"ended with exit code {code}"
        except subprocess.TimeoutExpired:
            how = "said nothing that makes sense"
        self.stop()
        return f"gave no answer within {PATIENCE_SECONDS:g} s" if late else how

    def _leave_to_parent(self) -> None:
        """In a forked child: the process is the parent's, and so may a lock be that is held."""
        process, self._process = self._process, None
        self._turn = threading.Lock()
        if process is not None:
            process.returncode = 0  # nothing of ours to wait for
            self._close(process)

    @staticmethod
    def _close(process: subprocess.Popen) -> None:
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
