# One command each; README.md has the same for Windows. `make help` lists them.
#
# PYTHON=/path/to/python   another Python than the first 3.11 or 3.12 that is found
# ARGS="02 --again"        passed on to the course builder, pytest or Jupyter Lab

PYTHON ?= $(shell sh .ci/find-python)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
PINS   := --constraint requirements/constraints.txt
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help course notebooks test lint check format lab data site lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

course: $(VENV)/.ready ## execute the chapters that changed, write pages with sound to build/course/
	$(BIN)/python -m course $(ARGS)

notebooks: $(VENV)/.ready ## write notebooks/*.ipynb from notebooks/src; those that you changed stay
	$(BIN)/python -m course --notebooks $(ARGS)

test: $(VENV)/.ready ## the tests and the examples in the docstrings
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.ready-dev ## format, lint and types, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test ## what CI runs: format, lint, types, doctests, tests

format: $(VENV)/.ready-dev ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lab: $(VENV)/.ready ## Jupyter Lab on the chapters, for this machine only
	$(BIN)/python -m course --notebooks
	$(BIN)/jupyter lab --ip=127.0.0.1 --notebook-dir=notebooks $(ARGS)

data: $(VENV)/.ready ## fetch the Free Spoken Digit Dataset for the chapters (about 17 MB)
	$(BIN)/ganlib data get fsdd

site: course ## the course as a site with search, in build/site/
	$(BIN)/python -m course.site

lock: ## pin every transitive package anew (needs uv and the network)
	uv pip compile --quiet --universal --no-annotate --no-header --only-binary :all: \
	  --python-version 3.11 requirements.txt requirements/dev.txt --output-file build/lock.txt
	sed '/^[^#]/,$$d' requirements/constraints.txt > build/constraints.txt
	cat build/lock.txt >> build/constraints.txt
	mv build/constraints.txt requirements/constraints.txt

clean: ## remove the environment and everything that was built
	rm -rf $(VENV) build

$(VENV)/.ready: requirements.txt requirements/constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { sh .ci/find-python --explain; exit 1; }
	@test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV) || { \
	  echo "Could not create $(VENV). On Debian and Ubuntu: sudo apt install python3-venv"; \
	  rm -rf $(VENV); exit 1; }
	@echo "Installing the course environment into $(VENV): about 2 GB, a few minutes."
	$(PIP) install $(PINS) -r requirements.txt
	$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements/dev.txt
	$(PIP) install $(PINS) -r requirements/dev.txt
	@touch $@
