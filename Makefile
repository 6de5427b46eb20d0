# `make demo` and `make test` work on a fresh machine with Python 3.11 or newer, pip and make.
PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
READY := .venv/ready

.PHONY: demo test lint bench lock messages clean

demo: $(READY)
	$(BIN)/dmgen run layouts/spring-thanks

test: $(READY) lint
	$(BIN)/python -m pytest -n auto

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)
	$(BIN)/python -m tests.bench

# The pinned, hashed versions of everything, from the ranges in pyproject.toml.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
		--all-extras --group dev --no-emit-index-url --no-header --upgrade --output-file .ci/requirements.lock

messages: $(READY)
	$(BIN)/python -m tests.messages

clean:
	rm -rf .venv

$(READY): .ci/requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'dmgen needs Python 3.11 or newer: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .ci/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)
