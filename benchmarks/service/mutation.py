"""Changes the program in small ways and counts how many of the changes the tests notice (Q1).

    python -m benchmarks.service.mutation --target rights --sample 60

Each change is made to a copy of the project: a comparison is turned round, "and" becomes "or", a number grows by one, a
condition is denied, a word of a list is left out, a result becomes None. A change that no test notices is listed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "service_mutation.md"
TARGETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "rights": (
        ("service/viewer.py", "service/rights/rules.py", "service/work.py", "service/records/scope.py"),
        ("tests/service/test_foundation.py", "tests/service/records/test_scope.py",
         "tests/service/quality/test_rights.py"),
    ),
    "constraints": (("matcher/candidates/requirements.py",), ("tests/unit/candidates",)),
    "scoring": (("matcher/candidates/criteria.py",), ("tests/unit/candidates",)),
    "import": (("matcher/io/parse_table.py", "matcher/io/cells.py", "matcher/io/headings.py"), ("tests/unit/io",)),
}  # fmt: skip
"""What is changed, and by which tests it has to be noticed."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change: in which file, which node (counted in the order of the tree), and what becomes of it."""

    file: Path
    number: int
    line: int
    what: str


_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def changed(node: ast.AST) -> tuple[str, ast.AST] | None:
    """Return what could be changed of a node, and the node changed; None where nothing is."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op, *_]) if type(op) in _TURNED:
            new.ops[0] = _TURNED[type(op)]()
            return "comparison turned", new
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
            return "and ↔ or", new
        case ast.BinOp(op=op) if type(op) in _SWAPPED and not isinstance(new.left, ast.Constant):
            new.op = _SWAPPED[type(op)]()
            return "operator changed", new
        case ast.UnaryOp(op=ast.Not()):
            return "not left out", new.operand
        case ast.Constant(value=bool()):
            new.value = not new.value
            return "true ↔ false", new
        case ast.Constant(value=int(value)):
            new.value = value + 1
            return "number grown", new
        case ast.If() | ast.IfExp():
            new.test = ast.UnaryOp(op=ast.Not(), operand=new.test)
            return "condition denied", new
        case ast.Return(value=ast.expr()) if not isinstance(new.value, ast.Constant):
            new.value = ast.Constant(value=None)
            return "nothing returned", new
        case ast.Set() | ast.Tuple() | ast.List() if len(new.elts) > 1 and isinstance(
            getattr(new, "ctx", None), ast.Load
        ):
            new.elts = new.elts[:-1]
            return "last element left out", new
    return None


def _skipped(tree: ast.AST) -> set[int]:
    """Return the nodes that only say something of types: annotations and what dataclasses are made with."""
    found: set[int] = set()
    for node in ast.walk(tree):
        parts = [getattr(node, name, None) for name in ("annotation", "returns")]
        parts += [*getattr(node, "decorator_list", [])]
        for part in parts:
            if isinstance(part, ast.AST):
                found |= {id(one) for one in ast.walk(part)}
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            found.add(id(node))
    return found


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Yield every change that can be made in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = _skipped(tree)
    for number, node in enumerate(ast.walk(tree)):
        made = None if id(node) in skipped else changed(node)
        if made is not None:
            yield Mutant(file, number, getattr(node, "lineno", 0), made[0])


def text_of(mutant: Mutant, file: Path) -> str:
    """Return the file with a change made."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    node = next(one for number, one in enumerate(ast.walk(tree)) if number == mutant.number)
    made = changed(node)
    assert made is not None
    new = made[1]

    class Put(ast.NodeTransformer):
        def visit(self, one: ast.AST) -> ast.AST:
            return ast.copy_location(new, one) if one is node else self.generic_visit(one)

    return ast.unparse(ast.fix_missing_locations(Put().visit(tree)))


def _tested(folder: Path, tests: tuple[str, ...], seconds: float) -> bool:
    """Say whether the tests are content with a copy of the project."""
    there = [one for one in tests if (folder / one).exists()]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-k",
               "not postgresql", "--basetemp", str(folder / ".tests"), *there]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return (
            subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=seconds).returncode == 0
        )
    except subprocess.TimeoutExpired:
        return False


def try_target(name: str, sample: int, seed: int, until: float) -> tuple[int, int, list[Mutant]]:
    """Return (changes there are, changes tried, those nobody noticed)."""
    places, tests = TARGETS[name]
    folder = Path(tempfile.mkdtemp(prefix="matcher-mutation-"))
    for part in ("matcher", "service", "tests", "tools", "benchmarks", "docs", "scenarios"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "results"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    files = [
        one for place in places for one in ([folder / place] if place.endswith(".py") else _modules(folder / place))
    ]
    found = [mutant for file in files for mutant in mutants_of(file)]
    began = time.monotonic()
    if not _tested(folder, tests, 600):
        raise RuntimeError(f"the tests of {name} fail before anything is changed")
    alone = time.monotonic() - began
    chosen = random.Random(seed).sample(found, min(sample, len(found)))
    survivors, tried = [], 0
    for mutant in chosen:
        if time.monotonic() > until:
            break
        before = mutant.file.read_text(encoding="utf-8")
        mutant.file.write_text(text_of(mutant, mutant.file), encoding="utf-8")
        if _tested(folder, tests, 60 + 5 * alone):
            survivors.append(mutant)
            print(f"survives: {mutant.file.relative_to(folder)}:{mutant.line} {mutant.what}", flush=True)
        mutant.file.write_text(before, encoding="utf-8")
        tried += 1
    shutil.rmtree(folder, ignore_errors=True)
    return (
        len(found),
        tried,
        [Mutant(one.file.relative_to(folder), one.number, one.line, one.what) for one in survivors],
    )


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def main() -> int:
    """Try the changes of some targets and print the share that was noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--sample", type=int, default=100, help="changes of each target, chosen by the seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after so long")
    parser.add_argument("--write", action="store_true", help=f"add to {RESULTS.name}")
    asked = parser.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    lines = []
    for name in asked.target or sorted(TARGETS):
        total, tried, survivors = try_target(name, asked.sample, asked.seed, until)
        share = (tried - len(survivors)) / tried if tried else 0.0
        lines.append(f"| {name} | {total} | {tried} | {tried - len(survivors)} | {share:.0%} |")
        print(lines[-1], flush=True)
        lines += [f"<!-- survives: {one.file}:{one.line} {one.what} -->" for one in survivors]
    if asked.write:
        head = (
            "# Small changes the tests notice\n\nMade by `python -m benchmarks.service.mutation`.\n\n"
            "| what | changes there are | tried | noticed | share |\n| --- | --- | --- | --- | --- |\n"
        )
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else head
        RESULTS.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
