# `make` alone lists the targets. Every target makes and uses .venv; nothing is installed elsewhere
# but the peers of `make eval`, into a folder that only it looks into.
PYTHON ?= python3
OUTLET ?= demo
GOLD ?= ../shared/gold
# Whom an outlet can complain to, where config/kliping.toml does not say: whoever runs this.
CONTACT ?= $(shell git config user.email 2>/dev/null || echo "$$(id -un)@$$(uname -n)")
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev
PEERS := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help crawl test check lint types format golden eval forest bench isolation freshness lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("wanted Python 3.11 or newer, found " + sys.version.split()[0] + ": make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@# langdetect comes as source only: what builds it is pinned like all else.
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-build.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-build-isolation -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(READY) requirements-dev.lock
	@echo "Installing the tests' packages into $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@

$(PEERS)/.ready: $(READY) requirements-bench.lock
	@echo "Installing what only benchmarks need into $(PEERS) …"
	@rm -rf $(PEERS)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --no-build-isolation --target $(PEERS) -r requirements-bench.lock
	@touch $@

crawl: $(READY) ## crawl OUTLET (demo) into ARCHIVE (./archive); LIMIT=N for N new articles at most
	@KLIPING_CONTACT="$${KLIPING_CONTACT:-$(CONTACT)}" $(BIN)/kliping $(if $(ARCHIVE),--archive $(ARCHIVE)) crawl $(OUTLET) $(if $(LIMIT),--limit $(LIMIT))

test: $(DEV) ## run every test (WordPress and browser tests skip where Debian packages are missing)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

golden: $(DEV) ## the golden tests: gold pages in GOLD with outlet files and generic rules
	@GOLD=$(GOLD) $(BIN)/python -m pytest -m gold tests

eval: $(PEERS)/.ready ## score extraction on every gold set in GOLD (../shared/gold), beside its peers
	@$(BIN)/python -m benchmarks.evaluate $(GOLD) $(EVAL)

forest: $(PEERS)/.ready ## grow pipelines/forest.json anew from the gold pages in GOLD
	@$(BIN)/python -m benchmarks.train $(GOLD)

bench: $(DEV) ## peak memory of a crawl of 1,000 and of 10,000 pages
	@$(BIN)/python -m benchmarks.memory

isolation: $(DEV) ## whether outlets in trouble slow the others down: five pairs of crawls, 15 minutes
	@$(BIN)/python -m benchmarks.isolation

freshness: $(READY) ## delay, requests and edits caught of a simulated month of 140 outlets
	@$(BIN)/python -m benchmarks.freshness $(FRESHNESS)

check: lint types ## lint and types

lint: $(DEV) ## ruff, rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV) ## mypy --strict
	@$(BIN)/mypy

format: $(DEV) ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(DEV) ## write the lock files anew from pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@$(BIN)/uv pip compile pyproject.toml --group dev $(LOCK) -o requirements-dev.lock
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) -c requirements-dev.lock -o requirements.lock
	@$(BIN)/uv pip compile --group bench $(LOCK) -c requirements-dev.lock -o requirements-bench.lock
	@printf 'setuptools\nwheel\n' | $(BIN)/uv pip compile - $(LOCK) -c requirements-dev.lock -o requirements-build.lock
LOCK := -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11

clean: ## remove .venv, the peers and caches; archives stay
	@rm -rf $(VENV) $(PEERS) .mypy_cache .ruff_cache .pytest_cache .hypothesis
