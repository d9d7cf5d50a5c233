"""Sets up `.venv` on a bare machine: the environment, the locked libraries, the product itself.

Standard library only, Python 3.11 or newer; the Makefile calls `python -Es -m deploy.bootstrap runtime|test`.
Installs nothing outside the checkout, needs no administrator, names no package registry: the index, proxy and
certificates are those that pip or uv are already set up with on the machine.
"""
