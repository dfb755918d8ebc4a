# Needs only Python >= 3.11 and make. `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export RUTA_HOME ?= $(CURDIR)/var
# Compiled files are kept, out of the tree: without them every process compiles some thousand sources when it starts.
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/$(VENV)/compiled
unexport PYTHONDONTWRITEBYTECODE
# Trust what this machine trusts: an office's own certificate authority, for one.
export UV_SYSTEM_CERTS ?= 1
export NODE_OPTIONS ?= --use-system-ca
PYTEST := $(BIN)/python -m pytest -p no:cacheprovider

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all coverage bench lint fix docs clean lock browser

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(VENV)/.ready ## Prepare the environment: Python packages, browser assets, translations

$(VENV)/.ready: pyproject.toml uv.lock package-lock.json tools/lock.py $(shell find src/ruta -name '*.po' -o -path '*/site/styles/*' -o -path '*/site/theme/*' -o -path '*/static/*')
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ruta needs Python 3.11 or newer; this is $$($(PYTHON) --version)"; exit 2; }
	@test -x $(BIN)/uv || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet uv==$(UV_VERSION); }
	@$(BIN)/python tools/lock.py expand $(VENV)/project
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/$(VENV) $(BIN)/uv sync --quiet --frozen --inexact --no-install-project --project $(VENV)/project
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/ruta messages compile
	@$(BIN)/ruta assets
	@touch $@

demo: setup ## Build the sample country and run everything; Ctrl-C stops it
	@exec $(BIN)/ruta demo

browser: # Chromium for the browser tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium from the system's packages"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "The browser tests need Chromium: install it (Debian: apt-get install chromium) and try again"; exit 2; fi; }

test: setup browser lint ## Lint and run the suite in parallel on real PostgreSQL
	$(PYTEST) -q -n 2 --dist worksteal -m "not slow"

test-all: setup browser lint coverage ## The suite with its slow parts and with new examples each time
	RUTA_HYPOTHESIS=searching $(PYTEST) -q -n 2 --dist worksteal

coverage: setup ## Branches of the engine that its tests take: 95 % at least
	@mkdir -p var
	COVERAGE_FILE=var/coverage $(BIN)/coverage run -m pytest -p no:cacheprovider -q tests/engine -m "not slow"
	COVERAGE_FILE=var/coverage $(BIN)/coverage report

bench: setup ## Measure, as ratios to the raw PostgreSQL figure of the same run
	@$(BIN)/python -m bench

lint: setup ## ruff, mypy, import-linter, migrations, service folders, templates, translations
	$(BIN)/ruff check src tests bench tools
	$(BIN)/ruff format --check --quiet src tests bench tools
	$(BIN)/mypy src/ruta
	$(BIN)/lint-imports
	$(BIN)/ruta manage makemigrations --check --dry-run
	$(BIN)/ruta service lint
	$(BIN)/ruta messages check
	$(BIN)/djlint --quiet --lint src/ruta

fix: setup ## Format, and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet src tests bench tools
	$(BIN)/ruff format --quiet src tests bench tools

docs: setup ## Generate the reference and build the documentation into site/
	$(BIN)/ruta docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: $(VENV)/.ready ## Resolve the dependencies anew
	@cp uv.lock $(VENV)/project/uv.lock; $(BIN)/python tools/lock.py expand $(VENV)/project
	@cd $(VENV)/project && ../../$(BIN)/uv lock --upgrade && cp uv.lock ../../uv.lock
	@$(BIN)/python tools/lock.py strip

clean: ## Remove the environment, the sample country and everything generated
	rm -rf $(VENV) node_modules var site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name '*.mo' -delete; find . -name __pycache__ -prune -exec rm -rf {} +
