# make run        the demo: installs what it needs, uses no hardware
# make test       the tests that this machine can run, with four workers, most of which wait for
#                 other processes (WORKERS=0: none)
# make test-slow  long tests: simulated days, complete evaluations, benchmarks
# make figures    properties repeated as often as the documents state
# make check      format, lint, types, layers, spelling, engine packages
# make coverage   test coverage including subprocesses; fails below the minimum
# make docs       the documentation site in build/site; broken links fail
# make lock       update the pinned requirements of `make` (requirements/)
# make wheel      wheel and sdist in dist/
# make audit      known vulnerabilities of the locked requirements, from a local file
#                 (ADVISORIES=FILE: the PyPI ecosystem of osv.dev; nothing is downloaded)
# make fuzz       coverage-guided fuzzing of every decoder (ARGS="--seconds 600 zmtp")
# make release    wheel, sdist, Godot zip, Unity tarball and SBOM in dist/
# make bundle     the sidecar for players: a folder and zip without Python, in dist/
#                 (ARGS="--face-model FILE", ARGS=--without-camera)
# make bench      the figures of docs/benchmarks.md
# make bench-godot  cost of the Godot client (20 minutes; ARGS="frame decode" selects suites)
# make bench-unity  cost of the Unity client under Mono (15 minutes; ARGS="decode drain" selects suites)
# make godot-zip  the Godot addon for the asset library, tested in an empty project

PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=
ADVISORIES ?= .cache/advisories
WORKERS ?= 4
# Some long tests load the machine themselves: too many at once only disturb each other.
SLOW_WORKERS ?= 4
# Tests of what has a floor of coverage. Those of engines, documents, models and benchmarks only take time.
COVERING = tests/bridge tests/sensors tests/recording tests/integration
ifeq ($(OS),Windows_NT)
BIN    := $(VENV)/Scripts
else
BIN    := $(VENV)/bin
endif
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check
REPORT  = $(BIN)/coverage report --skip-covered --fail-under

# Compile each module once, not in each process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-slow figures check coverage coverage-report docs lock audit fuzz wheel sdist release sbom unity-tarball bundle
.PHONY: bench bench-godot bench-unity godot-zip hooks clean

run: $(VENV)/.run
	@$(BIN)/sentio run --demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -rs -n $(WORKERS) -m "not slow and not bench and not figure" $(ARGS)

test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -q -rs -n $(SLOW_WORKERS) -m "slow or bench" $(ARGS)

figures: $(VENV)/.dev
	$(BIN)/python -m pytest -q -rs -n $(SLOW_WORKERS) -m figure $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	cd godot_addon && $(abspath $(BIN))/gdformat --check addons demo tests
	cd godot_addon && $(abspath $(BIN))/gdlint addons demo tests
	$(BIN)/python .ci/unity_package.py
	$(BIN)/python .ci/unity_meta.py check
	$(BIN)/python .ci/unity_il2cpp.py
	$(BIN)/python .ci/unity_api.py
	$(BIN)/python .ci/unity_roslyn.py
	$(BIN)/python tests/vectors/make_entries.py --check
	$(BIN)/python .ci/set_version.py

coverage: $(VENV)/.dev
	@mkdir -p build/coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n $(WORKERS) -m "not slow and not bench and not figure and not engine" $(COVERING) $(ARGS)
	$(MAKE) coverage-report

coverage-report: $(VENV)/.dev
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage html --quiet
	$(REPORT) 90 --include 'bridge/sentio_bridge/core/consent.py'
	$(REPORT) 90 --include 'bridge/sentio_bridge/server/sidecar.py'
	$(REPORT) 90 --include 'sensors/*'
	$(REPORT) 90 --include 'bridge/sentio_bridge/*'

docs: $(VENV)/.docs
	$(BIN)/python docs/generate/build_site.py
	$(BIN)/zensical build -f build/mkdocs.yml --strict --clean

lock: $(VENV)/.dev
	bash .ci/lock.sh $(BIN)/uv

wheel: $(VENV)/.dev
	$(BIN)/python -m hatchling build -d dist -t wheel

sdist: $(VENV)/.dev
	$(BIN)/python -m hatchling build -d dist -t sdist

release: wheel sdist godot-zip unity-tarball sbom

unity-tarball:
	$(PYTHON) .ci/unity_tarball.py

audit: $(VENV)/.dev
	$(BIN)/python .ci/audit.py "$(ADVISORIES)"

fuzz: $(VENV)/.dev
	@$(BIN)/python -c "import atheris" 2>/dev/null || $(PIP) "atheris>=3"
	$(BIN)/python -m benchmarks.fuzz $(ARGS)

sbom: $(VENV)/.release
	$(BIN)/python .ci/sbom.py

bundle: $(VENV)/.bundle
	$(BIN)/python .ci/bundle/build.py $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/sentio bench $(ARGS)

bench-godot: $(VENV)/.dev
	$(BIN)/python godot_addon/tests/bench/bench.py $(ARGS)

bench-unity: $(VENV)/.dev
	$(BIN)/python tests/unity/bench/bench.py $(ARGS)

godot-zip:
	$(PYTHON) .ci/godot_zip.py

hooks: $(VENV)/.dev
	$(BIN)/pre-commit install

clean:
	rm -rf $(VENV) dist build

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Sentio needs Python 3.11 or newer; this is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@touch $@

# First the pinned releases, verified by their hashes; then Sentio itself without dependencies.
$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	@echo "Setting up Sentio in $(VENV) (once) ..."
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements/dev.txt pyproject.toml
	@echo "Setting up Sentio and what its tests need in $(VENV) (once; some minutes) ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

$(VENV)/.docs: $(VENV)/.made requirements/docs.txt
	@$(PIP) --require-hashes -r requirements/docs.txt
	@touch $@

$(VENV)/.release: $(VENV)/.made requirements/release.txt
	@$(PIP) --require-hashes -r requirements/release.txt
	@touch $@

$(VENV)/.bundle: $(VENV)/.made requirements/bundle.txt pyproject.toml
	@$(PIP) --require-hashes -r requirements/bundle.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
