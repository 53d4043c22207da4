# Two commands: `make app` runs Motive, `make test` runs its tests. Each sets everything up first.
PYTHON ?= python3
BIN := .venv/bin
# The versions that were tested; `make dev CONSTRAINTS=` takes the newest that pyproject allows, say on a newer Python.
CONSTRAINTS ?= constraints.txt
INSTALL := $(BIN)/python -m pip install --quiet $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

# The builder of the docs lies apart: the environment holds the versions that Motive runs with, and no others.
DOCS_TOOLS := build/docs-tools

.PHONY: setup dev app test lint docs constraints audit

setup: .venv/run.stamp .venv/warm.stamp
dev: .venv/dev.stamp .venv/warm.stamp

.venv/run.stamp: requirements.txt pyproject.toml $(CONSTRAINTS)
	$(PYTHON) -m venv .venv
	$(INSTALL) --upgrade pip
	$(INSTALL) --requirement requirements.txt
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	$(INSTALL) --requirement requirements-dev.txt
	touch $@

# The solver's kernels, compiled for this processor; where that fails the app does it at its first use.
.venv/warm.stamp: .venv/run.stamp $(shell find irlcore -name kernels.py) app/server/warm.py
	-$(BIN)/python -m app.server.warm
	touch $@

app: setup
	$(BIN)/motive app

# Two processes of one thread each, a file of tests to one of them in the order of tests/conftest.py; MOTIVE_TESTERS=0 runs all in this one.
MOTIVE_TESTERS ?= 2
test: dev
	OPENBLAS_NUM_THREADS=1 MOTIVE_WORKERS=1 $(BIN)/python -m pytest -n $(MOTIVE_TESTERS) --dist loadfile --no-loadscope-reorder

lint: dev
	$(BIN)/ruff check .
	$(BIN)/mypy

# The pages of docs/ and the reference as plain HTML that opens offline: build/docs/index.html.
docs: .venv/run.stamp $(DOCS_TOOLS)/docs.stamp
	PYTHONPATH=$(DOCS_TOOLS) $(BIN)/python -m sphinx -q -W --keep-going -E -d build/doctrees -c docs/site docs build/docs
	@echo "Open build/docs/index.html"

$(DOCS_TOOLS)/docs.stamp: .venv/run.stamp requirements-docs.txt $(if $(CONSTRAINTS),constraints-docs.txt)
	$(INSTALL) $(if $(CONSTRAINTS),--constraint constraints-docs.txt) --upgrade --target $(DOCS_TOOLS) --requirement requirements-docs.txt
	touch $@

# The newest versions within the ranges, from a fresh environment, into constraints.txt; then .ci/run tests them.
constraints: dev
	$(BIN)/python .ci/constraints.py

# Known vulnerabilities of these versions; it says so, and fails, where no advisory service can be reached.
audit: setup
	$(BIN)/python .ci/audit.py
