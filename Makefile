# Everything starts from Python 3.11 or newer, git and make; the rest is installed here, by hash.
VENV ?= .venv
BOOT ?= .venv-boot
BIN = $(VENV)/bin
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v $$p; break; }; done)

# A stamp's name holds what was installed and where: nothing is done twice, a moved folder is redone.
stamp = $(VENV)/.$(1)-$(shell { cat requirements/$(1).txt; pwd; } | git hash-object --stdin | cut -c1-16)
RUN = $(call stamp,run)
DEV = $(call stamp,dev)
# Order and examples are alike for everybody: what fails on one machine fails on all. DRAW=7 draws others.
DRAW ?= 133632067
DRAWN = --randomly-seed=$(DRAW) --hypothesis-seed=$(DRAW)
# The field app's types, as its comments tell them. Deno brings TypeScript in a wheel, and fetches nothing.
TYPES = cd fieldapp && DENO_DIR=$(CURDIR)/var/deno DENO_NO_UPDATE_CHECK=1 $(abspath $(BIN))/deno check -q --no-remote --no-npm
NEWEST = $(if $(wildcard $(DEV)),$(DEV),$(RUN))

.DEFAULT_GOAL = help
.PHONY: help install run test test-oldest check fix db migration bench faults vendor lock messages bookings sealing rotation

help: ## What can be done here
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: $(NEWEST) ## Set everything up, start the database, serve, and print the address
	@exec $(BIN)/python -m nyefamilier.cli serve

test: $(DEV) ## Run every test, browser included; installs Chromium if there is none
	@$(BIN)/python -m tests.e2e.chromium
	$(BIN)/pytest -n 2 --dist loadgroup $(DRAWN) $(ARGS)

test-oldest: $(DEV) ## Run the integration tests on the oldest PostgreSQL that we support
	$(BIN)/python -m tests.oldest -n 2 --dist loadgroup $(DRAWN) tests/integration tests/migrations \
	  $(patsubst %,--ignore=tests/integration/storage/test_%.py,embedded lodging disk_full) $(ARGS)

check: $(DEV) ## Formatting, lint, types (the field app's too), architecture, spelling, docstrings, migrations' SQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/codespell
	$(BIN)/interrogate -v .
	$(BIN)/python -m migrations.lint
	$(TYPES) src
	$(TYPES) --config deno.worker.json worker.js

fix: $(DEV) ## Format, and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

db: $(NEWEST) ## Start the embedded database and open psql on it
	@exec $(BIN)/python -m nyefamilier.cli.psql

migration: $(DEV) ## Write the next migration from the models: make migration m="what it does"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="families: Add ..."'; exit 2; }
	$(BIN)/python -m migrations.next "$(m)"

bench: $(DEV) ## Measure, print the tables, and write docs/benchmarks.md; ARGS="sync --quick" for less
	$(BIN)/python -m bench $(ARGS)

faults: $(DEV) ## Simulate many worlds: make faults HISTORIES=1000 or MINUTES=60; MUTANTS=1 tries the known defects; REAL=200 kills real processes
	$(BIN)/python -m tests.faults --histories $(or $(HISTORIES),200) --seed $(or $(SEED),0) \
	  $(if $(MINUTES),--minutes $(MINUTES)) $(if $(MUTANTS),--mutants $(filter-out 1,$(MUTANTS))) \
	  $(if $(REAL),--real $(REAL))

bookings: $(DEV) ## Let 16 clients and 4 phones book, move and call off 10,000 times at once; COUNT=1000 for less
	NYEFAMILIER_TEST_BOOKINGS=$(or $(COUNT),10000) $(BIN)/pytest -n 0 -s --timeout 0 tests/integration/visits/test_bookings.py

sealing: $(DEV) ## Prove the sealing and print the table; FUZZ=10000000 tries more; WRITE=1 writes docs/sealing-proof.md
	$(BIN)/python -m tests.sealing --fuzz $(or $(FUZZ),1000000) $(if $(WRITE),--write)

rotation: $(DEV) ## Rotate keys on a real key server under load, and take it away for a minute; WRITE=1 writes docs/keys.md
	$(BIN)/python -m tests.rotation $(if $(WRITE),--write)

lock: $(BOOT)/.boot ## Resolve the requirements again and write the locks
	cd requirements && for name in boot run dev; do $(CURDIR)/$(BOOT)/bin/uv pip compile -q --system-certs \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header $$name.in -o $$name.txt; done

install: $(DEV) ## Set everything up and do nothing else

$(BOOT)/.boot: requirements/boot.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed and was not found on" \
	  "the PATH. On Debian: apt-get install python3 python3-venv."; exit 1; }
	@echo "Setting up with $(PYTHON) ..."
	@rm -rf $(BOOT) && $(PYTHON) -m venv $(BOOT)
	@$(BOOT)/bin/python -m pip install -q --disable-pip-version-check --require-hashes \
	  --only-binary :all: -r requirements/boot.txt
	@touch $@

$(VENV)/.run-% $(VENV)/.dev-%: $(BOOT)/.boot
	@test -x $(BIN)/python && $(BIN)/python -c '' 2>/dev/null \
	  || $(BOOT)/bin/uv venv -q --clear --python $(BOOT)/bin/python $(VENV)
	@name=$(patsubst .%,%,$(firstword $(subst -, ,$(notdir $@)))) && echo "Installing $$name.txt ..." && \
	  $(BOOT)/bin/uv pip sync -q --system-certs --compile-bytecode --require-hashes --python $(BIN)/python requirements/$$name.txt
	@rm -f $(VENV)/.run-* $(VENV)/.dev-* && touch $@

vendor: ## Fetch styles, font, axe and Swagger UI anew (developers; needs npm)
	$(BIN)/python -m api.vendoring

messages: $(DEV) ## Gather the pages' and the field app's texts, bring the translations up to date, and compile them
	PYTHONPATH=. $(BIN)/pybabel -q extract -F api/translations/babel.cfg -k _l -k ngettext:1,2 --no-location \
	  --sort-output --omit-header --width=96 -o var/messages.pot api fieldapp
	$(BIN)/pybabel -q update -i var/messages.pot -d api/translations -l nb --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date --width=96
	$(BIN)/pybabel -q compile -d api/translations --statistics
