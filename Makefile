# Tradewind. `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A package index with CPU builds of torch, for machines whose default index would bring CUDA with it.
TORCH_INDEX ?=
INSTALL := pip install --quiet --disable-pip-version-check -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
PIP := $(BIN)/$(INSTALL)
# The peers need packages that the product does not: they get an environment of their own.
BENCH := benchmarks/.venv/bin
EXIT ?=

.DEFAULT_GOAL := help
.PHONY: help env demo test bench docs clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(VENV)/.train ## build .venv with everything that serving and training need

demo: env ## train, evaluate, export and serve the finance pack (EXIT=1 stops after the summary)
	$(BIN)/tradewind --workspace demo demo $(if $(EXIT),--exit)

test: $(VENV)/.dev ## lint, types, import contracts and tests
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(PYTEST)

bench: benchmarks/.venv/.done ## run the benchmarks on MODEL, a model of Banking77, and the data in TRADEWIND_DATA
	$(BENCH)/python benchmarks/train.py --data $(TRADEWIND_DATA)/banking77
	$(BENCH)/python benchmarks/serve.py $(MODEL) --data $(TRADEWIND_DATA)/banking77
	$(BENCH)/python benchmarks/http.py $(MODEL)

docs: $(VENV)/.docs ## build the documentation into site/
	$(BIN)/mkdocs build --strict

clean: ## remove the environment and what the demo made
	rm -rf $(VENV) benchmarks/.venv demo site

$(VENV)/.venv:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.train: $(VENV)/.venv pyproject.toml constraints.txt
	$(PIP) -e '.[train,recommend]'
	@touch $@

$(VENV)/.dev: $(VENV)/.train
	$(PIP) -e '.[train,recommend,dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.train
	$(PIP) -e '.[docs]'
	@touch $@

benchmarks/.venv/.done: $(VENV)/.venv pyproject.toml constraints.txt benchmarks/requirements.txt
	$(PYTHON) -m venv benchmarks/.venv
	$(BENCH)/$(INSTALL) -e '.[train]' -r benchmarks/requirements.txt
	@touch $@
