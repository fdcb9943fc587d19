PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench requirements

help: ## Show these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/'

setup: .venv/.ready ## Make the virtual environment, the database and the seeds
	@$(BIN)/python -m bot db upgrade --quiet

run: setup ## Open the console
	@$(BIN)/python -m bot console

test: .venv/.ready ## Run ruff, mypy, import-linter and pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest

check: test ## The same as make test

bench: .venv/.ready ## Run the benchmarks and print their ratios
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/answers.py

requirements: .venv/.ready ## Pin the dependencies of pyproject.toml anew, with hashes
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --allow-unsafe --extra dev --output-file requirements-dev.txt pyproject.toml

.venv/.ready: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
