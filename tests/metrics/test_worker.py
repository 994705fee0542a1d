"""A worker answers, is kept, and takes nobody along when it ends: tried with scripts of our own."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ganlib.metrics import worker as module
from ganlib.metrics.worker import Worker, WorkerLost

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, os, sys, time
for line in sys.stdin.buffer:
    question = json.loads(line)
    data = sys.stdin.buffer.read(question.get("bytes", 0))
    if "exit" in question:
        os._exit(question["exit"])
    time.sleep(question.get("sleep", 0))
    if "say" in question:
        answer = question["say"]
    else:
        loaded = sorted({name.partition(".")[0] for name in sys.modules})
        answer = json.dumps({"got": len(data), "path": sys.path, "loaded": loaded})
    sys.stdout.buffer.write(answer.encode() + b"\\n")
    sys.stdout.buffer.flush()
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("worker") / "answers.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def worker(script):
    worker = Worker(script)
    yield worker
    worker.stop()


def gone(process_id: int, within: float = 20.0) -> bool:
    """Whether a process that is no child of ours ends in time."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            os.kill(process_id, 0)
        except OSError:
            return True
        state = Path(f"/proc/{process_id}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True  # dead, and its new parent has not asked yet
        time.sleep(0.05)
    return False


def test_one_process_answers_all_questions_and_loads_no_engine(worker):
    assert worker.process_id is None
    first = worker.ask({"bytes": 300_000}, bytes(300_000))  # more than a pipe holds
    process_id = worker.process_id
    second = worker.ask({})
    assert (first["got"], second["got"]) == (300_000, 0)
    assert worker.process_id == process_id != os.getpid()
    assert not {"keras", "tensorflow", "jax", "numpy", "ganlib"} & set(first["loaded"])
    assert str(worker.script.parent) not in first["path"]  # our modules hide no others


def test_its_end_is_a_sentence_and_the_next_question_starts_another(worker):
    worker.ask({})
    before = worker.process_id
    with pytest.raises(WorkerLost, match="^ended with exit code 3$"):
        worker.ask({"exit": 3})
    assert worker.process_id is None
    assert worker.ask({})["got"] == 0
    assert worker.process_id != before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_worker_that_is_killed_while_it_works_is_told_with_its_signal(worker):
    worker.ask({})
    killer = threading.Timer(0.2, os.kill, (worker.process_id, signal.SIGKILL))
    killer.start()
    with pytest.raises(WorkerLost, match="ended with signal 9"):
        worker.ask({"sleep": 60})
    assert worker.ask({})["got"] == 0


def test_a_worker_that_ended_between_two_questions_is_replaced(worker):
    worker.ask({})
    before = worker._process
    before.kill()
    before.wait()
    assert worker.ask({})["got"] == 0
    assert worker.process_id != before.pid


def test_one_that_gives_no_answer_is_ended(worker, monkeypatch):
    worker.ask({})
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(WorkerLost, match="no answer within 0.2 s"):
        worker.ask({"sleep": 60})
    monkeypatch.undo()
    assert worker.ask({})["got"] == 0


def test_nonsense_is_no_answer(worker, monkeypatch):
    monkeypatch.setattr(subprocess.Popen, "wait", _quick_wait(subprocess.Popen.wait))
    with pytest.raises(WorkerLost, match="nothing that makes sense"):
        worker.ask({"say": "{"})
    assert worker.ask({})["got"] == 0


def _quick_wait(wait):
    return lambda process, timeout=None: wait(process, timeout and 0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_the_question_and_the_late_answer_with_it(worker):
    worker.ask({})
    before = worker._process
    timer = threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        worker.ask({"sleep": 1, "say": '{"got": "late"}'})
    assert worker.ask({})["got"] == 0
    assert before.returncode is not None


def test_a_python_that_cannot_be_started_is_a_sentence(worker, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(WorkerLost, match="could not be started"):
        worker.ask({})


PARENT = """
import sys
from ganlib.metrics.worker import Worker
worker = Worker(sys.argv[1])
worker.ask({})
print(worker.process_id, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("end", ["usual", "killed"])
def test_it_ends_with_its_parent(script, end):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, script],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    with parent:
        process_id = int(parent.stdout.readline())
        os.kill(process_id, 0)  # it is there
        if end == "killed":
            parent.kill()
        parent.stdin.close()
    assert gone(process_id)


FORKED = """
import os, sys
from ganlib.metrics.worker import Worker
worker = Worker(sys.argv[1])
worker.ask({})
ours = worker.process_id
child = os.fork()
if child == 0:
    fine = worker.process_id is None and worker.ask({})["got"] == 0 and worker.process_id != ours
    os._exit(7 if fine else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert worker.ask({})["got"] == 0 and worker.process_id == ours
print("both")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_a_worker_of_its_own(script):
    done = subprocess.run(
        [sys.executable, "-c", FORKED, script], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "both\n", done.stderr


def test_questions_from_several_threads_take_turns(worker):
    answers = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append((n, worker.ask({"bytes": n}, bytes(n)))))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer["got"] == n for n, answer in answers) and len(answers) == 8
