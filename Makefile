# make serve   the product on http://127.0.0.1:8000 (PORT=… changes it)
# make test    every test; installs what they need
# make check   format, lint and types, Python and JavaScript

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# The node of the Python package, so that no machine needs one of its own. Its npm is called
# through npm-cli.js: the `npm` script refuses to start beside a package.json of type "module".
NODE = $(BIN)/node
NPM = $(NODE) $(abspath $(VENV))/lib/node_modules/npm/bin/npm-cli.js --prefix frontend
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist/*')

.PHONY: serve test check format frontend lock clean
.DEFAULT_GOAL := serve

serve: $(VENV)/.installed
	$(BIN)/servery serve models

test: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(NPM) run --silent check
	$(BIN)/python frontend/budget.py

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM) run --silent format

# A folder that any static host serves.
frontend: frontend/dist/index.html

lock: $(VENV)/.dev
	$(BIN)/python bin/lock.py

clean:
	rm -rf $(VENV) frontend/dist frontend/node_modules

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Servery needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.build: requirements.txt requirements-build.txt | $(BIN)/python
	@echo "Installing the locked dependencies …"
	$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json $(VENV)/.build
	@echo "Building the front end …"
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(SOURCES)
	$(NPM) run --silent build
	$(BIN)/python -m whitenoise.compress --quiet frontend/dist
	@touch $@

$(VENV)/.installed: frontend/dist/index.html pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the checks and tests need …"
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/python tests/browser/chromium.py
	@touch $@
