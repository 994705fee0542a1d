"""The doors between the rooms of ganlib stay shut."""

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Who may import whom: a room, or a single file where the rule is finer, and what it may import
# beside itself and ganlib.errors. docs/adr/0006 says why.
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
    "weights": set(),
    "latents": set(),
    "locks": set(),
    "vocoder": {"audio", "backend", "models", "weights"},
    "synthesizer": {"audio", "latents", "models", "vocoder", "weights"},
    "pretrained": {"synthesizer", "vocoder"},
    "training": {"audio", "backend", "data.clips", "locks", "losses", "metrics", "synthesizer"},
    "training.augmentation": {"layers"},
    "training.paper_vocoder_recipes": {"audio", "backend", "losses", "models"},
    "training.picture_recipes": {"latents", "models"},
    "training.recipes": {"audio", "backend", "layers", "models"},
    "training.vocoder_recipe": {"losses", "models"},
    "training.vocoding": {"audio", "backend", "pretrained", "vocoder"},
    "training.wavegan_recipe": {"audio", "models"},
    "recording": {"audio", "data", "locks", "synthesizer"},
    "listening": {"audio", "data", "metrics", "synthesizer", "pretrained"},
    "evaluation": {
        *("audio", "data", "listen", "metrics", "models", "pictures", "plots", "pretrained"),
        *("synthesizer", "training", "weights"),
    },
    "clinic": {  # looks at runs with the instruments of evaluation, and makes sick ones
        *("audio", "backend", "data", "evaluation", "metrics", "synthesizer", "training"),
    },
    "cli": {
        *("audio", "clinic", "data", "evaluation", "listening", "metrics", "models", "pretrained"),
        *("recording", "synthesizer", "training"),
    },
    "__main__": {"cli"},
    "__init__": set(),
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
    room = target.partition(".")[0]
    if room not in known and room not in DOORS:
        return room == "__version__"
    if room == "errors" or room == rule.partition(".")[0]:
        return True
    return any(target == open_to or target.startswith(f"{open_to}.") for open_to in DOORS[rule])


def test_every_import_goes_through_an_open_door():
    wrong = forbidden_imports(ROOT)
    assert not wrong, "\n".join(wrong)


def test_the_rooms_form_no_circle():
    known, needs = modules(ROOT), {}
    rooms = {name.partition(".")[0] for name in known} - {"__init__"}
    for name, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        targets = {
            target.removeprefix("ganlib.").split(".")[0] for target, _ in imports(tree, name)
        }
        room = name.partition(".")[0]
        needs.setdefault(room, set()).update(targets & rooms - {room})
    standing: set[str] = set()
    while ready := {room for room in rooms - standing if needs[room] <= standing}:
        standing |= ready
    assert rooms == standing, f"a circle among {sorted(rooms - standing)}"


MUTANTS = {
    "a loss that imports a model": ("losses/adversarial.py", "from ganlib.models import wavegan"),
    "a layer that imports data": ("layers/noise.py", "import ganlib.data.clips"),
    "a model that trains itself": ("models/wavegan.py", "from ganlib import training"),
    "an update that builds its model": ("training/gan.py", "from ganlib.models import wavegan"),
    "an update that loads its data": ("training/gan.py", "from ganlib.data import load_clips"),
    "an import hidden in a function": ("audio/files.py", "def f():\n    from ganlib import plots"),
    "a relative import": ("losses/adversarial.py", "from ..models import wavegan"),
    "an engine in a layer": ("layers/noise.py", "import tensorflow as tf"),
    "an engine in a function": ("layers/noise.py", "def f():\n    import jax.numpy as jnp"),
    "an engine on top of the stream": ("data/stream.py", "import tensorflow as tf"),
    "jax in a condition": ("models/wavegan.py", "if True:\n    from jax import numpy"),
    "pickle": ("training/state.py", "import pickle"),
    "a room without a rule": ("registry/__init__.py", ""),
}


def tree_with(tmp_path: Path, name: str, code: str) -> Path:
    for needed in ["losses", "models", "training", "data", "plots", "errors", "backend"]:
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
