PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench catalogue manual tables requirements

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
	$(BIN)/python -m pytest -n 3 --dist=loadfile --no-loadscope-reorder

check: test ## The same as make test

bench: .venv/.ready ## Run the benchmarks and print their ratios
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.answers
	$(BIN)/python -m bench.hostile
	$(BIN)/python -m bench.slack
	$(BIN)/python -m bench.discord
	$(BIN)/python -m bench.slots
	$(BIN)/python -m bench.digests
	$(BIN)/python -m bench.faults --kills 100

catalogue: .venv/.ready ## Gather new sentences into the translation catalogue, and compile it
	$(BIN)/pybabel --quiet extract --no-default-keywords -k say -k say_many:1,2 -k marked --no-location \
		--sort-output -o .venv/tipfacts.pot bot adapters
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap -D tipfacts -l zh_Hant -i .venv/tipfacts.pot -d bot/wording/locale
	$(BIN)/pybabel --quiet compile -D tipfacts -d bot/wording/locale

manual: .venv/.ready ## Write docs/commands.md anew from the command table
	@$(BIN)/python -c "from bot.commands.manual import manual; print(manual(), end='')" > docs/commands.md

tables: .venv/.ready ## Write the tables of words, characters and places anew from their libraries
	@$(BIN)/python -m bot.answering.making

requirements: .venv/.ready ## Pin the dependencies of pyproject.toml anew, with hashes
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --allow-unsafe --extra dev --output-file requirements-dev.txt pyproject.toml

.venv/.ready: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m bot.answering.making english
	@touch $@
