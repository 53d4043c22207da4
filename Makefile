# Two commands: `make app` runs Motive, `make test` runs its tests. Each sets everything up first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup dev app test lint

setup: .venv/run.stamp
dev: .venv/dev.stamp

.venv/run.stamp: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

app: setup
	$(BIN)/streamlit run app/streamlit_app.py

test: dev
	$(BIN)/python -m pytest

lint: dev
	$(BIN)/ruff check .
	$(BIN)/mypy
