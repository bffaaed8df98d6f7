"""Find, in the code, where faults are written: their code, their sentences, their remedies, and how they are raised.

The places are read, not run: `problem("facts.unit", "…")` is looked for, then the argument that follows it, which is
the remedy. Where the problem has a name, the call that takes this name is looked for; where the remedy is a name or a
function's answer, its assignments or what the function returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PLURAL = "plural_problem"
PROBLEMS = ("problem", PLURAL)
"""The functions that make problems; the code comes before the sentence."""
MESSAGES = ("msg", "plural")
_DEPTH = 4
"""How many names and functions a remedy is followed through."""


@dataclass(frozen=True, slots=True)
class Site:
    """One place at which a fault is written."""

    code: str
    template: str
    remedies: tuple[str, ...]
    raised: str
    """The class that is raised there; empty for a fault that is collected with others."""
    place: str


@dataclass
class Module:
    """A module's tree, and what its names mean."""

    file: str
    tree: ast.Module
    functions: Mapping[str, tuple[Module, ast.FunctionDef]] = field(default_factory=dict)
    """What the names of functions mean here, each with the module that it is in."""

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What each node is a part of."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def function(self, node: ast.AST) -> ast.AST:
        """Return the innermost function around a node, or the module."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef):
                return node
        return self.tree


def sites(root: Path, packages: tuple[str, ...]) -> list[Site]:
    """Return every place of the packages at which a fault is written, in the order of files and lines."""
    modules = [
        Module(file.relative_to(root).as_posix(), ast.parse(file.read_text("utf-8")))
        for package in packages
        for file in sorted((root / package).rglob("*.py"))
    ]
    by_name = {module.file.removesuffix(".py").replace("/", "."): module for module in modules}
    for module in modules:
        module.functions = {**_imported(module, by_name), **_functions(module)}
    return [site for module in modules for site in _of_module(module)]


def _functions(module: Module) -> dict[str, tuple[Module, ast.FunctionDef]]:
    return {node.name: (module, node) for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)}


def _imported(module: Module, by_name: Mapping[str, Module]) -> dict[str, tuple[Module, ast.FunctionDef]]:
    found = {}
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module in by_name:
            there = _functions(by_name[node.module])
            found.update({alias.name: there[alias.name] for alias in node.names if alias.name in there})
    return found


def _of_module(module: Module) -> Iterator[Site]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(
                func=ast.Name(id=name), args=[ast.Constant(value=str(code)), ast.Constant(value=str(said)), *_]
            ):
                if name in PROBLEMS:
                    home, around, remedy = _taken_by(module, node)
                    found = tuple(dict.fromkeys(_messages(home, _beside(module, node, remedy), _DEPTH)))
                    # Of a plural the sentence for several is shown.
                    shown = node.args[2].value if name == PLURAL and isinstance(node.args[2], ast.Constant) else said
                    yield Site(code, str(shown), found, _class(home, around), f"{module.file}:{node.lineno}")


def _beside(module: Module, problem: ast.AST, remedy: ast.AST | None) -> ast.AST | None:
    """Return what a remedy's name is given in the same branch as the problem, else the remedy itself."""
    node = problem
    while node in module.parents and not isinstance(node, ast.stmt):
        node = module.parents[node]
    if not isinstance(remedy, ast.Name):
        return remedy
    for branch in ("body", "orelse", "finalbody"):
        statements = getattr(module.parents.get(node), branch, [])
        for statement in statements if node in statements else ():
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == remedy.id:
                    return value
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    for target, value in zip(names, values, strict=False):
                        if isinstance(target, ast.Name) and target.id == remedy.id:
                            return value
    return remedy


def _taken_by(module: Module, problem: ast.AST) -> tuple[Module, ast.AST | None, ast.AST | None]:
    """Return the call or the tuple that a problem goes into, its module, and the remedy that follows there."""
    node = problem
    while isinstance(module.parents[node], ast.IfExp):
        node = module.parents[node]
    match module.parents[node]:
        case ast.Call(args=args) as call if node in args and any(_messages(module, _after(args, node), _DEPTH)):
            return module, call, _after(args, node)
        case ast.Call(func=ast.Name(id=name), args=args) if name in module.functions and node in args:
            home, function = module.functions[name]
            parameter = function.args.args[args.index(node)].arg
            return home, *_use_of(function, parameter, function)
        case ast.Call(args=args) as call if node in args:
            return module, call, _after(args, node)
        case ast.Tuple(elts=values) as pair:
            return module, pair, _after(values, node)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return module, *_use_of(module.function(problem), name, node)
    return module, None, None


def _use_of(scope: ast.AST, name: str, after: ast.AST) -> tuple[ast.AST | None, ast.AST | None]:
    """Return the first call or tuple after a node that takes a name, and the remedy that follows the name there."""
    for node in sorted(
        (each for each in ast.walk(scope) if isinstance(each, ast.Call | ast.Tuple)), key=lambda each: each.lineno
    ):
        values = node.args if isinstance(node, ast.Call) else node.elts
        for value in values:
            if isinstance(value, ast.Name) and value.id == name and node.lineno > getattr(after, "lineno", 0):
                return node, _after(values, value)
    return None, None


def _after(values: list[ast.expr], node: ast.AST) -> ast.AST | None:
    at = values.index(node) + 1  # type: ignore[arg-type]
    return values[at] if at < len(values) else None


def _messages(module: Module, node: ast.AST | None, depth: int) -> Iterator[str]:
    """Yield the templates of the messages that an expression may give."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(template)), *_]) if name in MESSAGES:
            yield template
        case ast.Call(func=ast.Name(id=name)) if depth and name in module.functions:
            home, function = module.functions[name]
            for each in ast.walk(function):
                if isinstance(each, ast.Return) and each.value is not None:
                    yield from _messages(home, each.value, depth - 1)
        case ast.Name(id=name) if depth:
            for value in _values(module, name, node):
                yield from _messages(module, value, depth - 1)
        case ast.IfExp(body=body, orelse=other):
            yield from _messages(module, body, depth)
            yield from _messages(module, other, depth)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _messages(module, value, depth)


def _values(module: Module, name: str, used: ast.AST) -> Iterator[ast.AST]:
    """Yield what is assigned to a name, in the function that uses it, else in the module."""
    for scope in dict.fromkeys((module.function(used), module.tree)):
        found = []
        for node in ast.walk(scope):
            match node:
                case ast.Assign(targets=[ast.Name(id=assigned)], value=value) if assigned == name:
                    found.append(value)
                case ast.AnnAssign(target=ast.Name(id=assigned), value=ast.expr() as value) if assigned == name:
                    found.append(value)
        if found:
            yield from found
            return


def _class(module: Module, node: ast.AST | None) -> str:
    """Return the class of the error that a call makes, or that the call around it makes of its fault."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="because")):
            return name
        case ast.Call(func=ast.Name(id="Fault")):
            match module.parents[node]:
                case ast.Call(func=ast.Name(id=name)) if name[0].isupper():
                    return name
    return ""
