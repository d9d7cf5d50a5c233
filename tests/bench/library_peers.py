"""What the message library is held against: lxml with the official schema, xmlschema and xsdata; none is at fault.

Each takes the bytes of a message and does as much of the work as it can: lxml parses and validates, xmlschema
validates, xsdata makes typed objects. None of them judges the rules of level 2.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler

from services.backoffice.istandaarden.controle import beoordeel

Work = Callable[[bytes], object]
PACKAGE = "bench_messages"


class Schemas:
    """The folder with the official iJw schemas."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The schema of one kind of message."""
        return self.folder / f"{name}.xsd"


def product(data: bytes) -> object:
    """Read, level 1, level 2 and the whole message as an object."""
    found = beoordeel(data)
    if found.oordeel != "goed":
        raise ValueError(found.fouten[0])
    return found


def lxml_with_schema(schemas: Schemas, name: str) -> Work:
    """Parse, and hold the tree against the official schema."""
    schema = etree.XMLSchema(etree.parse(schemas.path(name)))

    def work(data: bytes) -> object:
        root = etree.fromstring(data)
        schema.assertValid(root)
        return root

    return work


def with_xmlschema(schemas: Schemas, name: str) -> Work:
    """Validate; making an object of it as well would take longer."""
    schema = xmlschema.XMLSchema10(str(schemas.path(name)))

    def work(data: bytes) -> object:
        schema.validate(BytesIO(data))
        return schema

    return work


@contextmanager
def generated(schemas: Schemas, folder: Path) -> Iterator[Callable[[str], Work]]:
    """Classes that xsdata makes of the schemas, in a folder of their own; gives per kind what reads into them."""
    scripts = str(Path(sys.executable).parent)
    command = [f"{scripts}/xsdata", "generate", str(schemas.folder), "--package", PACKAGE]
    made = subprocess.run(
        [*command, "--structure-style", "namespaces"],
        cwd=folder,
        env=os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"xsdata: {made.stderr.strip().splitlines()[-1:]}")
    sys.path.insert(0, str(folder))
    try:
        yield lambda name: _with_xsdata(_root_class(folder, name))
    finally:
        sys.path.remove(str(folder))


def _root_class(folder: Path, name: str) -> type[Any]:
    """The generated class of the root element of one kind."""
    (found,) = folder.rglob(name.lower())
    module = import_module(".".join(found.relative_to(folder).parts))
    made: type[Any] = module.Bericht
    return made


def _with_xsdata(kind: type[Any]) -> Work:
    parser = XmlParser(handler=LxmlEventHandler)
    return lambda data: parser.from_bytes(data, kind)
