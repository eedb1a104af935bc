# `make serve` runs the academy with a practice class; `make test` runs every test. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: serve test check lab bench release lock player clean

serve: $(VENV)/ready
	$(BIN)/sopkit serve $(ARGS)

test: $(VENV)/ready
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sopkit check

lab: $(VENV)/ready
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab $(ARGS)

bench: $(VENV)/ready
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks $(ARGS)

release: $(VENV)/ready
	$(BIN)/sopkit release

# For developers only: a new lock file, and the player built from its sources (needs Node).
lock:
	uv pip compile --universal --generate-hashes --all-extras --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock

player:
	npm ci && npm run build

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf $(VENV)
