# Needs only make and Python 3.11 to 3.13. Everything goes into .venv.
PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test app lint setup clean

setup: .venv/ready

# Pinned versions, so that two clones of one commit run the same code.
.venv/ready: pyproject.toml requirements/runtime.txt requirements/develop.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "Ohrid needs Python 3.11 to 3.13; $(PYTHON) is %d.%d. Set PYTHON=..." % v)'
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
