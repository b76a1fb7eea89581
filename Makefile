# Two commands on a fresh machine: `make report` and `make test`. They need Python 3.11 or newer, and a network once.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WATCH ?= watch.yml
DEMO := data/demo/watch.yml

# The first interpreter that is new enough; PYTHON=/path/to/python chooses another.
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3 python)
INTERPRETER = $(shell for name in $(CANDIDATES); do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)

.PHONY: help install report test test-slow test-browser test-extra check quality lab lock clean wheel demo-data

help: ## What can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

install: $(STAMP) ## Set up .venv from requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@if [ -z "$(INTERPRETER)" ]; then \
		echo "veille: needs Python 3.11 or newer, and none of these is: $(CANDIDATES). Install one, or say where it is: make PYTHON=/path/to/python" >&2; exit 2; fi
	@echo "Setting up $(VENV) with $(INTERPRETER); this takes a minute or two, once." >&2
	@if ! { "$(INTERPRETER)" -m venv --clear $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
		} > .install.log 2>&1; then \
		echo "veille: the packages could not be installed; is there a network? The reason is at the end of .install.log; then run make again." >&2; exit 1; fi
	@rm -f .install.log
	@touch $@

report: $(STAMP) ## Render the demonstration's newest edition and print the path of its bulletin
	@$(BIN)/python scripts/demonstration.py

test: $(STAMP) ## The tests, at most 8 minutes on 2 cores
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not slow and not browser"

test-slow: $(STAMP) ## The tests that take longer: kills, the wheel, pinned quality on public data
	@$(BIN)/python -m pytest -q -m "slow and not browser"

AXE := tests/browser/node_modules/axe-core/axe.min.js

test-browser: $(STAMP) $(AXE) ## Pages in a headless Chromium, by axe-core too (npm); VEILLE_DEMO=data/demo takes the edition of make report
	@$(BIN)/python -m pytest -q -m browser

$(AXE): tests/browser/package.json
	@{ npm install --prefix tests/browser --no-package-lock --no-audit --no-fund --silent > /dev/null 2>&1 && touch $@; } || \
		echo "veille: axe-core was not installed (no npm, or no network): its checks are left out" >&2

# torch alone is gigabytes with its default build; TORCH='torch==2.13.0+cpu', where pip finds that build, is 190 MB.
TORCH ?= torch

test-extra: $(STAMP) ## The tests of named transformers, in an environment of their own (downloads torch)
	@$(BIN)/python -m venv --clear .venv-extra
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > "$$(.venv-extra/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/ordinary.pth"
	@.venv-extra/bin/python -m pip install --quiet --disable-pip-version-check "$(TORCH)" safetensors transformers
	@.venv-extra/bin/python -m pytest -q -p no:cacheprovider tests/reading/test_transformer_read.py tests/doctor/test_models.py

check: $(STAMP) ## Style, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lab: $(STAMP) ## JupyterLab on the notebooks; WATCH=path/to/watch.yml, else the demonstration
	@$(BIN)/veille lab --watch $(if $(wildcard $(WATCH)),$(WATCH),$(DEMO))

lock: ## Write requirements.lock again from pyproject.toml (needs uv)
	@scripts/lock.sh

wheel: $(STAMP) ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

demo-data: $(STAMP) ## Write the demonstration's data again from its texts
	@$(BIN)/python data/demo/build.py

clean: ## Remove what was made: environment, reports and memory of the demonstration
	@rm -rf $(VENV) .venv-extra dist build .install.log data/demo/store data/demo/state data/demo/reports
