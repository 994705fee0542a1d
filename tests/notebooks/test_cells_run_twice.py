"""Readers run cells again: none may depend on being run once.

Running every chapter twice takes long, so the cells are read. What a cell changes must be made in
the same cell: a name is not computed from its own old value, a list does not grow, a network is not
trained further, a folder may be there already.
"""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.chapters import find_chapters
from tests.notebooks.test_chapter_style import code_of, parsed

ROOT = Path(__file__).parents[2]
CHAPTERS = find_chapters(ROOT / "notebooks" / "src")
GROWS = {"append", "extend", "insert", "pop", "popitem", "remove", "reverse", "rename"}
TRAINS = {"fit", "train_on_batch", "shuffle"}
MAY_BE_THERE = {"mkdir": "exist_ok", "makedirs": "exist_ok", "unlink": "missing_ok"}


class Cell(ast.NodeVisitor):
    """Walks a cell in the order in which it runs, and notes what depends on an earlier run."""

    def __init__(self) -> None:
        self.made: set[str] = set()  # names that this cell has given a value so far
        self.read: dict[str, int] = {}  # names whose value came from elsewhere: the line
        self.wrong: list[str] = []

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.made and not hasattr(builtins, node.id):
                self.read.setdefault(node.id, node.lineno)
        elif node.id not in self.made:
            if node.id in self.read:
                self.wrong.append(f"{node.id} is computed from its own old value")
            self.made.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        again_the_same = isinstance(node.op, ast.BitOr)  # a dictionary takes the same entries again
        if not again_the_same and _root(node.target) not in self.made:
            self.wrong.append(f"{ast.unparse(node)} goes on from what an earlier run left")

    def visit_For(self, node: ast.For) -> None:
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.made.add(node.name)  # its body runs later, on names that are its own

    visit_ClassDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.made |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import

    def _comprehension(self, node) -> None:
        own = Cell()
        own.made = set(self.made)
        for loop in node.generators:
            for part in (loop.iter, loop.target, *loop.ifs):
                own.visit(part)
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                own.visit(getattr(node, part))
        self.wrong += own.wrong
        self.read = own.read | self.read

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = getattr(node.func, "attr", "")
        given = {keyword.arg for keyword in node.keywords}
        changed = node.args[0] if name == "shuffle" and node.args else node.func
        foreign = _root(changed) not in self.made and not _is_class(_root(changed))
        if name in GROWS | TRAINS and foreign:
            self.wrong.append(f"{ast.unparse(node)[:60]} changes what another cell made")
        if name in MAY_BE_THERE and MAY_BE_THERE[name] not in given:
            self.wrong.append(f"{ast.unparse(node)[:60]} needs {MAY_BE_THERE[name]}=True")


def _root(node: ast.AST) -> str:
    """The name at the beginning of `name.attribute[index](...)`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_class(name: str) -> bool:
    """Whether a name is written as those of classes are; `SpectrogramCodec.fit` makes a new one."""
    return name[:1].isupper() and not name.isupper()


def run_once_only(cells: list[str]) -> Iterator[str]:
    for number, source in enumerate(cells, start=1):
        cell = Cell()
        cell.visit(parsed(source))
        yield from (f"code cell {number}: {words}" for words in cell.wrong)


@pytest.mark.parametrize(
    "cell",
    [
        "pieces = pieces[10:]",
        "heard = {'real': 1, **heard}",
        "held_out, pieces = pieces[:2], pieces[2:]",
        "count += 1",
        "curves['loss'] += [1]",
        "for x in (1, 2):\n    found.append(x)",
        "history = gan.fit(real)",
        "random.shuffle(pieces)",
        "folder.mkdir()",
        "folder = Path('simulated')\nfolder.mkdir()",
        "D.fit(real)",
        "x = [x for _ in range(3)]",
    ],
)
def test_a_cell_that_runs_once_only_is_noticed(cell):
    assert len(list(run_once_only([cell]))) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "pieces = cut[10:]\npieces /= 2\npieces.sort()",
        "made['noise'] = 1\nmade |= {'words': 2}",
        "found = []\nfor x in (1, 2):\n    found.append(x)",
        "gan = GAN()\nhistory = gan.fit(real)",
        "folder.mkdir(exist_ok=True)",
        "codec = SpectrogramCodec.fit(clips)",
        "def f(x):\n    x = x + 1\n    found.append(x)\n    return x",
        "rows = [name for name in names]\nfor name in rows:\n    print(name)",
        "from a import b\nb = b or 3",
    ],
)
def test_a_cell_that_makes_what_it_changes_passes(cell):
    assert list(run_once_only([cell])) == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_the_cells_of_a_chapter_can_be_run_again(chapter):
    assert list(run_once_only(code_of(chapter.notebook()))) == []
