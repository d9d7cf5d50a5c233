"""XML from outside is read by a parser with the settings named here, wherever it is read.

The message library stands on its own and imports nothing of the product, so the settings stand in its own reader and
in that of bank files; this is what holds them together.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import Module, modules

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
READERS = {"fromstring", "fromstringlist", "parse", "XML", "iterparse", "HTML"}
PARSERS = {"XMLParser", "XMLPullParser", "HTMLParser", "ETCompatXMLParser"}
OTHERS = {"xml", "defusedxml", "bs4"}  # a second way of reading XML would need settings of its own
# Reads back what the product itself wrote, and the schema that its library brings.
OWN_TEXT = {"services.financien.betaling.bankbestand"}


def faults(module: Module) -> Iterator[str]:
    """Where a module reads XML in another way."""
    for imported in module.imports():
        if imported.split(".")[0] in OTHERS:
            yield f"{module.name} imports {imported}"
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "etree"):
            continue
        where = f"{module.name}:{node.lineno}"
        if node.func.attr in PARSERS:
            made = {word.arg: getattr(word.value, "value", None) for word in node.keywords}
            if node.func.attr != "XMLParser" or node.args or made != SAFE:
                yield f"{where} makes a parser with other settings"
        if node.func.attr in READERS and len(node.args) < 2 and module.name not in OWN_TEXT:
            yield f"{where} reads without naming a parser"


def found(gelezen: Iterable[Module]) -> list[str]:
    """All of them."""
    return [text for module in gelezen for text in faults(module)]


def test_all_xml_is_read_with_the_same_safe_settings() -> None:
    gelezen = list(modules(ROOT, "deploy", "services", "shared"))
    assert found(gelezen) == []
    parsers = [
        module.name
        for module in gelezen
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in PARSERS
    ]
    assert len(parsers) > 1, "nothing is read, so nothing is proved"


@pytest.mark.parametrize(
    "source",
    [
        "x = etree.XMLParser(resolve_entities=False)",
        f"x = etree.XMLParser({', '.join(f'{name}={not value}' for name, value in SAFE.items())})",
        f"x = etree.XMLParser({', '.join(f'{name}={value}' for name, value in SAFE.items())}, collect_ids=True)",
        "x = etree.HTMLParser()",
        "x = etree.fromstring(b'<a/>')",
        "import xml.etree.ElementTree",
    ],
)
def test_each_other_way_is_noticed(tmp_path: Path, source: str) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "lezer.py").write_text(source, encoding="utf-8")
    assert len(found(modules(tmp_path, "services"))) == 1
