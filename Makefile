# `make help` lists the targets. Each works alone on a fresh clone with Python 3.11, make and a package index.

PORT ?= 8000
HTTPS ?=
PYTHON ?= python3
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check
TESTS := $(BIN)/python -m pytest -q -n 2 --dist worksteal
HOST := $(if $(HTTPS),0.0.0.0,127.0.0.1)
SCHEME := $(if $(HTTPS),https,http)
export HOURNOTE_INSTANCE ?= instance
export HOURNOTE_PUBLIC_URL ?= $(SCHEME)://127.0.0.1:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help run test coverage check lint types scripts bench clean

help: ## Say what each target does.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.app ## Serve on http://127.0.0.1:8000, with a demo world the first time (PORT=8001; HTTPS=1 for phones).
	@.ci/libraries run
	@$(BIN)/hournote serve --host $(HOST) --port $(PORT) --check-port
	@$(BIN)/hournote demo
	@exec $(BIN)/hournote serve --all --host $(HOST) --port $(PORT) $(if $(HTTPS),--https)

test: $(VENV)/.test ## Run every test.
	@.ci/libraries test
	@$(TESTS)

coverage: $(VENV)/.test ## Run every test, and say which lines and branches none of them walks: in twice the time.
	@.ci/libraries test
	@$(TESTS) --cov --cov-report=term:skip-covered

check: $(VENV)/.dev ## Lint, format and types, as CI does.
	@$(MAKE) --no-print-directory -j 2 types lint scripts

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

scripts:
	@.ci/types

bench: $(VENV)/.test ## Measure, print each figure beside its peer, and keep the tables in bench/results/.
	@set -e -o pipefail; for each in $$(grep -l __main__ bench/*.py); do \
	  echo "== $$each"; $(BIN)/python $$each | tee bench/results/$$(basename $$each .py).txt; done

clean: ## Remove what was built; the instance folder stays.
	@rm -rf $(VENV) node_modules build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hournote needs Python 3.11 or newer: name one with PYTHON=." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.app: $(VENV)/bin/python setup.cfg pyproject.toml
	@echo "Installing Hournote into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python setup.cfg pyproject.toml
	@echo "Installing Hournote and what its tests need into $(VENV) ..."
	@$(PIP) -e '.[test,postgres]'
	@touch $(VENV)/.app $@

$(VENV)/.dev: $(VENV)/bin/python setup.cfg pyproject.toml
	@echo "Installing Hournote and what its tests and checks need into $(VENV) ..."
	@$(PIP) -e '.[test,postgres,dev]'
	@touch $(VENV)/.app $(VENV)/.test $@
