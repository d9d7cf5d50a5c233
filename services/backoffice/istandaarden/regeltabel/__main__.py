"""Prints docs/regels.md."""

from services.backoffice.istandaarden.regeltabel import als_markdown

if __name__ == "__main__":
    print(als_markdown(), end="")
