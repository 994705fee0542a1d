"""What a chapter's result depends on, as one digest: when it changes, the chapter runs again."""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable
from pathlib import Path

from course.chapters import Chapter

PACKAGE = "ganlib"


def digest_of_inputs(chapter: Chapter, root: Path, settings: dict[str, str]) -> str:
    """Return the digest of a chapter's source, the library code it reaches, pins, data, settings.

    Args:
        chapter: the chapter.
        root: the repository, with ganlib/, course/, datasets/ and requirements.txt.
        settings: what else shapes the result, such as the size and the engine.
    """
    digest = hashlib.sha256()
    settings = {**settings, "python": platform.python_version()}
    digest.update(repr(sorted(settings.items())).encode())
    for path in files_that_matter(chapter, root):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files_that_matter(chapter: Chapter, root: Path) -> list[Path]:
    """List a chapter's input files in a fixed order."""
    patterns = (
        "requirements.txt",
        "requirements/constraints.txt",
        "course/**/*",
        "datasets/**/*",
        f"{PACKAGE}/pretrained/**/*",
    )
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    files |= {chapter.source} | library_files(chapter.source, root)
    text = chapter.source.read_text(encoding="utf-8")
    files |= {path for path in root.glob("docs/*.json") if path.name in text}
    return sorted(path for path in files if "__pycache__" not in path.parts)


def library_files(source: Path, root: Path) -> set[Path]:
    """Follow the imports from a source file through the library, whatever depth they stand at."""
    found: set[Path] = set()
    waiting = [source]
    while waiting:
        for name in names_imported(waiting.pop(), root):
            for path in module_files(name, root) - found:
                found.add(path)
                waiting.append(path)
    return found


def names_imported(path: Path, root: Path) -> Iterable[str]:
    """Yield the dotted names under ganlib that a file imports or reaches as `ganlib.x.y`."""
    inside = path.is_relative_to(root / PACKAGE)
    for node in ast.walk(ast.parse(_code(path), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level and inside:
                home = path.relative_to(root).with_suffix("").parts[: -node.level]
                base = ".".join((*home, base)).rstrip(".")
            if _is_ours(base):
                yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute):
            name = _dotted(node)
            if _is_ours(name):
                yield name


def module_files(name: str, root: Path) -> set[Path]:
    """Return the files behind a dotted name, its parent packages included."""
    files = set()
    place = root
    for part in name.split("."):
        module, package = place / f"{part}.py", place / part / "__init__.py"
        files |= {path for path in (module, package) if path.is_file()}
        place = place / part
    return files


def _is_ours(name: str) -> bool:
    return name == PACKAGE or name.startswith(f"{PACKAGE}.")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def _code(path: Path) -> str:
    """A file's Python; lines of a chapter that begin with % or ! belong to IPython."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join("pass" if line[:1] in ("%", "!") else line for line in lines)
