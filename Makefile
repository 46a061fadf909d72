# `make` alone lists what there is. Everything is installed into .venv; nothing outside it is touched, except that root on
# Debian or Ubuntu also gets the venv module and, for the tests, a browser.

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEVELOPMENT := .venv/development.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Only `make lock` needs it, so it has an environment of its own.
UV := uv==0.13.9
COMPILE = .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-header --annotation-style line

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test thorough check sbom bench audit verify-audit rescue sample screenshots lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Start the dashboard on this machine (installs it the first time)
	@exec $(BIN)/streamlit run app.py

test: $(DEVELOPMENT) ## Run all tests (fetches a browser if there is none)
	@$(BIN)/python tests/browser/find_chromium.py --install
	@$(BIN)/python tests/browser/find_provider.py --install
	@$(BIN)/python -m pytest

thorough: $(DEVELOPMENT) ## Run the tests that take minutes each, which `make test` leaves out
	@$(BIN)/python -m pytest -m long

check: $(DEVELOPMENT) ## Lint, format, types, floors and wall, spelling, security of the source, secrets
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml --severity-level medium src
	@# A finding that is none gets `pragma: allowlist secret` beside it; the baseline holds the settings, and no finding.
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --no-verify --baseline .secrets.baseline

sbom: $(DEVELOPMENT) ## Write sbom.json: every package that the dashboard runs with (CycloneDX)
	@grep -v '^-e' requirements.txt | $(BIN)/python -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --output-file sbom.json -

bench: $(DEVELOPMENT) ## Measure speed, and the price of disclosure control (some minutes)
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python -m benchmarks.disclosure

audit: $(RUNTIME) ## Say what a reader can work out of a publication (PUBLICATION=its number)
	@$(BIN)/python -m dashboard.publication $(PUBLICATION)

rescue: $(RUNTIME) ## Let an administrator in who lost password or phone (USERNAME=theirs)
	@$(BIN)/python -m dashboard.administration "$(USERNAME)"

verify-audit: $(RUNTIME) ## Say whether the audit trail is as it was written
	@$(BIN)/python -m dashboard.audit

sample: $(RUNTIME) ## Make the invented figures in data/sample anew
	@$(BIN)/python data/sample/generate.py

screenshots: $(DEVELOPMENT) ## Take a picture of each screen
	@$(BIN)/python tests/browser/find_chromium.py --install
	@$(BIN)/python tests/browser/screenshots.py

lock: $(BIN)/python ## Pin all packages anew from pyproject.toml (UPGRADE=1: to the newest it allows)
	@test -x .venv/lock/bin/uv || { $(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet "$(UV)"; }
	@# Each file is its own starting point: a pin moves only when it must, or with UPGRADE=1.
	@for name in runtime:requirements.txt development:requirements-dev.txt; do \
	  test ! -f $${name#*:} || grep -v -e '^#' -e '^-e ' $${name#*:} > .venv/lock/$${name%:*}.txt; done
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --output-file .venv/lock/runtime.txt
	@{ echo "# What the dashboard runs with, on Windows, macOS and Linux. Made by \`make lock\` from pyproject.toml: edit that."; \
	   cat .venv/lock/runtime.txt; echo "-e ."; } > requirements.txt
	@$(BIN)/python -c 'import tomllib; extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; print(*extras["test"], *extras["check"], sep="\n")' > .venv/lock/development.in
	@$(COMPILE) $(if $(UPGRADE),--upgrade) .venv/lock/development.in --constraints .venv/lock/runtime.txt --output-file .venv/lock/development.txt
	@{ echo "# What tests and checks need on top of requirements.txt. Made by \`make lock\` from pyproject.toml: edit that."; \
	   sed -e 's|-r .venv/lock/development.in|pyproject.toml|; s|-c .venv/lock/runtime.txt|requirements.txt|' .venv/lock/development.txt; } > requirements-dev.txt

clean: ## Remove .venv and what tools left behind
	rm -rf .venv tests/browser/oidc/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A missing or broken .venv is made from nothing, so that its stamps go with it.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed. Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Python's venv module ..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	  else \
	    echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; \
	  fi; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv

$(RUNTIME): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the dashboard's packages into .venv (once; a minute or two) ..."
	@$(PIP) install --requirement requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing what tests and checks need into .venv (once) ..."
	@$(PIP) install --requirement requirements-dev.txt
	@touch $@
