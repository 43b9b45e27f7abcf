# make demo: a real notebook becomes a pipeline and runs.  make test: every check there is.
# Both set themselves up: they need Python 3.11 or newer, and reach a package index as pip is configured to.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed.stamp
SYSTEM := $(VENV)/system.stamp
BENCHMARK := .cache/benchmarks/venv
# Bytecode is there for users, since pip writes it; here it would be missing where PYTHONDONTWRITEBYTECODE is set.
COMPILE := -m compileall -q nb2pipe tests
# And pytest keeps the tests as it rewrote them: each of its processes would rewrite 500 files anew.
export PYTHONDONTWRITEBYTECODE :=
# Of the tests, on two processors: half the time of a test is waiting for kernels and containers.
WORKERS ?= 3
LOCK_TOOL := .cache/lock-tool/bin/uv
LOCK = $(LOCK_TOOL) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

DEMO := demo_output
DEMO_NOTEBOOK := example_notebooks/churn.ipynb

.PHONY: help setup demo test lint types extension tests law benchmark lock clean

help:
	@echo "make demo       run $(DEMO_NOTEBOOK) as a pipeline and show what came of it"
	@echo "make test       lint, types and tests, those of the lab extension included"
	@echo "make extension  lint, types and unit tests of the lab extension, and its bundle"
	@echo "make law        compare notebooks run plainly and as pipelines (FOLDER=..., default example_notebooks)"
	@echo "make benchmark  measure the table 'How fast' and write it into README.md"
	@echo "make lock       choose newest versions and write .ci/locks/*.txt again"
	@echo "make clean      remove everything that was made here"

setup: $(INSTALLED)

$(INSTALLED): .ci/locks/dev.txt pyproject.toml .ci/setup jupyter_extension/package-lock.json
	.ci/setup $(VENV) $<
	touch $@

$(SYSTEM): .ci/system-packages | $(INSTALLED)
	.ci/system-packages
	touch $@

demo: $(INSTALLED)
	@VENV=$(VENV) .ci/demo $(DEMO_NOTEBOOK) $(DEMO)

test: lint types extension tests

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

# The lab extension: lint, types and unit tests; bundled so that the browser tests find it.
extension: $(INSTALLED) $(SYSTEM)
	$(BIN)/python jupyter_extension/build_hook.py packages
	cd jupyter_extension && npm run --silent lint & lint=$$!; \
	cd jupyter_extension && npm run --silent check && npm run --silent test && wait $$lint
	$(BIN)/python jupyter_extension/build_hook.py

tests: $(INSTALLED) $(SYSTEM)
	$(BIN)/python $(COMPILE)
	.ci/test $(BIN)/python $(WORKERS) $(PYTEST_ARGS)

FOLDER ?= example_notebooks
law: $(INSTALLED)
	$(BIN)/python -m tests.law $(FOLDER)

# In an environment of its own, without the lab: there papermill, which it compares with, starts later.
$(BENCHMARK)/installed.stamp: .ci/locks/benchmark.txt pyproject.toml .ci/setup
	mkdir -p $(BENCHMARK)
	.ci/setup $(BENCHMARK) $<
	touch $@

benchmark: $(BENCHMARK)/installed.stamp $(SYSTEM)
	$(BENCHMARK)/bin/python $(COMPILE)
	$(BENCHMARK)/bin/python -m tests.benchmarks --readme README.md

lock: $(LOCK_TOOL)
	$(LOCK) pyproject.toml --all-extras -o .ci/locks/dev.txt
	$(LOCK) pyproject.toml .ci/locks/benchmark.in -c .ci/locks/dev.txt -o .ci/locks/benchmark.txt
	$(LOCK) .ci/locks/ploomber.in -o .ci/locks/ploomber.txt
	$(LOCK) .ci/locks/kale.in -o .ci/locks/kale.txt

$(LOCK_TOOL): | $(INSTALLED)
	$(BIN)/python -m venv .cache/lock-tool
	.cache/lock-tool/bin/pip install --quiet "uv>=0.9"

clean:
	[ ! -d .cache/containers ] || $(BIN)/python -m tests.containers remove
	rm -rf $(VENV) .cache build dist $(DEMO) .pytest_cache .mypy_cache .ruff_cache
	rm -rf nb2pipe/labextension $(addprefix jupyter_extension/,node_modules lib .build.lock)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
