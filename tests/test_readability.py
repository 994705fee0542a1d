"""Every file is small enough to read, says what it does, and runs nobody else's code."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BANNED_NAMES = {"utils", "util", "helpers", "helper", "misc", "common"}
BANNED_CALLS = {"eval", "exec", "keras.layers.Lambda", "Lambda", "enable_unsafe_deserialization"}
FILE_LINES, FUNCTION_LINES = 250, 40


def modules(root: Path) -> dict[str, Path]:
    """The modules of the library, by their dotted name without `ganlib.`."""
    home = root / "ganlib"
    return {
        ".".join(path.relative_to(home).with_suffix("").parts): path
        for path in sorted(home.rglob("*.py"))
    }


def too_large(root: Path) -> list[str]:
    """Files and functions that are longer than one reads at a sitting; docstrings do not count."""
    wrong = []
    for path in [*modules(root).values(), *sorted((root / "course").rglob("*.py"))]:
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(root).as_posix()
        if (lines := len(text.splitlines())) >= FILE_LINES:
            wrong.append(f"{where}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno - 1
                if (lines := (node.end_lineno or 0) - (first or 0)) >= FUNCTION_LINES:
                    wrong.append(f"{where}: {node.name} has {lines} lines")
    return wrong


def dangerous_calls(root: Path) -> list[str]:
    """Calls that run what somebody else wrote."""
    wrong = []
    for name, path in modules(root).items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                unsafe = {(word.arg, ast.unparse(word.value)) for word in node.keywords} & {
                    ("allow_pickle", "True"),
                    ("safe_mode", "False"),
                    ("shell", "True"),
                }
                if called in BANNED_CALLS or called.split(".")[-1] == "Lambda" or unsafe:
                    wrong.append(f"{name}, line {node.lineno}: {called}")
    return wrong


def undocumented(root: Path) -> list[str]:
    """Public functions without a docstring; where a room offers them, also without an example."""
    wrong = []
    for name, path in modules(root).items():
        if name.split(".")[0] in ("cli", "__main__", "__init__"):
            continue  # a command is documented by its --help
        offered = names_offered(path)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if not public or is_error(node):
                continue
            text = ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef):
                text += " ".join(ast.get_docstring(member) or "" for member in methods(node))
            if not text:
                wrong.append(f"{name}.{node.name}: no docstring")
            elif ">>>" not in text and (offered is None or node.name in offered):
                wrong.append(f"{name}.{node.name}: no example")
    return wrong


def names_offered(path: Path) -> set[str] | None:
    """The names that the package around a file names in its `__init__`; None when it names none."""
    table = path.parent / "__init__.py"
    if path.parent.name == "ganlib" or not table.exists():
        return None
    nodes = list(ast.walk(ast.parse(table.read_text(encoding="utf-8"))))
    named = {
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    named |= {word for node in nodes for word in _words(node)}
    return named or None


def _words(node: ast.AST) -> list[str]:
    text = node.value if isinstance(node, ast.Constant) else None
    return text.split() if isinstance(text, str) and text.replace("_", "").isalnum() else []


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [member for member in node.body if isinstance(member, ast.FunctionDef)]


def is_error(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return isinstance(node, ast.ClassDef) and any("Error" in ast.unparse(b) for b in node.bases)


def badly_named(root: Path) -> list[str]:
    """Modules whose name says nothing about what lives there."""
    names = [*modules(root), *(path.stem for path in (root / "course").rglob("*.py"))]
    return [name for name in names if BANNED_NAMES & set(name.split("."))]


CHECKS = [too_large, dangerous_calls, undocumented, badly_named]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_library_has_nothing(check):
    wrong = check(ROOT)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (too_large, "x = 1\n" * FILE_LINES),
        (too_large, "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
        (dangerous_calls, "eval('1')"),
        (dangerous_calls, "from keras import layers\nlayers.Lambda(abs)"),
        (dangerous_calls, "import numpy as np\nnp.load('a', allow_pickle=True)"),
        (undocumented, "def f():\n    return 1"),
        (undocumented, "class A:\n    '''Nothing to try.'''"),
    ],
)
def test_each_check_sees_what_it_is_for(tmp_path, check, code):
    assert len(check(tree_with(tmp_path, "losses/new.py", code))) == 1


def tree_with(tmp_path: Path, name: str, code: str) -> Path:
    path = tmp_path / "ganlib" / name
    path.parent.mkdir(parents=True)
    path.write_text(code)
    return tmp_path


def test_a_file_called_utils_is_refused(tmp_path):
    assert badly_named(tree_with(tmp_path, "losses/utils.py", "")) == ["losses.utils"]
