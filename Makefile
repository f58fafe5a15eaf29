# make run    the demo: nothing to install beforehand, no hardware
# make test   every test that this machine can run, two files at a time (WORKERS=0: one by one)
# make check  format, lint, types and the rules between the rooms
# make bench  the figures of docs/benchmarks.md
# make bench-godot  what the Godot client costs (20 minutes; ARGS="frame decode" for some)
# make bench-unity  what the Unity client costs under Mono (15 minutes; ARGS="decode drain" for some)
# make godot-zip  the Godot addon as the asset library takes it, tried in an empty project

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=
WORKERS ?= 2

.PHONY: run test check bench bench-godot bench-unity godot-zip clean

run: $(VENV)/.run
	@$(BIN)/sentio run --demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/pytest -q -rs -n $(WORKERS) $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd godot_addon && ../$(BIN)/gdformat --check addons demo tests && ../$(BIN)/gdlint addons demo tests
	$(BIN)/python .ci/unity_package.py
	$(BIN)/python .ci/unity_meta.py check
	$(BIN)/python tests/vectors/make_entries.py --check

bench: $(VENV)/.dev
	$(BIN)/sentio bench $(ARGS)

bench-godot: $(VENV)/.dev
	$(BIN)/python godot_addon/tests/bench/bench.py $(ARGS)

bench-unity: $(VENV)/.dev
	$(BIN)/python tests/unity/bench/bench.py $(ARGS)

godot-zip:
	$(PYTHON) .ci/godot_zip.py

clean:
	rm -rf $(VENV) dist build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Sentio needs Python 3.11 or newer; this is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	@echo "Setting up Sentio in $(VENV) (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[cpu]'
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	@echo "Setting up Sentio and what its tests need in $(VENV) (once; some minutes) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.run
