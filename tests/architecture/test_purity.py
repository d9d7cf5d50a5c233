"""Rules and the kernel do not look around: standard library only, and of that only what is pure."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import Module, modules

ROOT = Path(__file__).resolve().parents[2]
# They read a clock, chance, files, the network or the process, or they write somewhere.
IMPURE = {
    *("asyncio", "concurrent", "contextvars", "ctypes", "getpass", "glob", "http", "io", "locale", "logging"),
    *(
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "random",
        "sched",
        "secrets",
        "select",
        "shutil",
        "signal",
    ),
    *("socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"),
}
CLOCK_CALLS = {"now", "utcnow", "today"}
CALLS = {"open", "input", "print", "exec", "eval", "__import__"}
# The one place that asks the machine's clock; rules get the answer as an argument.
CLOCK = "shared.kernel.clock"


def is_pure_by_rule(module: Module) -> bool:
    """The kernel, and every `rules` module or package of a noun."""
    return f"{module.name}.".startswith("shared.kernel.") or (
        module.noun is not None and module.name.split(".")[3:4] == ["rules"]
    )


def impurities(module: Module) -> Iterator[str]:
    """What this pure module imports or calls that it should get as an argument."""
    for imported in module.imports():
        top = imported.split(".")[0]
        if top in IMPURE:
            yield f"{module.name} imports {imported}"
        elif top not in sys.stdlib_module_names and top not in ("shared", "services"):
            yield f"{module.name} imports {imported}, which is not in the standard library"
        elif top == "shared" and imported != "shared" and not f"{imported}.".startswith("shared.kernel."):
            yield f"{module.name} imports {imported}"
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS and module.name != CLOCK:
            yield f"{module.name}:{node.lineno} asks a clock with {node.func.attr}()"
        if isinstance(node.func, ast.Name) and node.func.id in CALLS:
            yield f"{module.name}:{node.lineno} calls {node.func.id}()"


def found(root: Path) -> list[str]:
    """All impurities under a root, without repeats."""
    pure = (module for module in modules(root, "shared", "services") if is_pure_by_rule(module))
    return list(dict.fromkeys(text for module in pure for text in impurities(module)))


def test_rules_and_the_kernel_look_at_nothing_but_their_arguments() -> None:
    assert found(ROOT) == []


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("services/financien/lumpsum/rules.py", "import uuid"),
        ("services/financien/lumpsum/rules/maand.py", "from logging import getLogger"),
        ("services/financien/lumpsum/rules.py", "import asyncio.tasks"),
        ("services/financien/lumpsum/rules.py", "def f():\n    import pydantic"),
        ("services/financien/lumpsum/rules.py", "from shared.database import port"),
        ("services/financien/lumpsum/rules.py", "from datetime import date\nx = date.today()"),
        ("shared/kernel/bedrag.py", "print(1)"),
        ("shared/kernel/__init__.py", "from .. import bus"),
    ],
)
def test_each_way_of_looking_around_is_noticed(tmp_path: Path, where: str, source: str) -> None:
    path = tmp_path / where
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert found(tmp_path) != []


def test_other_modules_may_look_around(tmp_path: Path) -> None:
    path = tmp_path / "services/financien/lumpsum/store.py"
    path.parent.mkdir(parents=True)
    path.write_text("import uuid, sqlmodel", encoding="utf-8")
    assert found(tmp_path) == []
