"""Notebooks run in this very Python, and the cell that stops is named."""

import json
import os
import signal
import sys
import threading
import time

import nbformat
import pytest

from course import execute as room
from course.chapters import to_notebook
from course.execute import ChapterFailed, execute


def run(source, folder, **environment):
    notebook = to_notebook(source, "00_test")
    execute(notebook, folder, environment)
    return notebook


def printed(notebook) -> str:
    return "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )


def test_a_kernel_installed_elsewhere_is_never_taken(tmp_path, monkeypatch):
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "x", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    source = "# %%\nimport os, sys\nprint(sys.executable, os.environ['GREETING'])\n"
    assert printed(run(source, tmp_path, GREETING="hello")).split() == [sys.executable, "hello"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ipc transport")
def test_a_chapter_is_reached_through_files_and_not_through_tcp(tmp_path):
    source = (
        "# %%\nfrom ipykernel.connect import get_connection_info\nprint(get_connection_info())\n"
    )
    assert '"transport": "ipc"' in printed(run(source, tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_an_interrupt_stops_the_whole_build_and_the_kernel(tmp_path):
    mark = tmp_path / "running"
    source = f"# %%\nimport pathlib, time\npathlib.Path({str(mark)!r}).touch()\ntime.sleep(60)\n"

    def interrupt():
        while not mark.exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path)


def test_the_cell_that_raises_is_named_with_its_reason(tmp_path):
    source = "# %%\na = 1\n\n# %%\ndef broken():\n    return a / 0\n\n\nbroken()\n\n# %%\nc = 3\n"
    with pytest.raises(ChapterFailed) as caught:
        run(source, tmp_path)
    message = str(caught.value)
    assert message.startswith("code cell 2 of 3")
    assert "    | def broken():\n" in message
    assert message.endswith("\n    5 broken()\n    ZeroDivisionError: division by zero")


def test_the_cell_that_kills_its_process_is_named(tmp_path):
    source = "# %%\na = 1\n\n# %%\nimport os\nos._exit(3)\n"
    with pytest.raises(ChapterFailed, match="(?s)code cell 2 of 2.*os._exit"):
        run(source, tmp_path)


def test_live_widgets_are_dropped_and_their_text_stays():
    cell = nbformat.v4.new_code_cell()
    data = {room.WIDGET: {"model_id": "1"}, "text/plain": "50 %"}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {"a": 1}})
    room.drop_widgets(notebook)
    assert dict(notebook.cells[0].outputs[0].data) == {"text/plain": "50 %"}
    assert "widgets" not in notebook.metadata
