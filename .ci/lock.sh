#!/usr/bin/env bash
# Pins what `make` installs, for every system and Python that we support, with hashes: `make lock`.
# No address of an index is written, so that each machine installs from its own.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${1:-uv}
lock() {  # NAME, arguments of uv
  local target=requirements/$1.txt
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
    --output-file "$target" "$@"
  echo "$target: $(grep -c '==' "$target") packages"
}
mkdir -p requirements
lock dev pyproject.toml --extra dev --group pyproject.toml:build
lock run pyproject.toml --extra cpu --group pyproject.toml:build -c requirements/dev.txt
lock docs pyproject.toml --extra docs -c requirements/dev.txt
lock release --group pyproject.toml:release -c requirements/dev.txt
