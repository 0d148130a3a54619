# Hetao Ledger: the tasks. `make help` lists them; `make run` needs Python 3.11 or newer and make, nothing else.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
PYTEST := $(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder
TRANSLATIONS := app/translations

# Programs are compiled once, also where the surroundings forbid it: the tests start hundreds of them.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test check format lock migration messages fonts theme bench clean system-packages
.DELETE_ON_ERROR:

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## Install what is missing and serve on http://localhost:8000 (Ctrl-C stops it)
	@HETAO_LOG_LEVEL=$${HETAO_LOG_LEVEL:-WARNING} $(BIN)/hetao serve

test: $(VENV)/.development system-packages check ## Everything: the gate, then all tests
	$(PYTEST) $(wildcard tests/architecture tests/unit tests/migrations)
	$(PYTEST) $(wildcard tests/scenarios tests/database tests/web tests/reports)
	$(PYTEST) $(wildcard tests/faults tests/browser)

check: $(VENV)/.development ## The gate without tests: format, lint, types, imports, texts, locks
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_messages.py
	$(BIN)/python tools/write_slice_migration.py --check
	$(BIN)/python tools/lock.py --check

format: $(VENV)/.development ## Format the code and mend what can be mended
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.development ## Write the locks anew from pyproject.toml
	$(BIN)/python tools/lock.py

migration: $(VENV)/.development ## Write migrations/0002_slices.py anew from the models
	$(BIN)/python tools/write_slice_migration.py

messages: $(VENV)/.development ## Extract the texts, update and compile the catalogues
	mkdir -p $(TRANSLATIONS)
	$(BIN)/pybabel --quiet extract -F babel.cfg --sort-output --no-location -o $(TRANSLATIONS)/messages.pot.new .
	mv $(TRANSLATIONS)/messages.pot.new $(TRANSLATIONS)/messages.pot
	for locale in zh_Hant_HK zh_Hans_CN; do \
		verb=update; extra="--ignore-pot-creation-date --no-fuzzy-matching"; test -f $(TRANSLATIONS)/$$locale/LC_MESSAGES/messages.po || { verb=init; extra=; }; \
		$(BIN)/pybabel --quiet $$verb $$extra -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS) -l $$locale || exit 1; done
	$(BIN)/pybabel --quiet compile -d $(TRANSLATIONS)

fonts: $(VENV)/.development ## Build the statement fonts anew (needs npm)
	$(BIN)/python tools/build_fonts.py

theme: ## Build app/static/theme.css anew (needs npm)
	cd theme && npm ci --silent && npm run --silent build

bench: $(VENV)/.development ## Measure, on a database of its own
	$(BIN)/python -m benchmarks

clean: ## Remove the environment and caches; the home folder (./var) stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/hetao:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian: apt install python3)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python cannot make environments here. Install: apt install python3-venv" >&2; exit 1; }
	@echo "Making the environment in $(VENV)…"
	@$(PYTHON) -m venv $(VENV)
	@printf '#!/bin/sh\nroot=$$(CDPATH= cd -- "$$(dirname -- "$$0")/../.." && pwd)\nPYTHONPATH="$$root$${PYTHONPATH:+:$$PYTHONPATH}" exec "$$root/$(BIN)/python" -P -m app "$$@"\n' > $@
	@chmod +x $@

$(VENV)/.runtime: requirements.lock | $(BIN)/hetao
	@echo "Installing the locked dependencies; this takes a minute the first time…"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.development: requirements-dev.lock | $(BIN)/hetao
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

# What the tests use of the system: installed where we are root on Debian, otherwise each test names what it lacks.
system-packages:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		missing=""; \
		for pair in chromium:chromium hledger:hledger ledger:ledger pdftotext:poppler-utils javac:default-jdk-headless \
			softhsm2-util:softhsm2 soffice:libreoffice-calc-nogui; do \
			command -v $${pair%%:*} >/dev/null 2>&1 || missing="$$missing $${pair##*:}"; done; \
		for package in fonts-noto-cjk libjaxb-java; do \
			dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
		if [ -n "$$missing" ]; then echo "Installing$$missing…"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi; \
	fi
