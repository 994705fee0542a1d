"""Run a chapter's notebook in this environment and in no other, and name the cell that fails."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError

ANSI = re.compile(r"\x1b\[[0-9;]*m")
ARROW = re.compile(r"^-+> (.*)$", re.MULTILINE)  # IPython's mark of the line that raised
WIDGET = "application/vnd.jupyter.widget-view+json"


class ChapterFailed(Exception):
    """A chapter stopped; the message names the cell, shows how it begins, and says why."""


def execute(
    notebook: nbformat.NotebookNode,
    folder: Path,
    environment: dict[str, str],
    on_cell: Callable[[], None] = lambda: None,
) -> None:
    """Execute every cell of a notebook, in place.

    Args:
        notebook: the notebook; its cells receive their outputs, also when one fails.
        folder: the working folder of the cells.
        environment: variables to set for the cells, on top of the current ones.
        on_cell: called after each cell.

    Raises:
        ChapterFailed: a cell raised, or its process ended.
    """
    with tempfile.TemporaryDirectory(prefix="ipython-") as profile:
        client = NotebookClient(
            notebook,
            km=kernel_manager(profile),
            timeout=None,
            startup_timeout=120,
            coalesce_streams=True,
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
            on_cell_complete=lambda cell, cell_index: on_cell(),
        )
        try:
            client.execute(env=kernel_environment(environment, profile), cleanup_kc=True)
        except (CellExecutionError, CellControlSignal, RuntimeError, AssertionError) as error:
            # On Ctrl-C nbclient ends the kernel, then trips over its own cleaning up.
            if getattr(client, "_async_cleanup_kernel_future", None):
                ensure_event_loop().set_exception_handler(lambda loop, context: None)
                raise KeyboardInterrupt from None
            raise ChapterFailed(describe(notebook, error)) from None
        finally:
            drop_widgets(notebook)


def kernel_manager(folder: str) -> AsyncKernelManager:
    """Return a manager for this very Python, whatever kernels are installed elsewhere.

    It reaches the kernel through sockets in `folder`, which works without any network, loopback
    included, and which nobody else can listen to. Windows has none of those and uses loopback.
    """
    sockets = {"transport": "ipc", "ip": f"{folder}/kernel"}
    return AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        **({} if sys.platform == "win32" else sockets),
    )


def kernel_environment(chosen: dict[str, str], profile: str) -> dict[str, str]:
    """Return the variables of the cells: pictures inline, engines quiet, no personal profile."""
    return {
        **os.environ,
        "IPYTHONDIR": profile,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
        **chosen,
    }


def describe(notebook: nbformat.NotebookNode, error: Exception) -> str:
    """Name the cell that stopped, how it begins, and why."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    number, reason = where_it_raised(cells)
    if not number:  # the process ended: the cell after the last one that finished
        number = min(1 + sum(cell.execution_count is not None for cell in cells), len(cells))
        reason = f"{type(error).__name__}: {ANSI.sub('', str(error))}"
    cell = cells[number - 1]
    begin = "\n".join(f"    | {line}" for line in cell.source.splitlines()[:6])
    return f"code cell {number} of {len(cells)} (id {cell.id}) stopped:\n{begin}\n    {reason}"


def where_it_raised(cells: list[nbformat.NotebookNode]) -> tuple[int, str]:
    """Return the number of the last code cell with an error and its reason; 0 when none has one."""
    for number in range(len(cells), 0, -1):
        for output in cells[number - 1].outputs:
            if output.output_type == "error":
                trace = ANSI.sub("", "\n".join(output.traceback))
                line = next((found[1] + "\n    " for found in ARROW.finditer(trace)), "")
                return number, f"{line}{output.ename}: {ANSI.sub('', output.evalue)}"
    return 0, ""


def drop_widgets(notebook: nbformat.NotebookNode) -> None:
    """Remove live widgets, which need a script from the network; their text stays."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    notebook.metadata.pop("widgets", None)
