# Plain GNU make 3.81 (the make of macOS). `make` alone lists what there is.
#
# A stamp says that .venv holds what a lock names. Its name carries a checksum of this folder's path: the scripts in
# .venv hold absolute paths, so after a move the stamp is missing and .venv is made again.
PYTHON ?=
DEMO ?= 1
WEG ?=
ARGS ?=
UPGRADE ?=

HERE := $(shell pwd -P | cksum | cut -d' ' -f1)
RUNTIME := .venv/.runtime-$(HERE)
TESTED := .venv/.test-$(HERE)
SET_UP := pyproject.toml $(wildcard deploy/bootstrap/*.py)
# An environment whose Python was removed or upgraded away is none.
$(shell test -x .venv/bin/python || rm -f .venv/.runtime-* .venv/.test-*)

# Kept compiled files halve the start of the tests, and of every process that they start.
unexport PYTHONDONTWRITEBYTECODE

CODE := $(wildcard services shared deploy)
FAST := not slow and not distributed and not browser
# Reading a browser's library for nothing takes two seconds in each process.
QUICK := --ignore=tests/browser --hypothesis-profile=snel

.DEFAULT_GOAL := help
.PHONY: help install run up down test check lint format bench conformance vergelijk lock clean
.NOTPARALLEL:
.SUFFIXES:

# Each name is tried by running it: a pyenv shim or the Python of macOS may exist and still not serve.
define set_up
@for python in $(if $(PYTHON),"$(PYTHON)",python3.14 python3.13 python3.12 python3.11 python3 python); do \
  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
    exec "$$python" -Es -m deploy.bootstrap $(1) "make $(MAKECMDGOALS)"; \
  fi; \
done; \
if [ -n "$(PYTHON)" ]; then echo "PYTHON=$(PYTHON) is geen Python 3.11 of nieuwer." >&2; \
else echo "Plekregie vraagt Python 3.11 of nieuwer, en die staat hier niet. Debian en Ubuntu: sudo apt install python3 python3-venv. macOS: brew install python. Een Python op een andere plek: make $(MAKECMDGOALS) PYTHON=/pad/naar/python3" >&2; fi; \
exit 1
endef

help: ## toon deze lijst
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

install: $(RUNTIME) ## zet Plekregie klaar in .venv, met alleen wat het nodig heeft om te draaien

run: $(RUNTIME) ## start Plekregie met de demoregio (DEMO=0: leeg); stoppen met Ctrl-C
	@# exec: signals reach the product itself; it ends with 0 when asked to stop, so make has nothing to add.
	@exec .venv/bin/plekregie start $(if $(filter 0,$(DEMO)),--leeg,--demo)

up: ## start Plekregie in containers (Docker Compose): PostgreSQL, Kafka, vier diensten met hun worker, één adres
	@deploy/compose up

down: ## stop die containers; de gegevens blijven (WEG=1: ook die verwijderen, met de sleutels)
	@WEG="$(WEG)" deploy/compose down

test: $(TESTED) ## draai alle tests (ARGS="-k woord" voor een deel)
	@.venv/bin/python -m pytest -n 2 --dist loadfile $(ARGS) tests

check: lint ## opmaak, ruff, mypy, importregels en de snelle tests; zonder server
	@.venv/bin/python -m pytest -n 2 --dist loadfile -m "$(FAST)" $(QUICK) $(ARGS) tests
	@echo "Niet gedraaid: tests met het merk slow, distributed of browser; van eigenschappen een vijfde van de voorbeelden. Alles: make test"

lint: $(TESTED) ## alleen opmaak, ruff, mypy en importregels
	@.venv/bin/ruff format --check --output-format concise .
	@.venv/bin/ruff check --output-format concise .
	@.venv/bin/mypy $(CODE)
	@.venv/bin/lint-imports --no-logo

format: $(TESTED) ## maak de opmaak goed en herstel wat ruff zelf kan
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: $(TESTED) ## meet de snelheid
	@.venv/bin/python -m tests.bench $(ARGS)

conformance: $(TESTED) ## houd de berichtenbibliotheek lang tegen de officiële schema's (ARGS="--minuten 60")
	@.venv/bin/python -m tests.conformance $(ARGS)

vergelijk: $(TESTED) ## reken honderdduizend contractregels na, met een tweede berekening (ARGS="--lijnen 5000")
	@.venv/bin/python -m tests.vergelijking $(ARGS)

# Names, versions and hashes only; never where they came from. UPGRADE=1 takes the newest of everything.
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
  --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

lock: $(TESTED) ## werk de locks in requirements/ bij (UPGRADE=1: ook naar nieuwe versies)
	@PATH="$(CURDIR)/.venv/bin:$$PATH"; export PATH; set -e; \
	$(COMPILE) --group build pyproject.toml -o requirements/runtime.txt; \
	$(COMPILE) --group build --group test -c requirements/runtime.txt pyproject.toml -o requirements/test.txt; \
	echo pip | $(COMPILE) - -o requirements/pip.txt; \
	echo uv | $(COMPILE) - -o requirements/uv.txt

clean: ## verwijder .venv en alle tussenresultaten; gegevens in data/ blijven
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt $(SET_UP)
	$(call set_up,runtime)
	@touch $@

# The test lock holds the runtime lock whole.
$(TESTED): requirements/test.txt $(SET_UP)
	$(call set_up,test)
	@touch $@ $(RUNTIME)
