# Needs only make and Python 3.11 to 3.13. Everything goes into .venv.
# Each candidate is run, since a name on the path may be a shim with nothing behind it.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(FITS)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: demo test app lint setup clean

setup: .venv/ready

# Pinned versions, so that two clones of one commit run the same code.
.venv/ready: pyproject.toml requirements/runtime.txt requirements/develop.txt
	@test -n "$(PYTHON)" || { echo "Ohrid needs Python 3.11, 3.12 or 3.13; name one with make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -r requirements/runtime.txt -r requirements/develop.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/ready
	$(BIN)/ohrid demo

app: .venv/ready
	$(BIN)/ohrid app

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -n auto

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
