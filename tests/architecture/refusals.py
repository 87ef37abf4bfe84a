"""Finds, in the source, every code that a refusal can have, and the class that raises it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "config", "nyefamilier", "scheduler")

BY_NAME = {"nyefamilier/storage/engine.py": {"database-away", "database-busy"}}
"""Codes that a module looks up instead of writing them where it raises."""


@dataclass
class Found:
    """What the source raises: classes by code, and the places whose code cannot be read."""

    classes: dict[str, set[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kinds:
    """The classes below `Refusal`; those of them that do not take their code as an argument."""

    all: set[str]
    fixed: set[str]


def trees() -> dict[str, ast.Module]:
    """The syntax of every module, by its path."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def found(modules: dict[str, ast.Module]) -> Found:
    """Every code in the source."""
    kinds, told = _kinds(modules), Found()
    for path, tree in modules.items():
        for code in BY_NAME.get(path, ()):
            told.classes.setdefault(code, set()).add("Unavailable")
        for kind, node in _raised(tree, kinds):
            codes = set(_literals(node, _constants(tree)))
            if not codes and path not in BY_NAME:
                told.unread.append(f"{path}:{node.lineno}")
            for code in codes:
                told.classes.setdefault(code, set()).add(kind)
    return told


def _kinds(modules: dict[str, ast.Module]) -> Kinds:
    classes = [n for t in modules.values() for n in ast.walk(t) if isinstance(n, ast.ClassDef)]
    names, before = {"Refusal"}, set()
    while names != before:
        before = set(names)
        names |= {c.name for c in classes if names & {_last(base) for base in c.bases}}
    return Kinds(names, {c.name for c in classes if c.name in names and not _takes_code(c)})


def _takes_code(kind: ast.ClassDef) -> bool:
    own = [n for n in kind.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    return not own or own[0].args.args[1].arg == "code"


def _raised(tree: ast.Module, kinds: Kinds) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) if name in kinds.fixed:
                # A refusal with a code of its own tells it to its base.
                yield from ((name, call.args[0]) for call in _base_calls(node))
            case ast.Call(func=func, args=[first, *_]) if _last(func) in kinds.all - kinds.fixed:
                yield _last(func), first


def _base_calls(kind: ast.ClassDef) -> Iterator[ast.Call]:
    for node in ast.walk(kind):
        if isinstance(node, ast.Call) and _last(node.func) == "__init__" and node.args:
            yield node


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _literals(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as code):
            yield code
        case ast.IfExp(body=one, orelse=other):
            yield from _literals(one, constants)
            yield from _literals(other, constants)
        case ast.Starred(value=ast.Name(id=name)) | ast.Name(id=name) if name in constants:
            yield from _literals(constants[name], constants)
        case ast.Tuple(elts=[first, *_]):
            yield from _literals(first, constants)


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
