#!/usr/bin/env bash
# Pin the requirements of `make` with hashes, for all supported systems: `make lock`.
# Index addresses are omitted, so that each machine uses its own index.
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
lock bundle pyproject.toml --extra cpu --extra player --group pyproject.toml:bundle -c requirements/dev.txt
