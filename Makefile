# Thin on purpose: `pip install -e '.[dev]'` and the commands below do the same by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .cache/lock/bin/uv
# The oldest versions are others for each Python.
LOWEST := .cache/lowest-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])').txt
READY := $(VENV)/.ready
# One more than there are cores: who drives a browser waits for it half of the time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))

# A test run starts a thousand short processes: what they import is compiled once, not in each.
unexport PYTHONDONTWRITEBYTECODE
# Material's announcement of its own end, printed at each build; docs/decisions answers it.
export NO_MKDOCS_2_WARNING := 1
export CHROMIUM

.PHONY: site build properdocs test setup lock audit dist smoke lowest release picture clean chromium format lint types contracts records pytest
.DELETE_ON_ERROR:

site: build
	$(BIN)/mkdocs serve -a 127.0.0.1:8000

build: $(READY)
	$(BIN)/incident check
	$(BIN)/mkdocs build --strict
	$(BIN)/mkdocs build --strict --config-file mkdocs-public.yml

# The way out from MkDocs: the same sites by its successor, with the same plugin.
properdocs: $(READY)
	$(BIN)/properdocs build --strict --config-file mkdocs.yml --site-dir .cache/properdocs/site
	$(BIN)/properdocs build --strict --config-file mkdocs-public.yml --site-dir .cache/properdocs/site-public

test: chromium $(READY)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync --keep-going format lint types contracts records
	@$(MAKE) --no-print-directory pytest

setup: $(READY)

# Without compiling: most modules are never imported, the others are compiled when they are.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=/path/to/it" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/incident schema --write >/dev/null # for this repository's own protocol, in editors
	@touch $@

chromium:
	@test -x "$(CHROMIUM)" || { echo "The browser tests need a Chromium: apt-get install chromium, or CHROMIUM=/path/to/it make test" >&2; exit 1; }

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

records: $(READY)
	$(BIN)/incident check --strict

# Browser, wheel and workflow checks are tests like the others; the strict site build is a fixture of them.
pytest: $(READY)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

$(UV):
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet --disable-pip-version-check uv

# Writes requirements.lock anew from pyproject.toml: the newest versions it allows, for every Python and system.
lock: $(UV)
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--extra dev --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock

# Known holes in what is locked; it asks the Python Packaging Advisory Database, so no test runs it.
audit:
	$(PYTHON) -m venv .cache/audit
	.cache/audit/bin/pip install --quiet --disable-pip-version-check 'pip-audit>=2.10'
	.cache/audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

# The sdist and the wheel of what is committed, in dist/; others look at them than have made them.
dist: $(READY)
	$(BIN)/python tools/dist.py
	$(PYTHON) -m venv .cache/dist
	.cache/dist/bin/pip install --quiet --disable-pip-version-check 'check-wheel-contents>=0.6.3' 'twine>=6.2'
	.cache/dist/bin/twine check --strict dist/*.whl dist/*.tar.gz
	.cache/dist/bin/check-wheel-contents --ignore W002 dist/*.whl # what a release wrote may be what init writes

# The wheel in an empty environment: make smoke PYTHON=python3.12 DEPENDENCIES=lowest
DEPENDENCIES ?= newest
smoke: $(if $(filter lowest,$(DEPENDENCIES)),$(LOWEST))
	$(PYTHON) tools/smoke.py dist/*.whl $(if $(filter lowest,$(DEPENDENCIES)),--constraint $(LOWEST))

# The tests with the oldest versions that pyproject.toml allows; no browser, and no wheel.
lowest: $(LOWEST)
	$(UV) venv --quiet --clear --python $(PYTHON) .cache/lowest
	$(UV) pip compile --quiet --python .cache/lowest/bin/python --extra dev --override $(LOWEST) \
		--no-header --no-annotate pyproject.toml -o .cache/lowest-dev.txt
	$(UV) pip install --quiet --python .cache/lowest/bin/python --no-deps -r .cache/lowest-dev.txt pip
	.cache/lowest/bin/pip install --quiet --no-deps --no-build-isolation -e .
	.cache/lowest/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not browser and not wheel"

$(LOWEST): pyproject.toml | $(UV)
	$(UV) pip compile --quiet --resolution lowest-direct --python $(PYTHON) \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o $@

# Sets down a release: make release VERSION=1.0.0; .github/CONTRIBUTING.md says what comes next.
release: $(READY)
	$(BIN)/python tools/release.py $(VERSION)

# The picture of the status page in README.md.
picture: chromium $(READY)
	$(BIN)/python tools/picture.py

clean:
	rm -rf $(VENV) .cache site site-public dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
