#!/usr/bin/env bash
# Write requirements.lock: exact pins with hashes for every platform, no address of an index.
# BERTopic asks for sentence-transformers, which pulls torch; the override leaves it out, so the lock is installed with --no-deps.
set -euo pipefail
cd "$(dirname "$0")/.."
override=$(mktemp)
trap 'rm -f "$override"' EXIT
echo 'sentence-transformers; python_version < "0"' > "$override"
uv pip compile pyproject.toml --group dev --override "$override" --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-annotate --no-header --output-file requirements.lock --quiet
