# Everything starts from a plain machine with Python 3.11 or newer: `make demo` or `make test` alone is enough.

PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: demo serve system test test-long lint types contracts check benchmark lock clean

# The whole path on a made-up small municipality; results in $(OUT)/.
demo: $(VENV)/.ready
	$(BIN)/matcher demo -o $(OUT)

# The service and its page on this machine; data in matcher-data/ (docs/how-to/run-for-a-school.md).
serve: $(VENV)/.ready
	$(BIN)/matcher serve

# Programs of the system that some tests need: a browser, and an office suite for PDF (Debian; asks for root).
system:
	@if command -v chromium >/dev/null && command -v soffice >/dev/null; then echo "chromium and soffice are there"; \
	else apt-get update -q && apt-get install -y -q --no-install-recommends chromium libreoffice-writer libreoffice-calc fonts-liberation; fi

# All tests but the long ones (a few minutes on two cores).
test: $(VENV)/.ready
	$(BIN)/python -m pytest -n 2 -m "not slow" tests

# The long ones: whole cities, real benchmark instances.
test-long: $(VENV)/.ready
	$(BIN)/python -m pytest -n 2 -m slow tests

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready
	$(BIN)/mypy

contracts: $(VENV)/.ready
	$(BIN)/lint-imports

check: lint types contracts

# The tables of benchmarks/ (minutes; wants a quiet machine and the real data in MATCHER_SHARED).
benchmark: $(VENV)/.ready
	$(BIN)/matcher benchmark pairing

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Resolve the dependencies anew; the file names versions and hashes, and no address.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --all-extras --no-header -o requirements.lock

clean:
	rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis
