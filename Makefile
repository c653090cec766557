# All that is installed lies in .venv and .nox, in this folder. `make help` lists what there is.

.DEFAULT_GOAL := help
.PHONY: help demo test dev check lock clean

BIN := .venv/bin
# -qq: pip says no more than what went wrong.
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

# The first of these that is 3.11 or newer; `make test PYTHON=python3.12` names another.
PYTHON ?= python3 python3.13 python3.12 python3.11

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.installed ## two nights of syncing to a PIM look-alike on this machine
	@$(BIN)/python examples/demo.py

test: .venv/.installed ## the quick tests; `make check` adds the slow ones
	@$(BIN)/python -m pytest -n auto

dev: .venv/.installed-dev ## the linters and type checkers, into .venv

check: .venv/.installed-dev ## every gate: lint, types, tests on each Python, lowest versions, wheel
	@$(BIN)/python -m nox

lock: .venv/.installed-dev ## constraints*.txt anew from pyproject.toml
	@$(BIN)/python -m nox -s lock

clean: ## throw away what is installed and built; state/ stays
	rm -rf .venv .nox .demo dist .coverage* .hypothesis .*_cache

.venv/.installed: constraints.txt pyproject.toml | $(BIN)/python
	@echo "Installing what erp2pim and its tests need into .venv"
	@$(INSTALL) --require-hashes -r constraints.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: constraints-dev.txt .venv/.installed
	@echo "Installing the linters and type checkers into .venv"
	@$(INSTALL) --require-hashes -r constraints-dev.txt
	@touch $@

$(BIN)/python:
	@for python in $(PYTHON); do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "error: $$python cannot make virtual environments" >&2; \
	    echo "  fix: install its venv module (Debian, Ubuntu: apt-get install python3-venv)" >&2; \
	    exit 1; \
	  fi; \
	  echo "Making .venv with $$($$python --version)"; \
	  $$python -m venv .venv && exit 0; \
	  rm -rf .venv; exit 1; \
	done; \
	echo "error: none of these is Python 3.11 or newer: $(PYTHON)" >&2; \
	echo "  fix: install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make test PYTHON=…" >&2; \
	exit 1
