SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard */pyproject.toml))
SOURCES := $(addsuffix /src,$(MEMBERS)) tests scripts benchmarks
PYTHON ?= python3.11
empty :=
export MYPYPATH := $(subst $(empty) $(empty),:,$(addsuffix /src,$(MEMBERS)))
export FASTMCP_CHECK_FOR_UPDATES := off

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.installed common-services/oidc/node_modules/.installed ## Make .venv with everything in it

# uv is installed from the same lock, by its hash, and then installs the rest; compiled, or every start would compile it.
$(VENV)/.installed: requirements.lock $(wildcard */pyproject.toml)
	@test -x $(BIN)/python || $(shell command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $(VENV)/uv.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix --editable ./,$(MEMBERS))
	@touch $@

common-services/oidc/node_modules/.installed: common-services/oidc/package-lock.json $(VENV)/.installed
	@cd common-services/oidc && $(CURDIR)/scripts/npm ci --silent --no-audit --no-fund
	@touch $@

tests/e2e/inspector/node_modules/.installed: tests/e2e/inspector/package-lock.json $(VENV)/.installed
	@cd tests/e2e/inspector && $(CURDIR)/scripts/npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

tests/contract/github/node_modules/.installed: tests/contract/github/package-lock.json $(VENV)/.installed
	@cd tests/contract/github && $(CURDIR)/scripts/npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

.tools/github-openapi.json: $(VENV)/.installed scripts/install_github_openapi
	@scripts/install_github_openapi $@

.tools/opa: $(VENV)/.installed scripts/install_opa
	@scripts/install_opa $@

run: install ## Start the whole platform here, without Docker (Ctrl-C stops it)
	@$(BIN)/mcp-platform up

# In the order of the folders: by number of tests, the files that start the whole platform would come last, one by one.
test: install .tools/opa .tools/github-openapi.json tests/e2e/inspector/node_modules/.installed tests/contract/github/node_modules/.installed ## Run every test
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: install .tools/opa ## Format, lint, types, imports, policy, file sizes, docs
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/python scripts/check_imports.py
	scripts/check_policy
	$(BIN)/python scripts/check_sizes.py
	PYTHONPATH=. $(BIN)/python scripts/check_docs.py

format: install ## Format and fix what can be fixed
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

conformance: install ## Run the MCP conformance suite, both protocol eras
	@scripts/conformance

bench: install .tools/opa ## Measure; prints a table and writes benchmarks/results.json
	@$(BIN)/python -m benchmarks

new-server: install ## Make a new server: make new-server NAME=acme
	@$(BIN)/mcp-platform new-server $(NAME) && $(MAKE) --no-print-directory install
	@PYTHONPATH=. $(BIN)/python scripts/check_docs.py --write

lock: ## Resolve requirements.lock anew
	@scripts/lock

.PHONY: help install run test check format conformance bench new-server lock
