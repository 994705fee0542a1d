"""One process at a time: a folder's lock dies with its process, and names it while it lives."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ganlib.errors import InUseError
from ganlib.locks import LOCK, held, refuse_held

ROOT = Path(__file__).parents[1]


@contextlib.contextmanager
def holder(folder: Path, then: str = "time.sleep(60)"):
    """A process that holds the folder; it says so in a line before it does what comes then."""
    code = f"""
import os, sys, time
from ganlib.locks import held
with held({str(folder)!r}):
    print("held", flush=True)
    {then}
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def is_free(folder: Path) -> bool:
    try:
        with held(folder):
            return True
    except InUseError:
        return False


def test_the_second_is_refused_by_the_name_of_the_first_and_the_time(tmp_path):
    with holder(tmp_path) as first:
        today = time.strftime("%Y-%m-%d ")
        words = f"in use by process {first.pid} on .* since {today}"
        with pytest.raises(InUseError, match=words), held(tmp_path):
            pass
        with pytest.raises(InUseError, match=f"process {first.pid}"):
            refuse_held(tmp_path)


def test_a_killed_process_leaves_the_folder_free(tmp_path):
    with holder(tmp_path) as first:
        assert not is_free(tmp_path)
        first.kill()
    assert (tmp_path / LOCK).is_file()
    refuse_held(tmp_path)
    assert is_free(tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_that_outlives_its_killed_parent_does_not_keep_the_lock(tmp_path):
    # The child says so itself: before fork returns to it, it has let go of what it inherited.
    fork = """child = os.fork()
    child or print(os.getpid(), flush=True)
    time.sleep(60)"""
    with holder(tmp_path, fork) as first:
        child = int(first.stdout.readline())
        first.kill()
        first.wait()
        free = is_free(tmp_path)
        os.kill(child, signal.SIGKILL)
    assert free


def test_a_folder_that_is_let_go_is_as_it_was(tmp_path):
    with held(tmp_path), pytest.raises(InUseError), held(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_goes_after_an_error_too(tmp_path):
    with pytest.raises(RuntimeError), held(tmp_path):
        raise RuntimeError
    assert is_free(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
def test_a_lock_whose_file_was_removed_meanwhile_is_taken_anew(tmp_path, monkeypatch):
    """Between our opening the file and our locking it, its holder ends and removes it."""
    from ganlib import locks

    take, taken = locks._take, []

    def late(descriptor):
        if not taken:
            (tmp_path / LOCK).unlink()
        taken.append(descriptor)
        return take(descriptor)

    monkeypatch.setattr(locks, "_take", late)
    with held(tmp_path):
        monkeypatch.undo()
        assert len(taken) == 2 and not is_free(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="flock is not of Windows")
def test_a_disk_without_locks_is_used_with_a_warning(tmp_path, monkeypatch):
    import fcntl

    def unknown(descriptor, operation):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", unknown)
    with pytest.warns(UserWarning, match="knows no locks"), held(tmp_path):
        pass
