"""Reading the source as text and syntax: every module under a root, with what it imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name and its syntax."""

    name: str
    tree: ast.Module
    is_package: bool

    @property
    def noun(self) -> tuple[str, ...] | None:
        """(`services`, service, noun) when the module lies inside a noun folder, else None."""
        parts = self.name.split(".")
        inside = parts[0] == "services" and (len(parts) > 3 or (len(parts) == 3 and self.is_package))
        return tuple(parts[:3]) if inside else None

    def imports(self) -> Iterator[str]:
        """Every module name that is imported anywhere in the file; `from a import b` gives a.b as well."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = self._origin(node)
                yield origin
                yield from (f"{origin}.{alias.name}" for alias in node.names)

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        # One dot is the package itself: the module's parent, or the package whose __init__ this is.
        base = parts[: len(parts) - node.level + (1 if self.is_package else 0)]
        return ".".join([*base, *([node.module] if node.module else [])])


def modules(root: Path, *packages: str) -> Iterator[Module]:
    """Every module of these top-level packages, in order of path."""
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)
