"""Who may import whom: the contracts of import-linter in pyproject.toml, and the order inside a noun."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import Module, modules

ROOT = Path(__file__).resolve().parents[2]
# Each may import what stands before it, never what stands after it: in its own noun and in its neighbours.
ORDER = ("rules", "store", "handlers", "api")
TREE = (
    *("deploy", "services", "services.toegang", "services.toegang.client", "services.financien"),
    *(
        "services.financien.lumpsum",
        "services.financien.lumpsum.rules",
        "services.financien.lumpsum.handlers",
    ),
    *(
        "services.financien.lumpsum.store",
        "services.financien.afrekening",
        "shared",
        "shared.kernel",
        "shared.web",
    ),
    *("shared.bus", "shared.bus.kafka", "shared.database", "shared.contracts", "shared.outbox"),
)
PACKAGES = {name for name in TREE if any(other.startswith(f"{name}.") for other in TREE)} | {"deploy"}


def layer(name: str) -> int | None:
    """The place in ORDER of a module inside a noun; None for modules with a name of their own."""
    parts = name.split(".")
    return ORDER.index(parts[3]) if parts[0] == "services" and len(parts) > 3 and parts[3] in ORDER else None


def climbing(module: Module) -> Iterator[str]:
    """Imports that go up the order."""
    own = layer(module.name)
    for imported in module.imports():
        other = layer(imported)
        if own is not None and other is not None and other > own:
            yield f"{module.name} imports {imported}"


def found(root: Path) -> list[str]:
    """All imports under a root that go up the order, without repeats."""
    return list(dict.fromkeys(text for module in modules(root, "services") for text in climbing(module)))


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of pyproject.toml against the tree in `folder`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo", "--config"]
    config = str(ROOT / "pyproject.toml")
    return subprocess.run([*command, config], cwd=folder, capture_output=True, text=True, check=False)


def small_tree(root: Path, **sources: str) -> None:
    """Write TREE as empty modules, some with a source; `services__toegang` names services.toegang."""
    for name in TREE:
        path = root / name.replace(".", "/")
        path = path / "__init__.py" if name in PACKAGES else path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sources.get(name.replace(".", "__"), ""), encoding="utf-8")


def test_inside_a_noun_api_uses_handlers_use_store_uses_rules() -> None:
    assert found(ROOT) == []


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("rules.py", "from services.financien.lumpsum import store"),
        ("store.py", "from .handlers import stel_vast"),
        ("handlers/vaststelling.py", "from ..api import router"),
        ("store.py", "import services.financien.afrekening.api"),
    ],
)
def test_an_import_up_the_order_is_noticed(tmp_path: Path, where: str, source: str) -> None:
    path = tmp_path / "services/financien/lumpsum" / where
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert found(tmp_path) != []


def test_the_contracts_hold() -> None:
    outcome = lint(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_contracts_hold_in_a_tree_without_faults(tmp_path: Path) -> None:
    small_tree(tmp_path, shared__bus__kafka="import aiokafka", services__financien__lumpsum__store="import sqlmodel")
    outcome = lint(tmp_path)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("broken", "sources"),
    [
        ("never back", {"shared__web": "import services.toegang"}),
        ("do not know each other", {"services__toegang__client": "import services.financien.lumpsum"}),
        (
            "no circle",
            {
                "services__financien__lumpsum__rules": "import services.financien.afrekening",
                "services__financien__afrekening": "import services.financien.lumpsum.rules",
            },
        ),
        (
            "are pure",
            {"services__financien__lumpsum__rules": "import shared.web", "shared__web": "import pydantic"},
        ),
        ("are pure", {"shared__kernel": "import lxml"}),
        ("no web framework", {"services__financien__lumpsum__handlers": "import httpx"}),
        ("knows aiokafka", {"deploy": "import aiokafka"}),
        ("which engine runs", {"services__financien__lumpsum__store": "import sqlite3"}),
    ],
)
def test_each_contract_notices_its_breach(tmp_path: Path, broken: str, sources: dict[str, str]) -> None:
    small_tree(tmp_path, **sources)
    outcome = lint(tmp_path)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    lines = " ".join(outcome.stdout.split())
    assert any(broken in part.rsplit(" KEPT ", 1)[-1] for part in lines.split(" BROKEN")[:-1]), outcome.stdout
