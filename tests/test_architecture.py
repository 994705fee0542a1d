"""The doors between the rooms of ganlib stay shut."""

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Who may import whom: a room, a room within it, or a single file where the rule is finer, and what
# it may import beside its own room and ganlib.errors. docs/adr/0006 says why.
DOORS: dict[str, set[str]] = {
    "errors": set(),
    "backend": set(),
    "audio": set(),
    "layers": set(),
    "losses": {"audio"},
    "losses.penalties": {"backend"},
    "models": {"audio", "layers"},
    "data": {"audio"},
    "metrics": {"audio"},
    "pictures": set(),
    "plots": {"audio", "pictures"},
    "listen": {"audio"},
    "classroom": set(),
    "locks": set(),
    "instruments": {"audio", "backend", "models"},
    "instruments.kinds": set(),
    "instruments.latents": set(),
    "instruments.files": set(),
    "pretrained": {"instruments"},
    "training": {  # run folders: the floor above engine and recipes
        *("audio", "backend", "data.clips", "instruments", "locks"),
        *("training.engine", "training.recipes"),
    },
    "training.engine": {"audio", "backend", "data.clips", "losses"},
    "training.recipes": {
        *("audio", "backend", "instruments.latents", "layers", "losses", "models"),
        "training.engine",
    },
    "training.vocoding": {"audio", "backend", "instruments", "pretrained", "training.recipes"},
    "recording": {"audio", "data", "instruments", "locks"},
    "listening": {"audio", "data", "instruments", "metrics", "pretrained"},
    "evaluation": {"evaluation.measuring", "evaluation.telling", "pictures", "pretrained"},
    "evaluation.measuring": {
        *("audio", "data", "instruments", "metrics", "models", "pretrained", "training"),
    },
    "evaluation.telling": {"audio", "evaluation.measuring", "listen", "pictures"},
    "evaluation.watching": {
        *("data.clips", "evaluation.measuring", "instruments", "metrics", "pretrained", "training"),
    },
    "clinic": {  # looks at runs with the instruments of evaluation, and makes sick ones
        *("audio", "backend", "data", "evaluation", "instruments", "metrics", "training"),
    },
    "cli": {
        *("audio", "clinic", "data", "evaluation", "instruments", "listening", "metrics"),
        *("models", "pretrained", "recording", "training"),
    },
    "__main__": {"cli"},
    "__init__": {"instruments", "pretrained"},
}
ENGINES = {"tensorflow", "tensorflow_io", "jax", "jaxlib"}
BANNED_MODULES = {"pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}


def modules(root: Path) -> dict[str, Path]:
    """The modules of the library, by their dotted name without `ganlib.`."""
    home = root / "ganlib"
    found = {}
    for path in sorted(home.rglob("*.py")):
        parts = path.relative_to(home).with_suffix("").parts
        found[".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)] = path
    return found


def rule_of(name: str, rules: dict[str, set[str]] = DOORS) -> str | None:
    """The finest rule that covers a module: its own, or that of a package around it."""
    parts = name.split(".")
    tried = [".".join(parts[:size]) for size in range(len(parts), 0, -1)]
    return next((rule for rule in tried if rule in rules), None)


def room_of(name: str, known: dict[str, Path]) -> str:
    """The innermost folder with a rule that holds a module; the file itself outside all folders."""
    parts = name.split(".")
    tried = [".".join(parts[:size]) for size in range(len(parts), 0, -1)]
    folders = {inner for inner, path in known.items() if path.name == "__init__.py"}
    return next((room for room in tried if room in DOORS and room in folders), parts[0])


def imports(tree: ast.Module, name: str) -> list[tuple[str, bool]]:
    """All dotted names that a module imports, and whether each waits until a function runs."""
    inside = {
        id(node)
        for holder in ast.walk(tree)
        if isinstance(holder, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(holder, ast.If) and ast.unparse(holder.test) == "TYPE_CHECKING")
        for node in ast.walk(holder)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(["ganlib", *name.split(".")[: -node.level], *base.split(".")])
            found += [
                (f"{base}.{alias.name}".strip("."), id(node) in inside) for alias in node.names
            ]
    return found


def forbidden_imports(root: Path) -> list[str]:
    """What the imports do that the doors forbid, one sentence each."""
    wrong, known = [], modules(root)
    for name, path in known.items():
        rule = rule_of(name)
        if rule is None:
            wrong.append(f"{name}: a room without a rule; add it to DOORS")
            continue
        for target, in_function in imports(ast.parse(path.read_text(encoding="utf-8")), name):
            top = target.partition(".")[0]
            if top in ENGINES and name != "backend":
                if name != "data.stream" or not in_function:
                    wrong.append(f"{name} imports {target}: only backend.py may")
            elif top in BANNED_MODULES:
                wrong.append(f"{name} imports {target}: weights and data carry no code")
            elif top == "ganlib" and not may_import(
                name, rule, target.removeprefix("ganlib."), known
            ):
                wrong.append(f"{name} imports {target}: {rule} may import {sorted(DOORS[rule])}")
    return wrong


def may_import(name: str, rule: str, target: str, known: dict[str, Path]) -> bool:
    """Whether a module governed by `rule` may import `target`, a dotted name inside ganlib."""
    top = target.partition(".")[0]
    if top not in known and top not in DOORS:
        return top == "__version__"
    if top == "errors" or room_of(target, known) == room_of(name, known):
        return True
    return any(target == open_to or target.startswith(f"{open_to}.") for open_to in DOORS[rule])


def test_every_import_goes_through_an_open_door():
    wrong = forbidden_imports(ROOT)
    assert not wrong, "\n".join(wrong)


def test_the_rooms_form_no_circle():
    known, needs = modules(ROOT), {}
    rooms = {room_of(name, known) for name in known} - {"__init__"}
    for name, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        targets = {
            room_of(target.removeprefix("ganlib."), known) for target, _ in imports(tree, name)
        }
        room = room_of(name, known)
        needs.setdefault(room, set()).update(targets & rooms - {room})
    standing: set[str] = set()
    while ready := {room for room in rooms - standing if needs[room] <= standing}:
        standing |= ready
    assert rooms == standing, f"a circle among {sorted(rooms - standing)}"


MUTANTS = {
    "a loss that imports a model": ("losses/adversarial.py", "from ganlib.models import wavegan"),
    "a layer that imports data": ("layers/noise.py", "import ganlib.data.clips"),
    "a model that trains itself": ("models/wavegan.py", "from ganlib import training"),
    "an update that builds its model": (
        "training/engine/gan.py",
        "from ganlib.models import wavegan",
    ),
    "an update that loads its data": (
        "training/engine/gan.py",
        "from ganlib.data import load_clips",
    ),
    "an update that looks up its recipe": (
        "training/engine/gan.py",
        "from ganlib.training.recipes import get_recipe",
    ),
    "an update that knows its run": ("training/engine/gan.py", "from ganlib.training import runs"),
    "figures that write their page": (
        "evaluation/measuring/new.py",
        "from ganlib.evaluation.telling import page",
    ),
    "a recipe that knows its run": ("training/recipes/new.py", "import ganlib.training.config"),
    "a run that builds its model": ("training/runs.py", "from ganlib.models import wavegan"),
    "an import hidden in a function": ("audio/files.py", "def f():\n    from ganlib import plots"),
    "a relative import": ("losses/adversarial.py", "from ..models import wavegan"),
    "an engine in a layer": ("layers/noise.py", "import tensorflow as tf"),
    "an engine in a function": ("layers/noise.py", "def f():\n    import jax.numpy as jnp"),
    "an engine on top of the stream": ("data/stream.py", "import tensorflow as tf"),
    "jax in a condition": ("models/wavegan.py", "if True:\n    from jax import numpy"),
    "pickle": ("training/engine/state.py", "import pickle"),
    "a room without a rule": ("registry/__init__.py", ""),
}


def tree_with(tmp_path: Path, name: str, code: str) -> Path:
    rooms = ["losses", "models", "training", "training/engine", "training/recipes", "data"]
    rooms += ["evaluation", "evaluation/measuring", "evaluation/telling"]
    for needed in [*rooms, "plots", "errors", "backend"]:
        (tmp_path / "ganlib" / needed).mkdir(parents=True)
        (tmp_path / "ganlib" / needed / "__init__.py").write_text("")
    path = tmp_path / "ganlib" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(code))
    return tmp_path


@pytest.mark.parametrize(("name", "code"), MUTANTS.values(), ids=MUTANTS)
def test_the_doors_refuse(tmp_path, name, code):
    assert len(forbidden_imports(tree_with(tmp_path, name, code))) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("losses/penalties.py", "from ganlib import backend"),
        ("data/stream.py", "def f():\n    import tensorflow as tf"),
        ("backend.py", "import jax"),
        ("training/recipes/new.py", "from ganlib.training.engine import gan\nimport ganlib.models"),
        ("training/runs.py", "from ganlib.training import recipes\nimport ganlib.training.engine"),
        ("models/wavegan.py", "import ganlib.errors\nfrom ganlib.models import dense_gan"),
    ],
)
def test_the_doors_let_pass_what_is_allowed(tmp_path, name, code):
    assert forbidden_imports(tree_with(tmp_path, name, code)) == []


def test_importing_ganlib_loads_no_engine_and_nothing_heavy():
    code = "import sys, ganlib; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in python(code).split()}
    heavy = ENGINES | {"keras", "matplotlib", "librosa", "soundfile", "scipy", "numba", "click"}
    assert "ganlib" in loaded
    assert loaded & heavy == set()


def test_every_module_can_be_imported_where_the_other_engine_is_not_installed():
    other = "jax" if os.environ["KERAS_BACKEND"] == "tensorflow" else "tensorflow"
    code = f"""
        import importlib, pkgutil, sys

        class NotInstalled:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in ({other!r}, "{other}lib", "{other}_io"):
                    raise ModuleNotFoundError("not installed here: " + name, name=name)

        sys.meta_path.insert(0, NotInstalled())
        import ganlib
        for module in pkgutil.walk_packages(ganlib.__path__, "ganlib."):
            if module.name != "ganlib.__main__":
                importlib.import_module(module.name)
        print("imported", ganlib.__version__)
        """
    assert "imported" in python(textwrap.dedent(code))


def python(code: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout
